using System.Data.Common;

namespace Mach.Data;

/// <summary>One moment of the database, held until it is disposed: every statement on its connection sees the same state.</summary>
public sealed class ReadSession : IAsyncDisposable
{
    internal ReadSession(DbConnection connection) => Connection = connection;

    public DbConnection Connection { get; }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var end = Connection.CreateCommand();
            end.CommandText = "ROLLBACK";
            await end.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or IOException)
        {
            // The connection is gone, and the moment with it.
        }
        finally
        {
            await Connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
