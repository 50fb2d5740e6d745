using Dapper;
using Mach.Data;
using Mach.Fhir.Search;
using Mach.Store.Codec;
using Mach.Testing;

namespace Mach.Store.Tests.Writing;

/// <summary>The database fills up, goes away, or is not ours: a clear error, nothing acknowledged is lost, and it goes on afterwards.</summary>
public class FailureTests : StoreTests
{
    [Fact]
    public async Task A_full_disk_is_said_clearly_and_writing_goes_on_when_there_is_room()
    {
        var (test, store) = await OpenAsync(DbEngine.Sqlite);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("first")), None);
        var pages = await ScalarAsync<long>(test.Db, "PRAGMA page_count");
        test.Db.LimitPages(pages + 8);
        var acknowledged = new List<string>();
        StoreUnavailableException? full = null;
        for (var i = 0; i < 1000 && full is null; i++)
        {
            try
            {
                await store.CommitAsync(Sample.Commit(Enumerable.Range(0, 20).Select(n => Sample.Observation($"o-{i}-{n}", $"p{i}")).ToArray()), None);
                acknowledged.Add($"o-{i}-0");
            }
            catch (StoreUnavailableException e)
            {
                full = e;
            }
        }

        Assert.NotNull(full);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.CommitAsync(Sample.Commit(Enumerable.Range(0, 200).Select(n => Sample.Observation($"x-{n}", "p")).ToArray()), None));
        Assert.NotNull(await store.ReadAsync("Patient", "first", None));
        test.Db.LimitPages(0);
        await store.CommitAsync(Sample.Commit(Sample.Patient("after")), None);
        foreach (var id in acknowledged)
        {
            Assert.NotNull(await store.ReadAsync("Observation", id, None));
        }

        await AssertCleanAsync(store, acknowledged.Count + 2);
    }

    [Fact]
    public async Task A_small_file_from_the_start_is_full_too()
    {
        var folder = Directory.CreateTempSubdirectory("mach-test-").FullName;
        await using (var db = Db.OpenSqlite(Path.Combine(folder, "m.db"), new SqliteOptions(MaxPages: 4)))
        {
            var e = await Assert.ThrowsAnyAsync<Exception>(() => db.MigrateAsync("store", typeof(RecordStore).Assembly, None));
            Assert.True(Db.IsUnavailable(e), e.ToString());
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Short reads of many callers share few connections: a lost one fails what was under way on it, clearly, and nobody gets another's answer.</summary>
    [Fact]
    public async Task Reads_at_the_same_moment_get_their_own_answers_also_while_connections_are_lost()
    {
        if (!TestDb.Includes(DbEngine.Postgres))
        {
            return;
        }

        var (test, store) = await OpenAsync(DbEngine.Postgres);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Enumerable.Range(0, 50).Select(i => Sample.Patient($"p{i}", cccd: $"0251650{i:00000}")).ToArray()), None);
        await using var killer = test.OpenAnother();
        var (right, lost) = (0, 0);
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 32).Select(n => Task.Run(async () =>
        {
            for (var i = n; !stop.IsCancellationRequested; i++)
            {
                try
                {
                    var id = $"p{i % 50}";
                    var read = await store.ReadAsync("Patient", id, None);
                    Assert.Equal(id, read!.Id);
                    var found = await store.SearchAsync(SearchQuery.Parse("Patient", [new("identifier", $"{Sample.Identity}|0251650{i % 50:00000}")]), None);
                    Assert.Equal(id, Assert.Single(found.Matches).Id);
                    Assert.Null(await store.ReadAsync("Patient", "nobody", None));
                    Interlocked.Increment(ref right);
                }
                catch (Exception e) when (Db.IsUnavailable(e) || e is StoreUnavailableException)
                {
                    Interlocked.Increment(ref lost);
                }
            }
        })).ToArray();
        for (var i = 0; i < 5; i++)
        {
            await Task.Delay(100);
            await using var connection = await killer.OpenAsync(None);
            await connection.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname=current_database() AND pid<>pg_backend_pid()");
        }

        var before = Volatile.Read(ref right);
        await WaitAsync(() => Volatile.Read(ref right) > before + 100 || readers.Any(r => r.IsFaulted));
        await stop.CancelAsync();
        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(right > 100, $"{right} right, {lost} lost");
    }

    private static async Task WaitAsync(Func<bool> until)
    {
        for (var i = 0; i < 600 && !until(); i++)
        {
            await Task.Delay(50);
        }

        Assert.True(until());
    }

    [Fact]
    public async Task A_lost_connection_is_said_clearly_and_the_next_commit_works()
    {
        if (!TestDb.Includes(DbEngine.Postgres))
        {
            return;
        }

        var (test, store) = await OpenAsync(DbEngine.Postgres);
        await using var _ = test;
        await using var killer = test.OpenAnother();
        var acknowledged = 0;
        var unknown = 0;
        using var stop = new CancellationTokenSource();
        var kills = Task.Run(async () =>
        {
            for (var i = 0; i < 6; i++)
            {
                await Task.Delay(150);
                await using var connection = await killer.OpenAsync(None);
                await connection.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname=current_database() AND pid<>pg_backend_pid()");
            }

            await stop.CancelAsync();
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async w =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var commit = Sample.Commit(Sample.Observation($"o-{w}-{i}", $"p{w}")) with { IdempotencyKey = $"{w}-{i}" };
                try
                {
                    await store.CommitAsync(commit, None);
                }
                catch (StoreUnavailableException)
                {
                    // Whether it landed is unknown; asking again with the same key settles it.
                    Interlocked.Increment(ref unknown);
                    i--;
                    continue;
                }

                Interlocked.Increment(ref acknowledged);
            }
        }));
        await kills;
        // Connections that the last kill left dead may still lie in the pool: a client asks again, as it is told.
        for (var left = 5; ; left--)
        {
            try
            {
                await store.CommitAsync(Sample.Commit(Sample.Patient("after")) with { IdempotencyKey = "after" }, None);
                break;
            }
            catch (StoreUnavailableException) when (left > 0)
            {
            }
        }

        Assert.True(unknown > 0, "no connection was lost");
        await AssertCleanAsync(store, acknowledged + 1, acknowledged + 1);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Another_stores_secret_is_refused_and_a_missing_one_is_not_made_anew(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1")), None);
        var secret = test.Options.SecretFile;
        var text = await File.ReadAllTextAsync(secret);
        await File.WriteAllTextAsync(secret, (text[0] == '0' ? '1' : '0') + text[1..]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => test.OpenStoreAsync());
        File.Delete(secret);
        await Assert.ThrowsAsync<InvalidOperationException>(() => test.OpenStoreAsync());
        Assert.False(File.Exists(secret));
        await File.WriteAllTextAsync(secret, text);
        Assert.NotNull(await (await test.OpenStoreAsync()).ReadAsync("Patient", "p1", None));
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Bodies_in_a_codec_that_is_lacking_are_an_error_at_opening(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await ExecuteAsync(test.Db, "INSERT INTO setting(name, value) VALUES('codec.99', @one)", new { one = new byte[] { 1 } });
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => test.OpenStoreAsync());
        Assert.Contains("codec 99", e.Message, StringComparison.Ordinal);
        Assert.True(BodyCodec.CanRead(BodyCodec.Deflate1));
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_closed_store_writes_what_was_queued_and_takes_no_more(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        var queued = Enumerable.Range(0, 50).Select(i => store.CommitAsync(Sample.Commit(Sample.Patient($"p{i}")), None)).ToList();
        await store.DisposeAsync();
        await Task.WhenAll(queued);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.CommitAsync(Sample.Commit(Sample.Patient("late")), None));
        await AssertCleanAsync(await test.OpenStoreAsync(), 50, 50);
    }
}
