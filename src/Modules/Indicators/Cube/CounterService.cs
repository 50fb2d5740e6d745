using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mach.Indicators.Cube;

/// <summary>Counts what was written, every second; recounts everything once a night.</summary>
internal sealed class CounterService(Counter counter, Recount recount, IndicatorsOptions options, IServiceProvider services, TimeProvider clock, ILogger<CounterService> log) : BackgroundService
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1), Vietnam = TimeSpan.FromHours(7);
    private const int NightHour = 2;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.CountsByItself)
        {
            return;
        }

        using var timer = new PeriodicTimer(Often, clock);
        while (await WaitAsync(timer, stoppingToken))
        {
            if (options.Waits?.Invoke(services) == true)
            {
                continue;
            }

            try
            {
                await counter.CatchUpAsync(stoppingToken);
                var now = clock.GetUtcNow();
                if (now.ToOffset(Vietnam).Hour == NightHour && (await recount.LastAsync(stoppingToken))?.At is var last && (last is null || now - last > TimeSpan.FromHours(12)))
                {
                    var result = await recount.RunAsync(stoppingToken);
                    if (result.Drift > 0)
                    {
                        log.CubeDrifts(result.Cells, result.Drift, result.Said);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was: an exception that leaves here would stop the hub, and what others wrote decides what is met here.
                log.CountingWaits(e);
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
