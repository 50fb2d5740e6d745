using System.Globalization;
using System.Net;
using Mach.Data;
using Mach.Indicators.Asking;
using Mach.Testing;
using static Mach.Indicators.Tests.NumbersHost;

namespace Mach.Indicators.Tests.Pages;

public class MapTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("a=3", "a1", "1:3-3")]
    [InlineData("a=1 b=2 c=3 d=4 e=5", "a1 b2 c3 d4 e5", "1:1-1 2:2-2 3:3-3 4:4-4 5:5-5")]
    // Equal values have one shade, whatever the others do.
    [InlineData("a=0 b=0 c=0 d=9", "a1 b1 c1 d4", "1:0-0 4:9-9")]
    [InlineData("a=7 b=7 c=7", "a1 b1 c1", "1:7-7")]
    public void Places_are_shaded_by_fifths(string values, string of, string shades)
    {
        var parted = Shades.Part(values.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=')).ToDictionary(v => v[0], v => double.Parse(v[1], CultureInfo.InvariantCulture)));
        Assert.Equal(of, string.Join(' ', parted.Of.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => o.Key + o.Value)));
        Assert.Equal(shades, string.Join(' ', parted.All.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Number}:{s.Least}-{s.Most}"))));
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Where_people_live_is_seen_month_by_month(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await host.MakeAccountsAsync();
        await host.WriteAsync([Person("a", commune: "07894"), Person("b", commune: "08230"), .. Enumerable.Range(0, 12).Select(i => Visit("e" + i, i < 9 ? "a" : "b", i % 2 == 0 ? "25001" : "25012", "2026-10-0" + (1 + (i % 8)))), Visit("old", "b", "25001", "2026-03-05"),
            Put("Condition", "c1", """ "meta":{"source":"urn:mach:dossier:25001:c1#XML1-1"},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"A15.0"}]},"subject":{"reference":"Patient/b"},"recordedDate":"2026-10-05" """)]);
        await host.Counter.CatchUpAsync(default);
        var (director, own, guest) = (await host.BrowserAsync("director"), await host.BrowserAsync("director-25001"), await host.BrowserAsync("registrar"));
        var october = (2026 * 12) + 9;
        var page = (await director.GetAsync("/indicators/visits/map?span=1")).Html;
        Assert.Equal(148, page.Split("<path class=\"cell").Length - 1);
        Assert.Contains(": 9</title>", page, StringComparison.Ordinal);
        Assert.Contains(": 3</title>", page, StringComparison.Ordinal);
        Assert.Contains("value=\"" + october + "\"", page, StringComparison.Ordinal);
        // A year holds more than its last month; a month of its own, its own.
        Assert.Contains(": 4</title>", (await director.GetAsync("/indicators/visits/map?span=12")).Html, StringComparison.Ordinal);
        Assert.Contains(": 1</title>", (await director.GetAsync($"/indicators/visits/map?month={october - 7}&span=1")).Html, StringComparison.Ordinal);
        // One facility sees its own people alone; small numbers are only said to be small, and have no shade.
        Assert.Contains(": 5</title>", (await own.GetAsync("/indicators/visits/map?span=1")).Html, StringComparison.Ordinal);
        var small = WebUtility.HtmlDecode((await director.GetAsync("/indicators/tuberculosis/map?span=1")).Html);
        Assert.Contains(": < 5</title>", small, StringComparison.Ordinal);
        Assert.DoesNotContain("cell shade-1", small, StringComparison.Ordinal);
        Assert.Contains("cell shade-1", (await (await host.BrowserAsync("data-officer")).GetAsync("/indicators/tuberculosis/map?span=1")).Html, StringComparison.Ordinal);
        foreach (var wrong in new[] { "month=x", "month=1", "month=" + (october + 2), "month=" + (october - 60), "span=2", "span=x", "month=-5" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await director.GetAsync("/indicators/visits/map?" + wrong)).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await director.GetAsync("/indicators/visits/map?month=" + (october - 59))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await director.GetAsync("/indicators/none/map")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await guest.GetAsync("/indicators/visits/map")).Status);
    }
}
