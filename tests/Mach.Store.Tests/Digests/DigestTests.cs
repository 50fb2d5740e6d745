using System.Text;
using System.Text.Json;
using Mach.Data;
using Mach.Kernel;
using Mach.Testing;

namespace Mach.Store.Tests.Digests;

/// <summary>What is kept in memory of bodies: never stale, never for who may not see it, and told as if it had been read.</summary>
public class DigestTests : StoreTests
{
    private const string Glucose = "http://loinc.org|15074-8";

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_body_is_read_once_and_a_new_version_is_seen_at_once(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1"), Sample.Observation("o1", "p1", "5.6", "2025-07-01"), Sample.Observation("o2", "p1", "7", "2025-07-02")), None);
        using var shelf = new DigestShelf(1_000_000, test.Clock);
        var read = 0;
        var digest = new Digest<string>("Observation", version =>
        {
            read++;
            return Value(version);
        });
        async Task<IReadOnlyList<string>> AskAsync() => (await store.DigestsAsync(shelf, digest, new(["p1", "nobody"], 10), None)).Items;

        Assert.Equal(["7", "5.6"], await AskAsync());
        Assert.Equal(["7", "5.6"], await AskAsync());
        Assert.Equal(2, read);
        await store.CommitAsync(Sample.Commit(Sample.Observation("o1", "p1", "5.7", "2025-07-01")), None);
        Assert.Equal(["7", "5.7"], await AskAsync());
        Assert.Equal(3, read);
        await store.CommitAsync(Sample.Commit(Sample.Delete("Observation", "o2")), None);
        Assert.Equal(["5.7"], await AskAsync());
        await store.CommitAsync(Sample.Commit(Sample.Patient("p2"), Sample.Observation("o1", "p2", "5.7", "2025-07-01")), None);
        Assert.Empty(await AskAsync());
        // Another reader of the same versions has digests of its own.
        Assert.Equal(["o1"], (await store.DigestsAsync(shelf, new Digest<string>("Observation", v => v.Id), new(["p2"], 10), None)).Items);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task The_newest_of_several_people_come_in_one_order_and_tokens_lead_to_theirs(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        var writes = Enumerable.Range(0, 40).Select(i => Sample.Observation($"o{i:00}", i % 3 == 0 ? "p2" : "p1", day: $"2025-07-{1 + i % 9:00}"))
            .Append(Sample.Put("Observation", "odd", """{"resourceType":"Observation","id":"odd","status":"final","code":{"coding":[{"system":"urn:x","code":"a,b"}]},"subject":{"reference":"Patient/p1"},"effectiveDateTime":"2025-08-01"}""")).ToArray();
        await store.CommitAsync(Sample.Commit([Sample.Patient("p1"), Sample.Patient("p2"), .. writes]), None);
        using var shelf = new DigestShelf(1_000_000, test.Clock);
        var digest = new Digest<string>("Observation", v => v.Id);
        var page = (await store.CompartmentAsync(["p1", "p2"], "Observation", 17, null, None)).Matches.Select(m => m.Id).ToList();
        Assert.Equal("odd", page[0]);
        for (var again = 0; again < 2; again++)
        {
            var newest = await store.DigestsAsync(shelf, digest, new(["p1", "p2"], 17), None);
            Assert.Equal(page, newest.Items);
            Assert.False(newest.IsWhole);
            Assert.Equal(page.Where(id => id != "odd"), (await store.DigestsAsync(shelf, digest, new(["p1", "p2"], 16) { Token = ("code", [Glucose]) }, None)).Items);
            Assert.Equal(["odd"], (await store.DigestsAsync(shelf, digest, new(["p1"], 5) { Token = ("code", ["urn:x|a,b"]) }, None)).Items);
            var both = await store.DigestsAsync(shelf, digest, new(["p1", "p2"], 100) { Token = ("code", [Glucose, "urn:x|a,b", "urn:x|a,b"]) }, None);
            Assert.Equal(41, both.Items.Distinct().Count());
            Assert.True(both.IsWhole);
        }

        await Assert.ThrowsAsync<ArgumentException>(() => store.DigestsAsync(shelf, digest, new(["p1"], 5) { Token = ("date", ["2025-07-01"]) }, None));
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Whom_something_is_shown_of_is_told_the_same_whether_it_was_read_or_kept(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1"), Sample.Patient("p2"), Sample.Observation("o1", "p1"), Sample.Observation("o2", "p2"), Sample.Observation("o3", "p2")), None);
        using var shelf = new DigestShelf(1_000_000, test.Clock);
        // Says nothing of any of them: shown they are all the same.
        var digest = new Digest<string>("Observation", _ => null);
        var told = new List<List<string>>();
        for (var again = 0; again < 2; again++)
        {
            var teller = new Teller();
            Assert.Empty((await store.As(new Sight { IsEveryone = true }, teller).DigestsAsync(shelf, digest, new(["p1", "p2"], 10), None)).Items);
            told.Add([.. teller.Told.Order()]);
        }

        Assert.Equal(["Observation/o1 Patient/p1", "Observation/o2 Patient/p2", "Observation/o3 Patient/p2"], told[0]);
        Assert.Equal(told[0], told[1]);
        Assert.Equal(3, shelf.Count);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task What_is_decided_on_bodies_is_decided_on_them_each_time_and_not_kept(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1"), Sample.Observation("o1", "p1", "5.6"), Sample.Observation("o2", "p1", "9.9")), None);
        using var shelf = new DigestShelf(1_000_000, test.Clock);
        var digest = new Digest<string>("Observation", v => v.Id);
        Assert.Equal(2, (await store.DigestsAsync(shelf, digest, new(["p1"], 10), None)).Items.Count);
        var narrowed = store.As(Sight.Everything with { Narrowing = new Narrowing { Openings = [new Opening("Observation", false, [new("value-quantity", "gt7")])] } });
        Assert.Equal(["o2"], (await narrowed.DigestsAsync(shelf, digest, new(["p1"], 10), None)).Items);
        Assert.Equal(2, shelf.Count);
    }

    [Fact]
    public async Task The_shelf_stays_within_its_bytes_forgets_what_rests_and_empties_when_memory_is_short()
    {
        var (test, store) = await OpenAsync(DbEngine.Sqlite);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit([Sample.Patient("p1"), .. Enumerable.Range(0, 200).Select(i => Sample.Observation($"o{i}", "p1"))]), None);
        var clock = new TickingClock();
        var isShort = false;
        using var shelf = new DigestShelf(60_000, clock, () => isShort);
        var digest = new Digest<string>("Observation", v => v.Id);
        Task<DigestPage<string>> AskAsync(int most) => store.DigestsAsync(shelf, digest, new(["p1"], most), None);

        Assert.Equal(200, (await AskAsync(200)).Items.Count);
        Assert.InRange(shelf.Bytes, 1, 60_000);
        Assert.InRange(shelf.Count, 10, 60);
        Assert.Equal(200, (await AskAsync(200)).Items.Distinct().Count());
        Assert.InRange(shelf.Bytes, 1, 60_000);

        shelf.Clear();
        await AskAsync(5);
        clock.Tick();
        Assert.Equal(5, shelf.Count);
        await AskAsync(2);
        clock.Tick();
        Assert.Equal(2, shelf.Count);
        clock.Tick();
        Assert.Equal((0, 0L), (shelf.Count, shelf.Bytes));

        await AskAsync(5);
        isShort = true;
        await AskAsync(7);
        Assert.Equal(0, shelf.Count);
        Assert.Equal(7, (await AskAsync(7)).Items.Count);
        using var off = new DigestShelf(0, clock);
        Assert.Equal(7, (await store.DigestsAsync(off, digest, new(["p1"], 7), None)).Items.Count);
        Assert.Equal(0, off.Count);
    }

    private static string? Value(StoredResource version)
    {
        using var document = JsonDocument.Parse(version.Body);
        return document.RootElement.GetProperty("valueQuantity").GetProperty("value").GetRawText();
    }

    private sealed class Teller : IShown
    {
        public List<string> Told { get; } = [];

        public void Show(string type, string id, ReadOnlySpan<byte> body)
        {
            var text = Encoding.UTF8.GetString(body);
            var at = text.IndexOf("\"Patient/", StringComparison.Ordinal) + 1;
            Told.Add($"{type}/{id} {text[at..text.IndexOf('"', at)]}");
        }
    }

    /// <summary>Its one timer goes off when told to.</summary>
    private sealed class TickingClock : TimeProvider
    {
        private Action? _tick;

        public void Tick() => _tick!();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal(DigestShelf.Rest, period);
            _tick ??= () => callback(state);
            return new NoTimer();
        }

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
