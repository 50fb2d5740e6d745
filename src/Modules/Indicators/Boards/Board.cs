using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mach.Indicators.Asking;
using Mach.Indicators.Definitions;
using Mach.Indicators.Pages;

namespace Mach.Indicators.Boards;

/// <summary>One card of a board.</summary>
/// <param name="Kind">number, months, bars, table, pivot, funnel or map.</param>
/// <param name="Indicator">Code.</param>
/// <param name="By">A key of <see cref="IndicatorQuery.Ways"/>; what bars, tables and pivots are parted by.</param>
/// <param name="Period">A key of <see cref="Periods"/>, so that the board goes with the time, or days as a page has them in its address.</param>
/// <param name="IsWide">Over the whole width.</param>
public sealed record Tile(
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("indicator")] string Indicator,
    [property: JsonPropertyName("by")] string By = "facility",
    [property: JsonPropertyName("period")] string Period = "year",
    [property: JsonPropertyName("wide")] bool IsWide = false)
{
    public static readonly IReadOnlyList<string> Kinds = ["number", "months", "bars", "table", "pivot", "funnel", "map"];
    public static readonly IReadOnlyList<string> Periods = ["year", "month", "quarter", "twelve", "last-year"];

    /// <summary>The days that it is about today; null for a period that is none.</summary>
    internal Period? DaysOf(DateOnly today)
    {
        var month = new DateOnly(today.Year, today.Month, 1);
        var quarter = new DateOnly(today.Year, ((today.Month - 1) / 3 * 3) + 1, 1);
        return Period switch
        {
            "year" => Pages.Period.YearOf(today),
            "month" => Pages.Period.Between(month.AddMonths(-1), month.AddDays(-1)),
            "quarter" => Pages.Period.Between(quarter.AddMonths(-3), quarter.AddDays(-1)),
            "twelve" => Pages.Period.Between(month.AddMonths(-12), month.AddDays(-1)),
            "last-year" => Pages.Period.Parse((today.Year - 1).ToString(CultureInfo.InvariantCulture)),
            var other => Pages.Period.Parse(other),
        };
    }

    /// <summary>Key of the words that say what is wrong; null = nothing.</summary>
    internal string? Problem(IReadOnlyDictionary<string, Indicator> indicators, DateOnly today) =>
        !Kinds.Contains(Kind) ? "board-no-kind"
        : !indicators.TryGetValue(Indicator, out var indicator) ? "board-no-indicator"
        : !IndicatorQuery.Ways.Any(w => w.Key == By) ? "board-no-way"
        : DaysOf(today) is null ? "board-no-period"
        : Kind == "funnel" && !Limits.HasFunnel(indicator) ? "board-no-funnel"
        : Kind == "pivot" && By == "month" ? "board-no-pivot" : null;
}

/// <summary>A dashboard: cards in an order.</summary>
/// <param name="Version">0 = it comes with the program.</param>
/// <param name="Owner">Account; empty = the program.</param>
/// <param name="IsShared">Everybody who reads indicators may see it, each with their own numbers.</param>
public sealed record Board(string Id, int Version, string Owner, string Name, bool IsShared, bool IsGone, DateTimeOffset? At, IReadOnlyList<Tile> Tiles)
{
    public const int MostTiles = 16, LongestName = 80;

    /// <summary>Those that come with the program (Data/boards.json).</summary>
    public static IReadOnlyList<Board> Shipped => [.. s_shipped.Value.Select(s => new Board(s.Id, 0, "", Ui.Texts.IsEnglish ? s.En : s.Vi, true, false, null, s.Tiles))];

    private static readonly Lazy<IReadOnlyList<ShippedBoard>> s_shipped = new(Load);

    public string Href => "/indicators/boards/" + Id;

    public bool MaySee(string who) => IsShared || Owner == who;

    private static List<ShippedBoard> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("boards.json")!;
        return JsonSerializer.Deserialize<List<ShippedBoard>>(stream)!;
    }

    private sealed record ShippedBoard([property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("vi")] string Vi, [property: JsonPropertyName("en")] string En, [property: JsonPropertyName("tiles")] IReadOnlyList<Tile> Tiles);
}
