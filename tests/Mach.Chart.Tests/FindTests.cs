using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mach.Data;
using Mach.Testing;

namespace Mach.Chart.Tests;

public sealed partial class FindTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_person_is_found_by_everything_a_desk_has_at_hand(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        await Lives.NeighboursAsync(host.Store);
        var browser = await host.BrowserAsync("registrar");
        foreach (var (typed, ids) in new (string, string[])[]
        {
            ("nguyen van an", ["p-an", "p-an2", "p-an3"]),
            ("an van nguyen", ["p-an", "p-an2", "p-an3"]),
            ("NGUYỄN VĂN AN", ["p-an", "p-an2", "p-an3"]),
            ("nguyen van an 1965", ["p-an", "p-an2"]),
            ("lan 12/7/65", ["p-lan"]),
            ("an 1990", ["p-an3"]),
            ("025065001234", ["p-an"]),
            ("GD4252500001111", ["p-an"]),
            ("2500001111", ["p-an"]),
            ("0987 654 321", ["p-an"]),
            ("025065001234||Nguyễn Văn An|12071965|Nam|Hy Cương|01052021", ["p-an"]),
            ("001065999999||Nguyễn Văn An|12071965|Nam|Hy Cương|01052021", ["p-an"]),
            ("khong co ai", []),
        })
        {
            var page = await browser.GetAsync("/people?q=" + Uri.EscapeDataString(typed));
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Equal(ids.Order(), Ids(page.Html).Order());
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Those_written_exactly_as_typed_come_first(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        await Lives.NeighboursAsync(host.Store);
        var browser = await host.BrowserAsync("doctor");
        Assert.Equal("p-an2", Ids((await browser.GetAsync("/people?q=" + Uri.EscapeDataString("nguyễn vân an"))).Html)[0]);
        Assert.Equal("p-an", Ids((await browser.GetAsync("/people?q=" + Uri.EscapeDataString("nguyễn văn an"))).Html)[0]);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Records_of_one_person_are_one_row_that_says_how_many_they_are(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        var (lan, other, alone) = (Bodies.Patient("p-lan", "Trịnh Thị Lân", "1965-07-12", "female"), Bodies.Patient("p-baby", "Trịnh Thị Lan", "1965-07-12", "female", "025165009999"), Bodies.Patient("p-c", "Trịnh Thị Lan", "1965-07-12", "female"));
        lan["link"] = Link("p-baby");
        other["link"] = Link("p-lan", "p-third");
        await host.Store.CommitAsync(new Store.Commit { Actor = "test", Writes = [Bodies.Put(lan), Bodies.Put(other), Bodies.Put(alone)] }, default);
        var browser = await host.BrowserAsync("registrar");
        var page = await browser.GetAsync("/people?q=" + Uri.EscapeDataString("trịnh thị lân"));
        Assert.Equal(["p-c", "p-lan"], Ids(page.Html).Order());
        // The number stands in the other record; a third one is named by its link.
        Assert.Contains("9999", page.Html, StringComparison.Ordinal);
        Assert.Equal(1, page.Html.Split("3 hồ sơ nguồn").Length - 1);
        Assert.Contains("3 hồ sơ nguồn", (await browser.FragmentAsync("/people?q=" + Uri.EscapeDataString("trịnh thị lân"))).Html, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Twenty_are_shown_and_the_rest_follow_page_by_page_each_once(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        await host.Store.CommitAsync(new Store.Commit { Actor = "test", Writes = [.. Enumerable.Range(0, 47).Select(i => Bodies.Put(Bodies.Patient($"h-{i}", i % 2 == 0 ? "Hà Thị Thu" : "Thu Hà Thị", "1980-01-02", "female")))] }, default);
        var browser = await host.BrowserAsync("doctor");
        var seen = new List<string>();
        string? next = "/people?q=ha+thi+thu";
        for (var pages = 0; next is not null && pages < 10; pages++)
        {
            var page = await browser.GetAsync(next);
            seen.AddRange(Ids(page.Html));
            next = Next().Match(page.Html) is { Success: true } match ? WebUtility.HtmlDecode(match.Groups[1].Value) : null;
        }

        Assert.Equal(47, seen.Count);
        Assert.Equal(47, seen.Distinct().Count());
    }

    [Fact]
    public async Task While_typing_only_the_suggestions_come_back()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Lives.NeighboursAsync(host.Store);
        var browser = await host.BrowserAsync("doctor");
        var fragment = await browser.FragmentAsync("/people?q=nguyen");
        Assert.DoesNotContain("<html", fragment.Html, StringComparison.Ordinal);
        Assert.Contains("role=\"option\"", fragment.Html, StringComparison.Ordinal);
        Assert.Equal("", (await browser.FragmentAsync("/people?q=")).Html.Trim());
    }

    [Fact]
    public async Task Nobody_searches_without_signing_in_or_without_the_role()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        var stranger = await (await host.BrowserAsync(null)).GetAsync("/people?q=an");
        Assert.StartsWith("/sign-in", stranger.Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await host.BrowserAsync("administrator")).GetAsync("/people?q=an")).Status);
    }

    private static JsonArray Link(params string[] others) =>
        new([.. others.Select(other => new JsonObject { ["other"] = new JsonObject { ["reference"] = "Patient/" + other }, ["type"] = "seealso" })]);

    private static List<string> Ids(string html) => [.. Row().Matches(html).Select(m => m.Groups[1].Value)];

    [GeneratedRegex("<a class=\"name\" href=\"/people/([^\"]+)\"")]
    private static partial Regex Row();

    [GeneratedRegex("href=\"([^\"]+)\" rel=\"next\"")]
    private static partial Regex Next();
}
