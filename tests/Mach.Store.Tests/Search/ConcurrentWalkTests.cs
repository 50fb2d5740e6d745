using Mach.Data;
using Mach.Fhir.Search;
using Mach.Testing;

namespace Mach.Store.Tests.Search;

/// <summary>
/// The oracle of the search while others write. The log keeps every version, so that afterwards it is known what was there at which sequence number:
/// no page repeats a resource, nothing is shown that did not answer as it was shown, and what stayed as it was from before the first page until after the last is there, in order.
/// </summary>
public class ConcurrentWalkTests : StoreTests
{
    public static TheoryData<DbEngine, int> Worlds
    {
        get
        {
            var data = new TheoryData<DbEngine, int>();
            foreach (var engine in TestDb.Engines)
            {
                for (var seed = 11; seed <= 12; seed++)
                {
                    data.Add(engine, seed);
                }
            }

            return data;
        }
    }

    private sealed record Walk(string Asked, List<SearchQuery> Queries, long Before, long After, List<StoredResource> Found);

    [Theory]
    [MemberData(nameof(Worlds))]
    public async Task Pages_are_right_while_writers_write(DbEngine engine, int seed)
    {
        var world = new World(seed);
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await DifferentialTests.FillAsync(store, world, rounds: 8);
        using var done = new CancellationTokenSource();
        var writer = WriteAsync(store, new World(seed + 1000), done.Token);
        var walks = new List<Walk>();
        try
        {
            for (var i = 0; i < 120; i++)
            {
                var (type, pairs) = world.Question();
                var asked = $"seed {seed}, question {i}: {type}?{string.Join('&', pairs.Select(p => p.Key + "=" + p.Value))}";
                try
                {
                    var query = SearchQuery.Parse(type, world.Chance(30) ? pairs.Where(p => p.Key == "_sort") : pairs) with { Count = 1 + world.Next(7) };
                    walks.Add(await WalkAsync(test.Db, store, world, [query], asked));
                    if (i % 6 == 0)
                    {
                        walks.Add(await WalkAsync(test.Db, store, world, OverTypes(world), asked + ", and over several types"));
                    }
                }
                catch (SearchException)
                {
                    // Questions that the language does not have.
                }
            }
        }
        finally
        {
            await done.CancelAsync();
        }

        await writer;
        // Over several types the order is one.
        Assert.All(walks.Where(w => w.Queries.Count > 1), w => Assert.True(w.Found.Select(r => r.Type).Distinct().Count() > 1, w.Asked));
        var log = (await store.FeedAsync(0, int.MaxValue, None)).ToLookup(v => (v.Type, v.Id));
        var (pages, steady) = (0, 0);
        foreach (var walk in walks)
        {
            pages += walk.Found.Count;
            steady += Check(walk, log);
        }

        Assert.True(walks.Count > 60 && pages > 300 && steady > 100, $"{walks.Count} walks, {pages} shown, {steady} steady");
        await AssertCleanAsync(store);
    }

    private static List<SearchQuery> OverTypes(World world)
    {
        KeyValuePair<string, string>[] pairs = [new("_sort", world.Pick(["_lastUpdated", "-_lastUpdated", "_id", "-_id"])), new("_count", "3")];
        return [.. new[] { "Patient", "Observation", world.Pick(World.Types[2..]) }.Distinct().Select(type => SearchQuery.Parse(type, pairs))];
    }

    private static async Task<Walk> WalkAsync(Db db, RecordStore store, World world, List<SearchQuery> queries, string asked)
    {
        var before = await SequenceAsync(db);
        var found = new List<StoredResource>();
        for (string? cursor = null; ;)
        {
            var page = queries is [var only]
                ? await store.SearchAsync(only with { Cursor = cursor }, None)
                : await store.SearchAllAsync([.. queries.Select(q => q with { Cursor = cursor })], None);
            Assert.True(page.Matches.Count <= queries[0].Count, asked);
            found.AddRange(page.Matches);
            if ((cursor = page.Next) is null)
            {
                return new Walk(asked, queries, before, await SequenceAsync(db), found);
            }

            // Between pages some that were shown and some that were not change, so that they move in the order.
            if (world.Chance(70))
            {
                await store.CommitAsync(Sample.Commit([.. Changes(world, queries[^1].Type)]), None);
            }
        }
    }

    private static IEnumerable<Write> Changes(World world, string type) =>
        Enumerable.Range(0, 3).Select(_ => world.Id(type)).Distinct().Select(id => world.Chance(15) ? Sample.Delete(type, id) : world.Write(type, id));

    private static async Task WriteAsync(RecordStore store, World world, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            await store.CommitAsync(Sample.Commit([.. Changes(world, world.Pick(World.Types))]), None);
            await Task.Yield();
        }
    }

    /// <returns>How many stayed as they were and answered.</returns>
    private static int Check(Walk walk, ILookup<(string Type, string Id), StoredResource> log)
    {
        var twice = walk.Found.GroupBy(r => (r.Type, r.Id)).Where(g => g.Count() > 1).Select(g => $"{g.Key} as {string.Join(", ", g.Select(r => r.Seq))}").ToList();
        Assert.True(twice.Count == 0, $"{walk.Asked}\nsince {walk.Before}, twice: {string.Join("; ", twice)}");
        // With links, what others are at the time decides: then only repeats can be told.
        return walk.Queries.Any(q => q.Has.Count + q.Lists.Count > 0 || q.Clauses.Any(c => c.Chains.Count > 0)) ? 0 : walk.Queries.Sum(query => Check(walk, query, log));
    }

    private static int Check(Walk walk, SearchQuery query, ILookup<(string Type, string Id), StoredResource> log)
    {
        Assert.All(walk.Found.Where(r => r.Type == query.Type), r => Assert.True(Answers(r, query), $"{walk.Asked}\nshown, but no answer: {r.Id} as {r.Seq}"));
        var steady = log.Where(g => g.Key.Type == query.Type)
            .Select(g => g.Last(v => v.Seq <= walk.After || v == g.First()))
            .Where(v => v.Seq <= walk.Before && !v.IsDeleted && Answers(v, query)).ToList();
        var missing = steady.Where(v => walk.Found.All(r => r.Seq != v.Seq)).Select(v => $"{v.Id} as {v.Seq}").ToList();
        Assert.True(missing.Count == 0, $"{walk.Asked}\nfrom {walk.Before} to {walk.After}, missing: {string.Join(", ", missing)}\nfound {string.Join(' ', walk.Found.Select(r => r.Id))}");
        var numbers = steady.Select(v => v.Seq).ToHashSet();
        DifferentialTests.AssertOrder(query, [.. walk.Found.Where(r => numbers.Contains(r.Seq))], walk.Asked);
        return steady.Count;
    }

    private static bool Answers(StoredResource resource, SearchQuery query) => World.Matches(resource, query, new Dictionary<(string, string), StoredResource>());

    private static Task<long> SequenceAsync(Db db) => ScalarAsync<long>(db, "SELECT n FROM counter WHERE id=2");
}
