using Dapper;
using Mach.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mach.Access.Audit;

/// <summary>
/// Each second: brings the spool to the disk, then its lines into the tables, then signs where the chain stands. A line that is in the tables already is never put there again,
/// whenever the process ended: its number says so.
/// </summary>
internal sealed class AuditMover(AuditTrail trail, Db db, AuditCheckpoints checkpoints, AuditWindows windows, TimeProvider clock, ILogger<AuditMover> logger) : BackgroundService
{
    private const int Batch = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _one = new(1, 1);
    private (string Chain, long Seq)? _moved;

    /// <summary>Everything that was appended before the call is in the tables after it.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            if (trail.Spool is { } spool)
            {
                await MoveAsync(spool, ct);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Before anybody is served: chains that no process holds are moved, and a chain that is behind its own rows is given up for a new one.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await OldLog.TakeOverAsync(db, cancellationToken);
        foreach (var folder in AuditSpool.Chains(trail.Folder))
        {
            using var spool = AuditSpool.TryOpen(folder);
            if (spool is not null)
            {
                await MoveAsync(spool, cancellationToken);
            }
        }

        if (AuditSpool.Chains(trail.Folder).Length > 0 && trail.Opened() is { } mine && (await AuditTables.HeadAsync(db, mine.Chain, cancellationToken)).Seq > mine.Last)
        {
            // The data folder is older than the database: numbers would be given twice.
            logger.AuditChainBehind(mine.Chain);
            trail.Opened(fresh: true);
        }

        _moved = null;
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await StepAsync(checkpoint: true, CancellationToken.None);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await StepAsync(checkpoint: false, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The hub stops; the last step is made by StopAsync.
        }
    }

    private async Task StepAsync(bool checkpoint, CancellationToken ct)
    {
        try
        {
            windows.Close(all: checkpoint);
            trail.Spool?.Flush();
            await DrainAsync(ct);
            if (trail.Spool is { } spool)
            {
                await checkpoints.SignAsync(spool.Chain, checkpoint, clock.GetUtcNow(), ct);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // Whatever it was: an exception that leaves here would stop the hub. The lines wait in the spool; the next step tries again.
            logger.AuditMoveFailed(e);
            _moved = null;
        }
    }

    private async Task MoveAsync(AuditSpool spool, CancellationToken ct)
    {
        if (_moved is not { } moved || moved.Chain != spool.Chain)
        {
            moved = (spool.Chain, (await AuditTables.HeadAsync(db, spool.Chain, ct)).Seq);
        }

        while (moved.Seq < spool.Last && spool.ReadAfter(moved.Seq, Batch) is { Count: > 0 } lines)
        {
            await db.WriteAsync(async (connection, transaction) =>
            {
                await AuditTables.InsertAsync(db, connection, transaction, lines, ct);
                return lines.Count;
            }, ct);
            moved.Seq = lines[^1].Seq;
            _moved = moved;
            spool.Forget(moved.Seq);
        }

        _moved = moved;
    }
}

/// <summary>The lines of the log that was kept before there was a trail: a chain of their own.</summary>
internal static class OldLog
{
    public const string Chain = "accesslog";

    /// <returns>Number of lines taken over.</returns>
    public static Task<int> TakeOverAsync(Db db, CancellationToken ct) => db.WriteAsync(async (connection, transaction) =>
    {
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(SelectSql, transaction: transaction, cancellationToken: ct))).AsList();
        if (rows.Count == 0)
        {
            return 0;
        }

        var (seq, hash) = (0L, AuditChain.Start(Chain));
        var lines = new List<ChainedLine>(rows.Count);
        foreach (var row in rows)
        {
            var body = row.ToEntry().ToBytes();
            hash = AuditChain.Next(hash, ++seq, body);
            lines.Add(new ChainedLine(Chain, seq, body, hash));
        }

        await AuditTables.InsertAsync(db, connection, transaction, lines, ct);
        // Its lines live on in the trail; two copies would count everything twice.
        return await connection.ExecuteAsync(new CommandDefinition(DeleteSql, transaction: transaction, cancellationToken: ct));
    }, ct);

    private sealed class Row
    {
        public long At { get; init; }
        public string Actor { get; init; } = "";
        public string Action { get; init; } = "";
        public string Outcome { get; init; } = "";
        public string? Person { get; init; }
        public string? Address { get; init; }
        public string? Detail { get; init; }

        public AuditEntry ToEntry() => new()
        {
            AtUs = At,
            Actor = Actor,
            Kind = Actor == "?" ? AuditActor.Nobody : AuditActor.Person,
            Action = Action.EndsWith("-open", StringComparison.Ordinal) ? AuditAction.Read : AuditAction.Execute,
            What = Action,
            Outcome = Enum.Parse<AccessOutcome>(Outcome, ignoreCase: true),
            Persons = Person is null ? null : [Person],
            Address = Address,
            Detail = Detail,
        };
    }

    private const string SelectSql = "SELECT at, actor, action, outcome, person, address, detail FROM acc_event ORDER BY at, id";
    private const string DeleteSql = "DELETE FROM acc_event";
}
