namespace Mach.Store;

/// <summary>What of a compartment is wanted, and from where on.</summary>
/// <param name="Type">Patient or another type that has a compartment.</param>
public sealed record EverythingQuery(string Type, string Id)
{
    public int Count { get; init; } = 100;

    /// <summary>Only versions written at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only what has a clinical date at this time or later; the resource itself and what has no date come anyway.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only what has a clinical date before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only these types; empty = all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    public string? Cursor { get; init; }

    /// <summary>Ids of further resources of the type whose compartments follow in this order: other records of the same person. What there is none of is passed over.</summary>
    public IReadOnlyList<string> Linked { get; init; } = [];
}

/// <param name="IsDeleted">The resource itself was deleted: nothing is given.</param>
/// <param name="Included">What the matches refer to outside of the compartment, each with the first match that refers to it.</param>
public sealed record EverythingPage(bool IsDeleted, IReadOnlyList<StoredResource> Matches, IReadOnlyList<StoredResource> Included, string? Next);
