using System.Net;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Indicators.Asking;
using Mach.Testing;
using static Mach.Indicators.Tests.NumbersHost;

namespace Mach.Indicators.Tests.Pages;

public class ScorecardTests
{
    private static readonly DateOnly s_from = new(2026, 1, 1), s_to = new(2026, 6, 30);

    [Theory]
    // Linear between two values: the quantiles of 1 … 11 are 2, 3.5, 6, 8.5 and 10.
    [InlineData("up", 12.0, 1)]
    [InlineData("up", 6.0, 6)]
    [InlineData("down", 6.0, 6)]
    [InlineData("down", 0.5, 1)]
    [InlineData("none", 6.0, null)]
    [InlineData("up", null, null)]
    public void A_facility_has_a_place_among_others(string better, double? own, int? place) =>
        Assert.Equal(new Spread(11, 2, 3.5, 6, 8.5, 10, place), Spread.Of([.. Enumerable.Range(1, 11).Select(i => (double)i).Reverse()], own, better));

    [Fact]
    public void Of_four_others_each_could_be_guessed()
    {
        Assert.Null(Spread.Of([1, 2, 3, 4], 2, "up"));
        Assert.Equal(new Spread(5, 7, 7, 7, 7, 7, 1), Spread.Of([7, 7, 7, 7, 7], 7, "up"));
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_facility_stands_among_those_of_its_tier(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await SeedAsync(host);
        var lines = await host.Get<Scorecard>().AskAsync("25001", "25202", s_from, s_to, default);
        Assert.Equal(CodeList.Scorecard, lines.Select(l => l.Indicator.Code));
        var visits = lines.Single(l => l.Indicator.Code == "visits");
        // Seven others of the tier have 20, 30 … 80; the centre of another tier is none of them.
        Assert.Equal((25m, 30m, 12m), (visits.Own.Above, visits.Beside!.Value.Above, visits.Before.Above));
        Assert.Equal((7, 50, null), (visits.Peers!.Count, visits.Peers.Median, visits.Peers.Place));
        // Each indicator is what it is on its own page; none that few have has a spread.
        foreach (var line in lines)
        {
            var page = (await host.AskAsync(line.Indicator.Code, s_from, s_to, Grouping.None, null, ["25001"])).Total;
            Assert.Equal(page.Value(line.Indicator), line.Own.Value(line.Indicator));
        }

        Assert.Null(lines.Single(l => l.Indicator.Code == "surgeries").Peers);
        Assert.Equal(8, lines.Single(l => l.Indicator.Code == "length-of-stay").Peers!.Place);
        Assert.DoesNotContain(lines, l => l.Peers is { Count: < Spread.Least });
        Assert.Equal(0m, (await host.Get<Scorecard>().AskAsync("99999", null, s_from, s_to, default))[0].Own.Above);
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Who_sees_one_place_sees_its_own_card_alone(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await host.MakeAccountsAsync();
        await SeedAsync(host);
        var (director, own, guest) = (await host.BrowserAsync("director"), await host.BrowserAsync("director-25001"), await host.BrowserAsync("registrar"));
        var list = (await director.GetAsync("/indicators/facilities?period=2026-01-01..2026-06-30")).Html;
        Assert.Contains("/indicators/facilities/25207?period=2026-01-01..2026-06-30", list, StringComparison.Ordinal);
        Assert.Contains("data-value=\"80\"", list, StringComparison.Ordinal);
        Assert.Equal("/indicators/facilities/25001", (await own.GetAsync("/indicators/facilities")).Location);

        const string card = "/indicators/facilities/25001?period=2026-01-01..2026-06-30";
        var page = (await director.GetAsync(card + "&beside=25202")).Html;
        Assert.Contains("<option value=\"25202\" selected", page, StringComparison.Ordinal);
        Assert.Contains("trung vị của 7 cơ sở cùng cấp 50", page, StringComparison.Ordinal);
        // The others' names stand on the list that is chosen from, and on nobody's page who may not see them.
        var mine = (await own.GetAsync(card)).Html;
        Assert.Contains("trung vị của 7 cơ sở cùng cấp 50", mine, StringComparison.Ordinal);
        Assert.DoesNotContain("25202", mine, StringComparison.Ordinal);
        Assert.DoesNotContain("Trạm 2", mine, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await own.GetAsync(card + "&beside=25202")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await director.GetAsync(card + "&beside=99999")).Status);
        Assert.Equal(HttpStatusCode.OK, (await director.GetAsync(card + "&beside=25001")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await director.GetAsync("/indicators/facilities/25001?period=2026-01-05..2026-06-30")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await director.GetAsync("/indicators/facilities?period=x")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await director.GetAsync("/indicators/facilities/99999")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await own.GetAsync("/indicators/facilities/25202")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await guest.GetAsync(card)).Status);
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Without_a_record_there_is_nothing_to_compare(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await host.MakeAccountsAsync();
        await host.Counter.CatchUpAsync(default);
        var director = await host.BrowserAsync("director");
        Assert.Contains("class=\"empty", (await director.GetAsync("/indicators/facilities")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await director.GetAsync("/indicators/facilities/25001")).Status);
    }

    /// <summary>25001 and seven of its tier with stays of 2 … 8 days, one of another tier; a year before, some.</summary>
    private static async Task SeedAsync(NumbersHost host)
    {
        await host.Get<IFacilityDirectory>().PutAsync([.. Enumerable.Range(1, 7).Select(i => new Facility { Code = $"2520{i}", Name = "Trạm " + i, Status = FacilityStatus.Active, Tier = "specialised" })], default);
        await host.Get<IFacilityMeans>().PutAsync([new FacilityMeans("25001", 30, 40, [])], default);
        IEnumerable<Store.Write> Of(string facility, int count, int days, int year = 2026) =>
            Enumerable.Range(0, count).Select(i => Visit($"{facility}-{year}-{i}", "p" + i, facility, $"{year}-0{1 + (i % 6)}-{1 + (i % 28):00}", "03", days));
        await host.WriteAsync([.. Enumerable.Range(0, 80).Select(i => Person("p" + i)), .. Of("25001", 25, 9), .. Of("25001", 12, 5, 2025), .. Enumerable.Range(1, 7).SelectMany(i => Of($"2520{i}", 10 + (10 * i), 1 + i)), .. Of("25012", 90, 1)]);
        await host.Counter.CatchUpAsync(default);
    }
}
