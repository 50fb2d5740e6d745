using System.Globalization;
using System.Net;
using Mach.Data;
using Mach.Indicators.Briefing;
using Mach.Indicators.Definitions;
using Mach.Indicators.Pages;
using Mach.Indicators.Plans;
using Mach.Testing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using UglyToad.PdfPig;
using UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor;
using static Mach.Indicators.Tests.NumbersHost;

namespace Mach.Indicators.Tests.Briefing;

public class BriefingTests
{
    private const string Address = "/indicators/briefing.pdf?period=2026-q2";

    private static async Task<NumbersHost> FilledAsync(DbEngine engine)
    {
        var host = await StartAsync(engine);
        await host.MakeAccountsAsync();
        // In the quarter 7 + 2, before it 6, a year before 4; one death in the quarter.
        string[] days = [.. Enumerable.Range(1, 9).Select(n => $"2026-0{4 + (n % 3)}-{10 + n}"), .. Enumerable.Range(1, 6).Select(n => $"2026-02-{10 + n}"), .. Enumerable.Range(1, 4).Select(n => $"2025-05-{10 + n}")];
        await host.WriteAsync([Person("a"), .. days.Select((d, i) => Visit("e" + i, "a", i is 7 or 8 ? "25012" : "25001", d, "03", 4, i == 3 ? "5" : "1")), Claim("c1", "a", "25001", "2026-05-02", "12345678900")]);
        await host.Counter.CatchUpAsync(default);
        await host.Get<PlanBook>().WriteAsync("visits", 2026, new Dictionary<string, decimal> { ["*"] = 60, ["f:25001"] = 40 }, PlanBook.Mark(new Dictionary<string, decimal>()), "an", "giao kế hoạch", default);
        return host;
    }

    private static async Task<(byte[] File, string Text, int Pages)> OpenAsync(Browser browser, string address)
    {
        var answer = await browser.GetAsync(address);
        Assert.Equal((HttpStatusCode.OK, "application/pdf"), (answer.Status, answer.Message.Content.Headers.ContentType!.MediaType));
        var file = await answer.Message.Content.ReadAsByteArrayAsync();
        using var pdf = PdfDocument.Open(file);
        return (file, string.Join('\n', pdf.GetPages().Select(p => ContentOrderTextExtractor.GetText(p))), pdf.NumberOfPages);
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_briefing_tells_what_the_pages_do(DbEngine engine)
    {
        await using var host = await FilledAsync(engine);
        var officer = await host.BrowserAsync("data-officer");
        var (file, text, pages) = await OpenAsync(officer, Address);
        Assert.InRange(pages, 1, 2);
        Assert.All(new[] { "BÁO CÁO NHANH", "Toàn tỉnh", "01/04/2026 – 30/06/2026", "đếm lúc 20/11/2026 08:00", "Kỳ trước: 01/01/2026 – 31/03/2026", $"Trang 1/{pages}" }, words => Assert.Contains(words, text, StringComparison.Ordinal));
        Assert.Matches("Lượt khám, điều trị \\(lượt\\)\\s*9\\s*6\\s*↑ 50,0 %\\s*4\\s*↑ 125,0 %", text);
        Assert.Matches("Ngày điều trị trung bình \\(ngày\\)\\s*4,0\\s*4,0\\s*= 0,0 %", text);
        Assert.Contains("12,3 tỷ", text, StringComparison.Ordinal);
        Assert.Contains("12,3 tỷ", (await officer.GetAsync("/indicators?period=2026-q2")).Html, StringComparison.Ordinal);
        // 15 of 60 until the end of June.
        Assert.Matches("Kế hoạch năm 2026[\\s\\S]*Lượt khám, điều trị\\s*60\\s*15\\s*25,0 %", text);
        // The same at the same minute.
        Assert.Equal(file, (await OpenAsync(officer, Address)).File);
        Assert.Contains("BRIEFING", (await OpenAsync(officer, Address + "&lang=en")).Text, StringComparison.Ordinal);
        // A whole year: the period before is the year before, and is not said twice.
        Assert.DoesNotContain("Kỳ trước", (await OpenAsync(officer, "/indicators/briefing.pdf?period=2026")).Text, StringComparison.Ordinal);
        Assert.Contains("Kỳ chưa hết", (await OpenAsync(officer, "/indicators/briefing.pdf")).Text, StringComparison.Ordinal);
        Assert.Matches("Lượt khám, điều trị \\(lượt\\)\\s*0", (await OpenAsync(officer, "/indicators/briefing.pdf?period=1999-02")).Text);
        Assert.Contains("/indicators/briefing.pdf?period=2026-q2", (await officer.GetAsync("/indicators?period=2026-q2")).Html, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task It_hides_what_the_pages_hide(DbEngine engine)
    {
        await using var host = await FilledAsync(engine);
        var (all, director, own) = ((await OpenAsync(await host.BrowserAsync("data-officer"), Address)).Text, (await OpenAsync(await host.BrowserAsync("director"), Address)).Text, (await OpenAsync(await host.BrowserAsync("director-25001"), Address)).Text);
        Assert.Matches("Tỷ lệ tử vong[^\\n]*\\s*11,11", all);
        Assert.Matches("Tỷ lệ tử vong[^\\n]*\\s*< 5", director);
        Assert.DoesNotContain("11,11", director, StringComparison.Ordinal);
        Assert.Contains("Bệnh viện tỉnh", own, StringComparison.Ordinal);
        Assert.Matches("Lượt khám, điều trị \\(lượt\\)\\s*7\\s*6", own);
        // Their own plan, not that of the province.
        Assert.Matches("Kế hoạch năm 2026[\\s\\S]*Lượt khám, điều trị\\s*40\\s*13\\s*32,5 %", own);
        foreach (var account in new[] { "registrar", "nurse", "intake", "administrator", "person" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await (await host.BrowserAsync(account)).GetAsync(Address)).Status);
        }

        Assert.StartsWith("/sign-in", (await new Browser(((TestServer)host.Get<IServer>()).CreateClient()).GetAsync(Address)).Location, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-13", "Không hiểu kỳ")]
    [InlineData("2026-01-02..2026-03-01", "theo tháng trọn")]
    public async Task What_is_asked_wrongly_is_said(string period, string words)
    {
        await using var host = await StartAsync(DbEngine.Sqlite);
        await host.MakeAccountsAsync();
        var answer = await (await host.BrowserAsync("director")).GetAsync("/indicators/briefing.pdf?period=" + period);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(words, answer.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-q2", "2026-01-01", "2026-03-31")]
    [InlineData("2026-03", "2026-02-01", "2026-02-28")]
    [InlineData("2026", "2025-01-01", "2025-12-31")]
    [InlineData("2026-01-01..2026-11-30", "2025-02-01", "2025-12-31")]
    [InlineData("2026-03-08..2026-03-14", "2026-03-01", "2026-03-07")]
    public void The_period_before_is_as_long(string text, string from, string to)
    {
        var before = Period.Parse(text)!.Preceding;
        Assert.Equal((from, to), (before.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), before.To.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void The_list_names_indicators_that_there_are() => Assert.All(BriefingList.Shipped.Indicators, code => Assert.Contains(DefinitionBook.Shipped, d => d.Code == code));
}
