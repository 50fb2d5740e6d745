using Mach.Data;

namespace Mach.Access.Audit;

/// <summary>One verification of the trail that a data officer asked for.</summary>
/// <param name="Done">Lines looked at so far.</param>
/// <param name="Total">Lines there were when it began.</param>
/// <param name="Ended">Null while it runs.</param>
/// <param name="Report">Null while it runs, and when it could not be finished.</param>
public sealed record AuditRun(string By, DateTimeOffset Began, long Done, long Total, DateTimeOffset? Ended, AuditReport? Report);

/// <summary>Verifies the trail of a running hub, one run at a time, and remembers the last.</summary>
public sealed class AuditVerifier : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Db _db;
    private readonly AuditTrail _trail;
    private readonly AuditMover _mover;
    private readonly TimeProvider _clock;
    private Task _running = Task.CompletedTask;
    private AuditRun? _last;

    internal AuditVerifier(Db db, AuditTrail trail, AuditMover mover, TimeProvider clock) => (_db, _trail, _mover, _clock) = (db, trail, mover, clock);

    /// <summary>The run that is on, or the last one; null = none since the hub started.</summary>
    public AuditRun? Last => Volatile.Read(ref _last);

    /// <summary>Begins a run, unless one is on.</summary>
    /// <returns>Done when the run is.</returns>
    public Task Begin(string by)
    {
        lock (_lock)
        {
            if (_running.IsCompleted)
            {
                Volatile.Write(ref _last, new AuditRun(by, _clock.GetUtcNow(), 0, 0, null, null));
                _running = Task.Run(RunAsync);
            }

            return _running;
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        AuditReport? report = null;
        try
        {
            await _mover.DrainAsync(_stop.Token);
            report = await AuditVerification.VerifyAsync(_db, _trail.Folder, _stop.Token, (done, total) => Change(run => run with { Done = done, Total = total }));
        }
        catch (Exception e) when (e is System.Data.Common.DbException or IOException or UnauthorizedAccessException or InvalidOperationException or OperationCanceledException or ObjectDisposedException)
        {
            // A run without a report: the page says that it could not be finished, and another may be begun.
        }

        Change(run => run with { Ended = _clock.GetUtcNow(), Report = report });
    }

    private void Change(Func<AuditRun, AuditRun> change) => Volatile.Write(ref _last, change(_last!));
}
