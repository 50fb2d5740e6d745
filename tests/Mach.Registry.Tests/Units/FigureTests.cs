using System.Globalization;
using System.Net;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;

namespace Mach.Registry.Tests.Units;

/// <summary>Figures of a day by any boundary, through the page and the file.</summary>
public sealed class FigureTests
{
    private static readonly DateOnly Today = new(2026, 11, 25);

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task Totals_by_old_and_by_new_communes_and_by_former_provinces_are_equal_and_shares_are_marked(DbEngine engine)
    {
        await using var host = await PageHost.StartAsync(engine);
        await host.Get<IFacilityDirectory>().PutAsync([Hospital("25001", "07900"), Hospital("25002", null)], default);
        await host.Get<IStationNetwork>().LoadDemonstrationAsync(default);
        var reader = await host.BrowserAsync("doctor");
        var lines = new Dictionary<string, int> { ["by=date"] = 148, ["by=date&on=2025-06-30"] = 479, ["by=former-communes"] = 479, ["by=communes-2025"] = 148, ["by=former-provinces"] = 3, ["by=date&on=2025-06-30&level=province"] = 3 };
        foreach (var (asked, count) in lines)
        {
            var file = (await reader.GetAsync("/units/table.csv?date=2026-11-25&" + asked)).Html.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            Assert.StartsWith("code,id,name,parent,population,population_estimated,", file[0], StringComparison.Ordinal);
            var rows = file[1..].Select(l => l.Split(',')).ToList();
            Assert.Equal(count, rows.Count - 2);
            // Population of the map: golden data in public-health §4.1; 494 stations; two facilities.
            Assert.Equal(("3571786", "494", "2"), (rows[^1][^8], rows[^1][^4], rows[^1][^2]));
            Assert.Equal(9404.45m, decimal.Round(Number(rows[^1][^6]), 2));
            Assert.Equal((0m, 1m), (Number(rows[^2][^8]), Number(rows[^2][^2])));
            Assert.Equal(rows[^1][^8], rows.SkipLast(1).Sum(r => Number(r[^8])).ToString("0.######", CultureInfo.InvariantCulture));
            // New communes parted to old ones are estimates; no new commune lies in two former provinces.
            Assert.Equal(count == 479, rows.Exists(r => Number(r[^7]) > 0));
            Assert.Equal(0, rows.SkipLast(1).Sum(r => Number(r[^3])));
        }

        var page = await reader.GetAsync("/units/table?date=2026-11-25&by=former-communes");
        Assert.Contains("ước tính", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("ước tính", (await reader.GetAsync("/units/table?date=2026-11-25&by=former-provinces")).Html, StringComparison.Ordinal);
        Assert.Contains("/units/table?date=", (await reader.GetAsync("/units")).Html, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task Each_line_is_the_sum_of_its_parts_by_the_other_map(DbEngine engine)
    {
        await using var host = await PageHost.StartAsync(engine);
        await host.Get<IFacilityDirectory>().PutAsync([Hospital("25001", "07900"), Hospital("25002", null)], default);
        await host.Get<IStationNetwork>().LoadDemonstrationAsync(default);
        var reader = await host.BrowserAsync("doctor");
        foreach (var (by, beside) in new[] { ("communes-2025", "former-communes"), ("former-communes", "communes-2025"), ("former-provinces", "communes-2025"), ("communes-2025", "former-provinces") })
        {
            var rows = (await reader.GetAsync($"/units/table.csv?date=2026-11-25&by={by}&beside={beside}")).Html.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(',')).ToList();
            Assert.Equal("part_of", rows[0][^1]);
            var lines = rows[1..^2].Where(r => r[^1].Length == 0).ToList();
            var parts = rows[1..^2].Where(r => r[^1].Length > 0).ToLookup(r => r[^1]);
            foreach (var line in lines)
            {
                for (var i = 2; i <= 9; i += 2)
                {
                    Assert.True(Number(line[^(i + 1)]) == parts[line[1]].Sum(p => Number(p[^(i + 1)])), $"{by} by {beside}: {string.Join(',', line)}");
                }
            }

            // As many cells as the published crosswalk has: 479 units, three of them in two.
            Assert.Equal(beside == "former-provinces" || by == "former-provinces" ? 148 : 482, parts.Sum(p => p.Count(r => Number(r[^9]) > 0)));
            Assert.Equal(by.StartsWith("former-c", StringComparison.Ordinal) || beside.StartsWith("former-c", StringComparison.Ordinal), parts.SelectMany(p => p).Any(r => Number(r[^8]) > 0));
        }

        var page = await reader.GetAsync("/units/table?date=2026-11-25&by=communes-2025&beside=former-communes");
        Assert.Contains("Xã Vầy Nưa", page.Html, StringComparison.Ordinal);
        var unit = await reader.GetAsync("/units/xa-04828");
        Assert.Contains("So với địa bàn ngày 30/06/2025", unit.Html, StringComparison.Ordinal);
        var table = unit.Html[unit.Html.IndexOf("id=\"beside\"", StringComparison.Ordinal)..].Split("</section>")[0];
        Assert.Contains("ước tính", table, StringComparison.Ordinal);
        Assert.Contains("Cộng các phần", table, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task A_table_as_known_before_a_correction_does_not_have_it(DbEngine engine)
    {
        await using var host = await PageHost.StartAsync(engine);
        var officer = await host.BrowserAsync("data-officer");
        await officer.PostAsync("/units/xa-04828", "/units/xa-04828", ("aspect", "population"), ("value", "99999999"), ("from", "2026-01-01"), ("why", "thử"));
        Assert.Contains("99999999", (await officer.GetAsync("/units/table.csv?date=2026-11-25")).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("99999999", (await officer.GetAsync("/units/table.csv?date=2026-11-25&known=2026-11-24")).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("99999999", (await officer.GetAsync("/units/table.csv?date=2025-12-31")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_without_figures_takes_the_first_that_has_some_and_says_so()
    {
        await using var host = await PageHost.StartAsync();
        var page = await (await host.BrowserAsync("registrar")).GetAsync("/units/table?date=2025-06-30");
        Assert.Contains("lấy số liệu ngày 01/07/2025", page.Html, StringComparison.Ordinal);
        Assert.Contains("3.571.786", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("lấy số liệu ngày", (await (await host.BrowserAsync("registrar")).GetAsync("/units/table?date=2026-06-30")).Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("date=hôm+qua", "date")]
    [InlineData("by=districts", "by")]
    [InlineData("on=2025-13-01", "on")]
    [InlineData("level=village", "level")]
    [InlineData("known=x", "known")]
    [InlineData("beside=districts", "beside")]
    public async Task What_cannot_be_read_is_said_beside_its_field(string asked, string field)
    {
        await using var host = await PageHost.StartAsync();
        var reader = await host.BrowserAsync("doctor");
        var page = await reader.GetAsync("/units/table?" + asked);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.DoesNotContain($"id=\"{field}-error\"></span>", page.Html, StringComparison.Ordinal);
        Assert.Equal(1, page.Html.Split("aria-invalid=\"true\"").Length - 1);
        Assert.Equal(HttpStatusCode.BadRequest, (await reader.GetAsync("/units/table.csv?" + asked)).Status);
    }

    [Fact]
    public void A_split_that_is_known_by_shares_alone_is_estimated_unless_both_parts_lie_in_one_unit()
    {
        var state = Merger2025.State();
        var draft = new RegistryDraft(state, long.MaxValue - 3);
        var split = new UnitMap(state.Units, state.Successions, long.MaxValue - 1).All(UnitMap.Merger.AddDays(-1)).Single(u => u.Name == "Xã Vầy Nưa");
        draft.Units.State(Statement.Always(split.Id, Aspects.Measure("population", "thu"), "1001"));
        var result = draft.Result();
        var figures = new UnitFigures(new UnitMap(result.Units, result.Successions, long.MaxValue - 1), Ledger.Empty, long.MaxValue - 1);
        var day = UnitMap.Merger.AddDays(-1);
        var communes = figures.Ask(new FigureQuestion(day, Boundary.AsOf(UnitMap.Merger)));
        Assert.Equal([("xa-04828", 500.5m), ("xa-04891", 500.5m)], communes.Lines.Select(l => (l.Unit!.Id, l.Population.Estimated)));
        var provinces = figures.Ask(new FigureQuestion(day, Boundary.AsOf(UnitMap.Merger), UnitLevel.Province));
        Assert.Equal(new Figure(1001, 0), Assert.Single(provinces.Lines).Population);
        Assert.Equal((478, 1001m), (communes.Without, communes.Total.Population.Amount));
        Assert.Throws<ArgumentException>(() => figures.Ask(new FigureQuestion(Today, Boundary.AtEvent)));
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static Facility Hospital(string code, string? commune) => new() { Code = code, Name = "Bệnh viện Thử " + code, Status = FacilityStatus.Active, CommuneCode = commune };
}
