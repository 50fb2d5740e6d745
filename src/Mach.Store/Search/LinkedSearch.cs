using System.Text.Json;
using Mach.Fhir.Search;

namespace Mach.Store.Search;

/// <summary>Chains and _has: answered in a search of their own first, so that what remains looks at one resource at a time.</summary>
internal static class LinkedSearch
{
    /// <summary>So many resources may stand at the far end of a chain.</summary>
    public const int MaxTargets = 1000;

    public static async Task<SearchQuery> ResolveAsync(SearchRun run, SearchQuery query)
    {
        if (query.Has.Count == 0 && query.Clauses.All(c => c.Chain is null))
        {
            return query;
        }

        var clauses = new List<SearchClause>();
        foreach (var clause in query.Clauses)
        {
            clauses.Add(clause.Chain is null ? clause : await FollowAsync(run, clause, clause.Chain).ConfigureAwait(false));
        }

        var resolved = query with { Clauses = clauses, Has = [], NoIds = query.NoIds || clauses.Any(c => c.Modifier is null && c.Values.Count == 0) };
        foreach (var has in query.Has)
        {
            var ids = await PointedAtAsync(run, query.Type, has).ConfigureAwait(false);
            resolved = SearchIds.Intersect(resolved, ids);
        }

        return resolved;
    }

    private static async Task<SearchClause> FollowAsync(SearchRun run, SearchClause clause, SearchChain chain)
    {
        var found = new List<string>();
        await foreach (var row in EachAsync(run, new SearchQuery { Type = chain.Type, Clauses = [chain.Clause] }).ConfigureAwait(false))
        {
            found.Add(chain.Type + "/" + row.Resource.Id);
            Check(found.Count, chain.Type);
        }

        return new SearchClause(clause.Parameter, null, found);
    }

    private static async Task<HashSet<string>> PointedAtAsync(SearchRun run, string type, SearchReverse has)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in EachAsync(run, new SearchQuery { Type = has.Type, Clauses = [has.Clause] }).ConfigureAwait(false))
        {
            using var document = JsonDocument.Parse(row.Resource.Body);
            foreach (var (target, id) in SearchMatcher.References(document.RootElement, has.Reference))
            {
                if (target == type)
                {
                    ids.Add(id);
                    Check(ids.Count, type);
                }
            }
        }

        return ids;
    }

    private static async IAsyncEnumerable<Reading.ResourceRow> EachAsync(SearchRun run, SearchQuery query)
    {
        var (_, drivers) = await run.PlanAsync(query).ConfigureAwait(false);
        var driver = drivers[await run.ChooseAsync(query, drivers).ConfigureAwait(false)];
        await foreach (var hit in run.HitsAsync(query, driver, false, null, 256).ConfigureAwait(false))
        {
            yield return hit.Row;
        }
    }

    private static void Check(int count, string type)
    {
        if (count > MaxTargets)
        {
            throw new SearchException("too-costly", $"More than {MaxTargets} {type} resources answer the linked part of the search; narrow it.");
        }
    }
}

internal static class SearchIds
{
    /// <summary>The query limited to these ids as well.</summary>
    public static SearchQuery Intersect(SearchQuery query, IReadOnlySet<string> ids)
    {
        string[] left = query.Ids.Count == 0 && !query.NoIds ? [.. ids] : [.. query.Ids.Where(ids.Contains)];
        return query with { Ids = left, NoIds = query.NoIds || left.Length == 0 };
    }
}
