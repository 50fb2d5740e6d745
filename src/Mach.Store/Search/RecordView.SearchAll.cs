using Dapper;
using Mach.Fhir.Search;
using Mach.Store.Search;

namespace Mach.Store;

public partial class RecordView
{
    /// <summary>From one type to the next in their index, so that a store of twenty types is asked for twenty and not for all of R4's.</summary>
    private const string TypesThere = """
        WITH RECURSIVE t(n) AS (SELECT MIN(type) FROM res UNION ALL SELECT (SELECT MIN(type) FROM res WHERE type>t.n) FROM t WHERE t.n IS NOT NULL)
        SELECT n FROM t WHERE n IS NOT NULL
        """;

    /// <summary>One page of a search over several types in one order: of each type what comes next, merged. By last change each type is a list in that order; any other order sorts all that is found.</summary>
    /// <param name="queries">One for each type, each type once, with the same sort, page size and cursor.</param>
    /// <exception cref="SearchException">A cursor that is not of this search (invalid), keys that are not of one kind over the types (not-supported), or more than the store will look at (too-costly).</exception>
    public async Task<SearchPage> SearchAllAsync(IReadOnlyList<SearchQuery> queries, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(queries);
        NeedOneOrder(queries);
        var (first, count) = (queries[0], queries[0].Count);
        var cursor = first.Cursor is null ? null : SearchCursor.Read(first.Cursor, queries, Seal);
        await using var connection = await _sight.OpenAsync(Db, ct).ConfigureAwait(false);
        var since = cursor?.Since ?? await PageWalk.SequenceAsync(new SearchLine(Db, connection, IsBrief: false), ct).ConfigureAwait(false);
        var found = new List<(Position Place, SearchQuery Query, SearchRun.Hit Hit)>();
        Position? horizon = null;
        var merged = new SortOrder(first);
        var there = (await connection.QueryAsync<short>(new CommandDefinition(TypesThere, cancellationToken: ct)).ConfigureAwait(false)).ToHashSet();
        foreach (var query in queries.Where(q => there.Contains(ResourceTypes.Number(q.Type))))
        {
            var run = new SearchRun(Db, connection, _sight, Hash, ct);
            var resolved = await LinkedSearch.ResolveAsync(run, query).ConfigureAwait(false);
            if (resolved.NoIds)
            {
                continue;
            }

            var (_, drivers) = await run.PlanAsync(resolved).ConfigureAwait(false);
            var driver = drivers[await run.ChooseAsync(resolved, drivers).ConfigureAwait(false)];
            var page = await run.ReadMergedAsync(resolved, driver, cursor?.Last, since, count).ConfigureAwait(false);
            var order = new SortOrder(query);
            found.AddRange(page.Hits.Select(hit => (order.PlaceOf(hit.Row), query, hit)));
            // What lies behind the end of a type's page may come after more of that type.
            horizon = page.Last is { } end && (horizon is null || merged.Compare(end, horizon.Value) < 0) ? end : horizon;
        }

        found.Sort((x, y) => merged.Compare(x.Place, y.Place));
        var shown = found.TakeWhile(f => horizon is not { } end || merged.Compare(f.Place, end) <= 0).Take(count).ToList();
        var last = shown.Count < count ? horizon : found.Count > count || horizon is not null ? shown[^1].Place : null;
        var included = new Dictionary<(string, string), StoredResource>();
        foreach (var ofType in shown.GroupBy(f => f.Query))
        {
            var run = new SearchRun(Db, connection, _sight, Hash, ct);
            foreach (var resource in await new Includes(this, run, ofType.Key, ct).OfAsync([.. ofType.Select(f => f.Hit.Row)]).ConfigureAwait(false))
            {
                included.TryAdd((resource.Type, resource.Id), resource);
            }
        }

        return Shown(new SearchPage
        {
            Matches = [.. shown.Select(f => f.Hit.Row.Resource)],
            Included = [.. included.Where(i => !shown.Exists(f => (f.Hit.Row.Resource.Type, f.Hit.Row.Resource.Id) == i.Key)).Select(i => i.Value)],
            Next = last is { } place ? new SearchCursor(0, ListOrder.Text, place, since).Write(queries, Seal) : null,
        });
    }

    /// <summary>Keys of different kinds have no order with each other.</summary>
    private static void NeedOneOrder(IReadOnlyList<SearchQuery> queries)
    {
        for (var i = 0; i < queries[0].Sorts.Count; i++)
        {
            var (one, of) = (queries[0].Sorts[i], queries[0].Type);
            if (queries.FirstOrDefault(q => q.Sorts[i].Key != one.Key || q.Sorts[i].Parameter?.Kind != one.Parameter?.Kind) is { } other)
            {
                throw new SearchException("not-supported", $"_sort={queries[0].Sort}: {of} and {other.Type} have no common order by this parameter. Results over these types can be sorted by _lastUpdated, or search one type at a time.");
            }
        }
    }
}
