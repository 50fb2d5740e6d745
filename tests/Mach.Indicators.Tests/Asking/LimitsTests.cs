using Mach.Data;
using Mach.Indicators.Asking;
using Mach.Indicators.Definitions;
using Mach.Testing;
using static Mach.Indicators.Tests.NumbersHost;

namespace Mach.Indicators.Tests.Asking;

/// <summary>Sources: D. Spiegelhalter, Statistics in Medicine 24 (2005), funnel plots; D. Wheeler, Understanding Variation, the individuals chart (2.66).</summary>
public class LimitsTests
{
    [Theory]
    // 0.2 ± 1.96 · √(0.2 · 0.8 ÷ 100) and, for counts beside each other, 0.2 ± 1.96 · √(0.2 ÷ 100).
    [InlineData(0.2, 100, 1.96, true, 0.1216, 0.2784)]
    [InlineData(0.2, 100, 1.96, false, 0.112346, 0.287654)]
    [InlineData(0.2, 100, 3.09, true, 0.0764, 0.3236)]
    // Neither less than nothing nor more than all.
    [InlineData(0.2, 4, 3.09, true, 0, 0.818)]
    [InlineData(0.9, 4, 3.09, true, 0.4365, 1)]
    [InlineData(1.5, 6, 1.96, false, 0.52, 2.48)]
    [InlineData(0, 10, 3.09, true, 0, 0)]
    public void Chance_is_wider_where_fewer_stand_below(double all, double below, double z, bool isShare, double low, double high)
    {
        var limits = Limits.OfPlace(all, below, z, isShare);
        Assert.Equal(low, limits.Low, 6);
        Assert.Equal(high, limits.High, 6);
    }

    [Fact]
    public void Months_are_held_against_the_differences_of_neighbours()
    {
        // Mean 10.5, neighbours differ by 1: 10.5 ± 2.66.
        var (low, mean, high) = Limits.OfMonths([.. Enumerable.Range(0, 12).Select(i => i % 2 == 0 ? 10.0 : 11)])!.Value;
        Assert.Equal((7.84, 10.5, 13.16), (Math.Round(low, 6), mean, Math.Round(high, 6)));
        Assert.Null(Limits.OfMonths([.. Enumerable.Repeat(1.0, 11)]));
    }

    [Theory]
    [InlineData("share-inpatient", true, true)]
    [InlineData("died-rate", true, true)]
    [InlineData("lab-per-visit", true, false)]
    [InlineData("visits", false, false)]
    // Days and money have no spread that is known before.
    [InlineData("length-of-stay", false, false)]
    [InlineData("cost-per-claim", false, false)]
    [InlineData("visits-per-person", false, false)]
    public void Counts_by_counts_have_a_funnel(string code, bool hasFunnel, bool isShare)
    {
        var indicator = DefinitionBook.Shipped.Single(i => i.Code == code);
        Assert.Equal(hasFunnel, Limits.HasFunnel(indicator));
        Assert.True(!hasFunnel || Limits.IsShare(indicator) == isShare);
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task What_lies_outside_is_seen_and_small_numbers_are_not(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await host.MakeAccountsAsync();
        await host.Get<Contracts.Registry.IFacilityDirectory>().PutAsync([.. Enumerable.Range(1, 6).Select(i => new Contracts.Registry.Facility { Code = $"2520{i}", Name = "Trạm " + i, Status = Contracts.Registry.FacilityStatus.Active, Tier = "basic" })], default);
        await host.WriteAsync([Person("p"), .. Enumerable.Range(1, 6).SelectMany(i => Enumerable.Range(0, 20).Select(n => Visit($"e{i}-{n}", "p", $"2520{i}", $"2026-0{1 + (n % 6)}-05", i == 6 || n < 4 ? "03" : "01")))]);
        await host.Counter.CatchUpAsync(default);
        var director = await host.BrowserAsync("director");
        var page = (await director.GetAsync("/indicators/share-inpatient")).Html;
        // Five with 4 of 20; one with all of them.
        Assert.Contains("id=\"funnel\"", page, StringComparison.Ordinal);
        Assert.Contains("1 cơ sở, vẽ hình thoi", page, StringComparison.Ordinal);
        Assert.Equal(1, page.Split("chart-dot outside").Length - 1);
        Assert.DoesNotContain("id=\"funnel\"", (await director.GetAsync("/indicators/share-inpatient?by=tier")).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"funnel\"", (await director.GetAsync("/indicators/visits")).Html, StringComparison.Ordinal);
        // Who sees one facility has nothing to hold it against.
        Assert.DoesNotContain("id=\"funnel\"", (await (await host.BrowserAsync("director-25001")).GetAsync("/indicators/share-inpatient")).Html, StringComparison.Ordinal);
    }
}
