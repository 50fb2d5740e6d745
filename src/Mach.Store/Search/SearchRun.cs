using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Mach.Data;
using Mach.Fhir.Search;
using Mach.Store.Reading;

namespace Mach.Store.Search;

/// <summary>One search: candidates from a driver, each decided on by its body.</summary>
/// <param name="isBrief">Each of its statements reads a few rows by their keys.</param>
internal sealed class SearchRun(Db db, DbConnection connection, SightSql sight, Func<short, string, long> hash, CancellationToken ct, bool isBrief = false)
{
    /// <summary>So many candidates are looked at before a search is refused as too costly.</summary>
    public const int MaxScanned = 50_000;

    private const int MaxBatch = 1000, CountLimit = 500, MaxCounted = 32;
    private const string Heads = ResourceRow.SelectHead + "WHERE r.rid {longs:rids} AND +r.type=@type AND r.del=0{sight}";
    private const string CountHeads = "SELECT COUNT(*) FROM res r WHERE r.type=@type AND r.del=0{sight}";

    private readonly IndexKeys _keys = new();
    private int _scanned;
    private bool _asksPlainly = sight.HasPlain;

    public Db Db => db;
    public DbConnection Connection => connection;
    public SightSql Sight => sight;

    private SearchLine Line => new(db, connection, isBrief);

    /// <summary>A match and where it stands in the order of the answer.</summary>
    public readonly record struct Hit(Position Position, ResourceRow Row);

    /// <summary>The page after a position in the order of the answer.</summary>
    /// <param name="Hits">At most the page size.</param>
    /// <param name="Last">Where the page ended, when there is more.</param>
    /// <param name="Total">Known when everything had to be looked at.</param>
    public sealed record Page(IReadOnlyList<Hit> Hits, Position? Last, long? Total)
    {
        /// <summary>Sequence number of the log when the first page was read; known when there is more.</summary>
        public long? Since { get; init; }
    }

    public async Task<(SearchPlanner Planner, IReadOnlyList<SearchDriver> Drivers)> PlanAsync(SearchQuery query)
    {
        var numbers = await new ReferenceNumbers(Line).FindAsync(query, ct).ConfigureAwait(false);
        var changes = await ChangeRange.FindAsync(db, connection, query, ct).ConfigureAwait(false);
        var planner = new SearchPlanner(query, hash, numbers, changes);
        return (planner, planner.Drivers());
    }

    /// <summary>The fixed preference among precise ways; among the others the shortest, where a wrong order makes a long list worse.</summary>
    public async Task<int> ChooseAsync(SearchQuery query, IReadOnlyList<SearchDriver> drivers)
    {
        var sort = SearchSort.Single(query)?.Key ?? SearchSortKey.Value;
        var best = 0;
        var bestCost = long.MaxValue;
        for (var i = 0; i < drivers.Count && bestCost > 0; i++)
        {
            var cost = drivers[i].Rank < SearchDriver.FirstCounted
                ? drivers[i].Rank - SearchDriver.FirstCounted
                : await CostAsync(drivers, i, sort).ConfigureAwait(false);
            if (cost < bestCost)
            {
                (best, bestCost) = (i, cost);
            }
        }

        return best;
    }

    private async Task<long> CostAsync(IReadOnlyList<SearchDriver> drivers, int index, SearchSortKey sort)
    {
        var driver = drivers[index];
        var native = driver.Gives(sort);
        if (driver.Rank == SearchDriver.Scan)
        {
            return native ? CountLimit * 3 : CountLimit * 5;
        }

        if (index == 0 && drivers.Skip(1).All(d => d.Rank == SearchDriver.Scan) && sort == SearchSortKey.None)
        {
            return 0;
        }

        if (driver.Lists.Count > MaxCounted)
        {
            return (native ? CountLimit : CountLimit * 4) + driver.Rank;
        }

        var count = 0;
        foreach (var list in driver.Lists)
        {
            var some = await list.ReadAsync(Line, null, descending: false, CountLimit, ct).ConfigureAwait(false);
            count += some.Count;
        }

        return count < CountLimit ? count + 1 : (native ? CountLimit : CountLimit * 4) + driver.Rank;
    }

    /// <param name="since">Of the first page; null when this is it.</param>
    public async Task<Page> ReadAsync(SearchQuery query, SearchDriver driver, Position? after, long? since, int count)
    {
        if (SearchSort.Single(query) is not { } sort || !driver.Gives(sort.Key))
        {
            return await CollectAsync(query, driver, after, since, count).ConfigureAwait(false);
        }

        // Without a wish, what is dated comes newest first.
        var backwards = sort.Key == SearchSortKey.None ? driver.Order == ListOrder.Date : sort.Descending;
        var hits = new List<Hit>(count + 1);
        var first = query.Clauses.Count <= 1 ? count + 1 : Math.Max(64, (count + 1) * 2);
        var walk = new PageWalk(Line, query, count, since, after is { } end ? (row, keys) => driver.PlaceOf(row, keys).CompareTo(end) is var at && (backwards ? at >= 0 : at <= 0) : null, ct);
        await foreach (var hit in HitsAsync(query, driver, backwards, after, first, walk).ConfigureAwait(false))
        {
            // By last change the pages end where the log ended at the first: whoever asks for changes since the last one shown then misses none.
            if (sort is { Key: SearchSortKey.LastUpdated, Descending: false } && hit.Row.Resource.Seq > walk.Since)
            {
                break;
            }

            if (hits.Count == count)
            {
                return new Page(hits, hits[^1].Position, null) { Since = walk.Since };
            }

            hits.Add(hit);
        }

        return new Page(hits, null, after is null ? hits.Count : null);
    }

    /// <summary>The part of one type in a page over several types, in the order of <see cref="SortOrder"/>.</summary>
    /// <param name="after">In that order, as is the end of the page.</param>
    public async Task<Page> ReadMergedAsync(SearchQuery query, SearchDriver driver, Position? after, long since, int count)
    {
        if (SearchSort.Single(query) is not { Key: SearchSortKey.LastUpdated } sort || !driver.Gives(sort.Key))
        {
            return await CollectAsync(query, driver, after, since, count).ConfigureAwait(false);
        }

        var page = await ReadAsync(query, driver, after is { } last ? Position.OfNumber(SortOrder.Number(last.Text), last.Rid) : null, since, count).ConfigureAwait(false);
        return page with { Last = page.Last is { } end ? Position.OfText(SortOrder.Padded(end.A), end.Rid) : null };
    }

    private async Task<Page> CollectAsync(SearchQuery query, SearchDriver driver, Position? after, long? since, int count)
    {
        var order = new SortOrder(query);
        var places = new List<Position>();
        var walk = new PageWalk(Line, query, count, since, after is { } end ? (row, _) => order.Compare(order.PlaceOf(row), end) <= 0 : null, ct);
        await foreach (var hit in HitsAsync(query, driver, false, null, MaxBatch, walk).ConfigureAwait(false))
        {
            places.Add(order.PlaceOf(hit.Row));
        }

        places.Sort(order);
        var rest = after is null ? places : places.SkipWhile(p => order.Compare(p, after.Value) <= 0).ToList();
        var page = rest.Take(count).ToList();
        // Read again, so that a long answer is not kept whole; what changed meanwhile has to answer again.
        var rows = await RowsAsync(query.Type, page).ConfigureAwait(false);
        return new Page([.. page.Where(p => rows.TryGetValue(p.Rid, out var row) && Answers(query, row)).Select(p => new Hit(p, rows[p.Rid]))], rest.Count > count ? page[^1] : null, places.Count) { Since = walk.Since };
    }

    /// <summary>All matches from a place on, in the driver's order, each resource once.</summary>
    /// <param name="walk">The pages that the matches are shown on; null when they are not shown.</param>
    public async IAsyncEnumerable<Hit> HitsAsync(SearchQuery query, SearchDriver driver, bool descending, Position? after, int batch, PageWalk? walk = null)
    {
        var found = new HashSet<long>();
        var stream = new CandidateStream(Line, driver.Lists, descending, after);
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var places = await stream.NextAsync(Math.Min(batch, MaxBatch), ct).ConfigureAwait(false);
            if (places.Count == 0)
            {
                yield break;
            }

            _scanned += places.Count;
            if (_scanned > MaxScanned)
            {
                throw new SearchException("too-costly", $"More than {MaxScanned} resources would have to be looked at; add a patient, a code, an identifier or a date.");
            }

            if (walk is not null)
            {
                await walk.BeginAsync(places.Count).ConfigureAwait(false);
            }

            var rows = await RowsAsync(query.Type, places).ConfigureAwait(false);
            foreach (var place in places)
            {
                // Another write may move a resource while the lists are read, so that it stands in them twice.
                if (rows.TryGetValue(place.Rid, out var row) && IsHit(query, driver, place, row) && found.Add(row.Rid) && !(walk is not null && await walk.WasShownAsync(row).ConfigureAwait(false)))
                {
                    yield return new Hit(place, row);
                }
            }

            batch = Math.Min(batch * 2, MaxBatch);
        }
    }

    /// <summary>All living resources of a type: the heads say it, no body needs to be looked at.</summary>
    public async Task<long> CountTypeAsync(string type)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sight.Apply(db, CountHeads);
        sight.Bind(db, command);
        command.With("type", ResourceTypes.Number(type));
        return Convert.ToInt64(await command.ExecuteScalarAsync(ct).ConfigureAwait(false), CultureInfo.InvariantCulture);
    }

    private static bool Answers(SearchQuery query, in ResourceRow row)
    {
        using var document = JsonDocument.Parse(row.Resource.Body);
        return SearchMatcher.Matches(document.RootElement, query, Instants.ToMicroseconds(row.Resource.LastUpdated));
    }

    /// <summary>It answers, and stands where the list says: the version that the list knew may be gone.</summary>
    private bool IsHit(SearchQuery query, SearchDriver driver, Position place, in ResourceRow row)
    {
        using var document = JsonDocument.Parse(row.Resource.Body);
        if (!SearchMatcher.Matches(document.RootElement, query, Instants.ToMicroseconds(row.Resource.LastUpdated)))
        {
            return false;
        }

        if (driver.NeedsKeys && driver.Sources is { } sources)
        {
            IndexExtractor.Extract(document.RootElement, sources, _keys);
        }
        else if (driver.NeedsKeys)
        {
            IndexExtractor.Extract(document.RootElement, _keys, query.Catalog);
        }

        return driver.PlaceOf(row, _keys) == place;
    }

    /// <summary>What is shown of the candidates. Most of it is plain for who treats these people; where it is not, the whole condition is asked at once from then on.</summary>
    private async Task<Dictionary<long, ResourceRow>> RowsAsync(string type, List<Position> places)
    {
        var rows = new Dictionary<long, ResourceRow>(places.Count);
        var rids = places.ConvertAll(p => p.Rid);
        if (_asksPlainly)
        {
            await RowsAsync(isPlain: true, type, rids, rows).ConfigureAwait(false);
            _asksPlainly = rows.Count * 2 >= rids.Count;
            rids.RemoveAll(rows.ContainsKey);
        }

        if (rids.Count > 0)
        {
            await RowsAsync(isPlain: false, type, rids, rows).ConfigureAwait(false);
        }

        return rows;
    }

    private async Task RowsAsync(bool isPlain, string type, List<long> rids, Dictionary<long, ResourceRow> rows)
    {
        var statement = new BriefStatement(isPlain ? sight.ApplyPlain(db, Heads) : sight.Apply(db, Heads));
        sight.Bind(db, statement, isPlain);
        statement.With("rids", db.Longs(rids)).With("type", ResourceTypes.Number(type));
        foreach (var row in await Line.AskAsync(statement, HeadsAsync, ct).ConfigureAwait(false))
        {
            if (sight.Shows(row.Resource))
            {
                rows[row.Rid] = row;
            }
        }
    }

    private async Task<List<ResourceRow>> HeadsAsync(DbDataReader reader)
    {
        var heads = new List<ResourceRow>();
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            heads.Add(ResourceRow.Read(reader, db.Keys));
        }

        return heads;
    }
}
