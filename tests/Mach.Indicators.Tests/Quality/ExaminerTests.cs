using System.Globalization;
using System.Net;
using Dapper;
using Mach.Data;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;
using Mach.Indicators.Plans;
using Mach.Indicators.Quality;
using Mach.Store;
using Mach.Testing;
using static Mach.Indicators.Tests.NumbersHost;

namespace Mach.Indicators.Tests.Quality;

/// <summary>Source of the checks and of the steps: docs/adr/0029. It is 20 November 2026; October is the last finished month.</summary>
public class ExaminerTests
{
    private const int October = 202610;
    private static readonly FindingKey s_small = new("magnitude", "visits", "25101", 202609);

    /// <summary>Three years and ten months of nine facilities. In October 25001 sent four visits twice, and twelve stays without their outcome; 25101 sent two visits of thirty in September and ten in October, and 25102 nothing since the 8th of September.</summary>
    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Each_check_finds_what_it_is_for_and_nothing_else(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await SeedAsync(host);
        string[] expected =
        [
            "magnitude visits 25101 202609: 2 of 30", "outlier visits 25101 202610: 10 of 28.6", "duplicate visits 25001 202610: 4 of 4", "silent visits 25102 202609: 73 of 0.3",
            "outcome-given outcome-missing 25001 202610: 100 of 5", "discharge-paper discharge-papers 25001 202610: 0 of 90", "results-with-orders lab-orders 25001 202610: 25 of 0",
            // 25001: 240 visits of 1,000 in ten of twelve even months.
            "plan-behind visits t:specialised 202601: 28.8 of 100",
            "target-missed visits * 202610: 174 of 200", "province-unusual visits-inpatient * 202610: 12 of 0", "month-unsigned  * 202609: 50 of 10", "month-unsigned  * 202610: 19 of 10",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), (await host.Get<Examiner>().FindAsync(default)).Select(Said).Order(StringComparer.Ordinal));
        var twice = await host.Get<Examiner>().TwiceAsync("25001", October, 100, default);
        Assert.Equal(["25001-202610-0 p0", "25001-202610-1 p1", "25001-202610-2 p2", "25001-202610-3 p3", "twice0 p0", "twice1 p1", "twice2 p2", "twice3 p3"], twice.Select(t => $"{t.Id} {t.Patient}").Order(StringComparer.Ordinal));
        Assert.Equal(3, (await host.Get<Examiner>().TwiceAsync("25001", October, 3, default)).Count);
        // An unusual cell of the cube is the program's own fault: it is said as such.
        await host.Db.WriteAsync((connection, transaction) => connection.ExecuteAsync("UPDATE ind_month SET n=n+1, v=v+100 WHERE facility='25001' AND month=202601", transaction: transaction), default);
        await host.Get<Recount>().RunAsync(default);
        Assert.Contains((await host.Get<Examiner>().FindAsync(default)).Select(Said), s => s.StartsWith("drift  * 202611: ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task An_empty_record_is_not_unusual(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        // Nothing is judged before everything has been counted once.
        Assert.Null(await host.Get<Examiner>().RunAsync(default));
        await host.Counter.CatchUpAsync(default);
        Assert.Equal(["month-unsigned", "month-unsigned"], (await host.Get<Examiner>().FindAsync(default)).Select(f => f.Key.Rule));
        Assert.Equal(2, await host.Get<Examiner>().RunAsync(default));
        Assert.Equal(0, await host.Get<Examiner>().RunAsync(default));
        var book = host.Get<DefinitionBook>();
        var current = (await book.FindAsync("visits", null, default))!;
        Assert.True(await book.AddAsync(current with { Version = 2, Of = current.Of with { Where = "form = '01'" } }, "an", "thử", default));
        Assert.Null(await host.Get<Examiner>().RunAsync(default));
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_finding_lives_until_the_record_is_mended_or_somebody_explains_it(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var book = host.Get<FindingBook>();
        Found Seen(double value) => new(s_small, value, 30, -0.3, 1);
        async Task<string> KeepAsync(params Found[] found)
        {
            await book.KeepAsync(found, _ => 3, default);
            var steps = await book.StepsAsync(s_small, default);
            return string.Create(CultureInfo.InvariantCulture, $"{steps.Count} {steps[^1].Act} {steps[^1].Value} {steps[^1].Owner} {steps[^1].Due:MM-dd}");
        }

        Assert.Equal("1 Found 1  11-23", await KeepAsync(Seen(1), Seen(1)));
        Assert.Equal("1 Found 1  11-23", await KeepAsync(Seen(1.05)));
        Assert.True(await book.TakeAsync(s_small, FindingAct.Given, 1, "an", "binh", new DateOnly(2026, 12, 1), "xem lại", default));
        // Seen by two, taken by one: the number of the step decides.
        Assert.False(await book.TakeAsync(s_small, FindingAct.Explained, 1, "chi", "", null, "không kịp", default));
        Assert.Equal("3 Changed 2 binh 12-01", await KeepAsync(Seen(2)));
        Assert.False(await book.TakeAsync(s_small, FindingAct.Opened, 3, "an", "", null, "", default));
        Assert.True(await book.TakeAsync(s_small, FindingAct.Explained, 3, "binh", "", null, "trạm đóng cửa sửa chữa", default));
        Assert.False(await book.TakeAsync(s_small, FindingAct.Given, 4, "an", "an", new DateOnly(2026, 12, 2), "", default));
        // What was explained stays so while it is the same; another value is another matter.
        Assert.Equal("4 Explained 2 binh 12-01", await KeepAsync(Seen(2)));
        Assert.Equal("4 Explained 2 binh 12-01", await KeepAsync());
        Assert.Equal("5 Found 9  11-23", await KeepAsync(Seen(9)));
        Assert.Equal("6 Gone 9  11-23", await KeepAsync());
        Assert.Equal("6 Gone 9  11-23", await KeepAsync());
        Assert.Equal("7 Found 9  11-23", await KeepAsync(Seen(9)));
        Assert.False(await book.TakeAsync(s_small with { Place = "25001" }, FindingAct.Explained, 1, "an", "", null, "không có", default));
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Of_ten_at_once_one_is_taken(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var book = host.Get<FindingBook>();
        await book.KeepAsync([new(s_small, 1, 30, -0.3, 1)], _ => 3, default);
        var taken = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => book.TakeAsync(s_small, FindingAct.Explained, 1, "an" + i, "", null, "đóng cửa", default))));
        Assert.Single(taken, t => t);
        Assert.Equal(2, (await book.StepsAsync(s_small, default)).Count);
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Each_sees_and_settles_what_is_theirs(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await host.MakeAccountsAsync();
        await SeedAsync(host);
        var (director, officer, doctor, own, guest) = (await host.BrowserAsync("director"), await host.BrowserAsync("data-officer"), await host.BrowserAsync("doctor"), await host.BrowserAsync("director-25001"), await host.BrowserAsync("registrar"));
        var token = Token(await officer.GetAsync("/account"));
        Assert.Equal(HttpStatusCode.BadRequest, (await officer.PostAsync("/indicators/quality")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await director.PostAsync("/indicators/quality", Token(await director.GetAsync("/account")))).Status);
        Assert.Equal("/indicators/quality", (await officer.PostAsync("/indicators/quality", token)).Location);

        // The whole: ten at most in the morning, all in the inbox, each with its place.
        var morning = (await director.GetAsync("/indicators/morning")).Html;
        Assert.Contains("Lệch bậc độ lớn", morning, StringComparison.Ordinal);
        Assert.Contains("Chậm so với kế hoạch", morning, StringComparison.Ordinal);
        Assert.Contains("Còn 2 việc trong hộp việc", morning, StringComparison.Ordinal);
        var inbox = (await director.GetAsync("/indicators/quality")).Html;
        Assert.Contains("12 việc chưa xong, 0 quá hạn", inbox, StringComparison.Ordinal);
        Assert.Contains(s_small.Address, inbox, StringComparison.Ordinal);
        Assert.DoesNotContain(s_small.Address, (await director.GetAsync("/indicators/quality?check=silent")).Html, StringComparison.Ordinal);
        Assert.Contains("Không có việc nào", (await director.GetAsync("/indicators/quality?state=gone")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await director.GetAsync("/indicators/quality?state=x")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await director.GetAsync("/indicators/quality?check=x")).Status);

        // One facility sees its own alone; what is no finding and what is another's answer the same.
        var mine = (await own.GetAsync("/indicators/quality")).Html;
        Assert.Contains("duplicate.visits.25001.202610", mine, StringComparison.Ordinal);
        Assert.DoesNotContain("25101", mine, StringComparison.Ordinal);
        Assert.DoesNotContain(".all.", mine, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await own.GetAsync("/indicators/quality/" + s_small.Address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await own.GetAsync("/indicators/quality/magnitude.visits.25001.202610")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await director.GetAsync("/indicators/quality/x")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await guest.GetAsync("/indicators/quality")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await guest.GetAsync("/indicators/morning")).Status);

        // Names behind a finding only for who may read the person.
        const string twice = "/indicators/quality/duplicate.visits.25001.202610";
        Assert.Contains("Người p1", (await officer.GetAsync(twice)).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Người p1", (await own.GetAsync(twice)).Html, StringComparison.Ordinal);

        async Task<Answer> Do(Browser browser, string address, params (string Name, string Value)[] fields) => await browser.PostAsync(address, [.. fields, Token(await browser.GetAsync("/account"))]);
        Assert.Equal(HttpStatusCode.Forbidden, (await Do(doctor, twice, ("act", "explained"), ("seen", "1"), ("why", "hai lượt thật"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Do(own, "/indicators/quality/" + s_small.Address, ("act", "explained"), ("seen", "1"), ("why", "hai lượt thật"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Do(own, twice, ("act", "x"), ("seen", "1"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Do(own, twice, ("act", "explained"), ("seen", "x"), ("why", "hai lượt thật"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Do(own, twice, ("act", "explained"), ("seen", "1"), ("why", "ok"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Do(own, twice, ("act", "explained"), ("seen", "1"), ("why", new string('x', 256)))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Do(officer, twice, ("act", "given"), ("seen", "1"), ("owner", "doctor-25001"), ("due", "01/12/2026"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Do(officer, twice, ("act", "given"), ("seen", "1"), ("owner", "director-25001"), ("due", "01/11/2026"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Do(officer, twice, ("act", "given"), ("seen", "1"), ("owner", "director-25001"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await officer.PostAsync(twice, ("act", "explained"), ("seen", "1"), ("why", "không có dấu của trang"))).Status);
        Assert.Equal(twice, (await Do(officer, twice, ("act", "given"), ("seen", "1"), ("owner", "director-25001"), ("due", "1/12/2026"), ("why", "xem <b>trùng</b>"))).Location);
        Assert.Contains("duplicate.visits", (await own.GetAsync("/indicators/quality?mine=on")).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("duplicate.visits", (await officer.GetAsync("/indicators/quality?mine=on")).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>trùng", (await own.GetAsync(twice)).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await Do(own, twice, ("act", "explained"), ("seen", "1"), ("why", "hai lượt thật"))).Status);
        Assert.Equal(twice, (await Do(own, twice, ("act", "explained"), ("seen", "2"), ("why", "hai lượt thật"))).Location);
        Assert.DoesNotContain("duplicate.visits", (await own.GetAsync("/indicators/quality")).Html, StringComparison.Ordinal);
        Assert.Contains("hai lượt thật", (await officer.GetAsync(twice)).Html, StringComparison.Ordinal);
        Assert.Equal(twice, (await Do(own, twice, ("act", "opened"), ("seen", "3"))).Location);

        // Time passes and nobody does anything: it is over time, and first.
        host.Clock.Now = host.Clock.Now.AddDays(40);
        Assert.Contains("quá hạn", (await (await host.BrowserAsync("director")).GetAsync("/indicators/morning")).Html, StringComparison.Ordinal);
        // The record is mended: the finding goes by itself.
        await host.WriteAsync([.. Enumerable.Range(0, 4).Select(i => Delete("Encounter", "twice" + i))]);
        await host.Counter.CatchUpAsync(default);
        await Do(await host.BrowserAsync("data-officer"), "/indicators/quality");
        Assert.Contains("duplicate.visits.25001.202610", (await (await host.BrowserAsync("director-25001")).GetAsync("/indicators/quality?state=gone")).Html, StringComparison.Ordinal);
    }

    private static string Said(Found f) => string.Create(CultureInfo.InvariantCulture, $"{f.Key.Rule} {f.Key.Indicator} {f.Key.Place} {f.Key.Month}: {Math.Round(f.Value, 1)} of {Math.Round(f.Expected, 1)}");

    private static async Task SeedAsync(NumbersHost host)
    {
        var writes = new List<Write>(Enumerable.Range(0, 40).Select(i => Person("p" + i)));
        for (var month = new DateOnly(2023, 1, 1); month <= new DateOnly(2026, 10, 1); month = month.AddMonths(1))
        {
            foreach (var (facility, usual, september, last) in new[] { ("25001", 24, 24, 8), ("25012", 40, 40, 40), ("25101", 30, 2, 10), ("25102", 8, 8, 0) }.Concat(Enumerable.Range(1, 5).Select(i => ($"2530{i}", 20, 20, 20))))
            {
                writes.AddRange(Enumerable.Range(0, month == new DateOnly(2026, 10, 1) ? last : month == new DateOnly(2026, 9, 1) ? september : usual).Select(i => Visit($"{facility}-{month:yyyyMM}-{i}", "p" + i, facility, $"{month:yyyy-MM}-{(i % 28) + 1:00}")));
            }
        }

        writes.AddRange(Enumerable.Range(0, 4).Select(i => Visit("twice" + i, "p" + i, "25001", $"2026-10-{i + 1:00}")));
        writes.AddRange(Enumerable.Range(20, 12).Select(i => Put("Encounter", "stay" + i, $$$"""
            "meta":{"source":"urn:mach:dossier:25001:stay{{{i}}}#XML1-1"},"status":"finished","class":{"code":"IMP"},"type":[{"coding":[{"system":"https://mach.health.vn/fhir/CodeSystem/bhyt-ma-loai-kcb","code":"03"}]}],"subject":{"reference":"Patient/p{{{i}}}"},"serviceProvider":{"reference":"Organization/cskcb-25001"},"period":{"start":"2026-10-08T08:00:00+07:00","end":"2026-10-12T16:00:00+07:00"}
            """)));
        writes.AddRange(Enumerable.Range(0, 25).Select(i => Put("ServiceRequest", "test" + i, $$$"""
            "meta":{"source":"urn:mach:dossier:25001:{{{i}}}#XML3-1"},"status":"completed","intent":"order","authoredOn":"2026-10-08T08:00:00+07:00","subject":{"reference":"Patient/p{{{i}}}"},"category":[{"coding":[{"system":"https://mach.health.vn/fhir/CodeSystem/bhyt-ma-nhom","code":"1"}]}]
            """)));
        // They go on sending in November.
        writes.AddRange(new[] { "25001", "25012", "25101", "25301", "25302", "25303", "25304", "25305" }.Select(f => Visit("now" + f, "p1", f, "2026-11-19")));
        await host.WriteAsync([.. writes]);
        var book = host.Get<DefinitionBook>();
        var visits = (await book.FindAsync("visits", null, default))!;
        Assert.True(await book.AddAsync(visits with { Version = visits.Version + 1, Target = 200, Better = "up" }, "an", "mục tiêu", default));
        await host.Counter.CatchUpAsync(default);
        Assert.Equal(1, await host.Get<PlanBook>().WriteAsync("visits", 2026, new Dictionary<string, decimal> { ["t:specialised"] = 1000 }, PlanBook.Mark(new Dictionary<string, decimal>()), "an", "giao kế hoạch", default));
    }
}
