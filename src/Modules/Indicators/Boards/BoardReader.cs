using Mach.Contracts.Registry;
using Mach.Indicators.Asking;
using Mach.Indicators.Definitions;
using Mach.Indicators.Pages;

namespace Mach.Indicators.Boards;

/// <summary>A card with its numbers.</summary>
/// <param name="Indicator">Null when there is no such definition any more.</param>
/// <param name="Answer">The period, parted where the card is.</param>
/// <param name="Before">The same days of a year before, not parted.</param>
/// <param name="Months">The 24 months until the end of the period, where the card is about months.</param>
/// <param name="Columns">Of a pivot, the answer of each month, oldest first.</param>
/// <param name="Drawing">Of a map.</param>
public sealed record TileView(Tile Tile, Indicator? Indicator, Period Period, Answer? Answer, Answer? Before, Answer? Months, IReadOnlyList<Answer> Columns, UnitDrawing? Drawing = null);

/// <summary>Asks what the cards of a board show, by the rights of who looks.</summary>
internal sealed class BoardReader(Asker asker, DefinitionBook book, IUnits units)
{
    private const int MostColumns = 12, Months = 24;

    public async Task<IReadOnlyList<TileView>> AskAsync(Board board, Scope scope, DateOnly today, CancellationToken ct)
    {
        var current = (await book.CurrentAsync(ct)).ToDictionary(i => i.Code, StringComparer.Ordinal);
        var views = new List<TileView>();
        foreach (var tile in board.Tiles)
        {
            var days = tile.DaysOf(today) ?? Period.YearOf(today);
            views.Add(current.TryGetValue(tile.Indicator, out var indicator) && !scope.IsNothing ? await AskAsync(tile, indicator, days, scope, today, ct) : new TileView(tile, null, days, null, null, null, []));
        }

        return views;
    }

    private async Task<TileView> AskAsync(Tile tile, Indicator indicator, Period days, Scope scope, DateOnly today, CancellationToken ct)
    {
        var by = tile.Kind switch { "bars" or "table" or "pivot" => IndicatorQuery.Ways.First(w => w.Key == tile.By).By, "funnel" => Grouping.Facility, "map" => Grouping.Commune, _ => Grouping.None };
        var question = new Question(indicator, days.From, days.To, by, Boundary.AsOf(today), scope.Facilities);
        var last = new DateOnly(days.To.Year, days.To.Month, 1);
        var columns = new List<Answer>();
        for (var month = tile.Kind == "pivot" ? Later(last.AddMonths(1 - MostColumns), new(days.From.Year, days.From.Month, 1)) : DateOnly.MaxValue; month <= last; month = month.AddMonths(1))
        {
            columns.Add(await asker.AskAsync(question with { From = month, To = month.AddMonths(1).AddDays(-1) }, ct));
        }

        return new(
            tile, indicator, days, await asker.AskAsync(question, ct),
            tile.Kind is "number" ? await asker.AskAsync(question with { From = days.Before.From, To = days.Before.To }, ct) : null,
            tile.Kind is "number" or "months" && !indicator.Of.Distinct ? await asker.AskAsync(question with { By = Grouping.Month, From = last.AddMonths(1 - Months) }, ct) : null,
            columns,
            tile.Kind == "map" ? (await units.AsKnownAsync(null, ct)).Draw(today) : null);
    }

    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;
}
