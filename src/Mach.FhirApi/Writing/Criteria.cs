using Mach.Fhir.Search;
using Mach.FhirApi.Terminology;
using Mach.Store;
using Microsoft.AspNetCore.WebUtilities;

namespace Mach.FhirApi.Writing;

/// <summary>The search of a conditional write.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#ccreate, #cond-update, #3.1.0.7.1.</remarks>
internal static class Criteria
{
    /// <summary>Parameters about the form of an answer select nothing.</summary>
    private static readonly HashSet<string> Forms =
        ["_count", "_sort", "_summary", "_elements", "_include", "_revinclude", "_total", "_contained", "_containedType", "_format", "_pretty", "_cursor", "_offset"];

    /// <summary>Reads "a=b&amp;c=d", also with "Type?" or "?" before it.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string text)
    {
        var query = text[(text.IndexOf('?', StringComparison.Ordinal) + 1)..];
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var pair in new QueryStringEnumerable(query))
        {
            pairs.Add(new(pair.DecodeName().ToString(), pair.DecodeValue().ToString()));
        }

        return pairs;
    }

    /// <summary>True when something selects; a write must never fall on "all".</summary>
    public static bool Select(IReadOnlyList<KeyValuePair<string, string>> pairs) =>
        pairs.Any(p => p.Value.Length > 0 && !Forms.Contains(p.Key.Split(':')[0]));

    /// <summary>What answers the search, two at most, and the guard of that answer.</summary>
    /// <exception cref="FhirProblem">400: not a search, or one that selects nothing. 403: no right to search. 422: too costly.</exception>
    public static async Task<Match> MatchAsync(FhirCall call, string type, IReadOnlyList<KeyValuePair<string, string>> pairs) =>
        await MatchAsync(call, await ReadAsync(call, type, pairs));

    /// <param name="most">So many answers are given at most.</param>
    /// <exception cref="FhirProblem">422: too costly.</exception>
    public static async Task<Match> MatchAsync(FhirCall call, SearchQuery query, int most = 2)
    {
        try
        {
            return await call.Records.MatchAsync(query, call.Aborted, most);
        }
        catch (SearchException e)
        {
            throw Problem(e);
        }
    }

    /// <summary>The search as the store takes it.</summary>
    /// <exception cref="FhirProblem">400: not a search, or one that selects nothing. 403: no right to search.</exception>
    public static async Task<SearchQuery> ReadAsync(FhirCall call, string type, IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        if (!Select(pairs))
        {
            throw new FhirProblem(400, "invalid", "A conditional interaction needs at least one search parameter with a value.");
        }

        // What it finds tells about resources, also of other types when it follows a chain.
        call.Need(pairs.Any(p => p.Key.Contains('.', StringComparison.Ordinal) || p.Key.StartsWith("_has:", StringComparison.Ordinal)) ? "*" : type, 's');
        try
        {
            return SearchQuery.Parse(type, pairs.Where(p => p.Value.Length > 0), catalog: call.Records.Catalog, sets: await NamedSets.OfAsync(call, pairs), baseUrl: call.Base);
        }
        catch (SearchException e)
        {
            throw Problem(e);
        }
    }

    private static FhirProblem Problem(SearchException e) => new(e.Code == "too-costly" ? 422 : 400, e.Code, e.Message);
}
