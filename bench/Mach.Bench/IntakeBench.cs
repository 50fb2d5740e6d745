using System.Diagnostics;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Demo;
using Mach.Fhir.Search;
using Mach.Intake;
using Mach.Server.Hosting;
using Mach.Store;
using Mach.Vietnam.Bhyt;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Bench;

/// <summary>Dossiers from XML to searchable per CPU-second, beside merely parsing the same XML.</summary>
internal static class IntakeBench
{
    private const int Warmup = 2000;
    private const int Measured = 4000;
    private const int PerEnvelope = 50;
    /// <summary>Envelopes under way at once, as when many facilities send or a folder is imported.</summary>
    private const int InFlight = 16;

    public static async Task RunAsync()
    {
        var (warm, envelopes) = Corpus();
        var bytes = envelopes.Sum(e => (long)e.Length);
        Parse(warm);
        var before = Cpu.Own();
        Parse(envelopes);
        var parse = Cpu.Own() - before;
        Figures.Row("parsing alone", "–", $"{Measured / parse:0} dossiers per CPU-second, {bytes / 1024.0 / Measured:0.0} KB of XML each");
        foreach (var engine in new[] { DbEngine.Sqlite, DbEngine.Postgres })
        {
            await MeasureAsync(engine, warm, envelopes, parse);
        }
    }

    private static async Task MeasureAsync(DbEngine engine, List<byte[]> warm, List<byte[]> envelopes, double parse)
    {
        var options = new HubOptions { Data = Databases.Folder("intake-" + engine), Engine = engine, Connection = await Databases.NewAsync(engine), Urls = "http://127.0.0.1:0" };
        var store = await Hub.OpenStoreAsync(options, CancellationToken.None);
        await using var app = Hub.Build(options, store);
        await HubRunner.StartAsync(app, CancellationToken.None);
        var intake = app.Services.GetRequiredService<IntakeService>();
        await app.Services.GetRequiredService<IFacilityDirectory>().PutAsync([.. new Province(1_000).Facilities.Select(f => new Facility { Code = f.Code, Name = f.Name, Status = FacilityStatus.Active })], CancellationToken.None);
        await TakeAsync(intake, warm);
        var resources = await CountAsync(store);
        var (own, server) = (Cpu.Own(), Cpu.Postgres());
        var watch = Stopwatch.StartNew();
        await TakeAsync(intake, envelopes);
        var wall = watch.Elapsed.TotalSeconds;
        (own, server) = (Cpu.Own() - own, engine == DbEngine.Postgres ? Cpu.Postgres() - server : 0);
        resources = await CountAsync(store) - resources;
        var cpu = own + server;
        var each = (double)resources / Measured;
        Figures.Row("intake, XML to searchable", engine.ToString(), $"{Measured / cpu:0} dossiers per CPU-second of {each:0.0} resources each (= {resources / cpu:0} resources per CPU-second; hub {own:0.0} s, database {server:0.0} s; wall {Measured / wall:0} dossiers/s)", "≥ 400 of about 25");
        Figures.Row("intake ÷ parsing, CPU", engine.ToString(), $"{cpu / parse:0.0} ×");
        await app.StopAsync();
    }

    private static async Task TakeAsync(IntakeService intake, List<byte[]> envelopes)
    {
        var under = new Queue<Task>();
        foreach (var envelope in envelopes)
        {
            if (under.Count == InFlight)
            {
                await under.Dequeue();
            }

            under.Enqueue(Task.Run(() => intake.TakeAsync(new MemoryStream(envelope, writable: false), new IntakeSource("bench", "bench", null, "bench.xml"), null, CancellationToken.None)));
        }

        await Task.WhenAll(under);
    }

    private static async Task<long> CountAsync(RecordStore store)
    {
        long count = 0;
        foreach (var type in new[] { "Patient", "Encounter", "Condition", "Observation", "MedicationRequest", "MedicationDispense", "Procedure", "ServiceRequest", "DiagnosticReport", "Coverage", "Claim", "Composition", "DocumentReference", "Appointment", "Provenance", "ClinicalImpression", "CarePlan", "SupplyDelivery", "RelatedPerson", "Organization" })
        {
            if (SearchParameters.ForType(type).Count > 0)
            {
                count += (await store.SearchAsync(new SearchQuery { Type = type, CountOnly = true, Total = true }, CancellationToken.None)).Total ?? 0;
            }
        }

        return count;
    }

    private static void Parse(List<byte[]> envelopes)
    {
        foreach (var envelope in envelopes)
        {
            using var stream = new MemoryStream(envelope, writable: false);
            var scan = EnvelopeReader.Scan(stream, new EnvelopeLimits(), CancellationToken.None);
            for (var i = 0; i < scan.Dossiers.Count; i++)
            {
                var (offset, length) = scan.Dossiers[i];
                EnvelopeReader.ReadDossier(envelope.AsMemory((int)offset, length), i + 1, scan.FacilityCode);
            }
        }
    }

    /// <summary>Hospital dossiers with 10 to 20 rows in their tables, which makes about 25 resources each.</summary>
    private static (List<byte[]> Warm, List<byte[]> Measured) Corpus()
    {
        var dossiers = new Province(60_000, today: new DateOnly(2026, 6, 30)).Dossiers()
            .Where(d => !d.IsCheckIn && d.Tables.Sum(t => t.Rows.Count) is >= 10 and <= 20)
            .Take(Warmup + Measured).ToList();
        var envelopes = dossiers.GroupBy(d => d.FacilityCode).SelectMany(group => group.Chunk(PerEnvelope).Select(chunk => (group.Key, Chunk: chunk))).Select(group =>
        {
            using var stream = new MemoryStream();
            EnvelopeWriter.Write(stream, group.Key, new DateOnly(2026, 6, 30), group.Chunk);
            return (Bytes: stream.ToArray(), Count: group.Chunk.Length);
        }).ToList();
        List<byte[]> warm = [], measured = [];
        var seen = 0;
        foreach (var (bytes, count) in envelopes)
        {
            (seen < Warmup ? warm : measured).Add(bytes);
            seen += count;
        }

        return (warm, measured);
    }
}
