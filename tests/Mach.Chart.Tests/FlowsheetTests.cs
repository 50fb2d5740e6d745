using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Chart.Flowsheets;
using Mach.Chart.Sources;
using Mach.Data;
using Mach.Store;
using Mach.Testing;
using Mach.Ui;
using Mach.Ui.Charts;

namespace Mach.Chart.Tests;

public sealed class FlowsheetTests
{
    private const string Person = "p-long-life";

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Results_stand_by_test_and_day_in_one_unit_with_what_is_usual_and_their_source(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var browser = await host.BrowserAsync("doctor");
        var page = await browser.GetAsync($"/people/{Person}/results");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        // 126 mg/dL and 7.4 mmol/L are one row; what was counted in another unit says so.
        Assert.Equal(1, Count(page.Html, $"href=\"/people/{Person}/results/glucose\""));
        Assert.Contains("mg/dL = 6.99", page.Html, StringComparison.Ordinal);
        // Blood pressure is held against the guideline, since the source gave no range.
        Assert.Contains("&lt; 140/90", page.Html, StringComparison.Ordinal);
        Assert.Contains("WHO guideline for the pharmacological treatment of hypertension", page.Html, StringComparison.Ordinal);
        Assert.Contains("outside", page.Html, StringComparison.Ordinal);
        var older = page.Between("<nav class=\"pager\"", "</nav>");
        var next = WebUtility.HtmlDecode(older[(older.IndexOf("href=\"", StringComparison.Ordinal) + 6)..].Split('"')[0]);
        var before = await browser.GetAsync(next);
        Assert.Equal(HttpStatusCode.OK, before.Status);
        Assert.DoesNotContain(Dates.Show(DateOnly.FromDateTime(Lives.Now.AddDays(-5).Date)), before.Between("<thead>", "</thead>"), StringComparison.Ordinal);

        var vitals = await browser.GetAsync($"/people/{Person}/results?group=vital-signs");
        Assert.DoesNotContain("results/glucose", vitals.Html, StringComparison.Ordinal);
        Assert.Contains("results/blood-pressure", vitals.Html, StringComparison.Ordinal);
        Assert.Contains((await host.Log.ListAsync(Person, 10, default)), l => l.Event.Action == "record-open");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_curve_has_its_table_the_medicines_under_it_another_beside_it_and_a_file(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var browser = await host.BrowserAsync("doctor");
        var page = await browser.GetAsync($"/people/{Person}/results/glucose?with=hba1c&span=1y");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("id=\"series-chart\"", page.Html, StringComparison.Ordinal);
        Assert.Equal(2, Count(page.Html, "<polyline class=\"chart-line"));
        Assert.Contains("Amlodipin 5mg", page.Between("<svg class=\"chart\"", "</svg>"), StringComparison.Ordinal);
        // Every value that is drawn stands in the table too, in both units.
        Assert.Contains("mg/dL", page.Between("<thead>", "</thead>"), StringComparison.Ordinal);
        var csv = await browser.GetAsync($"/people/{Person}/results/glucose.csv");
        Assert.StartsWith("text/csv", csv.Message.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        Assert.Contains("glucose,Glucose máu,", csv.Html, StringComparison.Ordinal);
        Assert.Contains(",126,mg/dL,6.993783,,mmol/L,", csv.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/people/{Person}/results/khong-co")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/people/nobody/results/glucose")).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/people/{Person}/results/glucose?span=tám&with=%3Cscript%3E&before=x")).Status);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Who_may_not_read_the_record_sees_no_results_and_no_sources(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var registrar = await host.BrowserAsync("registrar");
        foreach (var path in new[] { "results", "results.csv", "results/glucose", "results/glucose.csv", "sources/Observation/p-glucose-mg" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await registrar.GetAsync($"/people/{Person}/{path}")).Status);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_source_opens_with_its_versions_and_what_changed_between_them(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var corrected = Glucose("p-glucose-mg", 128);
        await host.Store.CommitAsync(new Commit { Actor = "test", Writes = [Bodies.Put(corrected)] }, default);
        var browser = await host.BrowserAsync("doctor");
        var page = await browser.GetAsync($"/people/{Person}/sources/Observation/p-glucose-mg");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("valueQuantity.value", page.Html, StringComparison.Ordinal);
        Assert.Contains("<del>126</del>", page.Html, StringComparison.Ordinal);
        Assert.Contains("<ins>128</ins>", page.Html, StringComparison.Ordinal);
        var first = await browser.GetAsync($"/people/{Person}/sources/Observation/p-glucose-mg?version=1");
        Assert.DoesNotContain("<del>", first.Html, StringComparison.Ordinal);
        // Of somebody else, unknown, of no such type or version: all the same.
        foreach (var path in new[] { "people/p-an/sources/Observation/p-glucose-mg", $"people/{Person}/sources/Observation/x", $"people/{Person}/sources/Nothing/x", $"people/{Person}/sources/Observation/p-glucose-mg?version=9", $"people/{Person}/sources/Observation/p-glucose-mg?version=99999999999", $"people/{Person}/sources/Observation/p-glucose-mg?against=x" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/" + path)).Status);
        }
    }

    /// <summary>Factors: SI conversion table of the AMA Manual of Style, 11th edition; HbA1c: master equation of IFCC and NGSP.</summary>
    [Theory]
    [InlineData("glucose", 126, "mg/dL", 6.9938)]
    [InlineData("glucose", 7, "mmol/l", 7)]
    [InlineData("creatinine", 1.2, "mg/dl", 106.082)]
    [InlineData("creatinine", 84, "umol/L", 84)]
    [InlineData("cholesterol", 200, "mg/dL", 5.172)]
    [InlineData("hba1c", 48, "mmol/mol", 6.543)]
    [InlineData("hemoglobin", 13.2, "g/dL", 132)]
    [InlineData("temperature", 98.6, "°F", 37)]
    [InlineData("heart-rate", 80, "lần/phút", 80)]
    public void Values_of_either_unit_are_brought_to_one(string key, double value, string unit, double expected) =>
        Assert.Equal(expected, Analyte.ByKey(key)!.ToUnit(value, unit)!.Value, 3);

    [Theory]
    [InlineData("glucose", "mmol")]
    [InlineData("hemoglobin", "%")]
    [InlineData("alt", "µkat/L")]
    public void A_unit_that_nobody_knows_is_not_compared(string key, string unit) => Assert.Null(Analyte.ByKey(key)!.ToUnit(1, unit));

    [Theory]
    [InlineData("4548-4", "gì đó", "hba1c")]
    [InlineData(null, "Định lượng Glucose [Máu]", "glucose")]
    [InlineData(null, "Định lượng Glucose (niệu)", null)]
    [InlineData(null, "Đường huyết mao mạch", "glucose")]
    [InlineData(null, "HDL-C (High density lipoprotein Cholesterol)", "hdl")]
    [InlineData(null, "Cholesterol toàn phần", "cholesterol")]
    [InlineData(null, "Bilirubin trực tiếp", null)]
    [InlineData(null, "HbA1c", "hba1c")]
    [InlineData(null, "Huyết sắc tố", "hemoglobin")]
    [InlineData(null, "Mạch", "heart-rate")]
    [InlineData(null, "Siêu âm mạch máu", null)]
    [InlineData(null, "", null)]
    public void What_is_measured_is_known_by_code_or_by_whole_words(string? loinc, string name, string? key) => Assert.Equal(key, Analyte.Find(loinc, name)?.Key);

    /// <summary>Source: WHO guideline on haemoglobin cutoffs to define anaemia, 2024; WHO guideline for hypertension in adults, 2021.</summary>
    [Theory]
    [InlineData("hemoglobin", "female", 30 * 365, 119, null, -1)]
    [InlineData("hemoglobin", "female", 30 * 365, 120, null, 0)]
    [InlineData("hemoglobin", "male", 30 * 365, 129, null, -1)]
    [InlineData("hemoglobin", "male", 400, 104, null, -1)]
    [InlineData("hemoglobin", "male", 400, 105, null, 0)]
    [InlineData("blood-pressure", "male", 50 * 365, 139, 89.0, 0)]
    [InlineData("blood-pressure", "male", 50 * 365, 139, 90.0, 1)]
    [InlineData("blood-pressure", "male", 50 * 365, 140, 70.0, 1)]
    [InlineData("blood-pressure", "male", 10 * 365, 140, 70.0, null)]
    [InlineData("hemoglobin", null, null, 100, null, null)]
    [InlineData("glucose", null, null, 7, null, 1)]
    public void Bands_hold_for_sex_and_age(string key, string? sex, int? days, double value, double? second, int? place) =>
        Assert.Equal(place, ReferenceBand.Find(key, sex, days, new DateOnly(2026, 11, 20))?.Place(value, second));

    /// <summary>Source: http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation. A positive test is not a high one.</summary>
    [Theory]
    [InlineData("HH", 1)]
    [InlineData("L", -1)]
    [InlineData("NEG", 0)]
    [InlineData("POS", PlacedResult.Abnormal)]
    [InlineData("A", PlacedResult.Abnormal)]
    [InlineData("?", null)]
    public void What_the_source_says_comes_first(string flag, int? place) =>
        Assert.Equal(place, PlacedResult.Of(new Record.ResultEvent { Name = "HBsAg", Group = "x", Value = "x", Flag = flag }, "female", null).Place);

    [Fact]
    public void A_band_holds_from_the_day_it_came_into_force() => Assert.Null(ReferenceBand.Find("hemoglobin", "male", 30 * 365, new DateOnly(2024, 3, 4)));

    [Theory]
    [InlineData(0, 10, "0 2 4 6 8 10")]
    [InlineData(5.1, 7.9, "5 6 7 8")]
    [InlineData(120, 120, "105 110 115 120 125 130 135")]
    [InlineData(-3, 3, "-4 -2 0 2 4")]
    [InlineData(0, 0, "-0.6 -0.4 -0.2 0 0.2 0.4 0.6")]
    public void Axes_have_round_numbers_that_hold_all_values(double low, double high, string labels)
    {
        var ticks = ChartScale.Round(low, high);
        Assert.True(ticks[0].At <= low && ticks[^1].At >= high);
        Assert.Equal(labels, string.Join(' ', ticks.Select(t => t.Label)));
    }

    [Fact]
    public void Any_span_of_days_has_few_labels_in_order()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var i = 0; i < 500; i++)
        {
            var from = DateOnly.FromDayNumber(random.Next(365 * 1900, 365 * 2030));
            var to = from.AddDays(random.Next(0, random.Next(1, 40000)));
            var ticks = ChartScale.Days(from, to);
            Assert.True(ticks.Count is > 0 and <= 14, $"seed {seed}: {from} – {to} has {ticks.Count}");
            Assert.True(ticks.Zip(ticks.Skip(1)).All(t => t.First.At < t.Second.At), $"seed {seed}: {from} – {to}");
        }
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1,"meta":{"versionId":"2"}}""", "")]
    [InlineData("""{"a":1,"b":2}""", """{"b":2,"a":1}""", "")]
    [InlineData("""{"a":1}""", """{"a":2}""", "a: 1 → 2")]
    [InlineData("""{"a":[1,2,3]}""", """{"a":[0,1,2,3]}""", "a[0]:  → 0")]
    [InlineData("""{"a":[1,2,3]}""", """{"a":[1,3]}""", "a[1]: 2 → ")]
    [InlineData("""{"n":[{"family":"Trần","given":["Lan"]}]}""", """{"n":[{"family":"Trần","given":["Lan","Anh"]}]}""", "n[0].given[1]:  → Anh")]
    [InlineData("""{"a":{"b":1}}""", """{"a":"x"}""", "a.b: 1 → |a:  → x")]
    [InlineData("{}", """{"a":{"b":[true]}}""", "a.b[0]:  → True")]
    public void Differences_are_named_by_element(string before, string after, string expected)
    {
        using var b = JsonDocument.Parse(before);
        using var a = JsonDocument.Parse(after);
        Assert.Equal(expected, string.Join('|', JsonDifference.Of(b.RootElement, a.RootElement).Select(d => $"{d.Path}: {d.Before} → {d.After}")));
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("-1.5", "-1.5")]
    [InlineData("-cmd", "'-cmd")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("\"", "\"\"\"\"")]
    [InlineData(null, "")]
    public void Cells_run_no_formulas(string? text, string cell) => Assert.Equal(cell, CsvFile.Cell(text));

    private static async Task<ChartHost> StartAsync(DbEngine engine)
    {
        var host = await ChartHost.StartAsync(engine);
        await Lives.LongAsync(host.Store, Person, 40);
        await Lives.NeighboursAsync(host.Store);
        var pressure = Bodies.Observation("p-bp", Person, Person + "-v0000", "25001", "HA", "Huyết áp", 0, "mmHg", Lives.Now.AddDays(-5), 0);
        pressure.Remove("valueQuantity");
        pressure["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://loinc.org", ["code"] = "85354-9" }) };
        pressure["component"] = new JsonArray(Part("8480-6", 152), Part("8462-4", 88));
        await host.Store.CommitAsync(new Commit { Actor = "test", Writes = [Bodies.Put(Glucose("p-glucose-mg", 126)), Bodies.Put(pressure)] }, default);
        return host;
    }

    private static JsonObject Glucose(string id, double value) =>
        Bodies.Observation(id, Person, Person + "-v0001", "25012", "XN-1", "Định lượng Glucose [Máu]", value, "mg/dL", Lives.Now.AddDays(-2), 3);

    private static JsonObject Part(string loinc, int value) => new()
    {
        ["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://loinc.org", ["code"] = loinc }) },
        ["valueQuantity"] = new JsonObject { ["value"] = value, ["unit"] = "mmHg" },
    };

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
