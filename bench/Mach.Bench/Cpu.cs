using System.Diagnostics;
using System.Globalization;

namespace Mach.Bench;

/// <summary>CPU time of this process, of a child, and of a PostgreSQL server, in seconds.</summary>
internal static class Cpu
{
    private const double TicksPerSecond = 100; // Linux USER_HZ

    public static double Own()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }

    public static double Of(int process) => Stat(process)?.Seconds ?? throw new InvalidOperationException($"Process {process} is gone.");

    /// <summary>Process number of the PostgreSQL server that bench/run started.</summary>
    public static string Postmaster() => File.ReadLines(Environment.GetEnvironmentVariable("MACH_BENCH_POSTMASTER")!).First();

    /// <summary>Postmaster and all its living backends, with what the dead ones used.</summary>
    public static double Postgres()
    {
        var file = Environment.GetEnvironmentVariable("MACH_BENCH_POSTMASTER");
        if (file is null || !File.Exists(file))
        {
            return 0;
        }

        var postmaster = int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture);
        return Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Sum(id => Stat(id) is { } s && (id == postmaster || s.Parent == postmaster) ? s.Seconds : 0);
    }

    /// <summary>Resident memory of a process, bytes.</summary>
    public static long Resident(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private static (int Parent, double Seconds)? Stat(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            double ticks = 0;
            for (var i = 11; i <= 14; i++)
            {
                ticks += long.Parse(fields[i], CultureInfo.InvariantCulture); // utime stime cutime cstime
            }

            return (int.Parse(fields[1], CultureInfo.InvariantCulture), ticks / TicksPerSecond);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
