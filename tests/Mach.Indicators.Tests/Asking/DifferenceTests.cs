using System.Globalization;
using System.Net;
using Mach.Data;
using Mach.Indicators.Asking;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;
using Mach.Testing;
using static Mach.Indicators.Tests.NumbersHost;

namespace Mach.Indicators.Tests.Asking;

/// <summary>Source: E. Kitagawa, Components of a difference between two rates, Journal of the American Statistical Association 50 (1955).</summary>
public class DifferenceTests
{
    [Fact]
    public void A_rate_changes_by_what_each_does_and_by_how_much_of_the_whole_it_is()
    {
        // A has 10 % and B 30 %, both years; B grew from half to three quarters: all of the 5 points are by its share.
        var lines = Difference.Of(Rate(("a", 10, 100), ("b", 90, 300)), Rate(("a", 20, 200), ("b", 60, 200)));
        Assert.Equal((0m, 5m), (lines.Sum(l => l.Own), lines.Sum(l => l.Mix)));
        // The same shares, and A went from 10 % to 20 %: half of ten points, all by itself.
        lines = Difference.Of(Rate(("a", 20, 100), ("b", 30, 100)), Rate(("a", 10, 100), ("b", 30, 100)));
        Assert.Equal(("a", 5m, 0m), (lines[0].Key, lines[0].Own, lines[0].Mix));
        Assert.Equal(0m, lines[1].Sum);
        // One that sent nothing any more is said to be missing.
        Assert.True(Difference.Of(Rate(("a", 10, 100)), Rate(("a", 10, 100), ("b", 30, 100))).Single(l => l.Key == "b").IsMissing);
        Assert.Empty(Difference.Of(Rate(), Rate(("a", 10, 100))));
    }

    [Fact]
    public void What_the_lines_add_up_to_is_the_difference()
    {
        var random = new Random(11);
        for (var i = 0; i < 300; i++)
        {
            (string, int, int)[] Some() => [.. Enumerable.Range(0, 1 + random.Next(8)).Select(n => (n.ToString(CultureInfo.InvariantCulture), random.Next(50), random.Next(4) == 0 ? 0 : 1 + random.Next(200)))];
            var (now, before) = (Rate(Some()), Rate(Some()));
            var lines = Difference.Of(now, before);
            if (lines.Count > 0)
            {
                Assert.Equal(now.Total.Value(now.Question.Indicator)!.Value - before.Total.Value(before.Question.Indicator)!.Value, lines.Sum(l => l.Sum), 12);
            }

            var counts = Difference.Of(Count(Some()), Count(Some()));
            Assert.Equal(counts.Sum(l => l.Now.Above - l.Before.Above), counts.Sum(l => l.Sum));
        }
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Why_a_number_changed_stands_on_a_page(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await host.MakeAccountsAsync();
        IEnumerable<Store.Write> Of(string facility, int year, int count, int inpatient) => Enumerable.Range(0, count).Select(i => Visit($"{facility}-{year}-{i}", "p", facility, $"{year}-03-{1 + (i % 28):00}", i < inpatient ? "03" : "01", 1, i < 2 && year == 2026 && facility == "25012" ? "5" : "2"));
        await host.WriteAsync([Person("p"), .. Of("25001", 2025, 40, 4), .. Of("25012", 2025, 40, 12), .. Of("25001", 2026, 20, 2), .. Of("25012", 2026, 60, 18), .. Of("25101", 2025, 5, 0)]);
        await host.Counter.CatchUpAsync(default);
        var (director, own, guest) = (await host.BrowserAsync("director"), await host.BrowserAsync("director-25001"), await host.BrowserAsync("registrar"));
        var page = await TextAsync(director, "/indicators/visits/difference?period=2026-03");
        Assert.Contains("+20", page, StringComparison.Ordinal);
        Assert.Contains("−20", page, StringComparison.Ordinal);
        Assert.Contains("kỳ này không có số", page, StringComparison.Ordinal);
        Assert.Contains("Do tỷ trọng", await TextAsync(director, "/indicators/share-inpatient/difference?period=2026-03&by=tier"), StringComparison.Ordinal);
        Assert.Contains("/indicators/visits/difference?period=2026-03", await TextAsync(director, "/indicators/visits?period=2026-03"), StringComparison.Ordinal);
        var mine = await TextAsync(own, "/indicators/visits/difference?period=2026-03");
        Assert.DoesNotContain("Trung tâm y tế", mine, StringComparison.Ordinal);
        Assert.Contains("−20", mine, StringComparison.Ordinal);
        // Persons counted once do not add up; two deaths are too few to be told to who may not see the people.
        Assert.Contains("Không tách được", await TextAsync(director, "/indicators/people-seen/difference?period=2026-03"), StringComparison.Ordinal);
        Assert.DoesNotContain("+2<", await TextAsync(director, "/indicators/died/difference?period=2026-03"), StringComparison.Ordinal);
        Assert.Contains("+2<", await TextAsync(await host.BrowserAsync("data-officer"), "/indicators/died/difference?period=2026-03"), StringComparison.Ordinal);
        Assert.Contains("Không tách được", await TextAsync(director, "/indicators/share-inpatient/difference?period=2026-03&beside=2010"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await director.GetAsync("/indicators/visits/difference?by=month")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await director.GetAsync("/indicators/visits/difference?beside=x")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await director.GetAsync("/indicators/visits/difference?period=x")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await director.GetAsync("/indicators/none/difference")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await guest.GetAsync("/indicators/visits/difference")).Status);
    }

    private static async Task<string> TextAsync(Browser browser, string path) => WebUtility.HtmlDecode((await browser.GetAsync(path)).Html);

    private static Mach.Indicators.Asking.Answer Rate(params (string Key, int Above, int Below)[] lines) => Make("share-inpatient", lines.Select(l => (l.Key, new Parts(l.Above, Math.Min(l.Above, l.Below), l.Below))));

    private static Mach.Indicators.Asking.Answer Count(params (string Key, int Above, int Below)[] lines) => Make("visits", lines.Select(l => (l.Key, new Parts(l.Above, l.Above, null))));

    private static Mach.Indicators.Asking.Answer Make(string code, IEnumerable<(string Key, Parts Parts)> lines)
    {
        var list = lines.Select(l => new Line(l.Key, l.Key, l.Parts)).ToList();
        return new(new Question(DefinitionBook.Shipped.Single(i => i.Code == code), default, default), list.Aggregate(new Parts(0, 0, null), (sum, l) => sum + l.Parts), list, new Counted(0, null, 0), false);
    }
}
