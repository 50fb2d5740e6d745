using Dapper;
using Mach.Data;
using Mach.Testing;

namespace Mach.Store.Tests;

/// <summary>What every test of the store needs, and what must hold after each of them.</summary>
public abstract class StoreTests
{
    protected static CancellationToken None => CancellationToken.None;

    /// <summary>Verification finds nothing, and the log is dense.</summary>
    protected static async Task AssertCleanAsync(RecordStore store, long? commits = null, long? versions = null)
    {
        var report = await store.VerifyAsync(null, None);
        Assert.Empty(report.Problems);
        Assert.Equal(commits ?? report.Commits, report.Commits);
        Assert.Equal(versions ?? report.Versions, report.Versions);
    }

    protected static async Task<T> ScalarAsync<T>(Db db, string sql)
    {
        await using var connection = await db.OpenAsync(None);
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }

    protected static Task<int> ExecuteAsync(Db db, string sql, object? parameters = null) =>
        db.WriteAsync((connection, transaction) => connection.ExecuteAsync(db.Sql(sql), parameters, transaction), None);

    protected static Task<long> IndexRowsAsync(Db db) =>
        ScalarAsync<long>(db, "SELECT (SELECT COUNT(*) FROM tok)+(SELECT COUNT(*) FROM ref)+(SELECT COUNT(*) FROM str)+(SELECT COUNT(*) FROM dat)+(SELECT COUNT(*) FROM qty)");

    /// <summary>A store on a fresh database.</summary>
    protected static async Task<(TestDb Test, RecordStore Store)> OpenAsync(DbEngine engine)
    {
        var test = await TestDb.CreateAsync(engine);
        return (test, await test.OpenStoreAsync());
    }
}
