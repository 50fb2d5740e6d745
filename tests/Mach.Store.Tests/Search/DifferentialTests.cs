using Mach.Data;
using Mach.Fhir.Search;
using Mach.Testing;

namespace Mach.Store.Tests.Search;

/// <summary>The oracle of the search: brute force over every body, SQLite and PostgreSQL give the same resources for random questions.</summary>
public class DifferentialTests : StoreTests
{
    public static TheoryData<DbEngine, int> Worlds
    {
        get
        {
            var data = new TheoryData<DbEngine, int>();
            foreach (var engine in TestDb.Engines)
            {
                for (var seed = 1; seed <= 4; seed++)
                {
                    data.Add(engine, seed);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Worlds))]
    public async Task Random_questions_are_answered_as_brute_force_answers_them(DbEngine engine, int seed)
    {
        var world = new World(seed);
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        var known = await FillAsync(store, world, rounds: 8);
        for (var i = 0; i < 250; i++)
        {
            var (type, pairs) = world.Question();
            var asked = $"seed {seed}, question {i}: {type}?{string.Join('&', pairs.Select(p => p.Key + "=" + p.Value))}";
            SearchQuery query;
            try
            {
                query = SearchQuery.Parse(type, pairs);
            }
            catch (SearchException)
            {
                continue;
            }

            var expected = known.Values.Where(r => r.Type == type && World.Matches(r, query)).ToList();
            var found = await WalkAsync(store, query with { Count = 1 + world.Next(12) }, asked);
            Assert.True(expected.Select(r => r.Id).Order(StringComparer.Ordinal).SequenceEqual(found.Select(r => r.Id).Order(StringComparer.Ordinal)),
                $"{asked}\nexpected {string.Join(' ', expected.Select(r => r.Id).Order(StringComparer.Ordinal))}\nfound    {string.Join(' ', found.Select(r => r.Id).Order(StringComparer.Ordinal))}");
            AssertOrder(query, found, asked);
            var counted = await store.SearchAsync(query with { CountOnly = true }, None);
            Assert.True(expected.Count == counted.Total, asked);
        }
    }

    /// <summary>Random commits with updates and deletes; the heads as they are at the end.</summary>
    internal static async Task<Dictionary<(string, string), StoredResource>> FillAsync(RecordStore store, World world, int rounds)
    {
        var names = new HashSet<(string Type, string Id)>();
        for (var round = 0; round < rounds; round++)
        {
            var writes = new Dictionary<(string, string), Write>();
            for (var i = 0; i < 40; i++)
            {
                var type = world.Pick(World.Types);
                var id = world.Id(type);
                writes[(type, id)] = round > 0 && world.Chance(10) && names.Contains((type, id)) ? Sample.Delete(type, id) : world.Write(type, id);
                names.Add((type, id));
            }

            await store.CommitAsync(Sample.Commit([.. writes.Values]), None);
        }

        var heads = await store.ReadManyAsync([.. names], None);
        return heads.ToDictionary(r => (r.Type, r.Id));
    }

    /// <summary>All pages of a search; no resource may come twice.</summary>
    internal static async Task<List<StoredResource>> WalkAsync(RecordStore store, SearchQuery query, string asked)
    {
        var found = new List<StoredResource>();
        for (string? cursor = null; ;)
        {
            var page = await store.SearchAsync(query with { Cursor = cursor }, None);
            Assert.True(page.Matches.Count <= query.Count && (page.Next is null || page.Matches.Count == query.Count), asked);
            found.AddRange(page.Matches);
            Assert.True(found.Select(r => r.Id).Distinct().Count() == found.Count, asked + "\ntwice: " + string.Join(' ', found.Select(r => r.Id)));
            if ((cursor = page.Next) is null)
            {
                return found;
            }
        }
    }

    private static void AssertOrder(SearchQuery query, List<StoredResource> found, string asked)
    {
        var (key, descending) = SearchSort.Of(query);
        if (key == SearchSortKey.None)
        {
            return;
        }

        var keys = new IndexKeys();
        var sorted = found.ConvertAll(resource =>
        {
            using var document = System.Text.Json.JsonDocument.Parse(resource.Body);
            IndexExtractor.Extract(document.RootElement, keys);
            return key switch
            {
                SearchSortKey.Date => Padded(keys.Date),
                SearchSortKey.LastUpdated => Padded(resource.Seq),
                SearchSortKey.Id => resource.Id,
                _ => keys.Strings.Find(s => s.Parameter == SearchParameters.FindInternal("Patient", "_name-full")!.Number).Text,
            };
        });
        var wanted = descending ? sorted.OrderDescending(StringComparer.Ordinal) : sorted.Order(StringComparer.Ordinal);
        Assert.True(wanted.SequenceEqual(sorted), asked + "\norder: " + string.Join(' ', sorted));
    }

    // Shifted so that years before 1970 compare as text as well.
    private static string Padded(long number) => (number + 100_000_000_000_000_000).ToString("D20", System.Globalization.CultureInfo.InvariantCulture);
}
