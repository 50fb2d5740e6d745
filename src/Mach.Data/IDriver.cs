using System.Data.Common;

namespace Mach.Data;

/// <summary>What differs between the two engines.</summary>
internal interface IDriver : IAsyncDisposable
{
    DbEngine Engine { get; }
    ValueTask<DbConnection> OpenAsync(CancellationToken ct);
    /// <summary>As <see cref="Db.AskAsync"/>.</summary>
    async Task<T> AskAsync<T>(BriefStatement statement, Func<DbDataReader, Task<T>> read, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct).ConfigureAwait(false);
        return await statement.RunAsync(connection, read, ct).ConfigureAwait(false);
    }
    /// <summary>As <see cref="OpenAsync"/>, under the role of <see cref="UseWall"/> and with these settings, where the engine has row-level security.</summary>
    ValueTask<DbConnection> OpenBehindWallAsync(Wall wall, CancellationToken ct) => OpenAsync(ct);

    void UseWall(string role)
    {
    }

    ValueTask<WriteSession> BeginWriteAsync(CancellationToken ct);
    Task ExecuteAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<RowStatement> statements, CancellationToken ct);
    Task QueryAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<RowQuery> queries, CancellationToken ct);
    void LimitPages(long pages);
    /// <summary>As <see cref="Db.LoadInBulk"/>.</summary>
    void WaitForDisk(bool waits);
}
