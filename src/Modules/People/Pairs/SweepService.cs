using Mach.People.Family;
using Mach.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mach.People.Pairs;

/// <summary>Sweeps for doubles and for families while nobody is in a hurry: when no Patient has changed for a while, or at the latest after some minutes.</summary>
internal sealed class SweepService(Sweep sweep, KinSweep family, RecordStore store, PeopleOptions options, TimeProvider clock, ILogger<SweepService> log) : BackgroundService
{
    private static readonly TimeSpan AtLatest = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.FollowsByItself)
        {
            return;
        }

        var (seen, swept, since) = (0L, -1L, clock.GetUtcNow());
        using var timer = new PeriodicTimer(options.Quiet, clock);
        while (await WaitAsync(timer, stoppingToken))
        {
            try
            {
                var last = await store.HistoryAsync(null, null, 1, null, stoppingToken) is [var newest] ? newest.Seq : 0;
                if (last != swept && (last == seen || clock.GetUtcNow() - since > AtLatest))
                {
                    while ((await sweep.StepAsync(stoppingToken)).People > 0)
                    {
                    }

                    while ((await family.StepAsync(stoppingToken)).Read > 0)
                    {
                    }

                    (swept, since) = (last, clock.GetUtcNow());
                }

                seen = last;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was: an exception that leaves here would stop the hub, and what others wrote decides what is met here.
                log.SweepWaits(e);
            }
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
