using System.Data.Common;

namespace Mach.Data;

/// <summary>What differs between the two engines.</summary>
internal interface IDriver : IAsyncDisposable
{
    DbEngine Engine { get; }
    ValueTask<DbConnection> OpenAsync(CancellationToken ct);
    ValueTask<WriteSession> BeginWriteAsync(CancellationToken ct);
    Task ExecuteAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<RowStatement> statements, CancellationToken ct);
    Task QueryAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<RowQuery> queries, CancellationToken ct);
    void LimitPages(long pages);
}
