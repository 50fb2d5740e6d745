using System.Globalization;
using Mach.Indicators.Asking;
using Mach.Indicators.Definitions;
using Mach.Indicators.Quality;

namespace Mach.Indicators.Tests.Quality;

/// <summary>Source of the formulas: docs/adr/0029; Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993 (modified z).</summary>
public class JudgingTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("3", 3)]
    [InlineData("9 1 5", 5)]
    [InlineData("4 1 3 2", 2.5)]
    public void The_median_is_the_middle(string values, double median) => Assert.Equal(median, Judging.Median(Read(values)));

    [Theory]
    [InlineData(1000, 100, 1)]
    [InlineData(10, 100, -1)]
    [InlineData(100, 100, 0)]
    // Nothing at all counts as half of one: it has no logarithm.
    [InlineData(0, 50, -2)]
    public void Ten_times_is_one(double value, double expected, double magnitude) => Assert.Equal(magnitude, Judging.Magnitude(value, expected), 12);

    [Theory]
    // 0.6745 · (20 − 5) ÷ 2, and the other way.
    [InlineData(20, "1 2 3 4 5 6 7 8 9", 5.05875)]
    [InlineData(-10, "1 2 3 4 5 6 7 8 9", -5.05875)]
    [InlineData(5, "1 2 3 4 5 6 7 8 9", 0)]
    // A mean and a standard deviation would have been drawn along by the 1000.
    [InlineData(20, "1 2 3 4 5 6 7 8 1000", 5.05875)]
    // Fewer than eight say nothing; all alike spread by 0.05 at least.
    [InlineData(20, "1 2 3 4 5 6 7", 0)]
    [InlineData(0.1, "0 0 0 0 0 0 0 0", 1.349)]
    public void What_is_far_from_the_others_is_so_by_their_spread(double value, string others, double z) => Assert.Equal(z, Judging.ModifiedZ(value, Read(others)), 10);

    [Fact]
    public void What_all_places_do_is_not_unusual_for_one()
    {
        // A winter twice as busy everywhere; the last month is winter.
        double[] all = [.. Enumerable.Range(0, 48).Select(i => i % 12 >= 9 ? 2000.0 : 1000)], own = [.. all.Select(v => v / 10)];
        var (z, expected) = Judging.Unusual(own, all);
        Assert.Equal((0, 200), (Math.Round(z), Math.Round(expected / 10) * 10));
        (z, expected) = Judging.Unusual([.. own.SkipLast(1), 100], all);
        Assert.True(z < -3.5);
        Assert.Equal(200, Math.Round(expected / 10) * 10);
        // The same winter in every year is usual for the whole too; half as much again is not.
        Assert.Equal(0, Judging.Unusual(all, null).Z, 10);
        Assert.True(Judging.Unusual([.. all.SkipLast(1), 3000], null).Z > 3.5);
        // A year of history is too little to say anything.
        Assert.Equal((0, 0), Judging.Unusual([.. own.Take(12)], [.. all.Take(12)]));
        Assert.Equal((0, 0), Judging.Unusual([], null));
    }

    [Fact]
    public void A_steady_place_is_not_unusual_for_one_visit_more()
    {
        double[] months = [.. Enumerable.Repeat(20.0, 40), 21];
        Assert.True(Math.Abs(Judging.Unusual(months, [.. months.Select(m => m * 50)]).Z) < 1);
        Assert.True(Math.Abs(Judging.Unusual(months, null).Z) < 3.5);
    }

    [Fact]
    public void The_address_of_a_finding_leads_back_to_it()
    {
        foreach (var (rule, indicator) in CheckRule.Shipped.SelectMany(r => r.Of.DefaultIfEmpty(""), (r, i) => (r.Code, i)))
        {
            foreach (var place in new[] { "*", "t:basic", "25001", "T5001" })
            {
                var key = new FindingKey(rule, indicator, place, 202610);
                Assert.Equal(key, FindingKey.Parse(key.Address));
                Assert.Equal(key.Address, Uri.EscapeDataString(key.Address));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("silent")]
    [InlineData("silent.visits.25001")]
    [InlineData("silent.visits.25001.x")]
    [InlineData("silent.visits.25001.-5")]
    [InlineData("silent.visits.25001.202610.1")]
    [InlineData("a.b.c.99999999999")]
    public void What_is_no_address_is_no_finding(string address) => Assert.Null(FindingKey.Parse(address));

    [Fact]
    public void Every_check_is_one_that_can_be_run_and_read()
    {
        string[] kinds = ["silent", "magnitude", "outlier", "province", "year", "pair", "above", "below", "duplicate", "plan", "target", "closing", "drift"];
        var codes = DefinitionBook.Shipped.Select(i => i.Code).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(CheckRule.Shipped.Count, CheckRule.Shipped.Select(r => r.Code).Distinct().Count());
        foreach (var rule in CheckRule.Shipped)
        {
            Assert.Contains(rule.Kind, kinds);
            Assert.Contains(rule.For, new[] { "quality", "steering" });
            Assert.True(rule is { Level: >= 1 and <= 3, Days: >= 1, Months: >= 1, Vi.Length: > 3, En.Length: > 3, Source.Length: > 3 }, rule.Code);
            Assert.All(rule.Of.Append(rule.Other).Where(c => c.Length > 0), code => Assert.Contains(code, codes));
            Assert.Equal(rule.Code, rule.Code.Replace('.', '-'));
        }

        Assert.All(CodeList.Morning, code => Assert.Contains(code, codes));
    }

    private static List<double> Read(string values) => [.. values.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => double.Parse(v, CultureInfo.InvariantCulture))];
}
