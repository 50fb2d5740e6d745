using System.Globalization;
using System.Text;
using Mach.Data;
using Mach.Kernel;
using Mach.Store;
using Mach.Vietnam;

namespace Mach.Bench;

/// <summary>Finding a person by name among 200,000, through the page.</summary>
internal static class SearchBench
{
    private const int People = 200_000;
    private const int Queries = 300;

    private static readonly string[] Families = ["Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Trần", "Lê", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Hà", "Quách"];
    private static readonly string[] Middles = ["Văn", "Thị", "Hữu", "Đức", "Thị Thu", "Minh", "Thị Ngọc", "Quang", "Xuân", "Thanh"];
    private static readonly string[] Givens = ["An", "Bình", "Chi", "Dũng", "Đào", "Giang", "Hà", "Hạnh", "Hoa", "Hùng", "Hương", "Khánh", "Lan", "Linh", "Long", "Mai", "Nam", "Nga", "Ngọc", "Phúc", "Phượng", "Quân", "Sơn", "Thảo", "Thắng", "Trang", "Tuấn", "Tùng", "Vân", "Yến"];

    public static async Task RunAsync()
    {
        foreach (var engine in new[] { DbEngine.Sqlite, DbEngine.Postgres })
        {
            var data = Databases.Folder("search-" + engine);
            var connection = await Databases.NewAsync(engine);
            await LoadAsync(data, engine, connection);
            await using var hub = await HubUnderTest.StartAsync(data, engine, connection, "none");
            await hub.SignInAsync();
            foreach (var (what, query) in Kinds())
            {
                var random = new Random(7);
                List<double> times = [];
                for (var i = 0; i < Queries + 20; i++)
                {
                    var (ms, _) = await hub.GetAsync("/people?q=" + Uri.EscapeDataString(query(random)));
                    if (i >= 20)
                    {
                        times.Add(ms);
                    }
                }

                Figures.Row($"find by {what} among {People:N0}, p50 / p95", engine.ToString(), $"{Figures.Percentile(times, 0.5):0.0} / {Figures.Percentile(times, 0.95):0.0} ms", "p95 ≤ 50 ms");
            }
        }
    }

    private static (string What, Func<Random, string> Query)[] Kinds() =>
    [
        ("whole name without tones", r => VietnameseText.Fold(Name(r))),
        ("whole name with tones", Name),
        ("two words", r => VietnameseText.Fold(Pick(r, Families) + " " + Pick(r, Middles))),
        ("given name and year", r => VietnameseText.Fold(Pick(r, Givens)) + " " + r.Next(1930, 2020).ToString(CultureInfo.InvariantCulture)),
        ("identity number", r => Cccd(r.Next(People))),
    ];

    internal static async Task LoadAsync(string data, DbEngine engine, string? connection)
    {
        var db = engine == DbEngine.Postgres ? Db.OpenPostgres(connection!) : Db.OpenSqlite(Path.Combine(data, "mach.db"));
        await using var store = await RecordStore.OpenAsync(db, new StoreOptions(Path.Combine(data, "store.secret"), Vault: new Mach.Store.Sealing.FileKeyVault(Path.Combine(data, "keys", "store.key"))), TimeProvider.System, CancellationToken.None);
        var random = new Random(42);
        for (var i = 0; i < People; i += 500)
        {
            var writes = Enumerable.Range(i, 500).Select(n => Patient(n, random)).ToList();
            await store.CommitAsync(new Commit { Writes = writes, Actor = "bench" }, CancellationToken.None);
        }
    }

    private static Write Patient(int number, Random random)
    {
        var id = "p" + number.ToString(CultureInfo.InvariantCulture);
        var name = Name(random);
        var words = name.Split(' ');
        var born = new DateOnly(1930, 1, 1).AddDays(random.Next(33_000));
        var body = $$"""
            {"resourceType":"Patient","id":"{{id}}","identifier":[{"system":"{{Systems.NationalId}}","value":"{{Cccd(number)}}"}],"name":[{"text":"{{name}}","family":"{{words[0]}}","given":["{{string.Join("\",\"", words[1..])}}"]}],"gender":"{{(number % 2 == 0 ? "male" : "female")}}","birthDate":"{{born.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}}"}
            """;
        return new Write(WriteKind.Put, "Patient", id, Encoding.UTF8.GetBytes(body), KnownNew: true);
    }

    private static string Name(Random random) => $"{Pick(random, Families)} {Pick(random, Middles)} {Pick(random, Givens)}";

    private static string Pick(Random random, string[] words) => words[random.Next(words.Length)];

    private static string Cccd(int number) => "0250" + (number + 40_000_000).ToString("00000000", CultureInfo.InvariantCulture);
}
