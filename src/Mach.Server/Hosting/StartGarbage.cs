using System.Runtime;

namespace Mach.Server.Hosting;

/// <summary>
/// Gives back, once, what only starting needed: definitions and lists are read out of text, and indexes built, that nobody looks at again. Left alone, a hub that has
/// nothing to do never collects them.
/// </summary>
internal sealed class StartGarbage(IHostApplicationLifetime lifetime) : BackgroundService
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var _ = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        await Task.Delay(Settling, stoppingToken);
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
