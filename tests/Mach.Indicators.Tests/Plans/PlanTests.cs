using System.Globalization;
using System.Net;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Indicators.Definitions;
using Mach.Indicators.Plans;
using Mach.Testing;
using static Mach.Indicators.Tests.NumbersHost;

namespace Mach.Indicators.Tests.Plans;

/// <summary>Source of the formulas: docs/adr/0027, plans: A = actual ÷ plan; pace = actual ÷ (plan · s(t)); year end = actual ÷ s(t).</summary>
public class PlanTests
{
    [Theory]
    // Even years: half the year is half the plan.
    [InlineData("2026-06-30", "10", "10", 0.5, 2)]
    // All of it in winter: nothing has come by June but the first three months.
    [InlineData("2026-06-30", "winter", "winter", 0.5, 2)]
    [InlineData("2026-03-31", "winter", "winter", 0.5, 2)]
    [InlineData("2026-02-14", "10", "10", 0.125, 2)]
    [InlineData("2026-12-31", "10", "winter", 1, 2)]
    // A year that is not known, and none at all: the days.
    [InlineData("2026-06-30", "10", "", 0.5, 1)]
    [InlineData("2026-07-02", "", "", 0.5013698630136986301369863014, 0)]
    public void A_year_has_usually_come_so_far(string until, string one, string other, decimal mean, int years)
    {
        static IReadOnlyList<decimal> Year(string kind) => kind switch { "" => new decimal[12], "winter" => [30, 30, 30, 0, 0, 0, 0, 0, 0, 30, 30, 30], _ => [.. Enumerable.Repeat(decimal.Parse(kind, CultureInfo.InvariantCulture), 12)] };
        var share = SeasonalShare.Of([Year(one), Year(other)], DateOnly.Parse(until, CultureInfo.InvariantCulture));
        Assert.Equal(decimal.Round(mean, 12), decimal.Round(share.Mean, 12));
        Assert.Equal(years, share.Years);
        Assert.True(share.Low <= share.Mean && share.Mean <= share.High);
    }

    [Fact]
    public void Behind_an_even_year_may_be_ahead_of_a_usual_one()
    {
        // 46.8 % at mid-year is behind only where the year is even.
        var line = new PlanLine("*", "", 357_036, 167_093, new SeasonalShare(0.45m, 0.44m, 0.47m, 3));
        Assert.Equal(46.8m, decimal.Round(line.Attained!.Value * 100, 1));
        Assert.True(line.Pace > 1);
        Assert.Equal(371_318, decimal.Round(line.YearEnd!.Value));
        Assert.True(line.Interval!.Value.Low < line.YearEnd && line.YearEnd < line.Interval.Value.High);
        Assert.Null((line with { Plan = null }).Attained);
        Assert.Null((line with { Season = new(0.5m, 0.5m, 0.5m, 1) }).Interval);
    }

    /// <summary>The half-year table of a published report: provincial tier 167,093 = 46.8 % of the plan, district tier 157,265 = 46.67 %; here in hundreds, from records.</summary>
    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task The_half_year_table_comes_from_the_records(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        foreach (var (facility, count) in new[] { ("25001", 1671), ("25012", 1573) })
        {
            await host.WriteAsync([.. Enumerable.Range(0, count).Select(i => Visit($"{facility}-{i}", "p" + (i % 50), facility, $"2026-0{1 + (i % 6)}-{1 + (i % 28):00}"))]);
        }

        // After the half year: in the year's figure, not in this.
        await host.WriteAsync(Visit("late", "p1", "25001", "2026-07-01"));
        await host.Counter.CatchUpAsync(default);
        Assert.Equal(2, await host.Get<PlanBook>().WriteAsync("visits", 2026, new Dictionary<string, decimal> { ["t:specialised"] = 3570, ["f:25012"] = 3370 }, PlanBook.Mark(new Dictionary<string, decimal>()), "an", "giao kế hoạch", default));
        var indicator = (await host.Get<DefinitionBook>().FindAsync("visits", null, default))!;
        var table = await host.Get<PlanReport>().AskAsync(indicator, new DateOnly(2026, 6, 30), null, default);
        var tiers = table.Groups.Single(g => g.Key == "by-tier").Lines;
        Assert.Equal(["t:specialised 1671 46.81", "t:basic 1573 46.68"], tiers.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Key} {t.Actual:0} {decimal.Round(t.Attained!.Value * 100, 2)}")));
        Assert.Equal((6940m, 3244m), (table.Total.Plan, table.Total.Actual));
        // Of one facility its own people see no other's plan.
        var own = await host.Get<PlanReport>().AskAsync(indicator, new DateOnly(2026, 6, 30), ["25001"], default);
        Assert.Equal((null, 1671m), (own.Total.Plan, own.Total.Actual));
        Assert.Single(own.Groups.Single(g => g.Key == "by-facility").Lines);
    }

    [Theory]
    [InlineData("25001\t120000\n*;2.400.000\nbasic  30 000", "f:25001=120000 *=2400000 t:basic=30000", 0)]
    [InlineData("25001\tBệnh viện tỉnh\t1.234,5", "f:25001=1234.5", 0)]
    [InlineData("25001\t12,5\r\n\r\n", "f:25001=12.5", 0)]
    [InlineData("", "", 0)]
    [InlineData("25001", "", 1)]
    [InlineData("99999\t1", "", 1)]
    [InlineData("25001\t-1", "", 1)]
    [InlineData("25001\tx\nbasic\t1e5", "", 2)]
    [InlineData("25001\t1\n25001\t2", "f:25001=1", 1)]
    public async Task A_sheet_is_read_or_said_line_by_line(string text, string expected, int problems)
    {
        await using var host = await StartAsync(DbEngine.Sqlite);
        var (plan, wrong) = PlanSheet.Read(text, host.Get<IFacilityDirectory>());
        Assert.Equal(expected, string.Join(' ', plan.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key}={p.Value:0.##}"))));
        Assert.Equal(problems, wrong.Count);
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_plan_is_tried_kept_and_not_overwritten(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await host.MakeAccountsAsync();
        await host.WriteAsync(Visit("e1", "a", "25001", "2026-03-05"));
        await host.Counter.CatchUpAsync(default);
        var (officer, other) = (await host.BrowserAsync("data-officer"), await host.BrowserAsync("data-officer"));
        const string Address = "/indicators/visits/plan/edit";
        var (mine, theirs) = (await officer.GetAsync(Address + "?year=2026"), await other.GetAsync(Address + "?year=2026"));
        Task<Testing.Answer> Send(Browser browser, Testing.Answer page, params (string, string)[] form) => browser.PostAsync(Address, [.. form, ("year", "2026"), ("shown", page.Between("name=\"shown\" value=\"", "\"")), Token(page)]);
        Assert.Equal(HttpStatusCode.BadRequest, (await Send(officer, mine, ("act", "keep"), ("plan", "25001\t10"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Send(officer, mine, ("act", "try"), ("plan", "99999\t10"))).Status);
        Assert.Contains("1 nơi sẽ đổi", (await Send(officer, mine, ("act", "try"), ("plan", "25001\t10"))).Html, StringComparison.Ordinal);
        Assert.NotNull((await Send(officer, mine, ("act", "keep"), ("plan", "25001\t10"), ("why", "QĐ thử 1"))).Location);
        var late = await Send(other, theirs, ("act", "keep"), ("plan", "25001\t20"), ("why", "QĐ thử 2"));
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Contains("20</textarea>", late.Html, StringComparison.Ordinal);
        Assert.NotNull((await Send(other, late, ("act", "keep"), ("plan", "25001\t20"), ("why", "QĐ thử 2"))).Location);
        Assert.Equal([("f:25001", 20m, 2)], (await host.Get<PlanBook>().ReadAsync("visits", 2026, default)).Select(p => (p.Place, p.Value, p.Version)));
        var director = await host.BrowserAsync("director");
        var page = await director.GetAsync("/indicators/visits/plan?until=2026-06-30");
        Assert.Contains("5,0 %", page.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await director.GetAsync(Address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await director.GetAsync("/indicators/length-of-stay/plan")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await director.GetAsync("/indicators/visits/plan?until=x")).Status);
    }

    /// <summary>One death is one whether it was planned or not.</summary>
    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Small_numbers_are_hidden_beside_a_plan_too(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await host.MakeAccountsAsync();
        await host.WriteAsync(Visit("e1", "a", "25001", "2026-03-05", "03", 2, "5"));
        await host.Counter.CatchUpAsync(default);
        await host.Get<PlanBook>().WriteAsync("died", 2026, new Dictionary<string, decimal> { ["f:25001"] = 4 }, PlanBook.Mark(new Dictionary<string, decimal>()), "an", "giao kế hoạch", default);
        var (hidden, shown) = ((await (await host.BrowserAsync("director")).GetAsync("/indicators/died/plan")).Html, (await (await host.BrowserAsync("data-officer")).GetAsync("/indicators/died/plan")).Html);
        Assert.Contains("&lt; 5", hidden, StringComparison.Ordinal);
        Assert.DoesNotContain("25,0 %", hidden, StringComparison.Ordinal);
        Assert.Contains("25,0 %", shown, StringComparison.Ordinal);
    }
}
