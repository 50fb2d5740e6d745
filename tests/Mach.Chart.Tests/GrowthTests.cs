using System.Net;
using System.Text.Json.Nodes;
using Mach.Chart.Growth;
using Mach.Data;
using Mach.Store;
using Mach.Testing;

namespace Mach.Chart.Tests;

public sealed class GrowthTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    /// <summary>Source: WHO Child Growth Standards 2006, tables of z-scores by month (the published values have one decimal).</summary>
    [Theory]
    [InlineData("weight", "male", 0, -3, 2.1)]
    [InlineData("weight", "male", 0, 3, 5.0)]
    [InlineData("weight", "male", 12, -2, 7.7)]
    [InlineData("weight", "male", 24, 2, 15.3)]
    [InlineData("weight", "male", 60, 3, 27.9)]
    [InlineData("weight", "female", 6, -2, 5.7)]
    [InlineData("weight", "female", 36, 0, 13.9)]
    [InlineData("weight", "female", 60, -3, 12.1)]
    [InlineData("height", "male", 0, -2, 46.1)]
    [InlineData("height", "male", 23, 3, 95.9)]
    [InlineData("height", "male", 24, 0, 87.1)]
    [InlineData("height", "male", 60, -2, 100.7)]
    [InlineData("height", "female", 12, -2, 68.9)]
    [InlineData("height", "female", 24, -3, 76.0)]
    [InlineData("height", "female", 60, 3, 123.7)]
    public void Curves_go_through_the_published_values(string key, string sex, int month, int deviations, double value) =>
        Assert.Equal(value, Math.Round(GrowthStandard.Value(key, sex, month, deviations)!.Value, 1, MidpointRounding.AwayFromZero));

    /// <summary>Source: WHO Anthro's z-scores, rounded to two decimals; it knows each day where we go in proportion between months.</summary>
    [Theory]
    [InlineData("weight", "male", 0, 2.4, -2.15)]
    [InlineData("height", "male", 0, 47.0, -1.52)]
    [InlineData("weight", "female", 365, 6.0, -3.36)]
    [InlineData("height", "female", 365, 70.0, -1.56)]
    [InlineData("weight", "male", 730, 14.2, 1.36)]
    [InlineData("height", "male", 730, 90.9, 1.01)]
    [InlineData("weight", "female", 731, 8.1, -2.96)]
    [InlineData("height", "female", 731, 79.8, -1.84)]
    public void Children_have_the_z_that_others_compute(string key, string sex, int days, double value, double z) => Assert.Equal(z, GrowthStandard.Z(key, sex, days, value)!.Value, 0.011);

    [Fact]
    public void A_value_on_a_curve_has_the_z_of_the_curve_at_any_age()
    {
        foreach (var (key, sex) in new[] { ("weight", "male"), ("weight", "female"), ("height", "male"), ("height", "female") })
        {
            for (var days = 0; days <= 1826; days += 13)
            {
                foreach (var z in GrowthStandard.Curves)
                {
                    Assert.Equal(z, GrowthStandard.Z(key, sex, days, GrowthStandard.Value(key, sex, days / GrowthStandard.Month, z)!.Value)!.Value, 6);
                }
            }
        }
    }

    /// <summary>Beyond three deviations weight counts in the width between the second and the third. Source: WHO 2006, restricted application of the LMS method.</summary>
    [Theory]
    [InlineData("weight", "female", 365, 14.1, 3.6)]
    [InlineData("weight", "female", 365, 5.5, -4.0)]
    public void Far_weights_are_counted_straight(string key, string sex, int days, double value, double z) => Assert.Equal(z, Math.Round(GrowthStandard.Z(key, sex, days, value)!.Value, 1));

    [Theory]
    [InlineData("weight", null, 100)]
    [InlineData("weight", "other", 100)]
    [InlineData("weight", "male", -1)]
    [InlineData("weight", "male", 1900)]
    [InlineData("head", "male", 100)]
    public void Who_is_outside_of_the_standard_has_no_z(string key, string? sex, int days) => Assert.Null(GrowthStandard.Z(key, sex, days, 9));

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_child_has_a_chart_with_its_table_and_a_mistake_is_named(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        var child = Bodies.Patient("p-child", "Trần Gia Bảo", "2025-05-20", "male", null, null, null, "Xã Thanh Ba, Phú Thọ");
        JsonObject Weight(string id, double kg, int daysAgo) => Bodies.Observation(id, "p-child", "v", "25148", "CN", "Cân nặng", kg, "kg", Lives.Now.AddDays(-daysAgo), 0);
        await host.Store.CommitAsync(new Commit { Actor = "test", Writes = [Bodies.Put(child), Bodies.Put(Weight("w1", 7.2, 300)), Bodies.Put(Weight("w2", 8.1, 20)), Bodies.Put(Weight("w3", 81, 10))] }, default);
        var browser = await host.BrowserAsync("doctor");
        var page = await browser.GetAsync("/people/p-child/growth");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal(10, page.Html.Split("<polyline class=\"chart-reference\"").Length - 1);
        Assert.Contains("khó tin", page.Html, StringComparison.Ordinal);
        Assert.Contains("href=\"/people/p-child/growth\"", (await browser.GetAsync("/people/p-child/results")).Html, StringComparison.Ordinal);

        await Lives.NeighboursAsync(host.Store);
        Assert.Contains("Chưa biết ngày sinh", (await browser.GetAsync("/people/p-long/growth")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await host.BrowserAsync("registrar")).GetAsync("/people/p-child/growth")).Status);
    }
}
