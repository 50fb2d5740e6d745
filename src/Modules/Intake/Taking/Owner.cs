using System.Diagnostics;
using System.Globalization;

namespace Mach.Intake.Taking;

/// <summary>Names the process that takes an envelope, so that what it left unfinished shows after it is gone.</summary>
internal static class Owner
{
    public static string Current { get; } = Name(Environment.MachineName, Environment.ProcessId, StartOf(Environment.ProcessId));

    /// <summary>False when the owner ran on this machine and runs no longer; another machine's owner cannot be asked.</summary>
    public static bool MayLive(string owner)
    {
        var parts = owner.Split(' ');
        if (parts.Length != 3 || parts[0] != Environment.MachineName.Replace(' ', '-'))
        {
            return true;
        }

        var number = int.Parse(parts[1], CultureInfo.InvariantCulture);
        return Name(Environment.MachineName, number, StartOf(number)) == owner;
    }

    private static string Name(string machine, int process, long started) => string.Create(CultureInfo.InvariantCulture, $"{machine.Replace(' ', '-')} {process} {started}");

    /// <summary>Start of a process in whole seconds; 0 when it does not run.</summary>
    private static long StartOf(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return found.StartTime.ToUniversalTime().Ticks / TimeSpan.TicksPerSecond;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return 0;
        }
    }
}
