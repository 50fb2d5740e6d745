using System.Data.Common;
using Mach.Data;
using Mach.Registry.Facilities;
using Mach.Registry.Units;
using Mach.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mach.Registry.Ledgers;

/// <summary>
/// Publishes what takes effect by the calendar alone: on the day that a fact begins or ends, the resources and rows of its subject are written anew.
/// At the start for every day since the last one, then after each midnight in Vietnam.
/// </summary>
internal sealed class DayTurn(RegistryBooks books, UnitRegistry units, FacilityDirectory directory, TimeProvider clock, ILogger<DayTurn> log) : BackgroundService
{
    /// <summary>How often the day is looked at: midnight is noticed this late at most, also after the machine slept or its clock was set.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    /// <summary>Publishes up to the present day.</summary>
    /// <returns>Number of subjects that had something on one of the days.</returns>
    public async Task<int> TurnAsync(CancellationToken ct)
    {
        await units.SeedAsync(ct);
        var turned = await books.PublishDayAsync(ct);
        if (turned > 0)
        {
            await directory.LoadAsync(ct);
        }

        return turned;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host is to be up before the first turn, which may have much to write.
        await Task.Yield();
        using var timer = new PeriodicTimer(Look, clock);
        DateOnly? last = null;
        try
        {
            do
            {
                if (books.Today() != last)
                {
                    try
                    {
                        var day = books.Today();
                        await TurnAsync(stoppingToken);
                        last = day;
                    }
                    catch (Exception e) when (e is StoreUnavailableException or CommitConflictException || (e is DbException && Db.IsUnavailable(e)))
                    {
                        log.DayTurnWaits(e);
                    }
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
        }
    }
}
