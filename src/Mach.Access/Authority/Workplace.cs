namespace Mach.Access.Authority;

/// <summary>For whom and where an account acts at one instant: what the policy makes a sight of.</summary>
public sealed record Workplace
{
    /// <summary>Acts for all facilities: an account without post and without facility.</summary>
    public bool IsEverywhere { get; init; }

    /// <summary>Code of the facility; null = none now, or all.</summary>
    public string? Facility { get; init; }

    /// <summary>Id of the Location; null = the whole facility.</summary>
    public string? Ward { get; init; }

    /// <summary>Roles that count here; null = all of the account.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>The post that is acted for; null without posts, or off duty.</summary>
    public string? Post { get; init; }

    /// <summary>The account has posts, and none counts now.</summary>
    public bool IsOffDuty { get; init; }

    /// <summary>Practitioner id of the account; null = none.</summary>
    public string? Practitioner { get; init; }

    /// <summary>Patient id of the person whose account it is; null = none.</summary>
    public string? Person { get; init; }

    /// <summary>Patient ids of those for whom the account acts.</summary>
    public IReadOnlyList<string> ActsFor { get; init; } = [];
}

/// <summary>One post of an account.</summary>
/// <param name="Facility">Facility code.</param>
/// <param name="Ward">Location id; null = the whole facility.</param>
/// <param name="Roles">Those that count here; empty = all of the account.</param>
/// <param name="ByRota">Counts during its shifts alone.</param>
/// <param name="Until">Null = open.</param>
public sealed record Post(string Id, string Account, string Facility, string? Ward, IReadOnlyList<string> Roles, bool ByRota, DateTimeOffset Since, DateTimeOffset? Until)
{
    public IReadOnlyList<Shift> Shifts { get; init; } = [];

    /// <summary>So long before and after a shift the post still counts: handing over takes time.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    public bool Counts(DateTimeOffset now) =>
        Since <= now && !(Until <= now) && (!ByRota || Shifts.Any(s => s.Starts - Grace <= now && now < s.Ends + Grace));
}

public sealed record Shift(DateTimeOffset Starts, DateTimeOffset Ends);

/// <summary>Somebody who acts for another person.</summary>
/// <param name="Account">Who acts.</param>
/// <param name="Person">Patient id of the other.</param>
/// <param name="Why">The paper that was seen.</param>
public sealed record Proxy(string Id, string Account, string Person, ProxyKind Kind, string Why, DateTimeOffset Since, DateTimeOffset? Until, string MadeBy, DateTimeOffset Made)
{
    public DateTimeOffset? Ended { get; init; }
    public string? EndedBy { get; init; }

    public bool Counts(DateTimeOffset now) => Since <= now && !(Until <= now) && !(Ended <= now);
}

/// <summary>Why somebody may act for another. Civil Code 91/2015/QH13, articles 46–63 (guardians), 134–143 (representatives).</summary>
public enum ProxyKind
{
    /// <summary>Mother or father of a minor.</summary>
    Parent,

    /// <summary>Grown child of an old or sick person, with their agreement.</summary>
    Child,

    /// <summary>Guardian by law or by a court.</summary>
    Guardian,

    /// <summary>Whom the person has asked to.</summary>
    Carer,
}
