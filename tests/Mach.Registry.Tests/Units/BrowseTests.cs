using System.Net;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;
using Mach.Registry.Units.Map;
using Mach.Registry.Units.Pages;

namespace Mach.Registry.Tests.Units;

/// <summary>The browser of units: a hierarchy, what hangs under a unit, and the map in the colours of a measure.</summary>
public sealed class BrowseTests
{
    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task Each_hierarchy_is_walked_down_from_its_heads_and_the_address_keeps_everything(DbEngine engine)
    {
        await using var host = await PageHost.StartAsync(engine);
        await host.Get<IStationNetwork>().LoadDemonstrationAsync(default);
        var reader = await host.BrowserAsync("doctor");
        foreach (var (asked, says, not) in new[]
        {
            ("h=administrative&date=2026-11-25", "Tỉnh Phú Thọ", "Phường Thống Nhất</a>"),
            ("h=administrative&under=tinh-phu-tho&date=2026-11-25", "Phường Thống Nhất", "Huyện"),
            ("h=administrative&date=2025-06-30", "Tỉnh Hòa Bình", "Phường Thống Nhất</a>"),
            ("h=former-province&date=2026-11-25", "Tỉnh Vĩnh Phúc", "Sở Y tế"),
            ("h=former-province&under=tinh-hoa-binh&date=2026-11-25", "Phường Thống Nhất", "Phường Việt Trì</a>"),
            ("h=health-network&date=2026-11-25", "Sở Y tế Phú Thọ", "Tỉnh Phú Thọ</a>"),
            ("h=health-network&under=so-y-te&date=2026-11-25", "Trạm Y tế", "Tỉnh Phú Thọ</a>"),
        })
        {
            var page = await reader.GetAsync("/units?" + asked);
            var table = page.Html[page.Html.IndexOf("<div class=\"table-wrap tall\"", StringComparison.Ordinal)..];
            Assert.Contains(says, table, StringComparison.Ordinal);
            Assert.DoesNotContain(not, table, StringComparison.Ordinal);
        }

        var all = (await reader.GetAsync("/units?h=health-network&under=so-y-te&colour=density&q=tram&date=2026-11-25&known=2026-11-01")).Html;
        foreach (var kept in new[] { "name=\"h\" value=\"health-network\"", "name=\"under\" value=\"so-y-te\"", "name=\"colour\" value=\"density\"", "name=\"q\" value=\"tram\"", "name=\"known\" value=\"2026-11-01\"" })
        {
            Assert.Contains(kept, all, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("/units?h=none&under=nowhere&colour=red&level=moon")).Status);
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("/units?h=satellite&under=nowhere")).Status);
    }

    [Fact]
    public async Task A_coloured_map_has_a_legend_and_the_figures_stand_in_the_table()
    {
        await using var host = await PageHost.StartAsync();
        var reader = await host.BrowserAsync("doctor");
        var page = (await reader.GetAsync("/units?colour=population&date=2026-11-25")).Html;
        for (var shade = 1; shade <= 5; shade++)
        {
            Assert.Contains($"class=\"cell shade-{shade}\"", page, StringComparison.Ordinal);
            Assert.Contains($"class=\"key shade-{shade}\"", page, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("class=\"cell shade-", (await reader.GetAsync("/units?date=2026-11-25")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_hold_about_as_many_units_and_equal_values_are_never_parted()
    {
        var state = Merger2025.State();
        var map = new UnitMap(state.Units, state.Successions, long.MaxValue - 1);
        var pieces = MapShapes.Draw(map, UnitMap.Merger).Pieces;
        var people = MapColours.Of(map, pieces, "population", UnitMap.Merger);
        Assert.Equal((148, 5), (people.Classes.Sum(c => c.Units), people.Classes.Count));
        Assert.All(people.Classes, c => Assert.InRange(c.Units, 28, 31));
        Assert.All(people.Classes.Zip(people.Classes.Skip(1)), p => Assert.True(p.First.Most < p.Second.Least));
        // No stations yet: one value, one class.
        Assert.Equal(new MapClass(1, 0, 0, 148), Assert.Single(MapColours.Of(map, pieces, "stations", UnitMap.Merger).Classes));
        Assert.Same(MapColours.None, MapColours.Of(map, pieces, "", UnitMap.Merger));
    }
}
