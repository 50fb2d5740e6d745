namespace Mach.FhirApi.Writing;

/// <summary>In one transaction, a resource is written once.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#trules: when identities overlap, the transaction fails.</remarks>
internal static class Overlap
{
    /// <summary>Refuses what would be written twice. Creates by the same search are one: the later ones stand for the first.</summary>
    /// <exception cref="FhirProblem">400.</exception>
    public static void Check(IReadOnlyList<Change> changes)
    {
        var written = new HashSet<(string, string)>();
        var searches = new Dictionary<string, Change>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (change.Result is not null)
            {
                continue;
            }

            if (change.Criteria is { } criteria && change.KnownNew)
            {
                var search = $"{change.Type}?{string.Join('&', criteria.Select(p => $"{p.Key}={p.Value}"))}";
                if (!searches.TryAdd(search, change))
                {
                    if (change.Kind != ChangeKind.Create || searches[search].Kind != ChangeKind.Create)
                    {
                        throw Twice(change);
                    }

                    (change.SameAs, change.Target) = (searches[search], searches[search].Target);
                    continue;
                }
            }

            if (!written.Add((change.Type, change.Target)))
            {
                throw Twice(change);
            }
        }
    }

    private static FhirProblem Twice(Change change) =>
        change.Problem(400, "duplicate", $"{change.Type}/{change.Target} is written by another entry of this transaction too.", "request.url");
}
