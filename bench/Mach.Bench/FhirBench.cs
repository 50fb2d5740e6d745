using System.Diagnostics;
using System.Globalization;
using Mach.Data;

namespace Mach.Bench;

/// <summary>The FHIR API under the load driver that MACH_FHIRLOAD names (fhirload.dll), after the driver has checked the answers.</summary>
internal static class FhirBench
{
    /// <summary>Reads first: what the writes add would make each compartment a larger one.</summary>
    private const string AllWorkloads = "read,search-id,search-family,search-obs,everything,create-patient,create-obs,update,tx20,tx100";
    private const string CurveWorkloads = "read,search-id,search-family,search-obs,everything,update,create-obs,tx20";
    /// <summary>39 resources each: 10,000, 100,000 and 1,000,000 resources.</summary>
    private static readonly string[] CurvePatients = ["256", "2560", "25600"];

    private const int QuietSeconds = 3;
    private static readonly TimeSpan LongestSettling = TimeSpan.FromMinutes(2);

    public static Task RunAsync() => MeasureAsync(Patients, Workloads, "1,16", verify: true);

    /// <summary>The cost of an operation as the store grows.</summary>
    public static async Task CurveAsync()
    {
        foreach (var patients in CurvePatients)
        {
            Console.WriteLine($"{patients} patients");
            await MeasureAsync(patients, CurveWorkloads, "16", verify: false);
        }
    }

    private static async Task MeasureAsync(string patients, string workloads, string workers, bool verify)
    {
        if (Environment.GetEnvironmentVariable("MACH_FHIRLOAD") is not { Length: > 0 } driver || !File.Exists(driver))
        {
            throw new InvalidOperationException("Set MACH_FHIRLOAD to the load driver's fhirload.dll.");
        }

        foreach (var engine in Engines())
        {
            var data = Databases.Folder($"fhir-{engine}-{patients}");
            await using var hub = await HubUnderTest.StartAsync(data, engine, await Databases.NewAsync(engine), "none");
            var token = await hub.ProgramTokenAsync();
            var pids = string.Create(CultureInfo.InvariantCulture, $"hub={hub.ProcessId}") + (engine == DbEngine.Postgres ? ",db=" + Cpu.Postmaster() : "");
            List<string> always =
            [
                driver, "--base", hub.Demo.GetProperty("fhir").GetString()!, "--header", "Authorization: Bearer " + token, "--name", "Mạch-" + engine,
                "--state", Path.Combine(data, "load.json"), "--patients", patients, "--obs", "30", "--pid", pids,
            ];
            await DriveAsync(verify ? [.. always, "--load", "--verify"] : [.. always, "--load"]);
            await SettleAsync(hub, engine, "the load");
            foreach (var workload in workloads.Split(','))
            {
                await DriveAsync([.. always, "--run", workload, "--workers", workers, "--seconds", "4", "--warmup", "2", "--repeat", "1"]);
                await SettleAsync(hub, engine, workload);
            }
        }
    }

    private static async Task DriveAsync(IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            Console.WriteLine(line);
        }

        await process.WaitForExitAsync();
    }

    /// <summary>Waits until what the writes left to do (persons weighed against others, the trail moved) is done, and says what it cost: it would be counted for the next workload.</summary>
    internal static async Task SettleAsync(HubUnderTest hub, DbEngine engine, string after)
    {
        double Used() => Cpu.Of(hub.ProcessId) + (engine == DbEngine.Postgres ? Cpu.Postgres() : 0);
        var (start, quiet, watch) = (Used(), 0, Stopwatch.StartNew());
        while (quiet < QuietSeconds && watch.Elapsed < LongestSettling)
        {
            var before = Used();
            await Task.Delay(TimeSpan.FromSeconds(1));
            quiet = Used() - before < 0.05 ? quiet + 1 : 0;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  after {after}: {Used() - start:0.0} CPU-seconds until quiet, {watch.Elapsed.TotalSeconds:0} s"));
    }

    /// <summary>All of them unless MACH_BENCH_WORKLOADS names some, with commas between.</summary>
    private static string Workloads => Environment.GetEnvironmentVariable("MACH_BENCH_WORKLOADS") ?? AllWorkloads;

    /// <summary>Both unless MACH_BENCH_ENGINE says Sqlite or Postgres.</summary>
    internal static DbEngine[] Engines() =>
        Environment.GetEnvironmentVariable("MACH_BENCH_ENGINE") is { } one ? [Enum.Parse<DbEngine>(one, ignoreCase: true)] : [DbEngine.Sqlite, DbEngine.Postgres];

    /// <summary>1,000 unless MACH_BENCH_PATIENTS says otherwise, each with 39 resources.</summary>
    private static string Patients => Environment.GetEnvironmentVariable("MACH_BENCH_PATIENTS") ?? "1000";
}
