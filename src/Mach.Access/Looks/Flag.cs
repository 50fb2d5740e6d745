namespace Mach.Access.Looks;

public enum FlagState
{
    /// <summary>Waits for a data officer.</summary>
    Open,

    /// <summary>There was a reason for it.</summary>
    Explained,

    /// <summary>Somebody else has to go on with it.</summary>
    Escalated,

    /// <summary>There was nothing to it.</summary>
    Dismissed,
}

/// <summary>A look, or many, that somebody has to answer for.</summary>
/// <param name="Person">Patient id; empty when it is about no one in particular.</param>
/// <param name="Day">In Viet Nam.</param>
/// <param name="Count">Lines, or what the rule measured.</param>
/// <param name="Evidence">Ids of audit lines; the first twenty, and the last.</param>
public sealed record Flag(string Id, string Rule, string Account, string? Facility, string Person, DateOnly Day, LookSeverity Severity, long Count, IReadOnlyList<string> Evidence, DateTimeOffset At, DateTimeOffset Changed, FlagState State)
{
    /// <summary>What the person asked.</summary>
    public string? Words { get; init; }

    /// <summary>The count that the last verdict saw.</summary>
    public long? Judged { get; init; }

    public string? DecidedBy { get; init; }
    public DateTimeOffset? Decided { get; init; }

    /// <summary>Why, of the last verdict; the answer to a question.</summary>
    public string? Note { get; init; }
}

/// <summary>Which flags are asked for; what is null does not matter.</summary>
/// <param name="Facility">Of the account that looked.</param>
public sealed record FlagFilter(string? Rule = null, string? Account = null, string? Person = null, FlagState? State = null, string? Facility = null);

/// <summary>One verdict over a flag.</summary>
public sealed record FlagVerdict(DateTimeOffset At, string Officer, FlagState State, string Note, long Count);
