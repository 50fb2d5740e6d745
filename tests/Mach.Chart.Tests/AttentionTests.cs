using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Chart.Record;
using Mach.Chart.Visits;
using Mach.Data;
using Mach.Kernel;
using Mach.Store;
using Mach.Testing;

namespace Mach.Chart.Tests;

public sealed class AttentionTests
{
    private static readonly DateOnly s_today = new(2026, 11, 20);

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_record_begins_with_what_a_doctor_should_not_miss(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        const string person = "p-long-life";
        await Lives.LongAsync(host.Store, person, 30);
        var low = Bodies.Observation("p-low-hb", person, person + "-v0000", "25001", "XN-9", "Huyết sắc tố", 98, "g/L", Lives.Now.AddDays(-6), 4);
        await host.Store.CommitAsync(new Commit
        {
            Actor = "test",
            Writes = [Bodies.Put(low), Bodies.Put(Slip("p-slip", person, "2026-12-01")), Bodies.Put(Slip("p-slip-past", person, "2026-11-17", "25148")), Bodies.Put(Transfer("p-ref", person, "25999", "2026-11-01"))],
        }, default);
        var page = await (await host.BrowserAsync("doctor")).GetAsync("/people/" + person);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        var card = page.Between("id=\"attention\"", "</section>");
        Assert.Contains("Huyết sắc tố", card, StringComparison.Ordinal);
        Assert.Contains("thường gặp ≥ 120", card, StringComparison.Ordinal);
        Assert.Contains("01/12/2026", card, StringComparison.Ordinal);
        Assert.Contains("chưa thấy khám lại", card, StringComparison.Ordinal);
        Assert.Contains("chưa thấy ở nơi đến", card, StringComparison.Ordinal);
        Assert.Contains("còn 25 ngày", page.Html, StringComparison.Ordinal);
        // Registrars see banner and visits alone.
        Assert.DoesNotContain("id=\"attention\"", (await (await host.BrowserAsync("registrar")).GetAsync("/people/" + person)).Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("25148", "2026-11-10", "25148", "2026-11-12", 0)]
    [InlineData("25148", "2026-11-10", "25148", "2026-11-09", 1)]
    [InlineData("25148", "2026-11-10", "25001", "2026-11-12", 1)]
    [InlineData("25148", "2026-05-01", "25001", "2026-05-02", 0)]
    [InlineData("25148", "2026-12-10", "25001", "2026-05-02", 0)]
    public void A_referral_is_open_until_its_facility_saw_the_person_and_for_half_a_year(string to, string on, string seenAt, string seenOn, int open) =>
        Assert.Equal(open, Of(referrals: [new(Date(on), "25001", to, null, null)], visits: [Visit("v", seenAt, seenOn)]).Referrals.Count);

    [Theory]
    [InlineData("2026-11-20", "2026-10-01", 1, 0)]
    [InlineData("2026-12-20", "2026-10-01", 1, 0)]
    [InlineData("2026-11-10", "2026-10-01", 0, 1)]
    [InlineData("2026-11-10", "2026-11-08", 0, 0)]
    [InlineData("2026-11-10", "2026-11-15", 0, 0)]
    [InlineData("2026-07-10", "2026-06-15", 0, 0)]
    public void A_follow_up_is_coming_missed_or_done(string on, string seenOn, int coming, int missed)
    {
        var found = Of(followUps: [new(Date(on), "25001", "1", null)], visits: [Visit("v", "25001", seenOn)]);
        Assert.Equal((coming, missed), (found.Coming.Count, found.Missed.Count));
    }

    /// <summary>Source: chapters XV and XXI of ICD-10; a pregnancy lasts at most 42 weeks.</summary>
    [Theory]
    [InlineData("female", "Z34.0:2026-10-01", true)]
    [InlineData("male", "Z34.0:2026-10-01", false)]
    [InlineData("female", "Z34.0:2025-12-01", false)]
    [InlineData("female", "Z34.0:2026-08-01 O80:2026-11-01", false)]
    [InlineData("female", "O80:2025-11-01 Z34.0:2026-11-01", true)]
    [InlineData("female", "O03:2026-11-01 Z34.0:2026-10-01", false)]
    [InlineData("female", "Z32.0:2026-11-01", false)]
    [InlineData("female", "Z32.1:2026-11-01", true)]
    [InlineData("female", "O99:2026-11-01", true)]
    [InlineData("female", "N80:2026-11-01", false)]
    public void A_pregnancy_may_last_until_its_end_is_known(string sex, string codes, bool may)
    {
        var diagnoses = codes.Split(' ').Select((c, i) => new Diagnosis { Id = "c" + i, Text = c, Code = c.Split(':')[0], Date = Date(c.Split(':')[1]) }).ToList();
        Assert.Equal(may, Of(sex, diagnoses: diagnoses).Pregnancy is not null);
    }

    /// <summary>Source: Data/care-gaps.tsv names it row by row.</summary>
    [Theory]
    [InlineData("E11.9", "hba1c", "2026-06-01", "creatinine")]
    [InlineData("E11.9", "hba1c", "2026-05-01", "hba1c,creatinine")]
    [InlineData("E11.9", "creatinine", "2025-12-01", "hba1c")]
    [InlineData("I10", "blood-pressure", "2026-11-01", "")]
    [InlineData("I10", "hba1c", "2026-11-01", "blood-pressure")]
    [InlineData("M17", "hba1c", "2020-11-01", "")]
    public void What_a_lasting_problem_needs_is_missed_when_it_is_too_long_ago(string code, string measured, string on, string gaps)
    {
        var result = new ResultEvent { Name = measured, Group = measured, Value = "1", Compared = 1, Analyte = Flowsheets.Analyte.ByKey(measured), Date = Date(on) };
        var problems = new ProblemList([new(code, code, 3, Date("2020-01-01"), Date("2026-11-01"), [], null)], []);
        Assert.Equal(gaps, string.Join(',', Of(problems: problems, results: [result]).Gaps.Select(g => Key(g.Name))));
    }

    [Fact]
    public void Only_the_latest_value_counts_and_only_of_twelve_months()
    {
        ResultEvent Hb(double value, string on) => new() { Name = "Hb", Group = "hb", Value = "x", Number = value, Compared = value, Analyte = Flowsheets.Analyte.ByKey("hemoglobin"), Date = Date(on) };
        Assert.Single(Of("female", results: [Hb(98, "2026-11-01"), Hb(130, "2026-10-01")]).Abnormal);
        Assert.Empty(Of("female", results: [Hb(130, "2026-11-01"), Hb(98, "2026-10-01")]).Abnormal);
        Assert.Empty(Of("female", results: [Hb(98, "2025-11-01")]).Abnormal);
    }

    [Theory]
    [InlineData("""{"status":"revoked","authoredOn":"2026-11-01"}""", false)]
    [InlineData("""{"status":"active"}""", true)]
    [InlineData("{}", false)]
    [InlineData("""{"status":7,"performer":"x","reasonCode":3}""", false)]
    public void Odd_referrals_are_read_or_left(string body, bool isRead)
    {
        using var document = JsonDocument.Parse(body);
        Assert.Equal(isRead, Referral.Read("x", document.RootElement) is not null);
    }

    private static Attention Of(
        string? sex = "female", IReadOnlyList<ResultEvent>? results = null, IReadOnlyList<Diagnosis>? diagnoses = null, ProblemList? problems = null,
        IReadOnlyList<Visit>? visits = null, IReadOnlyList<Referral>? referrals = null, IReadOnlyList<FollowUp>? followUps = null) =>
        Attention.From(sex, Date("1980-01-01"), s_today, results ?? [], diagnoses ?? [], problems ?? new([], []), visits ?? [], referrals ?? [], followUps ?? [], []);

    private static string Key(string name) => new[] { "hba1c", "creatinine", "blood-pressure" }.Single(k => Flowsheets.Analyte.ByKey(k)!.Name == name);

    private static Visit Visit(string id, string facility, string on) => new() { Id = id, Facility = facility, Start = Date(on), Source = id };

    private static PartialDate Date(string text) => PartialDate.TryParseFhir(text, out var date) ? date : throw new ArgumentException(text);

    private static JsonObject Slip(string id, string person, string day, string facility = "25001") => Bodies.Source(new JsonObject
    {
        ["resourceType"] = "Appointment",
        ["id"] = id,
        ["status"] = "booked",
        ["start"] = day + "T00:00:00+07:00",
        ["end"] = day + "T23:59:59+07:00",
        ["participant"] = new JsonArray(new JsonObject { ["actor"] = Bodies.Ref("Patient/" + person), ["status"] = "accepted" }),
    }, facility, id, "XML14", 1);

    private static JsonObject Transfer(string id, string person, string to, string on) => Bodies.Source(new JsonObject
    {
        ["resourceType"] = "ServiceRequest",
        ["id"] = id,
        ["status"] = "active",
        ["intent"] = "order",
        ["category"] = new JsonArray(new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://snomed.info/sct", ["code"] = "3457005" }) }),
        ["subject"] = Bodies.Ref("Patient/" + person),
        ["authoredOn"] = on,
        ["performer"] = new JsonArray(new JsonObject { ["identifier"] = new JsonObject { ["value"] = to } }),
    }, "25001", id, "XML13", 1);
}
