using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Mach.Data;
using Mach.Store;
using Mach.Vietnam;

namespace Mach.Bench;

/// <summary>
/// The longest life that the record is built for: one person with 5,000 visits and 50,000 results among 200,000 people, opened on the doctor's tablet. Each page to its last byte, as it comes
/// over the wire; what the first page asks for besides; search suggestions while one types.
/// </summary>
internal static partial class LifeBench
{
    private const string Person = "a-long-life";
    private const int Visits = 5_000, ResultsEach = 10, VisitsEachCommit = 50, Requests = 60, Warm = 10;

    private static readonly (string Code, string Name, string Unit, double Low, double Spread)[] Analytes =
    [
        ("2345-7", "Glucose", "mmol/L", 4, 8), ("2160-0", "Creatinin", "µmol/L", 60, 80), ("22664-7", "Ure", "mmol/L", 3, 8), ("2093-3", "Cholesterol", "mmol/L", 3, 4), ("2085-9", "HDL-C", "mmol/L", 1, 1),
        ("13457-7", "LDL-C", "mmol/L", 1, 4), ("2571-8", "Triglycerid", "mmol/L", 1, 3), ("4548-4", "HbA1c", "%", 5, 6), ("3084-1", "Acid uric", "µmol/L", 200, 300), ("718-7", "Hemoglobin", "g/L", 90, 70),
    ];

    private static readonly (string Code, string Text)[] Diagnoses = [("I10", "Tăng huyết áp vô căn"), ("E11.9", "Đái tháo đường týp 2"), ("M17", "Thoái hóa khớp gối"), ("J20.9", "Viêm phế quản cấp"), ("K29.7", "Viêm dạ dày")];
    private static readonly (string Code, string Text)[] Drugs = [("40.30", "Amlodipin 5 mg"), ("40.807", "Metformin 500 mg"), ("40.2", "Paracetamol 500 mg"), ("40.163", "Amoxicilin 500 mg")];
    private static readonly string[] Typed = ["nguyen van an", "tran thi hoa", "nva", "le 1962", "pham minh", "025040000", "tang huyet", "e11", "viet tri"];

    public static async Task RunAsync()
    {
        foreach (var engine in new[] { DbEngine.Sqlite, DbEngine.Postgres })
        {
            var data = Databases.Folder("life-" + engine);
            var connection = await Databases.NewAsync(engine);
            await SearchBench.LoadAsync(data, engine, connection);
            await LiveAsync(data, engine, connection);
            // The same store twice: where each page reads its bodies anew, and where what was read of them is kept.
            await using (var anew = await HubUnderTest.StartAsync(data, engine, connection, "none", null, ("MACH_DIGEST_MB", "0")))
            {
                await FhirBench.SettleAsync(anew, engine, "the load");
                await PagesAsync(anew, engine, "nothing kept: ");
            }

            await using var kept = await HubUnderTest.StartAsync(data, engine, connection, "none");
            await FhirBench.SettleAsync(kept, engine, "the second start");
            await PagesAsync(kept, engine, "");
            await BesidesAsync(kept, engine, "/people/" + Person);
            List<double> times = [];
            foreach (var typed in Enumerable.Range(0, 20).SelectMany(_ => Typed))
            {
                times.Add((await kept.GetAsync("/search?q=" + Uri.EscapeDataString(typed))).Ms);
            }

            Figures.Row("search while typing, p50 / p95", engine.ToString(), $"{Figures.Percentile(times, 0.5):0} / {Figures.Percentile(times, 0.95):0} ms", "≤ 100 ms");
        }
    }

    private static async Task PagesAsync(HubUnderTest hub, DbEngine engine, string how)
    {
        await hub.SignInAsync();
        var first = "/people/" + Person;
        await PageAsync(hub, engine, $"{how}first page of a person with {Visits:N0} visits and {Visits * ResultsEach:N0} results among 200,000 people", first, "p95 ≤ 800 ms, ≤ 60 KB");
        var sheet = await hub.TextAsync(first + "/results");
        await PageAsync(hub, engine, how + "flowsheet", first + "/results", "p95 ≤ 300 ms");
        await PageAsync(hub, engine, how + "one test, its curve", Link(sheet, first + "/results/[^\"?.]+"), "p95 ≤ 300 ms");
        await PageAsync(hub, engine, how + "the life in lanes", first + "/timeline", "p95 ≤ 300 ms");
        await PageAsync(hub, engine, how + "one visit", $"{first}/visits/{Person}-v{Visits - 1}", "p95 ≤ 300 ms");
    }

    /// <summary>Milliseconds on the wall, and of CPU of hub and database, which a busy machine changes less.</summary>
    private static async Task PageAsync(HubUnderTest hub, DbEngine engine, string what, string path, string target)
    {
        double Used() => Cpu.Of(hub.ProcessId) + (engine == DbEngine.Postgres ? Cpu.Postgres() : 0);
        List<double> times = [];
        var (cold, bytes) = await hub.GetAsync(path);
        for (var i = 0; i < Warm; i++)
        {
            await hub.GetAsync(path);
        }

        var start = Used();
        for (var i = 0; i < Requests; i++)
        {
            times.Add((await hub.GetAsync(path)).Ms);
        }

        var cpu = (Used() - start) * 1000 / Requests;
        Figures.Row(what + ", p50 / p95, compressed", engine.ToString(),
            $"{Figures.Percentile(times, 0.5):0} / {Figures.Percentile(times, 0.95):0} ms, CPU {cpu:0} ms, the first time {cold:0} ms, {bytes / 1024.0:0.0} KB", target);
    }

    /// <summary>Style, script and fonts that the page names: asked for once, kept by the browser for ever.</summary>
    private static async Task BesidesAsync(HubUnderTest hub, DbEngine engine, string page)
    {
        var text = await hub.TextAsync(page);
        var named = Asset().Matches(text).Select(m => m.Groups[1].Value).Distinct().ToList();
        long bytes = 0;
        foreach (var asset in named)
        {
            bytes += (await hub.GetAsync(asset)).Bytes;
        }

        Figures.Row($"what that page names besides: {named.Count} files, compressed", engine.ToString(), $"{bytes / 1024.0:0} KB", "≤ 350 KB with the page");
    }

    private static string Link(string text, string pattern) =>
        Regex.Match(text, "href=\"(" + pattern + ")") is { Success: true } match ? match.Groups[1].Value : throw new InvalidOperationException("The page names no " + pattern);

    /// <summary>Visits through twenty-five years up to now, in the shape that intake gives them.</summary>
    private static async Task LiveAsync(string data, DbEngine engine, string? connection)
    {
        var db = engine == DbEngine.Postgres ? Db.OpenPostgres(connection!) : Db.OpenSqlite(Path.Combine(data, "mach.db"));
        await using var store = await RecordStore.OpenAsync(db, new StoreOptions(Path.Combine(data, "store.secret"), Vault: new Mach.Store.Sealing.FileKeyVault(Path.Combine(data, "keys", "store.key"))), TimeProvider.System, CancellationToken.None);
        var random = new Random(5);
        var now = DateTimeOffset.UtcNow;
        List<Write> writes = [Put("Patient", Person, $$"""
            "identifier":[{"system":"{{Systems.NationalId}}","value":"025040999999"}],"name":[{"text":"Hoàng Thị Trường Thọ","family":"Hoàng","given":["Thọ"]}],"gender":"female","birthDate":"1940-05-06"
            """)];
        for (var visit = 0; visit < Visits; visit++)
        {
            Visit(writes, random, visit, now.AddDays(-25.0 * 365 * (Visits - visit) / Visits));
            if (visit % VisitsEachCommit == VisitsEachCommit - 1)
            {
                await store.CommitAsync(new Commit { Writes = [.. writes], Actor = "bench" }, CancellationToken.None);
                writes.Clear();
            }
        }
    }

    private static void Visit(List<Write> writes, Random random, int number, DateTimeOffset at)
    {
        var id = $"{Person}-v{number}";
        var facility = random.Next(4) == 0 ? "25008" : "25001";
        var day = at.ToOffset(TimeSpan.FromHours(7)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
        var (diagnosis, said) = Diagnoses[random.Next(Diagnoses.Length)];
        var (drug, drugName) = Drugs[random.Next(Drugs.Length)];
        var common = $$"""
            "subject":{"reference":"Patient/{{Person}}"},"encounter":{"reference":"Encounter/{{id}}"}
            """;
        writes.Add(Put("Encounter", id, $$"""
            {{Source(facility, id, "XML1", 1)}},"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"{{(random.Next(40) == 0 ? "IMP" : "AMB")}}"},"type":[{"text":"Khám bệnh"}],"subject":{"reference":"Patient/{{Person}}"},"period":{"start":"{{day}}","end":"{{day}}"},"reasonCode":[{"text":"Đau đầu, mệt"}],"diagnosis":[{"condition":{"reference":"Condition/{{id}}-c"},"rank":1}],"serviceProvider":{"reference":"Organization/cskcb-{{facility}}"}
            """));
        writes.Add(Put("Condition", id + "-c", $$"""
            {{Source(facility, id, "XML1", 1)}},"category":[{"coding":[{"code":"encounter-diagnosis"}]}],"code":{"coding":[{"system":"{{Systems.Icd10}}","code":"{{diagnosis}}"}],"text":"{{said}}"},{{common}},"recordedDate":"{{day}}"
            """));
        writes.Add(Put("MedicationRequest", id + "-m", $$"""
            {{Source(facility, id, "XML2", 1)}},"status":"completed","intent":"order","medicationCodeableConcept":{"coding":[{"system":"{{Systems.DrugCode}}","code":"{{drug}}"}],"text":"{{drugName}}"},{{common}},"authoredOn":"{{day}}","dosageInstruction":[{"text":"1 viên x 2 lần/ngày"}],"dispenseRequest":{"quantity":{"value":28,"unit":"viên"},"expectedSupplyDuration":{"value":14,"unit":"ngày"} }
            """));
        for (var i = 0; i < ResultsEach; i++)
        {
            var (code, name, unit, low, spread) = Analytes[i];
            var value = (low + spread * random.NextDouble()).ToString("0.0", CultureInfo.InvariantCulture);
            writes.Add(Put("Observation", $"{id}-o{i}", $$"""
                {{Source(facility, id, "XML4", i + 1)}},"status":"final","category":[{"coding":[{"code":"laboratory"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"{{code}}"}],"text":"{{name}}"},{{common}},"effectiveDateTime":"{{day}}","valueQuantity":{"value":{{value}},"unit":"{{unit}}"}
                """));
        }
    }

    private static string Source(string facility, string visit, string table, int row) => $$"""
        "meta":{"source":"{{new DossierUri(facility, visit, table, row)}}"}
        """;

    private static Write Put(string type, string id, string rest) =>
        new(WriteKind.Put, type, id, Encoding.UTF8.GetBytes($$"""{"resourceType":"{{type}}","id":"{{id}}",{{rest.Trim()}}}"""), KnownNew: true);

    [GeneratedRegex("(?:href|src)=\"(/[^\"]+\\.(?:css|js|woff2)[^\"]*)\"")]
    private static partial Regex Asset();
}
