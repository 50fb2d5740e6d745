using System.Data.Common;

namespace Mach.Data;

/// <summary>One write transaction. Dispose rolls back unless <see cref="CommitAsync"/> came before.</summary>
public sealed class WriteSession : IAsyncDisposable
{
    private readonly IDriver _driver;
    private readonly Func<ValueTask> _release;
    private bool _done;

    internal WriteSession(IDriver driver, DbConnection connection, DbTransaction transaction, Func<ValueTask> release)
    {
        _driver = driver;
        Connection = connection;
        Transaction = transaction;
        _release = release;
    }

    public DbConnection Connection { get; }

    public DbTransaction Transaction { get; }

    /// <summary>Runs statements for all their rows: one round trip on PostgreSQL. Statements without rows are skipped.</summary>
    public Task ExecuteAsync(IReadOnlyList<RowStatement> statements, CancellationToken ct) => _driver.ExecuteAsync(Connection, Transaction, statements, ct);

    /// <summary>Runs queries for all their rows: one round trip on PostgreSQL. Queries without rows are skipped.</summary>
    public Task QueryAsync(IReadOnlyList<RowQuery> queries, CancellationToken ct) => _driver.QueryAsync(Connection, Transaction, queries, ct);

    /// <summary>Returns when the transaction is durable.</summary>
    public async Task CommitAsync(CancellationToken ct)
    {
        await Transaction.CommitAsync(ct).ConfigureAwait(false);
        _done = true;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_done)
            {
                await Transaction.RollbackAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or IOException)
        {
            // The engine has rolled back by itself, or the connection is gone: either way nothing of this transaction remains.
        }
        finally
        {
            await Transaction.DisposeAsync().ConfigureAwait(false);
            await _release().ConfigureAwait(false);
        }
    }
}
