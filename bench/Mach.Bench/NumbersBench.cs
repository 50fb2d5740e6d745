using System.Diagnostics;
using System.Globalization;
using Mach.Data;
using Mach.Demo;
using Mach.Indicators;
using Mach.Intake;
using Mach.Server.Hosting;
using Mach.Vietnam.Bhyt;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Bench;

/// <summary>
/// What it costs to keep the numbers, beside taking the dossiers that they are made of; how long after the last of them they are there; and how long the pages take over five years of a
/// province (the tables of sums filled in bulk: every measure, 60 months, 541 facilities, each with 12 communes and 4 strata). MACH_BENCH_WORKLOADS=cost or pages runs one of both, MACH_BENCH_ENGINE one engine.
/// </summary>
internal static class NumbersBench
{
    private const int Dossiers = 3_000, PerEnvelope = 50, InFlight = 16, Facilities = 541, Months = 60, Communes = 12, Strata = 4, Asked = 60;

    public static async Task RunAsync()
    {
        var wanted = Environment.GetEnvironmentVariable("MACH_BENCH_WORKLOADS") ?? "cost,pages";
        foreach (var engine in FhirBench.Engines())
        {
            if (wanted.Contains("cost", StringComparison.Ordinal))
            {
                await CostAsync(engine);
            }

            if (wanted.Contains("pages", StringComparison.Ordinal))
            {
                await PagesAsync(engine);
            }
        }
    }

    private static async Task CostAsync(DbEngine engine)
    {
        var options = new HubOptions { Data = Databases.Folder("numbers-" + engine), Engine = engine, Connection = await Databases.NewAsync(engine), Urls = "http://127.0.0.1:0" };
        var store = await Hub.OpenStoreAsync(options, CancellationToken.None);
        await using var app = Hub.Build(options, store);
        await HubRunner.StartAsync(app, CancellationToken.None);
        var (intake, numbers) = (app.Services.GetRequiredService<IntakeService>(), app.Services.GetRequiredService<IndicatorService>());
        var envelopes = Envelopes();
        await TakeAsync(intake, envelopes[..20]);
        await numbers.CatchUpAsync(CancellationToken.None);
        var before = Now(engine);
        await TakeAsync(intake, envelopes[20..]);
        var watch = Stopwatch.StartNew();
        await numbers.CatchUpAsync(CancellationToken.None);
        var fresh = watch.Elapsed.TotalSeconds;
        var both = Now(engine) - before;
        before = Now(engine);
        await numbers.RebuildAsync(null, CancellationToken.None);
        // Of all envelopes, while the other figure is of those after the first twenty.
        var counting = (Now(engine) - before) * (envelopes.Count - 20) / envelopes.Count;
        var (cells, drift, said) = await numbers.RecountAsync(CancellationToken.None);
        Figures.Row("keeping the numbers, of taking the dossiers, CPU", engine.ToString(), $"{counting / (both - counting) * 100:0} % ({counting / Dossiers * 1000:0.00} of {both / Dossiers * 1000:0.00} ms a dossier); all counted {fresh:0.0} s after the last save", "≤ 20 %, 5 s");
        Figures.Row("recount", engine.ToString(), $"{cells:N0} cells, {drift:N0} differ {said}", "0");
        await app.StopAsync();
    }

    private static async Task PagesAsync(DbEngine engine)
    {
        var data = Databases.Folder("numbers-pages-" + engine);
        var connection = await Databases.NewAsync(engine);
        await using (var first = await HubUnderTest.StartAsync(data, engine, connection, "small"))
        {
            await first.SignInAsync();
            // Measures get their numbers; the demonstration is counted.
            while ((await first.TextAsync("/indicators")).Contains("info", StringComparison.Ordinal) && first.ProcessId > 0)
            {
                await Task.Delay(1_000);
            }
        }

        await FillAsync(data, engine, connection);
        await using var hub = await HubUnderTest.StartAsync(data, engine, connection, "small");
        await hub.SignInAsync();
        foreach (var (what, path) in new[]
        {
            ("all indicators at a glance", "/indicators?period=2026-01-01..2026-11-30"), ("one by facility, a year", "/indicators/visits?period=2025&by=facility"), ("one by facility, five years", "/indicators/visits?period=2022-01-01..2026-11-30&by=facility"),
            ("a rate by tier, five years", "/indicators/length-of-stay?period=2022-01-01..2026-11-30&by=tier"), ("one by commune, a year", "/indicators/visits?period=2025&by=commune"), ("one by former commune, a year", "/indicators/visits?period=2025&by=commune&map=former"),
            ("the morning", "/indicators/morning"), ("all facilities, a year", "/indicators/facilities?period=2025"), ("a scorecard beside another, a year", "/indicators/facilities/25001?period=2025&beside=25002"), ("a dashboard of ten cards", "/indicators/boards/steering"),
            ("the map, twelve months", "/indicators/visits/map"), ("a difference by facility, two years", "/indicators/visits/difference?period=2025"),
        })
        {
            List<double> times = [];
            for (var i = 0; i < Asked + 5; i++)
            {
                var (ms, _) = await hub.GetAsync(path);
                if (i >= 5)
                {
                    times.Add(ms);
                }
            }

            Figures.Row($"{what}, p50 / p95", engine.ToString(), $"{Figures.Percentile(times, 0.5):0} / {Figures.Percentile(times, 0.95):0} ms", "p95 ≤ 300 ms");
        }
    }

    private static async Task FillAsync(string data, DbEngine engine, string? connection)
    {
        await using var db = engine == DbEngine.Postgres ? Db.OpenPostgres(connection!) : Db.OpenSqlite(Path.Combine(data, "mach.db"));
        List<int> measures = [];
        await using (var open = await db.OpenAsync(CancellationToken.None))
        {
            await using var command = open.CreateCommand();
            command.CommandText = "SELECT m FROM ind_measure ORDER BY m";
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                measures.Add(reader.GetInt32(0));
            }
        }

        var random = new Random(1);
        var months = Enumerable.Range(0, Months).Select(i => new DateOnly(2022, 1, 1).AddMonths(i)).Select(d => (d.Year * 100) + d.Month).ToList();
        string Code(int facility) => string.Create(CultureInfo.InvariantCulture, $"{25001 + facility}");
        var sums = measures.SelectMany(m => months.SelectMany(month => Enumerable.Range(-1, Facilities + 1).Select(f => new object?[] { m, month, f < 0 ? "*" : Code(f), 100, random.Next(100, 100_000) })));
        await InsertAsync(db, sums, rows => new TableRows("ind_month", [("m", ColumnType.Integer), ("month", ColumnType.Integer), ("facility", ColumnType.Text), ("n", ColumnType.BigInt), ("v", ColumnType.BigInt)], rows, ["m", "month", "facility"]));
        // The one that is asked by residence; the others would only be more of the same table.
        var cells = measures.Take(1).SelectMany(m => months.SelectMany(month => Enumerable.Range(0, Facilities).SelectMany(f => Enumerable.Range(0, Communes).SelectMany(c => Enumerable.Range(0, Strata).Select(s =>
            new object?[] { m, month, Code(f), string.Create(CultureInfo.InvariantCulture, $"0{7894 + ((((f * 3) + c) % 140) * 3)}"), "s" + s, 10, random.Next(100, 10_000) })))));
        await InsertAsync(db, cells, rows => new TableRows("ind_cell", [("m", ColumnType.Integer), ("month", ColumnType.Integer), ("facility", ColumnType.Text), ("commune", ColumnType.Text), ("stratum", ColumnType.Text), ("n", ColumnType.BigInt), ("v", ColumnType.BigInt)], rows, ["m", "month", "facility", "commune", "stratum"]));
        await using var analysing = await db.OpenAsync(CancellationToken.None);
        await using var analyse = analysing.CreateCommand();
        analyse.CommandText = "ANALYZE";
        analyse.CommandTimeout = 600;
        await analyse.ExecuteNonQueryAsync();
    }

    private static async Task InsertAsync(Db db, IEnumerable<object?[]> rows, Func<object?[][], TableRows> table)
    {
        foreach (var chunk in rows.Chunk(100_000))
        {
            await db.WriteAsync(async (connection, transaction) =>
            {
                await db.InsertAsync(connection, transaction, table(chunk), CancellationToken.None);
                return 0;
            }, CancellationToken.None);
        }
    }

    private static double Now(DbEngine engine) => Cpu.Own() + (engine == DbEngine.Postgres ? Cpu.Postgres() : 0);

    private static async Task TakeAsync(IntakeService intake, IEnumerable<byte[]> envelopes) => await Parallel.ForEachAsync(envelopes, new ParallelOptions { MaxDegreeOfParallelism = InFlight }, async (envelope, stop) =>
        await intake.TakeAsync(new MemoryStream(envelope, writable: false), new IntakeSource("bench", "bench", null, "bench.xml"), null, stop));

    private static List<byte[]> Envelopes() => [.. new Province(60_000, today: new DateOnly(2026, 6, 30)).Dossiers().Where(d => !d.IsCheckIn).Take(Dossiers + (20 * PerEnvelope)).GroupBy(d => d.FacilityCode)
        .SelectMany(group => group.Chunk(PerEnvelope).Select(chunk => (group.Key, Chunk: chunk))).Select(group =>
        {
            using var stream = new MemoryStream();
            EnvelopeWriter.Write(stream, group.Key, new DateOnly(2026, 6, 30), group.Chunk);
            return stream.ToArray();
        })];
}
