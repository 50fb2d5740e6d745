using System.Globalization;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Registry.Communes;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;

namespace Mach.Registry.Tests.Units;

/// <summary>Which present commune an address means.</summary>
public sealed class CommuneHistoryTests
{
    public static TheoryData<DbEngine> Engines => Testing.TestDb.Engines;

    private static readonly CommuneNames Names = CommuneHistory.OfProgram(new DateOnly(2026, 11, 25));

    [Theory]
    [InlineData(null, "Khu 3, Phường Thanh Miếu, Thành phố Việt Trì, Tỉnh Phú Thọ", "07909")]
    [InlineData(null, "Khu 3, P. Thanh Miếu", "07909")]
    [InlineData(null, "Khu 3, xa thanh minh, thi xa phu tho", "07948")]
    [InlineData("07948", "Khu 3", "07948")]
    [InlineData("07948", "Khu 3, Phường Âu Cơ", "07948")]
    [InlineData("99999", "Khu 3", null)]
    [InlineData(null, "Phố Huế, Hà Nội", null)]
    [InlineData(null, "", null)]
    [InlineData(null, null, null)]
    public void An_address_means_the_commune_that_took_its_unit_up(string? code, string? address, string? expected) => Assert.Equal(expected, Names.Today(code, address));

    [Fact]
    public void Every_line_of_the_published_crosswalk_is_answered_and_a_split_unit_stands_for_none()
    {
        var published = Shared.Csv("phu-tho-2025-crosswalk.csv").GroupBy(r => (Unit: r["old_unit"], District: r["old_district"])).ToList();
        foreach (var unit in published.Where(u => u.Key.District.Length > 0))
        {
            var codes = unit.Select(r => r["new_code_gso"]).Distinct().ToList();
            var answer = Names.Today(null, $"Xóm 1, {unit.Key.Unit}, {unit.Key.District}");
            // A split unit whose name is unique stands for none; its name may be that of a present commune elsewhere.
            Assert.True(codes.Count > 1 ? answer is null || !codes.Contains(answer) || answer == Names.Today(null, unit.Key.Unit) : answer == codes[0], $"{unit.Key}: {answer}");
        }

        Assert.Equal(479, published.Count);
    }

    [Theory]
    [InlineData("viet tri", "Phường Việt Trì")]
    [InlineData("Tri viet", "Phường Việt Trì")]
    [InlineData("phường thanh m", "Phường Thanh Miếu")]
    [InlineData("vt", "Phường Việt Trì")]
    [InlineData("07909", "Phường Thanh Miếu")]
    [InlineData("thanh minh", "Phường Âu Cơ")]
    public void What_is_typed_suggests_communes_without_tones_by_initials_and_by_earlier_names(string typed, string expected) =>
        Assert.Contains(Names.Suggest(typed, 8), s => s.Name == expected);

    [Fact]
    public void Who_was_found_by_an_earlier_name_is_shown_with_it_and_nobody_twice()
    {
        var found = Names.Suggest("thanh minh", 8);
        Assert.Contains(found, s => s.Code == "07948" && s.FormerName == "Xã Thanh Minh, Thị xã Phú Thọ" && s.FormerProvince == "Tỉnh Phú Thọ");
        Assert.Equal(found.Count, found.DistinctBy(s => s.Code).Count());
        Assert.Empty(Names.Suggest("  ", 8));
        Assert.Empty(Names.Suggest("qqqq", 8));
        Assert.Equal(2, Names.Suggest("xa", 2).Count);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task What_is_corrected_or_entered_counts_at_once_here_and_soon_in_other_processes(DbEngine engine)
    {
        await using var host = await RegistryHost.StartAsync(engine);
        var communes = host.Get<ICommuneHistory>();
        Assert.Equal("07909", communes.Today(null, "Phường Thanh Miếu"));
        await host.Units.SeedAsync(default);
        await using var other = await host.AnotherAsync();
        var elsewhere = (ICommuneHistory)other.GetService(typeof(ICommuneHistory))!;
        await elsewhere.RefreshAsync(default);
        Assert.Equal("07909", elsewhere.Today(null, "Phường Thanh Miếu"));

        // A correction of a name, and a further merger that has come into force.
        await host.StateAsync(Statement.Always("xa-07909", Aspects.Name, "Phường Thử Nghiệm"));
        var day = new DateOnly(2026, 3, 1);
        await host.Books.ChangeAsync(new ChangeNote("edit", "an", "thử", "test"), draft =>
        {
            draft.Units.End("xa-07948", day);
            draft.Successions.State(new Succession("nq-thu", day, "1/NQ-THU", "xa-07948", "xa-07909", "merge", 1, 1).ToStatement());
        }, default);
        Assert.Equal("07909", communes.Today(null, "Khu 1, Phường Thử Nghiệm"));
        Assert.Equal("07909", communes.Today(null, "Khu 1, Xã Thanh Minh, Thị xã Phú Thọ"));
        Assert.Equal("07909", communes.Today("07948", null));
        Assert.Contains(communes.Suggest("au co", 5), s => s.Code == "07909" && s.FormerName!.StartsWith("Phường Âu Cơ", StringComparison.Ordinal));

        await elsewhere.RefreshAsync(default);
        Assert.Null(elsewhere.Today(null, "Khu 1, Phường Thử Nghiệm"));
        host.Database.Clock.Now += TimeSpan.FromSeconds(3);
        await elsewhere.RefreshAsync(default);
        Assert.Equal("07909", elsewhere.Today(null, "Khu 1, Phường Thử Nghiệm"));
    }

    [Fact]
    public async Task What_is_to_come_counts_on_its_day()
    {
        await using var host = await RegistryHost.StartAsync(DbEngine.Sqlite);
        await host.Units.SeedAsync(default);
        var day = new DateOnly(2027, 1, 1);
        await host.Books.ChangeAsync(new ChangeNote("edit", "an", "thử", "test"), draft =>
        {
            draft.Units.End("xa-07948", day);
            draft.Successions.State(new Succession("nq-thu", day, "1/NQ-THU", "xa-07948", "xa-07909", "merge", 1, 1).ToStatement());
        }, default);
        Assert.Equal("07948", host.Get<ICommuneHistory>().Today("07948", null));
        host.Database.Clock.Now = DateTimeOffset.Parse("2027-01-01T00:30:00+07:00", CultureInfo.InvariantCulture);
        Assert.Equal("07909", host.Get<ICommuneHistory>().Today("07948", null));
    }
}
