using System.Globalization;
using Mach.Fhir.Search;
using Mach.Store;
using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi.Interactions;

/// <summary>GET [base]?… and POST [base]/_search: one search over several types, type by type or in the order that _sort asks for; _type says which.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/search.html#searching: only parameters that all of the types have. An include follows the matches of the types that it fits.</remarks>
internal static class SystemSearch
{
    private const string Types = "_type";

    public static Task GetAsync(FhirCall call) => HandleAsync(call, call.Query);

    public static async Task PostAsync(FhirCall call) => await HandleAsync(call, await Search.WithFormAsync(call));

    private static Task HandleAsync(FhirCall call, IReadOnlyList<KeyValuePair<string, string>> asked) =>
        HandleAsync(call, asked, ServedTypes.All, call.Base, static query => query);

    /// <param name="every">The types to look through when _type does not narrow them.</param>
    /// <param name="narrow">What else each type's search must answer.</param>
    public static async Task HandleAsync(FhirCall call, IReadOnlyList<KeyValuePair<string, string>> asked, IReadOnlyList<string> every, string path, Func<SearchQuery, SearchQuery> narrow)
    {
        var types = TypesOf(call, asked, every);
        foreach (var type in types)
        {
            call.Need(type, 's');
        }

        var (pairs, cursor) = Search.Read(call, asked);
        var rest = pairs.Where(p => p.Key != Types).ToList();
        var named = await NamedInSearch.OfAsync(call, rest);
        var queries = types.ConvertAll(type => narrow(Search.Parse(call, type, rest.Where(p => Fits(call, p, type, types)), named)));
        var page = await ReadAsync(call, queries, cursor);
        await Search.AnswerAsync(call, path, pairs, queries[0], page, cursor);
    }

    /// <summary>Whether a type is asked with this pair: all but includes that begin or end at others of the types.</summary>
    private static bool Fits(FhirCall call, KeyValuePair<string, string> pair, string type, List<string> types)
    {
        var parts = pair.Value.Split(':');
        return pair.Key switch
        {
            "_include" => !types.Contains(parts[0]) || parts[0] == type,
            "_revinclude" => parts.Length < 2 || call.Records.Catalog.Find(parts[0], parts[1]) is not { Targets: { Count: > 0 } targets } || targets.Contains(type) || !types.Exists(targets.Contains),
            _ => true,
        };
    }

    private static List<string> TypesOf(FhirCall call, IReadOnlyList<KeyValuePair<string, string>> asked, IReadOnlyList<string> every)
    {
        var named = asked.Where(p => p.Key == Types).SelectMany(p => p.Value.Split(',', StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal).ToList();
        if (named.Find(type => !ServedTypes.Contains(type)) is { } unknown)
        {
            throw new FhirProblem(StatusCodes.Status400BadRequest, "invalid", $"{FhirCall.Shorten(unknown)} in _type is not a resource type of R4.", Types);
        }

        if (named.Count == 0)
        {
            call.Need("*", 's');
            return [.. every];
        }

        var wanted = every.Where(named.Contains).ToList();
        return wanted.Count > 0 ? wanted : throw new FhirProblem(StatusCodes.Status400BadRequest, "invalid", "None of the types in _type can stand here.", Types);
    }

    /// <summary>In one order when one is asked for; else types one after another until the page is full, and the cursor is "number of the type.cursor in it".</summary>
    private static async Task<SearchPage> ReadAsync(FhirCall call, List<SearchQuery> queries, string? cursor)
    {
        var counting = queries[0].CountOnly || queries[0].Count == 0;
        long? total = null;
        if (counting || ((queries[0].Total || queries[0].Estimate) && cursor is null))
        {
            total = await CountAsync(call, queries, isNeeded: counting || queries[0].Total);
        }

        // Leniently, a key that one of the types lacks has been left out for that type: then there is no common order.
        if (!counting && queries.TrueForAll(q => q.Sort is { Length: > 0 }))
        {
            return await call.Records.SearchAllAsync(queries.ConvertAll(q => q with { Cursor = cursor, Total = false, Estimate = false }), call.Aborted) with { Total = total };
        }

        var (at, inner) = ParseCursor(cursor, queries.Count);
        var (matches, included) = (new List<StoredResource>(), new List<StoredResource>());
        string? next = null;
        for (var left = counting ? 0 : queries[0].Count; left > 0 && at < queries.Count; inner = null, at++)
        {
            var page = await call.Records.SearchAsync(queries[at] with { Count = left, Cursor = inner, Total = false, Estimate = false }, call.Aborted);
            matches.AddRange(page.Matches);
            included.AddRange(page.Included);
            left -= page.Matches.Count;
            if (page.Next is not null)
            {
                next = string.Create(CultureInfo.InvariantCulture, $"{at}.{page.Next}");
                break;
            }

            next = left == 0 && at + 1 < queries.Count ? string.Create(CultureInfo.InvariantCulture, $"{at + 1}.") : null;
        }

        return new SearchPage { Matches = matches, Included = included, Next = next, Total = total };
    }

    /// <returns>Null when it is too costly and not needed.</returns>
    private static async Task<long?> CountAsync(FhirCall call, List<SearchQuery> queries, bool isNeeded)
    {
        try
        {
            long total = 0;
            foreach (var query in queries)
            {
                total += (await call.Records.SearchAsync(query with { CountOnly = true, Cursor = null }, call.Aborted)).Total ?? 0;
            }

            return total;
        }
        catch (SearchException e) when (!isNeeded && e.Code == "too-costly")
        {
            return null;
        }
    }

    private static (int At, string? Inner) ParseCursor(string? cursor, int types)
    {
        if (cursor is null)
        {
            return (0, null);
        }

        var dot = cursor.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && int.TryParse(cursor.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < types
            ? (at, dot + 1 < cursor.Length ? cursor[(dot + 1)..] : null)
            : throw new FhirProblem(StatusCodes.Status400BadRequest, "invalid", "The paging cursor is damaged or belongs to another search; start again from the first page.", Search.Cursor);
    }
}
