using System.Text.Json;
using Mach.Fhir.Search;

namespace Mach.Store.Search;

/// <summary>Chains, _has and _list: answered in searches of their own first, so that what remains looks at one resource at a time.</summary>
internal static class LinkedSearch
{
    /// <summary>So many resources may stand at the far end of a chain.</summary>
    public const int MaxTargets = 10_000;

    public static async Task<SearchQuery> ResolveAsync(SearchRun run, SearchQuery query)
    {
        if (query.Has.Count + query.Lists.Count == 0 && query.Clauses.All(c => c.Chains.Count == 0))
        {
            return query;
        }

        var clauses = new List<SearchClause>();
        var nothing = query.NoIds;
        foreach (var clause in query.Clauses)
        {
            if (clause.Chains.Count == 0)
            {
                clauses.Add(clause);
                continue;
            }

            var followed = await FollowAsync(run, clause).ConfigureAwait(false);
            clauses.Add(followed);
            nothing |= followed.Values.Count == 0;
        }

        var resolved = query with { Clauses = clauses, Has = [], Lists = [], NoIds = nothing };
        foreach (var has in query.Has)
        {
            resolved = SearchIds.Intersect(resolved, await PointedAtAsync(run, query.Type, has).ConfigureAwait(false));
        }

        foreach (var list in query.Lists)
        {
            resolved = SearchIds.Intersect(resolved, await ListedAsync(run, query.Type, list).ConfigureAwait(false));
        }

        return resolved;
    }

    /// <summary>The clause with what it may refer to in place of what that must answer.</summary>
    private static async Task<SearchClause> FollowAsync(SearchRun run, SearchClause clause)
    {
        var found = new List<string>();
        foreach (var chain in clause.Chains)
        {
            await foreach (var row in EachAsync(run, chain.Query).ConfigureAwait(false))
            {
                found.Add(chain.Type + "/" + row.Resource.Id);
                Check(found.Count, chain.Type);
            }
        }

        return new SearchClause(clause.Parameter, null, found);
    }

    private static async Task<HashSet<string>> PointedAtAsync(SearchRun run, string type, SearchReverse has)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in EachAsync(run, has.Query).ConfigureAwait(false))
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

    /// <summary>What a List names and has not struck out (http://hl7.org/fhir/R4/search.html#list).</summary>
    public static async Task<HashSet<string>> ListedAsync(SearchRun run, string type, string list)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in EachAsync(run, new SearchQuery { Type = "List", Ids = [list] }).ConfigureAwait(false))
        {
            using var document = JsonDocument.Parse(row.Resource.Body);
            if (!document.RootElement.TryGetProperty("entry"u8, out var entries) || entries.ValueKind != JsonValueKind.Array)
            {
                continue;
            }

            foreach (var entry in entries.EnumerateArray())
            {
                var struck = entry.TryGetProperty("deleted"u8, out var deleted) && deleted.ValueKind == JsonValueKind.True;
                if (!struck && entry.TryGetProperty("item"u8, out var item) && ReferenceText.TryTarget(item, out var target, out var id) && target == type)
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
        var resolved = await ResolveAsync(run, query).ConfigureAwait(false);
        if (resolved.NoIds)
        {
            yield break;
        }

        var (_, drivers) = await run.PlanAsync(resolved).ConfigureAwait(false);
        var driver = drivers[await run.ChooseAsync(resolved, drivers).ConfigureAwait(false)];
        await foreach (var hit in run.HitsAsync(resolved, driver, false, null, 256).ConfigureAwait(false))
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
