using System.Data.Common;
using System.Globalization;
using Mach.Data;
using Mach.Fhir.Search;

namespace Mach.Store.Search;

/// <summary>The sequence numbers that _lastUpdated can mean. Commit times only grow, so the commit is found by halving.</summary>
internal static class ChangeRange
{
    private const string LastCommit = "SELECT COALESCE(MAX(tx), 0) FROM commit_log";
    private const string TimeOf = "SELECT at FROM commit_log WHERE tx=@tx";
    private const string FirstVersion = "SELECT seq0 FROM commit_log WHERE tx=@tx";

    /// <summary>From is exclusive, To too.</summary>
    public static async Task<DateBounds> FindAsync(Db db, DbConnection connection, SearchQuery query, CancellationToken ct)
    {
        if (query.LastUpdated.Count == 0)
        {
            return DateBounds.All;
        }

        var times = DateBounds.Of(query.UpdatedRanges, 1);
        var last = await ScalarAsync(db, connection, LastCommit, 0, ct).ConfigureAwait(false);
        var from = await FirstAtAsync(db, connection, times.From, last, ct).ConfigureAwait(false);
        var to = await FirstAtAsync(db, connection, times.To, last, ct).ConfigureAwait(false);
        return DateBounds.All with
        {
            From = await SequenceAsync(db, connection, from, last, ct).ConfigureAwait(false) - 1,
            To = await SequenceAsync(db, connection, to, last, ct).ConfigureAwait(false),
        };
    }

    /// <summary>Sequence number of the first version that is not older than the time; the greatest number when all are.</summary>
    /// <param name="time">Microseconds UTC.</param>
    public static async Task<long> NumberAtAsync(Db db, DbConnection connection, long time, CancellationToken ct)
    {
        var last = await ScalarAsync(db, connection, LastCommit, 0, ct).ConfigureAwait(false);
        return await SequenceAsync(db, connection, await FirstAtAsync(db, connection, time, last, ct).ConfigureAwait(false), last, ct).ConfigureAwait(false);
    }

    /// <summary>First commit not before the time; last + 1 when all are before it.</summary>
    private static async Task<long> FirstAtAsync(Db db, DbConnection connection, long time, long last, CancellationToken ct)
    {
        var (low, high) = (1L, last + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (await ScalarAsync(db, connection, TimeOf, middle, ct).ConfigureAwait(false) >= time)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    private static async Task<long> SequenceAsync(Db db, DbConnection connection, long tx, long last, CancellationToken ct) =>
        tx > last ? long.MaxValue : await ScalarAsync(db, connection, FirstVersion, tx, ct).ConfigureAwait(false);

    private static async Task<long> ScalarAsync(Db db, DbConnection connection, string sql, long tx, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = db.Sql(sql);
        if (sql.Contains("@tx", StringComparison.Ordinal))
        {
            command.With("tx", tx);
        }

        return Convert.ToInt64(await command.ExecuteScalarAsync(ct).ConfigureAwait(false), CultureInfo.InvariantCulture);
    }
}
