using System.Text.RegularExpressions;
using Mach.Data;
using Mach.Demo;

namespace Mach.Bench;

/// <summary>The page of the person with the longest record, beside the whole small demonstration.</summary>
internal static partial class RecordBench
{
    private const int Requests = 200;

    public static async Task RunAsync()
    {
        foreach (var engine in new[] { DbEngine.Sqlite, DbEngine.Postgres })
        {
            await using var hub = await HubUnderTest.StartAsync(Databases.Folder("record-" + engine), engine, await Databases.NewAsync(engine), "small");
            Figures.Row("small demonstration ready", engine.ToString(), $"{hub.Ready.TotalSeconds:0.0} s", "≤ 60 s");
            await hub.SignInAsync();
            var found = await hub.TextAsync("/people?q=" + Province.For(DemoSize.Small).LongestRecordCccd);
            var path = Link().Match(found).Groups[1].Value;
            List<double> times = [];
            long bytes = 0;
            for (var i = 0; i < Requests + 20; i++)
            {
                var (ms, size) = await hub.GetAsync(path);
                if (i >= 20)
                {
                    times.Add(ms);
                }

                bytes = size;
            }

            Figures.Row("record page of the longest record, p50 / p95", engine.ToString(), $"{Figures.Percentile(times, 0.5):0} / {Figures.Percentile(times, 0.95):0} ms", "p95 ≤ 800 ms");
            Figures.Row("its first payload, compressed", engine.ToString(), $"{bytes / 1024.0:0.0} KB", "≤ 60 KB");
        }
    }

    [GeneratedRegex("href=\"(/people/[A-Za-z0-9.-]+)")]
    private static partial Regex Link();
}
