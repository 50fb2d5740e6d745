using System.Globalization;
using Mach.Access;
using Mach.Chart.Record;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Chart.Lanes;

/// <summary>The life in lanes: /people/{id}/timeline?from=&amp;to=&amp;facility=&amp;kind=&amp;problem=.</summary>
internal static class LanePages
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/people/{id}/timeline", Handle).RequireAuthorization(Policies.ReadRecord).WithName("chart-lanes");

    internal static async Task<IResult> Handle(
        string id, string? from, string? to, string? facility, string? kind, string? problem, HttpContext http, LaneReader reader, RecordReader records, RecordSession session, CancellationToken ct)
    {
        var (card, refusal) = await session.EnterAsync(http, id, records, ct);
        if (card is null)
        {
            return refusal!;
        }

        var filter = new LaneFilter(Day(from), Day(to), Given(facility), Given(kind), Given(problem));
        return UiModule.Page<LanePage>(new { Card = card, Map = LaneMap.Of(id, filter, await reader.ReadAsync(id, ct)) });
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>Years that a record can have; a day outside of them is none.</summary>
    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1800 and < 2200 ? day : null;
}
