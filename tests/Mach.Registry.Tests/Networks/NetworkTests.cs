using System.Net;
using System.Text;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Registry.Imports;
using Mach.Registry.Ledgers;

namespace Mach.Registry.Tests.Networks;

/// <summary>Satellites under core hospitals and facilities under offices of social insurance, by day.</summary>
public sealed class NetworkTests
{
    private static readonly DateOnly Year = new(2026, 1, 1);

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task A_link_holds_from_its_day_moves_on_another_and_is_undone(DbEngine engine)
    {
        await using var host = await PageHost.StartAsync(engine);
        await FacilitiesAsync(host);
        var officer = await host.BrowserAsync("data-officer");
        Assert.Equal("/networks/satellite?date=2026-01-01", (await LinkAsync(officer, "satellite", "25004", "25001", "2026-01-01")).Location);
        Assert.NotNull((await LinkAsync(officer, "satellite", "25004", "25002", "2026-06-01")).Location);
        var map = await host.Units.AsKnownAsync(null, default);
        string? Core(DateOnly day) => map.Ancestors("cskcb-25004", Hierarchies.Satellite, day) is [var core, ..] ? core.Code : null;
        Assert.Equal((null, "25001", "25002"), (Core(Year.AddDays(-1)), Core(Year), Core(new DateOnly(2026, 6, 1))));
        Assert.Contains("25004", (await officer.GetAsync("/units?date=2026-02-01&h=satellite&under=cskcb-25001")).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("25004", (await officer.GetAsync("/units?date=2026-07-01&h=satellite&under=cskcb-25001")).Html, StringComparison.Ordinal);
        await officer.PostAsync("/registry/changes", $"/registry/changes/{(await host.Books.CurrentAsync(default)).Number}/undo", ("why", "nhầm"));
        Assert.Equal("25001", (await host.Units.AsKnownAsync(null, default)).Ancestors("cskcb-25004", Hierarchies.Satellite, new DateOnly(2026, 6, 1))[0].Code);
        Assert.NotNull((await LinkAsync(officer, "satellite", "25004", "", "2026-08-01")).Location);
        Assert.Empty((await host.Units.AsKnownAsync(null, default)).Ancestors("cskcb-25004", Hierarchies.Satellite, new DateOnly(2026, 8, 1)));
    }

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task An_office_is_stated_and_facilities_are_put_under_it(DbEngine engine)
    {
        await using var host = await PageHost.StartAsync(engine);
        await FacilitiesAsync(host);
        var officer = await host.BrowserAsync("administrator");
        Assert.NotNull((await OfficeAsync(officer, "T1", "BHXH tỉnh Thử", "")).Location);
        Assert.NotNull((await OfficeAsync(officer, "T2", "BHXH cơ sở Thử", "T1")).Location);
        Assert.NotNull((await LinkAsync(officer, "insurance", "25001", "t2", "2026-02-01")).Location);
        var above = (await host.Units.AsKnownAsync(null, default)).Ancestors("cskcb-25001", Hierarchies.Insurance, new DateOnly(2026, 2, 1));
        Assert.Equal(["BHXH cơ sở Thử", "BHXH tỉnh Thử"], above.Select(u => u.Name));
        Assert.Contains("BHXH cơ sở Thử", (await officer.GetAsync("/networks/insurance?date=2026-02-01")).Html, StringComparison.Ordinal);
        Assert.Contains("25001", (await officer.GetAsync("/units/bhxh-t2?date=2026-02-01")).Html, StringComparison.Ordinal);
        Assert.Contains("Cần tên", (await OfficeAsync(officer, "T3", "", "")).Html, StringComparison.Ordinal);
        var circle = await OfficeAsync(officer, "T1", "BHXH", "T2");
        Assert.Equal(HttpStatusCode.BadRequest, circle.Status);
        Assert.DoesNotContain("id=\"above-error\"></span>", circle.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("25099", "25001", "2026-01-01", "facility")]
    [InlineData("25004", "25099", "2026-01-01", "parent")]
    [InlineData("25004", "25004", "2026-01-01", "parent")]
    [InlineData("25001", "25004", "2026-03-01", "parent")]
    [InlineData("25004", "25001", "hôm qua", "from")]
    public async Task A_link_that_cannot_be_is_refused_beside_its_field(string facility, string core, string from, string field)
    {
        await using var host = await PageHost.StartAsync();
        await FacilitiesAsync(host);
        var officer = await host.BrowserAsync("data-officer");
        await LinkAsync(officer, "satellite", "25004", "25001", "2026-02-01");
        var number = (await host.Books.CurrentAsync(default)).Number;
        var answer = await LinkAsync(officer, "satellite", facility, core, from);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains($"aria-describedby=\"{field}-error\"", answer.Html, StringComparison.Ordinal);
        Assert.DoesNotContain($"id=\"{field}-error\"></span>", answer.Html, StringComparison.Ordinal);
        Assert.Equal(number, (await host.Books.CurrentAsync(default)).Number);
    }

    [Fact]
    public async Task The_second_of_two_officers_is_told_and_nothing_is_written()
    {
        await using var host = await PageHost.StartAsync();
        await FacilitiesAsync(host);
        var (first, second) = (await host.BrowserAsync("data-officer"), await host.BrowserAsync("administrator"));
        var seen = (await host.Books.CurrentAsync(default)).Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await LinkAsync(first, "satellite", "25004", "25001", "2026-01-01", ("seen", seen));
        var number = (await host.Books.CurrentAsync(default)).Number;
        var answer = await LinkAsync(second, "satellite", "25004", "25002", "2026-01-01", ("seen", seen));
        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Contains("data-officer đã đổi", answer.Html, StringComparison.Ordinal);
        Assert.Equal(number, (await host.Books.CurrentAsync(default)).Number);
    }

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task Lists_of_both_networks_are_imported_and_refused_by_row_and_column(DbEngine engine)
    {
        await using var host = await RegistryHost.StartAsync(engine);
        await host.Get<IFacilityDirectory>().PutAsync([.. Hospitals], default);
        var importing = host.Get<Importing>();
        async Task<(IReadOnlyList<Registry.Units.Problem> Problems, Change? Change)> Apply(string kind, string text) =>
            await importing.ApplyAsync(await importing.KeepAsync(kind, "x.csv", Encoding.UTF8.GetBytes(text), Year, "an", default), "an", default);
        Assert.Empty((await Apply("satellite", "core,satellite,valid_from,valid_to\n25001,25004,2026-02-01,2026-12-31\n25001,25005,,\n")).Problems);
        Assert.Empty((await Apply("insurance", "ma_cskcb;ma_bhxh;ten_bhxh;ma_bhxh_cap_tren\n25001;T1;BHXH tỉnh Thử;\n25004;T2;BHXH cơ sở Thử;T1\n")).Problems);
        var map = await host.Units.MapAsync(null, default);
        Assert.Equal((0, 1, 0), (map.Ancestors("cskcb-25004", Hierarchies.Satellite, Year).Count, map.Ancestors("cskcb-25004", Hierarchies.Satellite, new DateOnly(2026, 12, 31)).Count, map.Ancestors("cskcb-25004", Hierarchies.Satellite, new DateOnly(2027, 1, 1)).Count));
        Assert.Equal(["bhxh-t2", "bhxh-t1"], map.Ancestors("cskcb-25004", Hierarchies.Insurance, Year).Select(u => u.Id));
        Assert.Null((await Apply("satellite", "core,satellite,valid_from,valid_to\n25001,25004,2026-02-01,2026-12-31\n25001,25005,,\n")).Change);
        Assert.Equal(["2:A core", "3:B satellite"], (await Apply("satellite", "core,satellite\n25099,25004\n25001,9\n")).Problems.Select(p => p.Where));
        Assert.Equal(["2:B office"], (await Apply("insurance", "code,office\n25001,KHONG-CO\n")).Problems.Select(p => p.Where));
        Assert.Contains((await Apply("satellite", "core,satellite\n25001,25002\n25003,25002\n")).Problems, p => p.En.Contains("two different lines", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task The_demonstration_has_both_networks_once_and_dated(DbEngine engine)
    {
        await using var host = await RegistryHost.StartAsync(engine);
        await host.Get<IFacilityDirectory>().PutAsync([.. Hospitals], default);
        await host.Units.LoadDemonstrationAsync(default);
        var number = (await host.Books.CurrentAsync(default)).Number;
        await host.Units.LoadDemonstrationAsync(default);
        Assert.Equal(number, (await host.Books.CurrentAsync(default)).Number);
        var map = await host.Units.MapAsync(null, default);
        var before = map.Ancestors("cskcb-25004", Hierarchies.Insurance, new DateOnly(2025, 6, 30));
        var after = map.Ancestors("cskcb-25004", Hierarchies.Insurance, new DateOnly(2025, 7, 1));
        Assert.All(before.Concat(after), u => Assert.Contains("minh họa", u.Name, StringComparison.Ordinal));
        Assert.NotEqual(before[0].Id, after[0].Id);
        Assert.Contains("cskcb-25001", map.Roots(Hierarchies.Satellite, Year).Select(u => u.Id));
        Assert.Equal(494, map.All(Year).Count(u => u.Type is "station" or "station-point"));
    }

    [Fact]
    public async Task Everybody_reads_the_networks_and_only_officers_and_administrators_change_them()
    {
        await using var host = await PageHost.StartAsync();
        foreach (var role in new[] { "registrar", "doctor" })
        {
            var browser = await host.BrowserAsync(role);
            foreach (var network in new[] { "satellite", "insurance" })
            {
                var page = await browser.GetAsync("/networks/" + network);
                Assert.Equal(HttpStatusCode.OK, page.Status);
                Assert.DoesNotContain("name=\"why\"", page.Html, StringComparison.Ordinal);
                Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync("/", "/networks/" + network)).Status);
            }

            Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync("/", "/networks/insurance/offices")).Status);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await (await host.BrowserAsync("doctor")).GetAsync("/networks/administrative")).Status);
    }

    private static readonly Facility[] Hospitals =
    [
        New("25001", "specialised", "07900"), New("25002", "basic", "07942"), New("25003", "basic", "07900"), New("25004", "basic", "07942"), New("25005", "initial", null),
    ];

    private static Facility New(string code, string tier, string? commune) => new() { Code = code, Name = "Bệnh viện Thử " + code, Status = FacilityStatus.Active, Tier = tier, CommuneCode = commune, FormerProvince = "Phú Thọ" };

    private static Task FacilitiesAsync(PageHost host) => host.Get<IFacilityDirectory>().PutAsync([.. Hospitals], default);

    private static Task<(HttpStatusCode Status, string Html, string? Location)> LinkAsync(RoleBrowser browser, string network, string facility, string parent, string from, params (string, string)[] more) =>
        browser.PostAsync("/networks/" + network, "/networks/" + network, [("facility", facility), ("parent", parent), ("from", from), ("last", ""), ("why", "QĐ thử"), .. more]);

    private static Task<(HttpStatusCode Status, string Html, string? Location)> OfficeAsync(RoleBrowser browser, string code, string name, string above) =>
        browser.PostAsync("/networks/insurance", "/networks/insurance/offices", ("office", code), ("name", name), ("above", above), ("since", "2026-01-01"), ("reason", "QĐ thử"));
}
