using System.Globalization;
using System.Net;
using Mach.Data;
using Mach.Indicators.Subscriptions;
using Mach.Testing;
using static Mach.Indicators.Tests.NumbersHost;

namespace Mach.Indicators.Tests.Subscriptions;

public class SubscriptionTests
{
    [Theory]
    // Ordered on 20 November: the month before is there at once, November when it is over, and so on.
    [InlineData("month", "2026-11-20", "2026-10")]
    [InlineData("month", "2027-03-30", "2027-02", "2027-03-30")]
    [InlineData("month", "2026-11-30", "2026-10")]
    [InlineData("month", "2026-12-01", "2026-11 2026-10")]
    [InlineData("month", "2027-12-31", "2027-11 2027-10 2027-09 2027-08 2027-07 2027-06 2027-05 2027-04 2027-03 2027-02 2027-01 2026-12")]
    [InlineData("quarter", "2026-11-20", "2026-q3")]
    [InlineData("quarter", "2027-01-01", "2026-q4 2026-q3")]
    [InlineData("year", "2026-12-31", "2025")]
    [InlineData("year", "2027-01-01", "2026 2025")]
    public void A_report_comes_when_its_period_is_over(string cadence, string today, string periods, string since = "2026-11-20") =>
        Assert.Equal(periods, string.Join(' ', new Subscription("an", "briefing", cadence, DateOnly.Parse(since, CultureInfo.InvariantCulture), null).Ended(DateOnly.Parse(today, CultureInfo.InvariantCulture)).Select(p => p.Text)));

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task What_was_ordered_is_new_until_it_is_opened(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await host.MakeAccountsAsync();
        await host.WriteAsync(Person("a"), Visit("e1", "a", "25001", "2026-10-05"));
        await host.Counter.CatchUpAsync(default);
        var (director, own, guest) = (await host.BrowserAsync("director"), await host.BrowserAsync("director-25001"), await host.BrowserAsync("registrar"));
        async Task<Answer> Do(Browser browser, params (string Name, string Value)[] fields) => await browser.PostAsync("/indicators/subscriptions", [.. fields, Token(await browser.GetAsync("/account"))]);
        const string list = "/indicators/subscriptions";
        Assert.Contains("Chưa đặt báo cáo nào", (await director.GetAsync(list)).Html, StringComparison.Ordinal);
        foreach (var report in new[] { "briefing", "board:steering", "indicator:visits" })
        {
            Assert.Equal(list, (await Do(director, ("act", "order"), ("report", report), ("cadence", "month"))).Location);
        }

        // Twice is once; what is not there, or somebody else's, cannot be ordered.
        Assert.Equal(list, (await Do(director, ("act", "order"), ("report", "briefing"), ("cadence", "month"))).Location);
        Assert.Equal(3, (await host.Get<SubscriptionBook>().ListAsync("director", default)).Count);
        foreach (var (report, cadence) in new[] { ("board:none", "month"), ("indicator:none", "month"), ("x", "month"), ("", "month"), ("briefing", "hour") })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await Do(director, ("act", "order"), ("report", report), ("cadence", cadence))).Status);
        }

        var board = (await own.PostAsync("/indicators/boards", Token(await own.GetAsync("/account")))).Location!.Split('/')[^2];
        Assert.Equal(HttpStatusCode.BadRequest, (await Do(director, ("act", "order"), ("report", "board:" + board), ("cadence", "month"))).Status);
        Assert.Contains("3 báo cáo mới", (await director.GetAsync("/indicators/morning")).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("báo cáo mới", (await own.GetAsync("/indicators/morning")).Html, StringComparison.Ordinal);

        Assert.Equal("/indicators/briefing.pdf?period=2026-10", (await Do(director, ("act", "open"), ("report", "briefing"), ("cadence", "month"), ("period", "2026-10"))).Location);
        Assert.Equal("/indicators/visits.xlsx?period=2026-10", (await Do(director, ("act", "open"), ("report", "indicator:visits"), ("cadence", "month"), ("period", "2026-10"))).Location);
        Assert.Equal(HttpStatusCode.OK, (await director.GetAsync("/indicators/visits.xlsx?period=2026-10")).Status);
        Assert.Contains("1 báo cáo mới", (await director.GetAsync("/indicators/morning")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await Do(director, ("act", "open"), ("report", "briefing"), ("cadence", "month"), ("period", "2026-11"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Do(own, ("act", "open"), ("report", "briefing"), ("cadence", "month"), ("period", "2026-10"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await director.PostAsync(list, ("act", "order"), ("report", "briefing"), ("cadence", "year"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await guest.GetAsync(list)).Status);

        // The month is over: the report of it is new, the one before stays read, and reading the old one again does not make the new one read.
        host.Clock.Now = host.Clock.Now.AddDays(12);
        director = await host.BrowserAsync("director");
        Assert.Contains("3 báo cáo mới", (await director.GetAsync("/indicators/morning")).Html, StringComparison.Ordinal);
        await Do(director, ("act", "open"), ("report", "briefing"), ("cadence", "month"), ("period", "2026-10"));
        Assert.Contains("2026-11 · mới", WebUtility.HtmlDecode((await director.GetAsync(list)).Html), StringComparison.Ordinal);
        Assert.DoesNotContain("2026-10 · mới", WebUtility.HtmlDecode((await director.GetAsync(list)).Html), StringComparison.Ordinal);
        Assert.Equal(list, (await Do(director, ("act", "cancel"), ("report", "briefing"), ("cadence", "month"))).Location);
        Assert.Equal(HttpStatusCode.NotFound, (await Do(director, ("act", "cancel"), ("report", "briefing"), ("cadence", "month"))).Status);
    }
}
