using System.Net;
using System.Text.RegularExpressions;
using Mach.Chart.Lanes;
using Mach.Data;
using Mach.Testing;
using Mach.Ui.Charts;

namespace Mach.Chart.Tests;

public sealed partial class LaneTests
{
    private const string Person = "p-long-life";

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_life_is_drawn_in_lanes_and_every_box_leads_nearer_to_its_visits(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        await Lives.LongAsync(host.Store, Person, 60);
        var browser = await host.BrowserAsync("doctor");
        var address = $"/people/{Person}/timeline";
        var page = await browser.GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        foreach (var lane in new[] { "Lượt khám", "Nằm viện", "Kết quả", "Amlodipin 5mg" })
        {
            Assert.Contains(lane, page.Between("<svg class=\"chart lanes\"", "</svg>"), StringComparison.Ordinal);
        }

        // Following the first box of several again and again ends at one visit.
        string? visit = null;
        for (var step = 0; visit is null && step < 12; step++)
        {
            var next = WebUtility.HtmlDecode(Box().Match(page.Html).Groups[1].Value);
            page = await browser.GetAsync(next);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            visit = next.Contains("/visits/", StringComparison.Ordinal) ? next : null;
        }

        Assert.NotNull(visit);

        var filtered = await browser.GetAsync(address + "?problem=M17&facility=25012");
        Assert.DoesNotContain("Bệnh viện đa khoa tỉnh Phú Thọ", filtered.Between("id=\"inside-title\"", "</section>"), StringComparison.Ordinal);
        Assert.Contains("Thoái hoá khớp gối", filtered.Html.Replace("hóa", "hoá", StringComparison.Ordinal), StringComparison.Ordinal);
        foreach (var odd in new[] { "?from=2026-12-01&to=2020-01-01", "?from=9999-12-31", "?from=0002-01-01&to=9998-12-31", "?from=1800-01-01&to=2199-12-31", "?from=x&kind=%3Cb%3E", "?problem=Q99", "?from=1900-01-01&to=1900-01-02" })
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(address + odd)).Status);
        }

        await Lives.NeighboursAsync(host.Store);
        Assert.Contains("Chưa có gì để vẽ", (await browser.GetAsync("/people/p-an/timeline")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await host.BrowserAsync("registrar")).GetAsync(address)).Status);
    }

    [Fact]
    public void An_axis_keeps_order_holds_everything_and_goes_back_from_place_to_day()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var i = 0; i < 400; i++)
        {
            var from = random.Next(700_000, 740_000);
            var to = from + random.Next(1, 30_000);
            var spans = Enumerable.Range(0, random.Next(0, 30)).Select(_ =>
            {
                var at = from + (random.NextDouble() * (to - from));
                return (at, at + random.Next(0, 30));
            }).ToList();
            var axis = LaneAxis.Of(from, to, spans);
            Assert.True(Math.Abs(axis.Parts.Sum(p => p.Width) - 1) < 1e-9, $"seed {seed}");
            Assert.True(axis.Parts.Zip(axis.Parts.Skip(1)).All(p => p.First.To == p.Second.From && Math.Abs(p.First.X + p.First.Width - p.Second.X) < 1e-9), $"seed {seed}");
            // What there is never lies in an empty time.
            Assert.True(spans.All(s => !axis.Parts.Any(p => p.IsEmpty && s.at > p.From && s.at < p.To)), $"seed {seed}");
            var days = Enumerable.Range(0, 50).Select(_ => from + (random.NextDouble() * (to - from))).Order().ToList();
            Assert.True(days.Zip(days.Skip(1)).All(d => axis.X(d.First) <= axis.X(d.Second)), $"seed {seed}");
            Assert.True(days.All(d => Math.Abs(axis.Day(axis.X(d)) - d) < 1e-3), $"seed {seed}");
        }
    }

    [Fact]
    public void An_empty_time_takes_little_room()
    {
        var axis = LaneAxis.Of(0, 1000, [(0, 10), (900, 1000)]);
        Assert.Single(axis.Parts, p => p.IsEmpty);
        Assert.True(axis.X(10) > 0.05 && axis.X(900) - axis.X(10) < 0.2);
    }

    [Fact]
    public void A_day_is_labelled_by_its_hours() => Assert.Equal("20/11 06:00 12:00 18:00 21/11", string.Join(' ', ChartScale.Hours(ChartScale.Day(new DateOnly(2026, 11, 20)), ChartScale.Day(new DateOnly(2026, 11, 21))).Select(t => t.Label)));

    [GeneratedRegex("<a href=\"([^\"]+)\" aria-label")]
    private static partial Regex Box();
}
