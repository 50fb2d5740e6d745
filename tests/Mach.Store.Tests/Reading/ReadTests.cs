using Mach.Data;
using Mach.Testing;

namespace Mach.Store.Tests.Reading;

public class ReadTests : StoreTests
{
    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Identifiers_are_found_and_rechecked(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1", cccd: "025165000001"), Sample.Patient("p2", cccd: "025165000002"), Sample.Patient("p3", cccd: "025165000001")), None);
        var found = await store.FindByIdentifierAsync("Patient", [Sample.Identity + "|025165000001", "|025165000002", "|9"], None);

        Assert.Equal(new HashSet<string> { Sample.Identity + "|025165000001", "|025165000002" }, found.Keys.ToHashSet());
        Assert.Equal(["p1", "p3"], found[Sample.Identity + "|025165000001"].Select(p => p.Id).Order());
        await store.CommitAsync(Sample.Commit(Sample.Patient("p3", cccd: "025165000003")), None);
        Assert.Single((await store.FindByIdentifierAsync("Patient", [Sample.Identity + "|025165000001"], None)).Values.Single());
        await AssertCleanAsync(store);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Compartments_page_from_the_newest_date_without_gaps_or_doubles(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        var writes = Enumerable.Range(0, 53).Select(i => Sample.Observation($"o{i:00}", i % 5 == 0 ? "p2" : "p1", day: $"2025-07-{1 + i % 9:00}")).Append(Sample.Observation("other", "p3")).ToArray();
        await store.CommitAsync(Sample.Commit(writes), None);

        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = await store.CompartmentAsync(["p1", "p2", "nobody"], "Observation", 7, cursor, None);
            ids.AddRange(page.Matches.Select(m => m.Id));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(53, ids.Distinct().Count());
        Assert.Equal(53, ids.Count);
        var days = ids.Select(id => int.Parse(id.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture) % 9).ToList();
        Assert.Equal(days.OrderDescending(), days);
        Assert.Equal(53, (await store.CompartmentCountsAsync(["p1", "p2"], None))["Observation"]);
        await Assert.ThrowsAsync<ArgumentException>(() => store.CompartmentAsync(["p1"], "Observation", 7, "x'; --", None));
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task History_goes_back_page_by_page_on_every_level(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        for (var i = 0; i < 5; i++)
        {
            await store.CommitAsync(Sample.Commit(Sample.Patient("p1", $"Tên {i}"), Sample.Patient($"q{i}"), Sample.Observation($"o{i}", "p1")), None);
        }

        Assert.Equal([5, 4], (await store.HistoryAsync("Patient", "p1", 2, null, None)).Select(v => v.Version));
        Assert.Equal(10, (await store.HistoryAsync("Patient", null, 100, null, None)).Count);
        var all = await store.HistoryAsync(null, null, 4, null, None);
        Assert.Equal([15L, 14, 13, 12], all.Select(v => v.Seq));
        Assert.Equal([11L, 10], (await store.HistoryAsync(null, null, 2, all[^1].Seq, None)).Select(v => v.Seq));
        Assert.Equal([3L, 4], (await store.FeedAsync(2, 2, None)).Select(v => v.Seq));
        Assert.Equal(3, (await store.ReadManyAsync([("Patient", "p1"), ("Patient", "q3"), ("Observation", "o1"), ("Patient", "none")], None)).Count);
        await Assert.ThrowsAsync<ArgumentException>(() => store.ReadAsync("Nobody", "x", None));
    }
}
