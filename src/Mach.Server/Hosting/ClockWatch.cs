using System.Runtime.InteropServices;

namespace Mach.Server.Hosting;

/// <summary>
/// Looks at the start and every ten minutes whether the machine's clock is kept right by others, and says so when it is not: what stands in the record and in the audit trail
/// is only worth its instants.
/// </summary>
/// <param name="isSynchronized">Null = this machine does not tell.</param>
/// <remarks>Source: OWASP ASVS 5.0 V16.2.2.</remarks>
internal sealed class ClockWatch(Func<bool?> isSynchronized, ILogger<ClockWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(10);
    private bool _isAdrift;

    /// <summary>Says once that the clock went adrift, and once that it came back.</summary>
    internal void Look()
    {
        if (isSynchronized() is not { } isRight || isRight != _isAdrift)
        {
            return;
        }

        _isAdrift = !isRight;
        if (_isAdrift)
        {
            logger.ClockAdrift();
        }
        else
        {
            logger.ClockRight();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Between);
        try
        {
            do
            {
                Look();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The hub stops.
        }
    }
}

/// <summary>What the system knows about its clock.</summary>
internal static class MachineClock
{
    /// <summary>Larger than struct timex on every Linux; its first field, modes, stays 0: nothing is changed.</summary>
    private const int TimexBytes = 512;

    private const int Unsynchronized = 5;

    /// <summary>True when the kernel holds the clock for synchronized; null where it cannot be asked.</summary>
    /// <remarks>Source: Linux manual, adjtimex(2): TIME_ERROR (5) is the state of a clock that is not synchronized.</remarks>
    public static bool? IsSynchronized()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            return adjtimex(new byte[TimexBytes]) switch { Unsynchronized => false, < 0 => null, _ => true };
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

#pragma warning disable SYSLIB1054, IDE1006 // A source-generated import needs unsafe code in this project; the name is the system's.
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int adjtimex([In, Out] byte[] timex);
#pragma warning restore SYSLIB1054, IDE1006
}
