using Dapper;
using Mach.Data;
using Mach.Testing;

namespace Mach.Store.Tests.Data;

public class BulkLoadTests : StoreTests
{
    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Commits_wait_for_the_disk_except_during_a_load(DbEngine engine)
    {
        await using var test = await TestDb.CreateAsync(engine);
        Assert.True(await WaitsAsync(test.Db));
        using (test.Db.LoadInBulk())
        {
            Assert.False(await WaitsAsync(test.Db));
        }

        Assert.True(await WaitsAsync(test.Db));
    }

    private static Task<bool> WaitsAsync(Db db) => db.WriteAsync(async (connection, transaction) => db.Engine == DbEngine.Sqlite
        // 2 = FULL: https://www.sqlite.org/pragma.html#pragma_synchronous
        ? await connection.QuerySingleAsync<long>("PRAGMA synchronous", null, transaction) == 2
        : await connection.QuerySingleAsync<string>("SHOW synchronous_commit", null, transaction) == "on", None);
}
