using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Mach.Data;
using Mach.Fhir.Validation;
using Mach.Indicators.Pages;
using Mach.Testing;
using static Mach.Indicators.Tests.NumbersHost;

namespace Mach.Indicators.Tests.Pages;

public class PageTests
{
    private static async Task<Testing.Answer> SendAsync(Browser browser, string address, (string Name, string Value)[] form) =>
        await browser.PostAsync(address, [.. form, Token(await browser.GetAsync(address))]);

    private static async Task<NumbersHost> FilledAsync(DbEngine engine)
    {
        var host = await StartAsync(engine);
        await host.MakeAccountsAsync();
        await host.WriteAsync(
            [Person("a", commune: "07894"), Person("b", "male", "2023-01-01"), .. Enumerable.Range(1, 9).Select(n => Visit("e" + n, n < 6 ? "a" : "b", n < 8 ? "25001" : "25012", $"2026-0{n}-03", n % 2 == 0 ? "03" : "01", n, n == 4 ? "5" : "1")), Claim("c1", "a", "25001", "2026-02-02", "1000000.5")]);
        await host.Counter.CatchUpAsync(default);
        return host;
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_director_sees_the_numbers_and_nobodys_record(DbEngine engine)
    {
        await using var host = await FilledAsync(engine);
        var director = await host.BrowserAsync("director");
        var overview = await director.GetAsync("/indicators?period=2026");
        Assert.Equal(HttpStatusCode.OK, overview.Status);
        Assert.Contains("Lượt khám, điều trị", overview.Html, StringComparison.Ordinal);
        Assert.Contains("/indicators/length-of-stay?period=2026", overview.Html, StringComparison.Ordinal);
        var page = await director.GetAsync("/indicators/visits?period=2026&by=facility");
        Assert.Contains("Bệnh viện tỉnh", page.Html, StringComparison.Ordinal);
        Assert.Contains("Trung tâm y tế", page.Html, StringComparison.Ordinal);
        Assert.All(new[] { ".xlsx", ".csv", "/measure-report", "/sdmx.csv", "/adx.xml" }, kind => Assert.Contains($"\"/indicators/visits{kind}?period=2026&amp;by=facility&amp;map=today\"", page.Html, StringComparison.Ordinal));
        var records = await director.GetAsync("/indicators/visits/records?period=2026");
        Assert.Contains("9 bản ghi", records.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Người a", records.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Encounter/e1", records.Html, StringComparison.Ordinal);
        // One death is a small number: nobody who may not open the record learns that it was one.
        foreach (var address in new[] { "/indicators?period=2026", "/indicators/died?period=2026", "/indicators/died.csv?period=2026&by=facility", "/indicators/died/records?period=2026", "/indicators/died/measure-report?period=2026" })
        {
            var small = await director.GetAsync(address);
            Assert.Equal(HttpStatusCode.OK, small.Status);
            if (!address.Contains("measure-report", StringComparison.Ordinal))
            {
                Assert.True(small.Html.Contains("&lt; 5", StringComparison.Ordinal) || small.Html.Contains("<5", StringComparison.Ordinal), address);
            }
            else
            {
                Assert.DoesNotContain("measureScore", small.Html, StringComparison.Ordinal);
                Assert.DoesNotContain("\"count\"", small.Html, StringComparison.Ordinal);
            }
        }

        Assert.Contains("died,_T,_T,2026,,Q,", (await director.GetAsync("/indicators/died/sdmx.csv?period=2026&by=facility")).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("dataValue", (await director.GetAsync("/indicators/died/adx.xml?period=2026&by=facility")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await director.GetAsync("/indicators/visits/definition")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await director.GetAsync("/indicators/new")).Status);
    }

    [Fact]
    public async Task What_is_not_counted_yet_is_said()
    {
        await using var host = await FilledAsync(DbEngine.Sqlite);
        var director = await host.BrowserAsync("director");
        Assert.DoesNotContain("chưa đếm", (await director.GetAsync("/indicators/visits?period=2026")).Html, StringComparison.Ordinal);
        await host.WriteAsync(Visit("e99", "a", "25001", "2026-03-09"), Visit("e98", "a", "25001", "2026-03-09"));
        Assert.Contains("còn 2 bản ghi chưa đếm", (await director.GetAsync("/indicators/visits?period=2026")).Html, StringComparison.Ordinal);
        Assert.Contains("còn 2 bản ghi chưa đếm", (await director.GetAsync("/indicators?period=2026")).Html, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Who_acts_for_one_facility_sees_that_one_on_pages_and_in_files(DbEngine engine)
    {
        await using var host = await FilledAsync(engine);
        foreach (var account in new[] { "director-25001", "doctor-25001" })
        {
            var browser = await host.BrowserAsync(account);
            foreach (var address in new[] { "/indicators/visits?period=2026&by=facility", "/indicators/visits.csv?period=2026&by=facility", "/indicators/visits/measure-report?period=2026&by=facility", "/indicators/visits/sdmx.csv?period=2026&by=facility", "/indicators/visits/adx.xml?period=2026&by=facility", "/indicators?period=2026" })
            {
                var answer = await browser.GetAsync(address);
                Assert.Equal(HttpStatusCode.OK, answer.Status);
                Assert.DoesNotContain("Trung tâm y tế", answer.Html, StringComparison.Ordinal);
                Assert.DoesNotContain("25012", answer.Html, StringComparison.Ordinal);
            }

            Assert.Contains("0 bản ghi", (await browser.GetAsync("/indicators/visits/records?period=2026&by=facility&key=25012")).Html, StringComparison.Ordinal);
            var csv = (await browser.GetAsync("/indicators/visits.csv?period=2026&by=facility")).Html;
            Assert.Contains("visits,1,2026-01-01,2026-12-31,facility,,Tổng,7,7,,7,,lượt", csv, StringComparison.Ordinal);
        }

        foreach (var account in new[] { "registrar", "nurse", "intake", "administrator", "person" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await (await host.BrowserAsync(account)).GetAsync("/indicators")).Status);
        }
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_data_officer_opens_a_number_to_its_records(DbEngine engine)
    {
        await using var host = await FilledAsync(engine);
        var officer = await host.BrowserAsync("data-officer");
        var records = await officer.GetAsync("/indicators/visits/records?period=2026&by=facility&key=25012");
        Assert.Contains("2 bản ghi", records.Html, StringComparison.Ordinal);
        Assert.Contains("Người b", records.Html, StringComparison.Ordinal);
        Assert.Contains("/people/b/sources/Encounter/e9", records.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("/sources/Encounter/e1\"", records.Html, StringComparison.Ordinal);
        // The same value in each form.
        var csv = (await officer.GetAsync("/indicators/length-of-stay.csv?period=2026&by=tier")).Html;
        Assert.Contains("length-of-stay,1,2026-01-01,2026-12-31,tier,,Tổng,5,20,4,4,,ngày", csv, StringComparison.Ordinal);
        using var report = JsonDocument.Parse((await officer.GetAsync("/indicators/length-of-stay/measure-report?period=2026&by=tier")).Html);
        Assert.DoesNotContain(ResourceValidator.Validate(report.RootElement), issue => issue.Severity <= IssueSeverity.Error);
        Assert.Equal(5, report.RootElement.GetProperty("group")[0].GetProperty("measureScore").GetProperty("value").GetDecimal());
        Assert.Contains("\ndataflow,MACH:INDICATORS(1.0),R,length-of-stay,_T,_T,2026,5,A,ngày,20,4,1\r", (await officer.GetAsync("/indicators/length-of-stay/sdmx.csv?period=2026&by=tier")).Html, StringComparison.Ordinal);
        await TheSameAsync(officer, "visits");
        await TheSameAsync(officer, "length-of-stay");
        using var share = JsonDocument.Parse((await officer.GetAsync("/indicators/share-inpatient/measure-report?period=2026-q1&by=facility")).Html);
        Assert.DoesNotContain(ResourceValidator.Validate(share.RootElement), issue => issue.Severity <= IssueSeverity.Error);
    }

    /// <summary>CSV, SDMX-CSV and ADX hold the same values, however they are parted.</summary>
    private static async Task TheSameAsync(Browser browser, string code)
    {
        foreach (var (by, _) in IndicatorQuery.Ways)
        {
            var tail = "?period=2026-q1&by=" + by;
            static List<string[]> Lines(string csv) => [.. csv.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(','))];
            var csv = Lines((await browser.GetAsync($"/indicators/{code}.csv{tail}")).Html);
            var sdmx = Lines((await browser.GetAsync($"/indicators/{code}/sdmx.csv{tail}")).Html);
            var adx = XDocument.Parse((await browser.GetAsync($"/indicators/{code}/adx.xml{tail}")).Html).Root!;
            XNamespace ns = "urn:ihe:qrph:adx:2015";
            Assert.Equal(csv.Select(l => l[7]), sdmx.Select(l => l[7]));
            Assert.Equal(csv.Select(l => l[7]).Where(v => v.Length > 0), adx.Elements(ns + "group").Elements(ns + "dataValue").Select(v => v.Attribute("value")!.Value));
            Assert.All(adx.Elements(ns + "group"), g => Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}/P[0-9]+[MD]$", g.Attribute("period")!.Value));
            Assert.All(sdmx, l => Assert.Matches("^[0-9]{4}(-Q[1-4]|-[0-9]{2})?$", l[6]));
            Assert.True(csv.Count > 1, by);
        }
    }

    [Theory]
    [InlineData("/indicators?period=2026-13", HttpStatusCode.BadRequest)]
    [InlineData("/indicators?period=2026-01-02..2026-03-01", HttpStatusCode.BadRequest)]
    [InlineData("/indicators/visits?period=x", HttpStatusCode.BadRequest)]
    [InlineData("/indicators/visits?from=2026-02-01&to=2026-01-01", HttpStatusCode.BadRequest)]
    [InlineData("/indicators/visits?from=1/2/2026&to=5/3/2026", HttpStatusCode.OK)]
    [InlineData("/indicators/visits?by=nothing", HttpStatusCode.BadRequest)]
    [InlineData("/indicators/visits?map=nothing", HttpStatusCode.BadRequest)]
    [InlineData("/indicators/visits?map=former&by=commune", HttpStatusCode.OK)]
    [InlineData("/indicators/visits?map=event&by=commune", HttpStatusCode.OK)]
    [InlineData("/indicators/visits?by=former-province&period=2026", HttpStatusCode.OK)]
    [InlineData("/indicators/visits-residence?by=former-province&period=2026", HttpStatusCode.OK)]
    [InlineData("/indicators/nothing", HttpStatusCode.NotFound)]
    [InlineData("/indicators/nothing.csv", HttpStatusCode.NotFound)]
    [InlineData("/indicators/visits/records?after=x", HttpStatusCode.BadRequest)]
    [InlineData("/indicators/visits/records?period=1999", HttpStatusCode.OK)]
    [InlineData("/indicators/visits.csv?by=x", HttpStatusCode.BadRequest)]
    public async Task What_an_address_asks_wrongly_is_said(string address, HttpStatusCode status)
    {
        await using var host = await FilledAsync(DbEngine.Sqlite);
        Assert.Equal(status, (await (await host.BrowserAsync("data-officer")).GetAsync(address)).Status);
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_statistician_tries_a_definition_and_keeps_it(DbEngine engine)
    {
        await using var host = await FilledAsync(engine);
        host.Clock.Now = new DateTimeOffset(2026, 5, 20, 1, 0, 0, TimeSpan.Zero);
        var officer = await host.BrowserAsync("data-officer");
        (string, string)[] Form(params (string, string)[] more) =>
            [.. new (string, string)[] { ("code", "long-stays"), ("version", "0"), ("vi", "Đợt dài"), ("en", "Long stays"), ("group", "stay"), ("view", "discharge"), ("where", "form = '03' and days >= 4"), ("factor", "1"), ("digits", "0"), ("better", "down"), ("place", "care"), ("min", "0"), ("source", "Quy chế thử, điều 1") }.Where(f => !more.Any(m => m.Item1 == f.Item1)), .. more];
        var bad = await SendAsync(officer, "/indicators/new", Form(("act", "try"), ("where", "form = 3"), ("value", "dayz")));
        Assert.Equal(HttpStatusCode.BadRequest, bad.Status);
        Assert.Contains("(6)", bad.Html, StringComparison.Ordinal);
        Assert.Contains("dayz", bad.Html, StringComparison.Ordinal);
        var tried = await SendAsync(officer, "/indicators/new", Form(("act", "try")));
        Assert.Equal(HttpStatusCode.OK, tried.Status);
        Assert.Contains("Thử trên 01/04/2026", tried.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await officer.GetAsync("/indicators/long-stays")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(officer, "/indicators/new", Form(("act", "keep")))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(officer, "/indicators/new", Form(("act", "keep"), ("why", "cần cho thử"), ("code", "visits")))).Status);
        // An indicator of that name would have no page: the address is another's.
        foreach (var taken in new[] { "new", "closing", "quality", "morning", "facilities", "boards", "briefing", "subscriptions" })
        {
            Assert.Contains("không dùng làm mã", (await SendAsync(officer, "/indicators/new", Form(("act", "keep"), ("why", "cần cho thử"), ("code", taken)))).Html, StringComparison.Ordinal);
        }

        Assert.Equal("/indicators/long-stays", (await SendAsync(officer, "/indicators/new", Form(("act", "keep"), ("why", "cần cho thử")))).Location);
        await host.Counter.CatchUpAsync(default);
        Assert.Contains("long-stays,1,2026-01-01,2026-12-31,facility,,Tổng,3,3,,3,,", (await officer.GetAsync("/indicators/long-stays.csv?period=2026")).Html, StringComparison.Ordinal);

        // Two at once: the second is told, and keeps what was typed.
        var address = "/indicators/long-stays/definition";
        Assert.NotNull((await SendAsync(officer, address, Form(("act", "keep"), ("version", "1"), ("why", "sửa một"), ("where", "days >= 2")))).Location);
        var late = await SendAsync(officer, address, Form(("act", "keep"), ("version", "1"), ("why", "sửa hai"), ("where", "days >= 3")));
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Contains("days &gt;= 3", late.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026", "2026-01-01", "2026-12-31")]
    [InlineData("2026-q3", "2026-07-01", "2026-09-30")]
    [InlineData("2024-02", "2024-02-01", "2024-02-29")]
    [InlineData("2026-01-05..2026-06-30", "2026-01-05", "2026-06-30")]
    [InlineData("1/2/2026..28/2/2026", "2026-02-01", "2026-02-28")]
    [InlineData("2026-q5", null, null)]
    [InlineData("2026-00", null, null)]
    [InlineData("20260", null, null)]
    [InlineData("2026-06-30..2026-01-01", null, null)]
    [InlineData("1990-01-01..2026-01-01", null, null)]
    [InlineData("..", null, null)]
    public void Periods_are_read(string text, string? from, string? to)
    {
        var period = Period.Parse(text);
        Assert.Equal((from, to), (period?.From.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), period?.To.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(period, period is null ? null : Period.Parse(period.Text));
    }
}
