namespace Mach.Kernel;

/// <summary>
/// What one caller may see of the record, as the record store needs it: which people, and which labels. Made by the access rules for one request;
/// every statement that reads the record carries it.
/// </summary>
public sealed record Sight
{
    /// <summary>For the house's own work, where no person's answer is made of it: indexes, projections, verification; and programs that were granted the whole system.</summary>
    public static readonly Sight Everything = new() { IsTrusted = true, IsEveryone = true };

    /// <summary>Nothing is hidden.</summary>
    public bool IsEverything => IsTrusted && Narrowing is null;

    /// <summary>Nothing is hidden but by <see cref="Narrowing"/>.</summary>
    public bool IsTrusted { get; private init; }

    /// <summary>What a token leaves of what its holder may see; null = all of it.</summary>
    public Narrowing? Narrowing { get; init; }

    /// <summary>All people; otherwise those that <see cref="Facilities"/> cared for, and <see cref="Persons"/>.</summary>
    public bool IsEveryone { get; init; }

    /// <summary>Types that are seen of all people, such as who they are for whoever registers them.</summary>
    public IReadOnlyList<string> EveryoneTypes { get; init; } = [];

    /// <summary>Codes of the facilities (QĐ 384/2019, five letters or digits) for which the caller acts now.</summary>
    public IReadOnlyList<string> Facilities { get; init; } = [];

    /// <summary>Visits at the facilities count as a relationship from this instant on.</summary>
    public DateTimeOffset Since { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>Ties other than visits that count as a relationship; none = visits alone.</summary>
    public TieKinds Ties { get; init; }

    /// <summary>Ties that end by time (a referral) count when they began at this instant or later.</summary>
    public DateTimeOffset TiedSince { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>Ids of the Locations (wards) where the caller works now; for <see cref="TieKinds.Ward"/>.</summary>
    public IReadOnlyList<string> Wards { get; init; } = [];

    /// <summary>Practitioner id of the caller; for <see cref="TieKinds.Team"/>, and for consents that name one. Null = unknown.</summary>
    public string? Practitioner { get; init; }

    /// <summary>Why the caller looks: what a person's decisions by purpose are held against.</summary>
    public Purposes Purpose { get; init; } = Purposes.Treatment;

    /// <summary>The purpose is a duty by law: only a decision that names the purpose stands against it.</summary>
    public bool IsByLaw { get; init; }

    /// <summary>A visit at one of the facilities counts as a relationship.</summary>
    public bool CountsVisits { get; init; } = true;

    /// <summary>A person's permission counts as a relationship.</summary>
    public bool CountsConsents { get; init; }

    /// <summary>Decisions of people (Consent) are in force or not at this instant.</summary>
    public DateTimeOffset Now { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>People who are open one by one, by Patient id: with all labels and all facilities, whatever they decided (break-glass, one's own record).</summary>
    public IReadOnlyList<string> Persons { get; init; } = [];

    /// <summary>People for whom the caller acts (a child, a ward), by Patient id: as <see cref="Persons"/>, without the labels of <see cref="HiddenFromProxy"/>.</summary>
    public IReadOnlyList<string> ActsFor { get; init; } = [];

    /// <summary>Labels that are hidden from who acts for another.</summary>
    public DataLabels HiddenFromProxy { get; init; }

    /// <summary>Labels that are hidden in what other facilities wrote.</summary>
    public DataLabels Hidden { get; init; }

    /// <summary>Labels that are hidden in what the own facilities wrote.</summary>
    public DataLabels HiddenHere { get; init; }
}
