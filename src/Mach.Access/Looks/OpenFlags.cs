using System.Collections.Concurrent;
using Dapper;
using Mach.Data;

namespace Mach.Access.Looks;

/// <summary>How many flags wait, for the navigation of every page of a data officer; at most 15 seconds old.</summary>
public sealed class OpenFlags
{
    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, long Count)> _known = new(StringComparer.Ordinal);
    private readonly Db _db;
    private readonly TimeProvider _clock;

    internal OpenFlags(Db db, TimeProvider clock) => (_db, _clock) = (db, clock);

    /// <param name="facility">Of the accounts that looked; null = all.</param>
    public async ValueTask<long> CountAsync(string? facility, CancellationToken ct)
    {
        var now = _clock.GetUtcNow();
        if (!_known.TryGetValue(facility ?? "", out var known) || known.Until < now)
        {
            await using var connection = await _db.OpenAsync(ct);
            var count = await connection.ExecuteScalarAsync<long>(new CommandDefinition(facility is null ? CountSql : CountSql + " AND facility = @facility", new { facility }, cancellationToken: ct));
            _known[facility ?? ""] = known = (now + Trust, count);
        }

        return known.Count;
    }

    internal void Forget() => _known.Clear();

    private const string CountSql = "SELECT COUNT(*) FROM acc_flag WHERE state = 'open'";
}
