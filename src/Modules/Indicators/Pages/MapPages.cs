using System.Globalization;
using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Indicators.Asking;
using Mach.Indicators.Definitions;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Indicators.Pages;

/// <summary>An indicator on the map of the communes where people live, month by month.</summary>
internal static class MapPages
{
    /// <summary>How many months at once: a number of a single month of one commune is often small.</summary>
    public static readonly IReadOnlyList<int> Spans = [1, 3, 12];

    /// <summary>How far back the slider goes, months.</summary>
    public const int Months = 60;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/indicators/{code}/map", Show).WithName("ind-map").RequireAuthorization(Policies.ReadIndicators);

    /// <summary>month: months since the year 0, as the slider counts them; last finished month when it is not given. span: 1, 3 or 12 months until then.</summary>
    internal static async Task<IResult> Show(DefinitionBook book, Asker asker, IUnits units, TimeProvider clock, HttpContext http, string code, string? month, string? span, CancellationToken ct)
    {
        if (await book.FindAsync(code, null, ct) is not { } indicator)
        {
            return TypedResults.NotFound();
        }

        var today = Dates.Today(clock);
        var (last, size) = (Number(today) - 1, Spans[^1]);
        var at = last;
        if ((!string.IsNullOrEmpty(month) && (!int.TryParse(month, NumberStyles.None, CultureInfo.InvariantCulture, out at) || at > last + 1 || at <= last - Months))
            || (!string.IsNullOrEmpty(span) && (!int.TryParse(span, NumberStyles.None, CultureInfo.InvariantCulture, out size) || !Spans.Contains(size))))
        {
            return IndicatorPages.Wrong(Words.T.Format("map-wrong", Months));
        }

        var (scope, end) = (Scope.Of(http), new DateOnly(at / 12, (at % 12) + 1, 1).AddMonths(1).AddDays(-1));
        var from = new DateOnly(end.Year, end.Month, 1).AddMonths(1 - size);
        return UiModule.Page<MapPage>(new
        {
            Scope = scope,
            Answer = await asker.AskAsync(new Question(indicator, from, end, Grouping.Commune, Boundary.AsOf(today), scope.Facilities), ct),
            Drawing = (await units.AsKnownAsync(null, ct)).Draw(today),
            At = at,
            Last = last,
            Span = size,
            SeesPeople = IndicatorPages.SeesPeople(http),
        });
    }

    private static int Number(DateOnly day) => (day.Year * 12) + day.Month - 1;
}
