using System.Diagnostics;
using Mach.Data;

namespace Mach.Bench;

/// <summary>
/// <c>mach people learn</c> from 100,000 people, as an officer of the house runs it: time and the most memory of the process. And the communes that are suggested while one types at the desk,
/// over HTTP: they are answered from memory, so no row is read for them.
/// </summary>
internal static class PeopleBench
{
    private const int Asked = 400, Warm = 40;
    private static readonly string[] Typed = ["v", "vt", "viet tri", "thanh mieu", "hung lo", "xa", "phuong a", "07900", "qqqq", "tx phu tho"];

    public static async Task RunAsync()
    {
        foreach (var engine in new[] { DbEngine.Sqlite, DbEngine.Postgres })
        {
            var data = Databases.Folder("people-" + engine);
            var connection = await Databases.NewAsync(engine);
            await MatchBench.LoadAsync(data, engine, connection, 0, 1);
            await LearnAsync(data, engine, connection);
            await PickAsync(data, engine, connection);
        }
    }

    private static async Task LearnAsync(string data, DbEngine engine, string? connection)
    {
        List<string> arguments = [Path.Combine(AppContext.BaseDirectory, "mach.dll"), "people", "learn", "--data", data, "--engine", engine == DbEngine.Postgres ? "postgres" : "sqlite"];
        if (connection is not null)
        {
            arguments.AddRange(["--connection", connection]);
        }

        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var (said, peak, cpu) = (process.StandardOutput.ReadToEndAsync(), 0L, 0.0);
        while (!process.HasExited)
        {
            try
            {
                (peak, cpu) = (Math.Max(peak, Cpu.Resident(process.Id)), Cpu.Of(process.Id));
            }
            catch (Exception e) when (e is IOException or InvalidOperationException)
            {
                // It ended in between.
            }

            await Task.Delay(20);
        }

        await process.WaitForExitAsync();
        Figures.Row($"learn weights from {MatchBench.PeopleEach:N0} people: {(await said).Trim()}", engine.ToString(), $"{watch.Elapsed.TotalSeconds:0.0} s (CPU {cpu:0.0} s), at most {peak / 1048576.0:0} MB");
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException("mach people learn failed.");
        }
    }

    private static async Task PickAsync(string data, DbEngine engine, string? connection)
    {
        await using var hub = await HubUnderTest.StartAsync(data, engine, connection, "none");
        await hub.SignInAsync();
        List<double> times = [];
        for (var i = 0; i < Asked + Warm; i++)
        {
            // Each text another address, so that nothing answers but the hub.
            var (ms, _) = await hub.GetAsync($"/people/communes?q={Uri.EscapeDataString(Typed[i % Typed.Length])}&n={i}");
            if (i >= Warm)
            {
                times.Add(ms);
            }
        }

        Figures.Row("communes suggested while typing, p50 / p95 / worst", engine.ToString(), $"{Figures.Percentile(times, 0.5):0.0} / {Figures.Percentile(times, 0.95):0.0} / {times[^1]:0.0} ms");
    }
}
