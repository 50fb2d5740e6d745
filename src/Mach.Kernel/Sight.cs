namespace Mach.Kernel;

/// <summary>
/// What one caller may see of the record, as the record store needs it: which people, and which labels. Made by the access rules for one request;
/// every statement that reads the record carries it.
/// </summary>
public sealed record Sight
{
    /// <summary>For the house's own work, where no person's answer is made of it: indexes, projections, verification; and programs that were granted the whole system.</summary>
    public static readonly Sight Everything = new() { IsEverything = true, IsEveryone = true };

    public bool IsEverything { get; private init; }

    /// <summary>All people; otherwise those that <see cref="Facilities"/> cared for, and <see cref="Persons"/>.</summary>
    public bool IsEveryone { get; init; }

    /// <summary>Types that are seen of all people, such as who they are for whoever registers them.</summary>
    public IReadOnlyList<string> EveryoneTypes { get; init; } = [];

    /// <summary>Codes of the facilities (QĐ 384/2019, five letters or digits) for which the caller acts now.</summary>
    public IReadOnlyList<string> Facilities { get; init; } = [];

    /// <summary>Visits at the facilities count as a relationship from this instant on.</summary>
    public DateTimeOffset Since { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>People who are open one by one, by Patient id: with all labels and all facilities (break-glass, one's own record).</summary>
    public IReadOnlyList<string> Persons { get; init; } = [];

    /// <summary>Labels that are hidden in what other facilities wrote.</summary>
    public DataLabels Hidden { get; init; }

    /// <summary>Labels that are hidden in what the own facilities wrote.</summary>
    public DataLabels HiddenHere { get; init; }
}
