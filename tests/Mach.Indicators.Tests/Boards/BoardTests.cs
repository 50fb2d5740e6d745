using System.Net;
using System.Text.Json;
using Mach.Data;
using Mach.Indicators.Boards;
using Mach.Indicators.Definitions;
using Mach.Indicators.Pages;
using Mach.Testing;
using static Mach.Indicators.Tests.NumbersHost;

namespace Mach.Indicators.Tests.Boards;

public class BoardTests
{
    private static readonly DateOnly s_today = new(2026, 11, 20);

    [Theory]
    [InlineData("year", "2026-01-01..2026-11-30")]
    [InlineData("month", "2026-10")]
    [InlineData("quarter", "2026-07-01..2026-09-30")]
    [InlineData("twelve", "2025-11-01..2026-10-31")]
    [InlineData("last-year", "2025")]
    [InlineData("2026-q1", "2026-q1")]
    [InlineData("soon", null)]
    public void A_card_goes_with_the_time(string period, string? days) => Assert.Equal(days, new Tile("number", "visits", Period: period).DaysOf(s_today)?.Text);

    [Theory]
    [InlineData("number", "visits", "facility", "year", null)]
    [InlineData("pie", "visits", "facility", "year", "board-no-kind")]
    [InlineData("number", "none", "facility", "year", "board-no-indicator")]
    [InlineData("number", "visits", "moon", "year", "board-no-way")]
    [InlineData("number", "visits", "facility", "soon", "board-no-period")]
    [InlineData("funnel", "visits", "facility", "year", "board-no-funnel")]
    [InlineData("funnel", "transfer-rate", "facility", "year", null)]
    [InlineData("pivot", "visits", "month", "year", "board-no-pivot")]
    public void What_a_card_cannot_show_is_said(string kind, string indicator, string by, string period, string? problem)
    {
        var indicators = DefinitionBook.Shipped.ToDictionary(i => i.Code, StringComparer.Ordinal);
        Assert.Equal(problem, new Tile(kind, indicator, by, period).Problem(indicators, s_today));
        Assert.True(problem is null || Words.T.Find(problem) is not null);
    }

    [Fact]
    public void Boards_that_come_with_the_program_can_be_shown()
    {
        var indicators = DefinitionBook.Shipped.ToDictionary(i => i.Code, StringComparer.Ordinal);
        Assert.All(Board.Shipped.SelectMany(b => b.Tiles), t => Assert.Null(t.Problem(indicators, s_today)));
        Assert.All(Tile.Kinds.Select(k => "tile-" + k).Concat(Tile.Periods.Select(p => "board-" + p)), key => Assert.NotNull(Words.T.Find(key)));
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_board_is_put_together_on_its_page(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await host.MakeAccountsAsync();
        await host.WriteAsync([Person("p"), .. Enumerable.Range(0, 30).Select(i => Visit("e" + i, "p", i < 20 ? "25001" : "25012", $"2026-{1 + (i % 10):00}-05", i % 3 == 0 ? "03" : "01"))]);
        await host.Counter.CatchUpAsync(default);
        var (director, own, officer, guest) = (await host.BrowserAsync("director"), await host.BrowserAsync("director-25001"), await host.BrowserAsync("data-officer"), await host.BrowserAsync("registrar"));
        async Task<Answer> Do(Browser browser, string address, params (string Name, string Value)[] fields) => await browser.PostAsync(address, [.. fields, Token(await browser.GetAsync("/account"))]);
        static (string Name, string Value)[] Card(int i, string kind, string indicator, string by = "facility", string period = "year") => [($"kind-{i}", kind), ($"indicator-{i}", indicator), ($"by-{i}", by), ($"period-{i}", period)];

        var address = (await Do(director, "/indicators/boards")).Location![..^"/edit".Length];
        Assert.Contains("<strong>30</strong>", (await director.GetAsync(address)).Html, StringComparison.Ordinal);
        (string Name, string Value)[] cards = [.. Card(0, "number", "visits"), .. Card(1, "pivot", "visits", "tier", "2026-q1"), .. Card(2, "bars", "share-inpatient", "facility"), .. Card(3, "months", "visits"), .. Card(4, "table", "visits", "month"), .. Card(5, "funnel", "share-inpatient")];
        // Changed on the form alone: moved, taken out, added; nothing is kept before it is saved.
        var form = (await Do(director, address + "/edit", [("seen", "1"), ("act", "up-1"), ("name", "Sáng thứ Hai"), .. cards])).Html;
        Assert.True(form.IndexOf("name=\"kind-0\"", StringComparison.Ordinal) is var first && form.IndexOf("value=\"pivot\" selected", first, StringComparison.Ordinal) < form.IndexOf("name=\"kind-1\"", StringComparison.Ordinal));
        Assert.DoesNotContain("name=\"kind-5\"", (await Do(director, address + "/edit", [("seen", "1"), ("act", "remove-2"), ("name", "x"), .. cards])).Html, StringComparison.Ordinal);
        Assert.Contains("name=\"kind-6\"", (await Do(director, address + "/edit", [("seen", "1"), ("act", "add"), ("name", "x"), .. cards])).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Do(director, address + "/edit", [("seen", "1"), ("act", "remove-99"), ("name", "x"), .. cards])).Status);
        Assert.Contains("Bảng mới", (await director.GetAsync("/indicators/boards")).Html, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.BadRequest, (await Do(director, address + "/edit", [("seen", "1"), ("act", "save"), ("name", ""), .. cards])).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Do(director, address + "/edit", [("seen", "1"), ("act", "save"), ("name", "x"), .. Card(0, "funnel", "visits")])).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Do(director, address + "/edit", [("act", "save"), ("name", "x"), .. cards])).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await director.PostAsync(address + "/edit", [("seen", "1"), ("act", "save"), ("name", "x"), .. cards])).Status);
        Assert.Equal(address, (await Do(director, address + "/edit", [("seen", "1"), ("act", "save"), ("name", "Sáng <b>thứ Hai</b>"), ("shared", "on"), .. cards])).Location);
        var page = (await director.GetAsync(address)).Html;
        Assert.DoesNotContain("<b>thứ", page, StringComparison.Ordinal);
        // Of two at once one is kept, and what the other typed stays on the form.
        Assert.Contains("Chiều thứ Ba", (await Do(director, address + "/edit", [("seen", "1"), ("act", "save"), ("name", "Chiều thứ Ba"), .. cards])).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await Do(director, address + "/edit", [("seen", "1"), ("act", "save"), ("name", "x"), .. cards])).Status);

        // A shared board shows each their own numbers, and is nobody else's to change.
        Assert.Contains("<strong>20</strong>", (await own.GetAsync(address)).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Trung tâm y tế", (await own.GetAsync(address)).Html, StringComparison.Ordinal);
        Assert.Contains("Trung tâm y tế", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await own.GetAsync(address + "/edit")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Do(own, address, ("act", "throw"), ("seen", "2"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await guest.GetAsync(address)).Status);
        Assert.Contains("hx-trigger=\"every 60s\"", (await own.GetAsync(address + "?present=on")).Html, StringComparison.Ordinal);
        var copy = (await Do(own, "/indicators/boards", ("of", address.Split('/')[^1]))).Location![..^"/edit".Length];
        Assert.Equal(HttpStatusCode.NotFound, (await officer.GetAsync(copy)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Do(officer, "/indicators/boards", ("of", copy.Split('/')[^1]))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await officer.GetAsync("/indicators/boards/none")).Status);
        // One that comes with the program is copied, not changed.
        Assert.Equal(HttpStatusCode.Forbidden, (await officer.GetAsync("/indicators/boards/steering/edit")).Status);
        Assert.EndsWith("/edit", (await Do(officer, "/indicators/boards", ("of", "steering"))).Location, StringComparison.Ordinal);

        // Thrown away and taken back.
        Assert.Equal(HttpStatusCode.Conflict, (await Do(director, address, ("act", "throw"), ("seen", "1"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await Do(director, address, ("act", "throw"), ("seen", "9"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Do(director, address, ("act", "burn"), ("seen", "2"))).Status);
        Assert.Equal(address, (await Do(director, address, ("act", "throw"), ("seen", "2"))).Location);
        Assert.Equal(HttpStatusCode.NotFound, (await own.GetAsync(address)).Status);
        Assert.Contains("Bảng này đã bỏ", (await director.GetAsync(address)).Html, StringComparison.Ordinal);
        Assert.Equal(address, (await Do(director, address, ("act", "restore"), ("seen", "3"))).Location);
        Assert.Contains("<strong>20</strong>", (await own.GetAsync(address)).Html, StringComparison.Ordinal);
    }

    /// <summary>Every number on a board is the one of its own page.</summary>
    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_pivot_adds_up_to_its_rows(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var random = new Random(3);
        await host.WriteAsync([.. Enumerable.Range(0, 5).Select(i => Person("p" + i)), .. Enumerable.Range(0, 200).Select(i => Visit("e" + i, "p" + (i % 5), random.Next(3) switch { 0 => "25001", 1 => "25012", _ => "25101" }, $"2026-{1 + random.Next(10):00}-{1 + random.Next(28):00}"))]);
        await host.Counter.CatchUpAsync(default);
        var view = Assert.Single(await host.Get<BoardReader>().AskAsync(new Board("x", 1, "an", "x", false, false, null, [new Tile("pivot", "visits", "tier", "year")]), new Scope(true, null), s_today, default));
        Assert.Equal(11, view.Columns.Count);
        Assert.Equal(200m, view.Answer!.Total.Above);
        Assert.Equal(view.Answer.Total.Above, view.Columns.Sum(c => c.Total.Above));
        Assert.All(view.Answer.Lines, line => Assert.Equal(line.Parts.Above, view.Columns.Sum(c => c.Lines.FirstOrDefault(l => l.Key == line.Key)?.Parts.Above ?? 0)));
        Assert.All(view.Columns, c => Assert.Equal(c.Total.Above, c.Lines.Sum(l => l.Parts.Above)));
        // No place, no number.
        Assert.Null(Assert.Single(await host.Get<BoardReader>().AskAsync(new Board("x", 1, "an", "x", false, false, null, [new Tile("number", "visits")]), new Scope(false, null), s_today, default)).Answer);
        Assert.Equal(JsonSerializer.Serialize(new Tile("number", "visits")), JsonSerializer.Serialize(JsonSerializer.Deserialize<Tile>("""{"kind":"number","indicator":"visits"}""")));
    }
}
