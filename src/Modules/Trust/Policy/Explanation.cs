using Mach.Access;
using Mach.Access.Authority;

namespace Mach.Trust.Policy;

/// <summary>Why an account sees what it sees of one person's record, at one instant.</summary>
/// <param name="Person">Patient id.</param>
/// <param name="Draft">By the draft that waits, not by the policy in force.</param>
public sealed record Explanation(Account Account, string Person, bool Draft, GivenSight Given)
{
    /// <summary>Pieces of the record there are, over all linked records.</summary>
    public required long Total { get; init; }

    /// <summary>Pieces that the account sees.</summary>
    public required long Shown { get; init; }

    /// <summary>Each way that opens some of it by itself, and how much; a key of the texts <c>Way.*</c>.</summary>
    public required IReadOnlyList<Reason> Ways { get; init; }

    /// <summary>Each single thing without which more would be seen, and how much more; a key of the texts <c>Hidden.*</c>.</summary>
    public required IReadOnlyList<Reason> Hidden { get; init; }
}

/// <param name="Pieces">Resources of the record.</param>
public sealed record Reason(string Key, long Pieces);
