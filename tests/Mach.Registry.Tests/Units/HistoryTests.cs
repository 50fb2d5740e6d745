using System.Globalization;
using System.Text;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;

namespace Mach.Registry.Tests.Units;

/// <summary>Corrections, undo and what was known then, on both engines.</summary>
public sealed class HistoryTests
{
    private static readonly DateOnly July = new(2025, 7, 15);

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task A_report_of_july_2025_asked_as_known_then_is_identical_after_corrections(DbEngine engine)
    {
        await using var host = await RegistryHost.StartAsync(engine);
        var then = new DateTimeOffset(2025, 8, 1, 0, 0, 0, TimeSpan.FromHours(7));
        var first = await ReportAsync(host, then);
        var arm = (await host.Units.MapAsync(null, default)).Successions.First(s => s.Kind == "split");
        await host.Books.ChangeAsync(new ChangeNote("edit", "an", "Số dân công bố sau", "succession:" + arm.Event), draft =>
        {
            foreach (var old in new UnitMap(draft.State.Units, draft.State.Successions, long.MaxValue - 1).Successions.Where(s => s.From == arm.From))
            {
                var share = old.To == arm.To ? 0.7m : 0.3m;
                draft.Successions.State((old with { SharePop = share }).ToStatement());
            }
        }, default);
        await host.StateAsync(Statement.Since("xa-04828", Aspects.Name, "Phường Thống Nhất (sửa)", new DateOnly(2025, 7, 1)), Statement.Since("xa-04891", Aspects.Measure("population", Merger2025.MapSource), "1", new DateOnly(2025, 7, 1)));
        Assert.NotEqual(first, await ReportAsync(host, null));
        Assert.Equal(first, await ReportAsync(host, then));
        await using var other = await host.AnotherAsync();
        Assert.Equal(first, await ReportAsync((UnitRegistry)other.GetService(typeof(UnitRegistry))!, then));
    }

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task A_change_is_undone_by_a_change_and_so_is_the_undoing(DbEngine engine)
    {
        await using var host = await RegistryHost.StartAsync(engine);
        await host.Units.SeedAsync(default);
        var from = new DateOnly(2026, 3, 1);
        var renamed = (await host.StateAsync(Statement.Since("xa-04828", Aspects.Name, "Phường Mới", from)))!;
        Assert.Null(await host.StateAsync(Statement.Since("xa-04828", Aspects.Name, "Phường Mới", from)));
        var undo = await UndoAsync(host, renamed.Number);
        Assert.Equal("Phường Thống Nhất", (await host.Units.MapAsync(null, default)).Find("xa-04828", from)!.Name);
        await UndoAsync(host, undo!.Number);
        var map = await host.Units.MapAsync(null, default);
        Assert.Equal(("Phường Thống Nhất", "Phường Mới"), (map.Find("xa-04828", from.AddDays(-1))!.Name, map.Find("xa-04828", from)!.Name));
        Assert.Equal(5, (await host.Books.ChangesAsync(10, long.MaxValue, default)).Count);
    }

    [Fact]
    public async Task What_later_changes_were_built_on_is_undone_after_them()
    {
        await using var host = await RegistryHost.StartAsync(DbEngine.Sqlite);
        var first = (await host.StateAsync(Statement.Always("u", Aspects.Name, "Một")))!;
        var second = (await host.StateAsync(Statement.Since("u", Aspects.Name, "Hai", July)))!;
        Assert.Equal(second.Number, await BlockerAsync(host, first.Number));
        await UndoAsync(host, second.Number);
        var gap = (await host.StateAsync(Statement.Since("u", Aspects.Name, null, July)))!;
        var filled = (await host.StateAsync(Statement.Since("u", Aspects.Name, "Ba", July)))!;
        Assert.Equal(filled.Number, await BlockerAsync(host, gap.Number));
    }

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task Two_officers_at_once_make_two_changes_one_after_the_other(DbEngine engine)
    {
        await using var host = await RegistryHost.StartAsync(engine);
        await using var other = await host.AnotherAsync();
        var books = new[] { host.Books, (RegistryBooks)other.GetService(typeof(RegistryBooks))! };
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => books[i % 2].ChangeAsync(new ChangeNote("edit", "an", "", "u"), draft =>
            draft.Units.State(Statement.Always("u", Aspects.Name, (int.Parse(draft.State.Units.Value("u", Aspects.Name, July, long.MaxValue - 1) ?? "0", CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture))), default)));
        foreach (var book in books)
        {
            Assert.Equal("10", (await book.CurrentAsync(default)).Units.Value("u", Aspects.Name, July, long.MaxValue - 1));
        }
    }

    private static Task<Change?> UndoAsync(RegistryHost host, long number) =>
        host.Books.ChangeAsync(new ChangeNote("undo", "an", "thử", "undo", number), draft => Assert.Null(draft.Undo(number)), default);

    private static async Task<long?> BlockerAsync(RegistryHost host, long number) => new RegistryDraft(await host.Books.CurrentAsync(default), long.MaxValue - 2).Undo(number);

    private static async Task<byte[]> ReportAsync(RegistryHost host, DateTimeOffset? knownAt) => await ReportAsync(host.Units, knownAt);

    private static async Task<byte[]> ReportAsync(UnitRegistry units, DateTimeOffset? knownAt)
    {
        var map = await units.MapAsync(knownAt, default);
        var old = map.All(new DateOnly(2025, 6, 30)).Where(u => u.Level == UnitLevel.Commune).Select((u, i) => new UnitAmount(u.Id, new DateOnly(2025, 6, 30), i));
        var table = map.Regroup(old, Boundary.AsOf(July));
        var text = new StringBuilder();
        foreach (var line in table.Lines)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{map.Find(line.Unit, July)!.Name};{line.Exact};{line.Estimated};{line.Amount / map.Measure(line.Unit, "population", July)}");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
