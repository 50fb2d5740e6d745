using Mach.Data;

namespace Mach.Bench;

/// <summary>Start time and the memory of a server with nothing to do.</summary>
internal static class IdleBench
{
    private const int Starts = 5;

    public static async Task RunAsync()
    {
        foreach (var engine in new[] { DbEngine.Sqlite, DbEngine.Postgres })
        {
            var data = Databases.Folder("idle-" + engine);
            var connection = await Databases.NewAsync(engine);
            List<double> starts = [];
            long memory = 0;
            for (var i = 0; i <= Starts; i++)
            {
                await using var hub = await HubUnderTest.StartAsync(data, engine, connection, "none");
                if (i > 0)
                {
                    starts.Add(hub.Ready.TotalSeconds); // the first start makes the tables
                }

                if (i == Starts)
                {
                    await Task.Delay(TimeSpan.FromSeconds(5));
                    memory = Cpu.Resident(hub.ProcessId);
                }
            }

            Figures.Row("start to ready, median of 5", engine.ToString(), $"{Figures.Percentile(starts, 0.5):0.00} s", "≤ 1.5 s");
            Figures.Row("memory of the idle server", engine.ToString(), $"{memory / 1048576.0:0} MB", "≤ 150 MB");
        }
    }
}
