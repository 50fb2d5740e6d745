using System.Globalization;
using System.Text;
using Mach.Data;
using Mach.Fhir.Search;
using Mach.Kernel;
using Mach.Store;

namespace Mach.Bench;

/// <summary>
/// What it costs that every statement carries the sight of the caller: CPU of a read and of a search through the record store for a doctor of one facility,
/// beside the same without any policy. On PostgreSQL with and without the second wall. Rounds alternate; the median of the rounds' ratios counts.
/// </summary>
internal static class SightBench
{
    private const int People = 4000, Facilities = 20, Rounds = 9, Requests = 1500;

    public static async Task RunAsync()
    {
        foreach (var engine in new[] { DbEngine.Sqlite, DbEngine.Postgres })
        {
            var folder = Databases.Folder("sight-" + engine);
            var connection = await Databases.NewAsync(engine);
            Db Open() => connection is null ? Db.OpenSqlite(Path.Combine(folder, "mach.db")) : Db.OpenPostgres(connection);
            await using var plain = Open();
            await using var walled = Open();
            await using var store = await RecordStore.OpenAsync(plain, new StoreOptions(Path.Combine(folder, "secret")), TimeProvider.System, default);
            await FillAsync(store);
            await using var behind = await RecordStore.OpenAsync(walled, new StoreOptions(Path.Combine(folder, "secret"), SecondWall: true), TimeProvider.System, default);
            var doctor = Doctor();
            var mine = await MineAsync(store.As(doctor));
            await MeasureAsync("read", engine, "≤ 1.25", store, behind, doctor, mine, static (view, id) => view.ReadAsync("Patient", id, default));
            await MeasureAsync("patient search", engine, "≤ 1.35", store, behind, doctor, mine, static (view, id) =>
                view.SearchAsync(SearchQuery.Parse("Observation", [KeyValuePair.Create("patient", id), KeyValuePair.Create("_sort", "-date")]) with { Count = 20 }, default));
        }
    }

    private static async Task MeasureAsync(string what, DbEngine engine, string target, RecordStore store, RecordStore behind, Sight doctor, IReadOnlyList<string> mine, Func<RecordView, string, Task> ask)
    {
        var ways = new List<(string Name, Func<RecordView> View)> { ("", () => store.As(doctor)) };
        if (behind.HasSecondWall)
        {
            ways.Add((", second wall", () => behind.As(doctor)));
        }

        foreach (var (name, view) in ways)
        {
            List<double> ratios = [], cost = [];
            for (var round = 0; round <= Rounds; round++)
            {
                var without = await CpuAsync(() => store.As(Sight.Everything), mine, ask);
                var with = await CpuAsync(view, mine, ask);
                if (round > 0)
                {
                    ratios.Add(with / without);
                    cost.Add(with);
                }
            }

            Figures.Row($"{what} with a policy{name} / without, CPU of the store and the database", engine.ToString(), $"{Figures.Percentile(ratios, 0.5):0.00} ({Figures.Percentile(cost, 0.5):0} µs)", target);
        }
    }

    /// <summary>Microseconds of CPU a request; each has a view of its own, as a request has.</summary>
    private static async Task<double> CpuAsync(Func<RecordView> view, IReadOnlyList<string> mine, Func<RecordView, string, Task> ask)
    {
        var before = Cpu.Own() + Cpu.Postgres();
        for (var i = 0; i < Requests; i++)
        {
            await ask(view(), mine[i % mine.Count]);
        }

        return (Cpu.Own() + Cpu.Postgres() - before) / Requests * 1e6;
    }

    /// <summary>As policy.json makes it for a doctor of one facility, with a ward and a Practitioner.</summary>
    private static Sight Doctor() => new()
    {
        Facilities = ["25003"],
        Since = DateTimeOffset.UtcNow.AddMonths(-24),
        Ties = TieKinds.All,
        TiedSince = DateTimeOffset.UtcNow.AddMonths(-6),
        Wards = ["khoa-noi"],
        Practitioner = "bs-1",
        CountsConsents = true,
        Now = DateTimeOffset.UtcNow,
        Hidden = DataLabels.All,
        HiddenHere = DataLabels.Confidential,
    };

    private static async Task<IReadOnlyList<string>> MineAsync(RecordView view)
    {
        var ids = (await view.SearchAsync(SearchQuery.Parse("Patient", []) with { Count = 200 }, default)).Matches.Select(m => m.Id).ToList();
        return ids.Count > 0 ? ids : throw new InvalidOperationException("The doctor sees nobody: nothing is measured.");
    }

    private static async Task FillAsync(RecordStore store)
    {
        var now = DateTimeOffset.UtcNow;
        List<Write> writes = [];
        void Put(string type, string id, string more) => writes.Add(new(WriteKind.Put, type, id, Encoding.UTF8.GetBytes($$"""{"resourceType":"{{type}}","id":"{{id}}",{{more}}}"""), KnownNew: true));
        for (var p = 0; p < People; p++)
        {
            Put("Patient", $"p{p}", $$"""
                "name":[{"text":"Nguyễn Văn {{p}}"}],"birthDate":"1970-01-01","gender":"male"
                """);
            for (var v = 0; v < 3; v++)
            {
                var (facility, at) = (25000 + ((p + (v * 7)) % Facilities), now.AddDays(-20 * (v + 1)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
                Put("Encounter", $"p{p}-e{v}", $$"""
                    "status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/p{{p}}"},"serviceProvider":{"reference":"Organization/cskcb-{{facility}}"},"period":{"start":"{{at}}","end":"{{at}}"}
                    """);
                for (var o = 0; o < 6; o++)
                {
                    Put("Observation", $"p{p}-e{v}-o{o}", $$"""
                        "status":"final","code":{"coding":[{"system":"http://loinc.org","code":"{{700 + o}}-7"}]},"subject":{"reference":"Patient/p{{p}}"},"encounter":{"reference":"Encounter/p{{p}}-e{{v}}"},"performer":[{"reference":"Organization/cskcb-{{facility}}"}],"effectiveDateTime":"{{at}}","valueQuantity":{"value":{{o + 1}},"unit":"mmol/L"}
                        """);
                }
            }

            if (writes.Count > 1800)
            {
                await store.CommitAsync(new Commit { Actor = "bench", Writes = [.. writes] }, default);
                writes.Clear();
            }
        }

        await store.CommitAsync(new Commit { Actor = "bench", Writes = [.. writes] }, default);
    }
}
