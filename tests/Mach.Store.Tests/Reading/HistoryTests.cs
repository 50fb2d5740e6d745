using Mach.Data;
using Mach.Testing;

namespace Mach.Store.Tests.Reading;

public class HistoryTests : StoreTests
{
    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task The_history_of_a_type_is_what_walking_over_everything_finds(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        var random = new Random(11);
        for (var i = 0; i < 40; i++)
        {
            test.Clock.Advance(TimeSpan.FromSeconds(1));
            var writes = Enumerable.Range(0, 6).Select(_ => random.Next(7)).Distinct().Select(n => random.Next(8) switch
            {
                0 => Sample.Delete("Patient", $"p{n}"),
                < 4 => Sample.Patient($"p{n}", $"Tên {i}"),
                _ => Sample.Observation($"o{n}", $"p{random.Next(9)}", value: $"{i}.5"),
            });
            await store.CommitAsync(Sample.Commit([.. writes]), None);
        }

        var all = await store.HistoryAsync(null, null, 1000, null, None);
        foreach (var type in new[] { "Patient", "Observation", "Encounter" })
        {
            var found = new List<StoredResource>();
            for (long? before = null; await store.HistoryAsync(type, null, 7, before, None) is { Count: > 0 } page; before = page[^1].Seq)
            {
                found.AddRange(page);
            }

            Assert.Equal(all.Where(v => v.Type == type).Select(v => v.Seq), found.Select(v => v.Seq));
            Assert.Equal(found.Count, await store.CountHistoryAsync(new HistoryQuery { Type = type }, None));
            foreach (var (from, to) in new[] { (5, 6), (10, 30), (39, 60), (0, 1) }.Select(t => (all[^1].LastUpdated.AddSeconds(t.Item1), all[^1].LastUpdated.AddSeconds(t.Item2))))
            {
                var query = new HistoryQuery { Type = type, Count = 1000, CurrentFrom = from, CurrentTo = to };
                var expected = all.Where(v => v.Type == type && v.LastUpdated < to && !all.Any(n => n.Type == v.Type && n.Id == v.Id && n.Version == v.Version + 1 && n.LastUpdated <= from) && (!v.IsDeleted || v.LastUpdated > from));
                Assert.Equal(expected.Select(v => v.Seq), (await store.HistoryAsync(query, None)).Select(v => v.Seq));
                Assert.Equal(all.Where(v => v.Type == type && v.LastUpdated >= from).Select(v => v.Seq), (await store.HistoryAsync(new HistoryQuery { Type = type, Count = 1000, Since = from }, None)).Select(v => v.Seq));
            }
        }

        Assert.Equal(all.Count, await store.CountHistoryAsync(new HistoryQuery(), None));
        await AssertCleanAsync(store);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_first_version_says_who_chose_the_id_and_one_after_a_deletion_is_new_again(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1") with { Posted = true }, Sample.Patient("p2")), None);
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1", "Tên khác") with { Posted = true }, Sample.Delete("Patient", "p2")), None);
        await store.CommitAsync(Sample.Commit(Sample.Patient("p2")), None);
        Assert.Equal([VersionKind.Created, VersionKind.Deleted, VersionKind.Updated, VersionKind.Created, VersionKind.Posted],
            (await store.HistoryAsync("Patient", null, 10, null, None)).Select(v => v.Kind));
        await AssertCleanAsync(store);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Versions_from_before_the_list_of_replaced_ones_are_taken_into_it(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        for (var i = 0; i < 3; i++)
        {
            await store.CommitAsync(Sample.Commit(Sample.Patient("p1", $"Tên {i}"), Sample.Patient($"q{i}"), Sample.Observation("o1", "p1", $"{i}")), None);
        }

        // As the migration before left it.
        await ExecuteAsync(test.Db, "DROP TABLE past");
        await ExecuteAsync(test.Db, "DELETE FROM schema_migration WHERE module='store' AND number=3");
        await test.Db.MigrateAsync("store", typeof(RecordStore).Assembly, None);
        Assert.Equal(6, (await store.HistoryAsync("Patient", null, 100, null, None)).Count);
        Assert.Equal(3, (await store.HistoryAsync("Observation", null, 100, null, None)).Count);
        await AssertCleanAsync(store);
    }
}
