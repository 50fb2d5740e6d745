using System.Globalization;
using Mach.Contracts.Registry;
using Mach.Registry.Ledgers;

namespace Mach.Registry.Facilities;

/// <summary>A facility as it is on one day, as known at one moment.</summary>
public sealed record FacilityView
{
    public required string Code { get; init; }
    public required string Name { get; init; }
    public required bool IsOpen { get; init; }
    /// <summary>First day; <see cref="DateOnly.MinValue"/> = not known.</summary>
    public DateOnly Opened { get; init; }
    /// <summary>First day on which it is closed; <see cref="DateOnly.MaxValue"/> = not closed.</summary>
    public DateOnly Closed { get; init; } = DateOnly.MaxValue;
    public FacilityStatus Status { get; init; }
    public string? Tier { get; init; }
    public string? CommuneCode { get; init; }
    public string? FormerProvince { get; init; }
    public int? BedsPlanned { get; init; }
    public int? BedsReal { get; init; }
    /// <summary>Codes of the services that may be done here.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];
    public IReadOnlyList<string> Predecessors { get; init; } = [];
    /// <summary>Code of the core hospital that it is a satellite of.</summary>
    public string? Core { get; init; }
    /// <summary>Unit id of its office of social insurance.</summary>
    public string? InsuranceOffice { get; init; }

    /// <summary>Null when nothing is known of the code.</summary>
    internal static FacilityView? Read(Ledger ledger, string code, DateOnly date, long knownAt)
    {
        return Read([.. ledger.Of(code).Where(f => f.KnownAt(knownAt))], code, date);
    }

    /// <summary>The same from facts that are believed together.</summary>
    internal static FacilityView? Read(List<Fact> known, string code, DateOnly date)
    {
        if (known.Count == 0)
        {
            return null;
        }

        string? Value(string aspect) => known.Find(f => f.Aspect == aspect && f.Holds(date))?.Value;
        int? Number(string aspect) => Value(aspect) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
        string[] Parts(string prefix) => [.. known.Where(f => f.Aspect.StartsWith(prefix, StringComparison.Ordinal) && f.Holds(date)).Select(f => f.Aspect[prefix.Length..]).Order(StringComparer.Ordinal)];
        var open = known.Where(f => f.Aspect == FacilityAspects.Open).OrderBy(f => f.From).ToList();
        var now = open.Find(f => f.Holds(date)) ?? open.LastOrDefault();
        return new FacilityView
        {
            Code = code,
            Name = Value(FacilityAspects.Name) ?? known.Where(f => f.Aspect == FacilityAspects.Name).MaxBy(f => f.From)?.Value ?? code,
            IsOpen = now?.Holds(date) == true,
            Opened = now?.From ?? DateOnly.MinValue,
            Closed = now?.To ?? DateOnly.MaxValue,
            Status = Value(FacilityAspects.Status) == "provisional" ? FacilityStatus.Provisional : FacilityStatus.Active,
            Tier = Value(FacilityAspects.Tier),
            CommuneCode = Value(FacilityAspects.Commune),
            FormerProvince = Value(FacilityAspects.FormerProvince),
            BedsPlanned = Number(FacilityAspects.BedsPlanned),
            BedsReal = Number(FacilityAspects.BedsReal),
            Services = Parts(FacilityAspects.ServicePrefix),
            Predecessors = Parts(FacilityAspects.PredecessorPrefix),
            Core = Value(FacilityAspects.Core),
            InsuranceOffice = Value(FacilityAspects.InsuranceOffice),
        };
    }

    internal Facility ToFacility() => new() { Code = Code, Name = Name, Status = Status, Tier = Tier, CommuneCode = CommuneCode, FormerProvince = FormerProvince };
}
