using Mach.Indicators.Cube;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mach.Indicators.Quality;

/// <summary>Checks the numbers when what was written is counted: at once when a bulk load is over, then every ten minutes in which something changed, and each new day.</summary>
internal sealed class QualityService(Examiner examiner, Counter counter, IndicatorsOptions options, IServiceProvider services, TimeProvider clock, ILogger<QualityService> log) : BackgroundService
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(5), Rest = TimeSpan.FromMinutes(10);

    private (long Seq, DateOnly Day)? _checked;
    private DateTimeOffset _at;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.CountsByItself)
        {
            return;
        }

        try
        {
            using var timer = new PeriodicTimer(Often, clock);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (options.Waits?.Invoke(services) != true)
                {
                    await TryAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The hub stops.
        }
    }

    private async Task TryAsync(CancellationToken ct)
    {
        try
        {
            var (now, place) = (clock.GetUtcNow(), await counter.PlaceAsync(ct));
            var state = (place.Seq, Ui.Dates.Today(clock));
            if (place.Waiting > 0 || place.Seq == 0 || state == _checked || (_checked is not null && now - _at < Rest))
            {
                return;
            }

            if (await examiner.RunAsync(ct) is not null)
            {
                (_checked, _at) = (state, now);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever it was: an exception that leaves here would stop the hub.
            log.CheckingWaits(e);
        }
    }
}
