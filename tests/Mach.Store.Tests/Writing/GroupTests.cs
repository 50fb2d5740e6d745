using Dapper;
using Mach.Data;
using Mach.Testing;

namespace Mach.Store.Tests.Writing;

public class GroupTests : StoreTests
{
    private static readonly (string, ColumnType)[] NoteColumns = [("id", ColumnType.BigInt), ("note", ColumnType.Text)];

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Many_writers_at_once_leave_a_dense_log(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await Task.WhenAll(Enumerable.Range(0, 24).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await store.CommitAsync(Sample.Commit(Sample.Patient($"p{i}"), Sample.Observation($"o-{w}-{i}", $"p{i}", encounter: $"e{w}"), Sample.Observation($"shared-{i}", $"p{i}", $"{w}.5")), None);
            }
        })));

        var feed = new List<StoredResource>();
        while (await store.FeedAsync(feed.Count == 0 ? 0 : feed[^1].Seq, 100, None) is { Count: > 0 } page)
        {
            feed.AddRange(page);
        }

        Assert.Equal(Enumerable.Range(1, feed.Count).Select(i => (long)i), feed.Select(v => v.Seq));
        Assert.Equal(10 + 240, feed.Select(v => (v.Type, v.Id)).Distinct().Count(v => v.Id[0] is 'p' or 'o'));
        await AssertCleanAsync(store, versions: feed.Count);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Two_processes_writing_one_database_stay_dense_and_clean(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        var other = await test.OpenStoreAsync(test.OpenAnother());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(w => Task.Run(async () =>
        {
            var mine = w % 2 == 0 ? store : other;
            for (var i = 0; i < 15; i++)
            {
                await mine.CommitAsync(Sample.Commit(Sample.Patient($"p{i}", $"Tên {w}"), Sample.Encounter($"e-{w}-{i}", $"p{i}", isNew: true)), None);
            }
        })));
        await AssertCleanAsync(store, commits: 120, versions: 240);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_commit_that_conflicts_does_not_fail_its_group(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await MakeNotesAsync(test.Db);
        await store.CommitAsync(Sample.Commit(Sample.Patient("old")), None);
        var tasks = Enumerable.Range(0, 60).Select(i => store.CommitAsync((i % 6) switch
        {
            0 => Sample.Commit(Sample.Patient($"x{i}"), Sample.Patient("old", "Khác") with { IfVersion = 9 }),
            1 => Sample.Commit(Sample.Patient($"x{i}"), Sample.Patient("old", isNew: true)),
            2 => Sample.Commit(Sample.Patient($"x{i}")) with { Rows = [new TableRows("tst_note", NoteColumns, [[1L, "hai lần"]], [])] },
            _ => Sample.Commit(Sample.Patient($"y{i}")) with { Rows = [new TableRows("tst_note", NoteColumns, [[100L + i, null]], [])] },
        }, None)).ToList();
        var failed = 0;
        foreach (var task in tasks)
        {
            try
            {
                await task;
            }
            catch (CommitConflictException)
            {
                failed++;
            }
        }

        // One of the ten that write note 1 is the first.
        Assert.Equal(10 + 10 + 9, failed);
        Assert.Equal(30 + 1, await ScalarAsync<long>(test.Db, "SELECT COUNT(*) FROM tst_note"));
        await AssertCleanAsync(store, 1 + 31, 1 + 31);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Rows_of_a_module_land_with_the_commit_and_upserts_replace(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await MakeNotesAsync(test.Db);
        var rows = new TableRows("tst_note", NoteColumns, [[1L, "một"], [2L, null], [1L, "một, sửa"]], ["id"]);
        var result = await store.CommitAsync(new Commit { Actor = "test", Writes = [], Rows = [rows] }, None);
        Assert.Equal(1, result.Tx);
        await store.CommitAsync(new Commit { Actor = "test", Writes = [Sample.Patient("p1")], Rows = [rows with { Rows = [[2L, "hai"]] }] }, None);

        await using var connection = await test.Db.OpenAsync(None);
        Assert.Equal(["một, sửa", "hai"], await connection.QueryAsync<string>("SELECT note FROM tst_note ORDER BY id"));
        await AssertCleanAsync(store, 2, 1);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_resource_changed_often_in_one_group_has_the_index_rows_of_its_last_version(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("p", "Trần Văn Đầu")), None);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => store.CommitAsync(
            i % 7 == 3 ? Sample.Commit(Sample.Delete("Patient", "p")) : Sample.Commit(Sample.Patient("p", i % 2 == 0 ? $"Lê {i}" : "Trần Văn Đầu"), Sample.Observation("o", $"p{i % 3}", day: $"2025-07-0{1 + i % 9}")), None)));
        await AssertCleanAsync(store);
    }

    internal static Task MakeNotesAsync(Db db) => ExecuteAsync(db, "CREATE TABLE tst_note(id {bigint} PRIMARY KEY, note {text}) {strict}");
}
