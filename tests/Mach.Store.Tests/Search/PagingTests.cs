using Mach.Data;
using Mach.Fhir.Search;
using Mach.Testing;

namespace Mach.Store.Tests.Search;

public class PagingTests : StoreTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Pages_neither_repeat_nor_skip_while_resources_come_and_go(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        var random = new Random(7);
        await store.CommitAsync(Sample.Commit([.. Enumerable.Range(0, 60).Select(i => Day(i, "5"))]), None);
        foreach (var sort in new[] { "date", "-date", "_id", "" })
        {
            var query = SearchQuery.Parse("Observation", [new("patient", "p1"), new("code", "15074-8"), .. sort.Length > 0 ? [new KeyValuePair<string, string>("_sort", sort)] : Array.Empty<KeyValuePair<string, string>>()]);
            var gone = new HashSet<string>();
            var seen = new List<string>();
            for (string? cursor = null; ;)
            {
                var page = await store.SearchAsync(query with { Count = random.Next(1, 9), Cursor = cursor }, None);
                seen.AddRange(page.Matches.Select(m => m.Id));
                if ((cursor = page.Next) is null)
                {
                    break;
                }

                // One is corrected in its value, one goes, one comes.
                var leaver = "o" + random.Next(60);
                gone.Add(leaver);
                await store.CommitAsync(Sample.Commit(Sample.Delete("Observation", leaver)), None);
                await store.CommitAsync(Sample.Commit(Day(random.Next(60, 90), "6")), None);
                var kept = Enumerable.Range(0, 60).Where(i => !gone.Contains("o" + i)).ToArray();
                await store.CommitAsync(Sample.Commit(Day(kept[random.Next(kept.Length)], "7." + random.Next(1000))), None);
            }

            Assert.Equal(seen.Count, seen.Distinct().Count());
            Assert.Superset(Enumerable.Range(0, 60).Select(i => "o" + i).Where(id => !gone.Contains(id)).ToHashSet(), seen.ToHashSet());
            await store.CommitAsync(Sample.Commit([.. gone.Select(id => Day(int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture), "5"))]), None);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_cursor_that_was_changed_or_is_of_another_search_is_refused(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit([.. Enumerable.Range(0, 9).Select(i => Day(i, "5"))]), None);
        var query = SearchQuery.Parse("Observation", [new("patient", "p1"), new("_count", "2")]);
        var cursor = (await store.SearchAsync(query, None)).Next!;
        for (var i = 0; i < cursor.Length; i++)
        {
            var changed = cursor[..i] + (cursor[i] == 'A' ? 'B' : 'A') + cursor[(i + 1)..];
            // The last letter of base 64 holds spare bits.
            if (i < cursor.Length - 1)
            {
                Assert.Equal("invalid", (await Assert.ThrowsAsync<SearchException>(() => store.SearchAsync(query with { Cursor = changed }, None))).Code);
            }
        }

        foreach (var other in new[] { "", "x", "!!!!", new string('A', 5000), cursor[..^4] })
        {
            await Assert.ThrowsAsync<SearchException>(() => store.SearchAsync(query with { Cursor = other }, None));
        }

        var another = SearchQuery.Parse("Observation", [new("patient", "p2"), new("_count", "2")]);
        await Assert.ThrowsAsync<SearchException>(() => store.SearchAsync(another with { Cursor = cursor }, None));
        Assert.Equal(2, (await store.SearchAsync(query with { Cursor = cursor }, None)).Matches.Count);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_time_of_the_last_change_narrows_and_orders(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        for (var i = 0; i < 5; i++)
        {
            await store.CommitAsync(Sample.Commit(Day(i, "5")), None);
            test.Clock.Advance(TimeSpan.FromHours(1));
        }

        await store.CommitAsync(Sample.Commit(Day(1, "9")), None);
        var since = test.Clock.Now.AddHours(-2).AddMinutes(-1).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal("o3 o4 o1", await FindAsync(store, ("_lastUpdated", "ge" + since), ("_sort", "_lastUpdated")));
        Assert.Equal("o1 o4 o3", await FindAsync(store, ("_lastUpdated", "ge" + since), ("_sort", "-_lastUpdated")));
        Assert.Equal("o0 o2", await FindAsync(store, ("_lastUpdated", "lt" + since), ("_sort", "_lastUpdated")));
        Assert.Equal("", await FindAsync(store, ("_lastUpdated", "gt2100")));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Pages_by_last_change_end_where_the_log_ended_at_the_first(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit([.. Enumerable.Range(0, 6).Select(i => Day(i, "5"))]), None);
        var query = SearchQuery.Parse("Observation", [new("_sort", "_lastUpdated"), new("_count", "2")]);
        var first = await store.SearchAsync(query, None);
        // One that was shown, one that was not, and a new one: all of them belong to the next question for changes.
        await store.CommitAsync(Sample.Commit(Day(0, "9"), Day(4, "9"), Day(70, "9")), None);
        var second = await store.SearchAsync(query with { Cursor = first.Next }, None);
        var third = await store.SearchAsync(query with { Cursor = second.Next }, None);
        Assert.Equal("o0 o1 o2 o3 o5", string.Join(' ', first.Matches.Concat(second.Matches).Concat(third.Matches).Select(m => m.Id)));
        Assert.Null(third.Next);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Totals_are_exact_when_asked_for(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit([.. Enumerable.Range(0, 30).Select(i => Day(i, "5"))]), None);
        var query = SearchQuery.Parse("Observation", [new("patient", "p1"), new("_count", "7")]);
        Assert.Null((await store.SearchAsync(query, None)).Total);
        Assert.Equal(30, (await store.SearchAsync(query with { Total = true }, None)).Total);
        var counted = await store.SearchAsync(query with { CountOnly = true }, None);
        Assert.Equal(30, counted.Total);
        Assert.Empty(counted.Matches);
        Assert.Equal(0, (await store.SearchAsync(SearchQuery.Parse("Observation", [new("patient", "nobody"), new("_total", "accurate")]), None)).Total);
    }

    private static async Task<string> FindAsync(RecordStore store, params (string Name, string Value)[] pairs) =>
        string.Join(' ', (await store.SearchAsync(SearchQuery.Parse("Observation", pairs.Select(p => new KeyValuePair<string, string>(p.Name, p.Value))), None)).Matches.Select(m => m.Id));

    private static Write Day(int i, string value) => Sample.Observation("o" + i, "p1", value, $"2025-0{1 + (i % 9)}-1{i % 7}");
}
