using System.Globalization;
using System.Text.Json;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;

namespace Mach.Registry.Tests.Units;

/// <summary>The embedded map of the merger against the published crosswalk.</summary>
public sealed class MergerTests
{
    private static readonly DateOnly Before = new(2025, 6, 30);
    private static readonly DateOnly After = new(2025, 7, 1);
    private static readonly Lazy<UnitMap> Known = new(() => Seeded(long.MaxValue - 1));

    [Fact]
    public void Counts_are_those_of_the_resolutions()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllText(Shared.File("algorithm-vectors.json")));
        var invariants = vectors.RootElement.GetProperty("merger_invariants");
        var old = Known.Value.All(Before).Where(u => u.Level == UnitLevel.Commune).ToList();
        var present = Known.Value.All(After).Where(u => u.Level == UnitLevel.Commune).ToList();
        Assert.Equal(invariants.GetProperty("old_units").GetInt32(), old.Count);
        Assert.Equal(invariants.GetProperty("new_units").GetInt32(), present.Count);
        Assert.Equal((133, 15), (present.Count(u => u.Type == "commune"), present.Count(u => u.Type == "ward")));
        Assert.Equal(invariants.GetProperty("rows_in_crosswalk").GetInt32(), Known.Value.Between(Before, After, UnitLevel.Commune).Cells.Count());
        foreach (var (units, day, name) in new[] { (old, Before, "old_by_former_province"), (present, After, "new_by_former_province") })
        {
            foreach (var province in invariants.GetProperty(name).EnumerateObject())
            {
                Assert.Equal(province.Value.GetInt32(), units.Count(u => Known.Value.Ancestors(u.Id, Hierarchies.FormerProvince, day).Single().Name == "Tỉnh " + province.Name));
            }
        }

        Assert.Equal((3, 1), (Known.Value.All(Before).Count(u => u.Level == UnitLevel.Province), Known.Value.All(After).Count(u => u.Level == UnitLevel.Province)));
        Assert.DoesNotContain(Known.Value.All(After), u => u.Level == UnitLevel.District);
    }

    [Fact]
    public void Each_line_of_the_published_crosswalk_is_a_cell_and_no_other()
    {
        var cells = Known.Value.Between(Before, After, UnitLevel.Commune).Cells
            .Select(c => (Known.Value.Find(c.From, Before)!.Name, District(c.From), Known.Value.Find(c.To, After)!.Code)).Order().ToList();
        var published = Shared.Csv("phu-tho-2025-crosswalk.csv").Select(r => (r["old_unit"], r["old_district"], (string?)r["new_code_gso"])).Order().ToList();
        Assert.Equal(published, cells);
    }

    [Fact]
    public void Split_and_unchanged_units_are_the_published_ones()
    {
        var walk = Known.Value.Between(Before, After, UnitLevel.Commune);
        var split = walk.FromUnits.Where(u => walk.Row(u).Count > 1).Select(u => Known.Value.Find(u, Before)!.Name).Order(StringComparer.Ordinal);
        Assert.Equal(new[] { "Xã Cao Sơn", "Xã Vầy Nưa", "Xã Đồng Tân" }.Order(StringComparer.Ordinal), split);
        Assert.All(walk.Cells.Where(c => c.Share < 1), c => Assert.Equal(ShareBasis.Assumed, c.Basis));
        Assert.Equal(["Xã Thu Cúc", "Xã Trung Sơn"], walk.Cells.Where(c => c.From == c.To).Select(c => Known.Value.Find(c.To, After)!.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Population_area_and_centre_are_the_published_ones_and_denominators_have_names()
    {
        var centres = Shared.Csv("phu-tho-commune-centroids.csv").ToDictionary(r => r["code"], r => r["lat"] + " " + r["lon"]);
        foreach (var row in Shared.Csv("phu-tho-2025-crosswalk.csv"))
        {
            var unit = Known.Value.FindByCode(row["new_code_gso"], After)!;
            Assert.Equal(decimal.Parse(row["new_population"], CultureInfo.InvariantCulture), Known.Value.Measure(unit.Id, "population", After));
            Assert.Equal(decimal.Parse(row["new_area_km2"], CultureInfo.InvariantCulture), Known.Value.Measure(unit.Id, "area", After, Merger2025.MapSource));
            Assert.Equal(centres[unit.Code!], Known.Value.Fact(unit.Id, Aspects.Centre, After)!.Value);
        }

        Assert.Equal(4_022_611, Known.Value.Measure(Merger2025.Province, "population", After, Merger2025.ProjectSource));
        Assert.Equal(3_571_786, Known.Value.All(After).Where(u => u.Level == UnitLevel.Commune).Sum(u => Known.Value.Measure(u.Id, "population", After, Merger2025.MapSource)));
    }

    [Fact]
    public void A_table_by_old_and_by_new_communes_and_by_former_provinces_has_the_same_total()
    {
        var random = new Random(20250701);
        var amounts = Known.Value.All(Before).Where(u => u.Level == UnitLevel.Commune).Select(u => new UnitAmount(u.Id, Before.AddDays(-random.Next(180)), random.Next(1, 5000)))
            .Concat(Known.Value.All(After).Where(u => u.Level == UnitLevel.Commune).Select(u => new UnitAmount(u.Id, After.AddDays(random.Next(180)), random.Next(1, 5000)))).ToList();
        var total = amounts.Sum(a => a.Amount);
        foreach (var boundary in (Boundary[])[Boundary.AtEvent, Boundary.AsOf(Before), Boundary.AsOf(After), .. Boundary.Names.Select(Boundary.Named)])
        {
            var table = Known.Value.Regroup(amounts, boundary);
            Assert.Equal((total, 0m), (table.Total, table.Elsewhere));
            Assert.Equal(boundary switch { Boundary.NamedBoundary { Name: Boundary.FormerProvinces } => 3, Boundary.AtEventBoundary => 479 + 148 - 2, _ => table.Lines.Count }, table.Lines.Count);
        }

        Assert.All(Known.Value.Regroup(amounts, Boundary.Named(Boundary.FormerProvinces)).Lines, l => Assert.Equal(0, l.Estimated));
        Assert.All(Known.Value.Regroup(amounts, Boundary.AtEvent).Lines, l => Assert.False(l.IsEstimated));
    }

    [Fact]
    public void What_is_known_to_lie_in_a_unit_is_exact_and_what_is_split_is_marked()
    {
        var split = Known.Value.All(Before).Single(u => u.Name == "Xã Vầy Nưa");
        var table = Known.Value.Regroup([new UnitAmount(split.Id, Before, 101), new UnitAmount("xa-04828", After, 7)], Boundary.Named(Boundary.PresentCommunes));
        Assert.Equal([new UnitLine("xa-04828", 7, 50.5m), new UnitLine("xa-04891", 0, 50.5m)], table.Lines);
        Assert.Equal(5, Known.Value.Regroup([new UnitAmount("nowhere", Before, 5)], Boundary.AtEvent).Elsewhere);
        Assert.Throws<ArgumentException>(() => Known.Value.Regroup([new UnitAmount(split.Id, Before, 1)], Boundary.Named("no such map")));
    }

    [Fact]
    public void Before_the_resolution_was_published_nobody_knew_of_the_new_map()
    {
        var then = Seeded(RegistryBooks.Us(Merger2025.Published) - 1);
        Assert.Equal(479, then.All(After).Count(u => u.Level == UnitLevel.Commune));
        Assert.Empty(then.Successions);
    }

    [Fact]
    public void Stations_are_494_on_every_day_and_change_on_their_own_calendar()
    {
        var state = Merger2025.State();
        var draft = new RegistryDraft(state, RegistryBooks.Us(StationNetwork.Known));
        StationNetwork.State(draft);
        var result = draft.Result();
        var map = new UnitMap(result.Units, result.Successions, long.MaxValue - 1);
        foreach (var (day, stations) in new[] { (Before, 494), (After, 494), (new DateOnly(2025, 12, 31), 494), (StationNetwork.Reorganised, 148) })
        {
            var all = map.All(day).Where(u => u.Type is "station" or "station-point").ToList();
            Assert.Equal((494, stations), (all.Count, all.Count(u => u.Type == "station")));
            Assert.All(all, s => Assert.Equal(UnitLevel.Commune, map.Ancestors(s.Id, Hierarchies.Administrative, day)[0].Level));
            Assert.All(all, s => Assert.Equal(StationNetwork.Department, map.Ancestors(s.Id, Hierarchies.HealthNetwork, day)[^1].Id));
        }

        var point = map.All(StationNetwork.Reorganised).First(u => u.Type == "station-point");
        Assert.Equal("station", map.Ancestors(point.Id, Hierarchies.HealthNetwork, StationNetwork.Reorganised)[0].Type);
        Assert.Equal(map.Ancestors(point.Id, Hierarchies.HealthNetwork, Before), map.Ancestors(point.Id, Hierarchies.HealthNetwork, After));
        Assert.Equal(point.Id, Assert.Single(map.Place(point.Id, After, Boundary.AsOf(After))).From);
    }

    private static string District(string id) => Known.Value.Ancestors(id, Hierarchies.Administrative, Before).FirstOrDefault(u => u.Level == UnitLevel.District)?.Name ?? "";

    private static UnitMap Seeded(long knownAt)
    {
        var state = Merger2025.State();
        return new UnitMap(state.Units, state.Successions, knownAt);
    }

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task The_map_in_the_database_is_the_map_of_the_program_and_is_put_there_once(DbEngine engine)
    {
        await using var host = await RegistryHost.StartAsync(engine);
        await using var other = await host.AnotherAsync();
        var otherUnits = (UnitRegistry)other.GetService(typeof(UnitRegistry))!;
        await Task.WhenAll(host.Units.SeedAsync(default), otherUnits.SeedAsync(default));
        await host.Units.LoadDemonstrationAsync(default);
        await otherUnits.LoadDemonstrationAsync(default);
        Assert.Equal(["network:stations", "map:2025-07", "map:before-2025-07"], (await host.Books.ChangesAsync(10, long.MaxValue, default)).Select(c => c.Subject));
        foreach (var map in new[] { await host.Units.MapAsync(null, default), await otherUnits.MapAsync(null, default) })
        {
            Assert.Equal(Known.Value.Between(Before, After, UnitLevel.Commune).Cells, map.Between(Before, After, UnitLevel.Commune).Cells);
            Assert.Equal(Known.Value.All(After), map.All(After).Where(u => u.Level != UnitLevel.Health));
        }
    }
}
