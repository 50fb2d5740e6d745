using Mach.Care;
using Mach.Data;
using Mach.Intake;
using Mach.Store;
using Mach.Store.Sealing;

namespace Mach.Server.Hosting;

/// <summary>Goes on with a rotation of the data key that somebody began, a piece at a time between everybody's work, until everything lies under the newest key.</summary>
internal sealed class SealingService(RecordStore store, ILogger<SealingService> logger) : BackgroundService
{
    /// <summary>Between two looks whether a key was made.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(5);
    /// <summary>Between two pieces: others come first.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    /// <summary>Everything of modules that is sealed.</summary>
    public static IReadOnlyList<SealedTable> Tables { get; } = [.. IntakeModule.SealedTables, .. CareModule.SealedTables, .. Indicators.IndicatorsModule.SealedTables];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var more = false;
            try
            {
                more = await store.SealStepAsync(Tables, stoppingToken) is not null;
            }
            catch (Exception e) when (Db.IsUnavailable(e) || e is KeyVaultException or InvalidDataException)
            {
                // What was done stands; the next look tries again.
                Log.NotSealed(logger, e);
            }

            await Task.Delay(more ? Breath : Look, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
