using System.Diagnostics;
using System.Globalization;
using Mach.Contracts.People;
using Mach.Data;
using Mach.Demo.Doubles;
using Mach.People;
using Mach.People.Matching;
using Mach.People.Profiles;
using Mach.Registry.Communes;
using Mach.Store;

namespace Mach.Bench;

/// <summary>
/// Matching one person against 100,000, a million and four million. The tables of the person index are filled in bulk (the record holds none of these people):
/// what is measured is the dry run over HTTP, which is $match without writing out the Patients found.
/// </summary>
internal static class MatchBench
{
    internal const int PeopleEach = 100_000, Queries = 300;
    private static readonly int[] Sizes = [1, 10, 40];
    private static readonly FactsMaker Facts = new(CommuneHistory.OfProgram(new DateOnly(2026, 11, 25)));

    public static async Task RunAsync()
    {
        foreach (var engine in new[] { DbEngine.Sqlite, DbEngine.Postgres })
        {
            var data = Databases.Folder("match-" + engine);
            var connection = await Databases.NewAsync(engine);
            var parts = 0;
            foreach (var size in Sizes)
            {
                await LoadAsync(data, engine, connection, parts, size);
                parts = size;
                await MeasureAsync(data, engine, connection, size * PeopleEach);
            }
        }
    }

    private static async Task MeasureAsync(string data, DbEngine engine, string? connection, int people)
    {
        await using var hub = await HubUnderTest.StartAsync(data, engine, connection, "none");
        await hub.SignInAsync();
        // People of the register, half of them with a slip, and others who are not in it.
        var asked = new DoublesSource(100, PeopleEach).Desks(Queries + 20).Desk.Concat(new DoublesSource(999, 20_000).Desks(Queries / 3).Desk).Select(d => d.Registration).ToList();
        List<double> times = [];
        for (var i = 0; i < asked.Count; i++)
        {
            var (ms, _) = await hub.GetAsync("/people/match?" + Query(asked[i]));
            if (i >= 20)
            {
                times.Add(ms);
            }
        }

        Figures.Row($"match one person among {people:N0}, p50 / p95 / worst", engine.ToString(), $"{Figures.Percentile(times, 0.5):0.0} / {Figures.Percentile(times, 0.95):0.0} / {times[^1]:0.0} ms", "p95 ≤ 150 ms");
    }

    private static string Query(Registration r) => string.Join('&', new[]
    {
        ("name", r.Name), ("birth", r.Birth), ("sex", r.Sex), ("cccd", r.CitizenNumber), ("cmnd", r.OldCard), ("card", r.InsuranceNumber), ("phone", r.Phone), ("commune", r.CommuneCode), ("address", r.Address), ("mother", r.Mother),
    }.Where(p => p.Item2 is not null).Select(p => $"{p.Item1}={Uri.EscapeDataString(p.Item2!)}"));

    /// <summary>Fills the tables of the person index with parts of <see cref="PeopleEach"/> people.</summary>
    internal static async Task LoadAsync(string data, DbEngine engine, string? connection, int from, int to)
    {
        var watch = Stopwatch.StartNew();
        await using var db = engine == DbEngine.Postgres ? Db.OpenPostgres(connection!) : Db.OpenSqlite(Path.Combine(data, "mach.db"));
        if (from == 0)
        {
            await using var store = await RecordStore.OpenAsync(db, new StoreOptions(Path.Combine(data, "store.secret"), Vault: new Mach.Store.Sealing.FileKeyVault(Path.Combine(data, "keys", "store.key"))), TimeProvider.System, CancellationToken.None);
            await db.MigrateAsync("people", typeof(PeopleModule).Assembly, CancellationToken.None);
        }

        List<(long N, string Patient, byte[] Facts)> profiles = new((to - from) * PeopleEach);
        List<(long H, long N)> blocks = new((to - from) * PeopleEach * 6);
        for (var part = from; part < to; part++)
        {
            var number = 0;
            foreach (var registration in new DoublesSource(100 + part, PeopleEach).Register(doubles: 0).Take(PeopleEach))
            {
                var facts = Facts.Make(Sought(registration));
                var patient = string.Create(CultureInfo.InvariantCulture, $"p{part}-{number++}");
                var n = Profile.NumberOf(patient);
                profiles.Add((n, patient, facts.Encode()));
                blocks.AddRange(BlockingKeys.Of(new Candidate(facts)).Select(h => (h, n)));
            }
        }

        profiles.Sort((a, b) => a.N.CompareTo(b.N));
        blocks.Sort();
        await InsertAsync(db, profiles.Select(p => new object?[] { p.N, p.Patient, 1, p.Facts }), rows => new TableRows("ppl_profile", [("n", ColumnType.BigInt), ("patient", ColumnType.Text), ("version", ColumnType.Integer), ("facts", ColumnType.Bytes)], rows, []));
        await InsertAsync(db, blocks.Select(b => new object?[] { b.H, b.N }), rows => new TableRows("ppl_block", [("h", ColumnType.BigInt), ("n", ColumnType.BigInt)], rows, []));
        await using var analysing = await db.OpenAsync(CancellationToken.None);
        await using var command = analysing.CreateCommand();
        command.CommandText = "ANALYZE";
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
        await Console.Error.WriteLineAsync($"{engine}: {profiles.Count:N0} people, {blocks.Count:N0} keys loaded in {watch.Elapsed.TotalSeconds:0} s");
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

    private static PersonSought Sought(Registration r) => new()
    {
        Name = r.Name,
        BirthDate = r.Birth,
        Gender = r.Sex,
        NationalId = r.CitizenNumber,
        InsuranceCards = r.InsuranceNumber is { } number ? [number] : [],
        BirthCertificate = r.BirthCertificate,
        Phones = r.Phone is { } phone ? [phone] : [],
        CommuneCode = r.CommuneCode,
        Address = r.Address,
        MotherName = r.Mother,
        BirthOrder = r.BirthOrder,
    };
}
