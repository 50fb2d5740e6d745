using System.Data.Common;
using System.Text.Json;
using Dapper;
using Mach.Access.Audit;
using Mach.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mach.Access.Looks;

/// <summary>
/// Every few seconds: holds the new lines of the audit trail against the rules about looks. How far it came and what it found stand in one transaction,
/// so that a line is judged once, whenever the process ends and however many judge at the same time.
/// </summary>
internal sealed class LookWatcher(Db db, AuditMover mover, LookWindows windows, LookBook book, OpenFlags open, TimeProvider clock, ILogger<LookWatcher> logger) : BackgroundService
{
    private const int Batch = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _one = new(1, 1);
    private LookPolicy? _policy;

    /// <summary>Everything that was appended before the call is judged after it.</summary>
    /// <returns>Number of lines judged.</returns>
    public async Task<long> JudgeAsync(CancellationToken ct)
    {
        await mover.DrainAsync(ct);
        await _one.WaitAsync(ct);
        try
        {
            var judged = 0L;
            if (await book.CurrentAsync(ct) is var policy && !ReferenceEquals(policy, _policy))
            {
                // What is kept of the past was sorted by other rules.
                windows.Forget();
                _policy = policy;
            }

            foreach (var chain in await ChainsAsync(ct))
            {
                while (await StepAsync(chain, policy, ct) is > 0 and var some)
                {
                    judged += some;
                }
            }

            return judged;
        }
        catch
        {
            windows.Forget();
            throw;
        }
        finally
        {
            _one.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await JudgeAsync(stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    // Whatever it was: an exception that leaves here would stop the hub, and records are opened without this.
                    logger.LookWatchFailed(e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The hub stops; the next one goes on where this one stood.
        }
    }

    private async Task<int> StepAsync(string chain, LookPolicy policy, CancellationToken ct)
    {
        long after;
        List<Row> rows;
        await using (var connection = await db.OpenAsync(ct))
        {
            after = await connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(PlaceSql, new { chain }, cancellationToken: ct)) ?? 0;
            rows = (await connection.QueryAsync<Row>(new CommandDefinition(PageSql, new { chain, after, count = Batch }, cancellationToken: ct))).AsList();
        }

        if (rows.Count == 0)
        {
            return 0;
        }

        var hits = await HitsAsync(chain, rows, policy, ct);
        var isMine = await db.WriteAsync(async (connection, transaction) => await KeepAsync(connection, transaction, chain, after, rows[^1].Seq, hits, ct), ct);
        if (!isMine)
        {
            // Another process judged them; what is kept of windows is behind.
            windows.Forget();
        }
        else if (hits.Count > 0)
        {
            open.Forget();
        }

        return rows.Count;
    }

    private async Task<List<LookHit>> HitsAsync(string chain, List<Row> rows, LookPolicy policy, CancellationToken ct)
    {
        var lines = rows.Select(r => Read(chain, r)).OfType<AuditLine>().Where(l => l.Entry.Kind == AuditActor.Person && l.Entry.Actor != "?").ToList();
        var hits = new List<LookHit>();
        foreach (var ofOne in lines.GroupBy(l => l.Entry.Actor))
        {
            var window = await windows.BeforeAsync(ofOne.Key, ofOne.First(), policy, ct);
            var looked = ofOne.Where(l => LookJudge.IsStaff(l.Entry)).SelectMany(l => LookWindow.Of(l, policy)).Where(s => s.As == SeenAs.Look).Select(s => s.Person).Distinct(StringComparer.Ordinal).ToList();
            var facts = looked.Count == 0 ? LookFacts.Nothing : await windows.FactsAsync(ofOne.Last(), looked, policy, ct);
            foreach (var line in ofOne)
            {
                window.Add(LookWindow.Of(line, policy));
                hits.AddRange(LookJudge.Judge(policy, line, window, facts));
            }
        }

        return hits;
    }

    /// <returns>False when somebody else was faster: then nothing is kept.</returns>
    private async Task<bool> KeepAsync(DbConnection connection, DbTransaction transaction, string chain, long after, long last, List<LookHit> hits, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUs();
        Task<int> Run(string sql, object parameters) => connection.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: ct));
        // The row of no chain is locked first: two judges never keep flags at once.
        await Run(LockSql, new { now });
        await Run(FirstSql, new { chain, now });
        if (await Run(MoveSql, new { chain, after, last, now }) == 0)
        {
            return false;
        }

        foreach (var same in hits.GroupBy(h => (h.Rule, h.Account, h.Person, h.Day)))
        {
            await FlagRows.AddAsync(connection, transaction, [.. same], ct);
        }

        return true;
    }

    /// <summary>A line that is none was tampered with: the verification tells.</summary>
    private static AuditLine? Read(string chain, Row row)
    {
        try
        {
            return new AuditLine(chain, row.Seq, AuditEntry.Parse(row.Body));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<string>> ChainsAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<string>(new CommandDefinition(ChainsSql, cancellationToken: ct))).AsList();
    }

    private sealed class Row
    {
        public long Seq { get; init; }
        public byte[] Body { get; init; } = [];
    }

    // One step on the key for each chain, however many lines it has.
    private const string ChainsSql = """
        WITH RECURSIVE found(chain) AS (
          SELECT MIN(chain) FROM acc_audit
          UNION ALL SELECT (SELECT MIN(a.chain) FROM acc_audit a WHERE a.chain > found.chain) FROM found WHERE found.chain IS NOT NULL)
        SELECT chain FROM found WHERE chain IS NOT NULL
        """;

    private const string PlaceSql = "SELECT seq FROM acc_flag_watch WHERE chain = @chain";
    private const string PageSql = "SELECT seq, body FROM acc_audit WHERE chain = @chain AND seq > @after ORDER BY seq LIMIT @count";
    private const string LockSql = "UPDATE acc_flag_watch SET at = @now WHERE chain = ''";
    private const string FirstSql = "INSERT INTO acc_flag_watch(chain, seq, at) VALUES (@chain, 0, @now) ON CONFLICT(chain) DO NOTHING";
    private const string MoveSql = "UPDATE acc_flag_watch SET seq = @last, at = @now WHERE chain = @chain AND seq = @after";
}
