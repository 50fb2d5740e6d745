using Mach.Data;
using Mach.Fhir.Search;
using Mach.Store.Reading;
using Mach.Store.Search;
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
                for (var seed = 1; seed <= 6; seed++)
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
        var known = await FillAsync(store, world, rounds: 10);
        var (understood, answered) = (0, 0);
        for (var i = 0; i < 300; i++)
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

            if (world.Chance(10) && SearchClause.InCompartment(SearchCatalog.Standard, "Patient", world.Id("Patient"), type) is { } compartment)
            {
                query = query with { Clauses = [.. query.Clauses, compartment] };
                asked += " in compartment of " + compartment.Values[0];
            }

            understood++;

            var expected = known.Values.Where(r => r.Type == type && World.Matches(r, query, known)).ToList();
            answered += expected.Count > 0 ? 1 : 0;
            var found = await WalkAsync(store, query with { Count = 1 + world.Next(12) }, asked);
            Assert.True(expected.Select(r => r.Id).Order(StringComparer.Ordinal).SequenceEqual(found.Select(r => r.Id).Order(StringComparer.Ordinal)),
                $"{asked}\nexpected {string.Join(' ', expected.Select(r => r.Id).Order(StringComparer.Ordinal))}\nfound    {string.Join(' ', found.Select(r => r.Id).Order(StringComparer.Ordinal))}");
            AssertOrder(query, found, asked);
            var counted = await store.SearchAsync(query with { CountOnly = true }, None);
            Assert.True(expected.Count == counted.Total, asked);
        }

        Assert.InRange(answered, 60, 300);
        Assert.InRange(understood, 200, 300);
    }

    /// <summary>Random commits with updates and deletes; the heads as they are at the end.</summary>
    internal static async Task<Dictionary<(string, string), StoredResource>> FillAsync(RecordStore store, World world, int rounds)
    {
        var names = new HashSet<(string Type, string Id)>();
        for (var round = 0; round < rounds; round++)
        {
            var writes = new Dictionary<(string, string), Write>();
            for (var i = 0; i < 60; i++)
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
    internal static async Task<List<StoredResource>> WalkAsync(RecordView store, SearchQuery query, string asked)
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

    internal static void AssertOrder(SearchQuery query, List<StoredResource> found, string asked)
    {
        if (query.Sorts.Count == 0)
        {
            return;
        }

        var order = new SortOrder(query);
        var keys = new IndexKeys();
        var places = found.ConvertAll(resource =>
        {
            using var document = System.Text.Json.JsonDocument.Parse(resource.Body);
            IndexExtractor.Extract(document.RootElement, keys);
            return order.PlaceOf(new ResourceRow(0, 0, keys.Date, resource));
        });
        Assert.True(places.Zip(places.Skip(1)).All(pair => order.Compare(pair.First, pair.Second) <= 0), asked + "\norder: " + string.Join(' ', places.Select(p => p.Text)));
    }
}
