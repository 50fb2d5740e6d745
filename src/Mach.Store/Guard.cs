using Mach.Fhir.Search;

namespace Mach.Store;

/// <summary>
/// What was looked for before a write was decided, and when. Checked inside the writing transaction, where commits stand in one order on all processes:
/// nothing that answers the search may have been written since. What was found is guarded by its version, not by this.
/// </summary>
/// <remarks>Conditional create, update, patch and delete: http://hl7.org/fhir/R4/http.html#ccreate.</remarks>
public sealed class Guard
{
    internal Guard(SearchQuery query, long seq, IReadOnlyList<long> hashes) => (Query, Seq, Hashes) = (query, seq, hashes);

    internal SearchQuery Query { get; }

    /// <summary>Everything up to this sequence number was searched.</summary>
    internal long Seq { get; }

    /// <summary>Index hashes of which every answer holds at least one; empty when the search has no such clause.</summary>
    internal IReadOnlyList<long> Hashes { get; }
}

/// <param name="Found">At most two: one is an answer, two are an ambiguity.</param>
public sealed record Match(IReadOnlyList<StoredResource> Found, Guard Guard);
