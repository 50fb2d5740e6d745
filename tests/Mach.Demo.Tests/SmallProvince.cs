using Mach.Demo.Life;
using Mach.Vietnam.Bhyt;

namespace Mach.Demo.Tests;

/// <summary>The small province on one fixed day, written once for all tests.</summary>
public sealed class SmallProvince
{
    public const string Collection = "small province";

    public static readonly DateOnly Today = new(2026, 11, 22);

    private readonly Lazy<List<(Dossier Dossier, Visit Visit, string? Defect)>> _written = new(() => [.. new Province(2_100, today: Today).Written()]);

    internal List<(Dossier Dossier, Visit Visit, string? Defect)> Written => _written.Value;

    internal IEnumerable<(Dossier Dossier, Visit Visit, string? Defect)> Visits => Written.Where(w => !w.Dossier.IsCheckIn);
}

/// <summary>One copy for all who read it: twenty thousand dossiers are some hundred megabytes.</summary>
[CollectionDefinition(SmallProvince.Collection)]
public sealed class ReadersOfTheSmallProvince : ICollectionFixture<SmallProvince>;
