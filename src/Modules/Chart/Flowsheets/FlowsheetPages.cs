using System.Globalization;
using Mach.Access;
using Mach.Chart.Growth;
using Mach.Chart.Record;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Chart.Flowsheets;

/// <summary>Results as tables and curves: /people/{id}/results, /people/{id}/results/{series}, and each as CSV.</summary>
internal static class FlowsheetPages
{
    private static readonly string[] s_columns = ["series", "name", "date", "value", "unit", "value_in_common_unit", "second", "common_unit", "low", "high", "place", "facility", "source"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/people/{id}/results", SheetAsync).RequireAuthorization(Policies.ReadRecord).WithName("chart-flowsheet");
        routes.MapGet("/people/{id}/results.csv", SheetCsvAsync).RequireAuthorization(Policies.ReadRecord).WithName("chart-flowsheet-csv");
        routes.MapGet("/people/{id}/results/{series}", SeriesAsync).RequireAuthorization(Policies.ReadRecord).WithName("chart-series");
        routes.MapGet("/people/{id}/growth", GrowthAsync).RequireAuthorization(Policies.ReadRecord).WithName("chart-growth");
        routes.MapGet("/people/{id}/results/{series}.csv", SeriesCsvAsync).RequireAuthorization(Policies.ReadRecord).WithName("chart-series-csv");
    }

    internal static async Task<IResult> SheetAsync(
        string id, string? before, string? group, string? facility, HttpContext http, FlowsheetReader reader, RecordReader records, RecordSession session, TimeProvider clock, CancellationToken ct)
    {
        var (card, refusal) = await session.EnterAsync(http, id, records, ct);
        if (card is null)
        {
            return refusal!;
        }

        var sheet = await reader.ReadAsync(id, new(Day(before), Group(group), Given(facility)), card, ct);
        return UiModule.Page<FlowsheetPage>(new { Card = card, Sheet = sheet, HasGrowth = GrowthCurve.IsFor(card, Dates.Today(clock)) });
    }

    internal static async Task<IResult> SheetCsvAsync(string id, string? group, string? facility, HttpContext http, FlowsheetReader reader, RecordReader records, RecordSession session, CancellationToken ct)
    {
        var (card, refusal) = await session.EnterAsync(http, id, records, ct);
        if (card is null)
        {
            return refusal!;
        }

        var rows = await reader.ReadRowsAsync(id, new(null, Group(group), Given(facility)), card, ct);
        return Results.File(Write(rows), CsvFile.ContentType, $"ket-qua-{id}.csv");
    }

    internal static async Task<IResult> SeriesAsync(
        string id, string series, string? span, string? with, HttpContext http, FlowsheetReader reader, RecordReader records, RecordSession session, CancellationToken ct)
    {
        var (card, refusal) = await session.EnterAsync(http, id, records, ct);
        if (card is null)
        {
            return refusal!;
        }

        if (await reader.ReadSeriesAsync(id, series, Given(with), card, ct) is not var (row, other, others))
        {
            return Results.NotFound();
        }

        var (medicines, visits) = await reader.ReadCourseAsync(id, ct);
        var shown = SeriesPage.Spans.Contains(span) ? span! : "all";
        return UiModule.Page<SeriesPage>(new { Card = card, Row = row, With = other, Drawing = SeriesDrawing.Of(row, other, shown, medicines, visits), Span = shown, Others = others });
    }

    internal static async Task<IResult> SeriesCsvAsync(string id, string series, HttpContext http, FlowsheetReader reader, RecordReader records, RecordSession session, CancellationToken ct)
    {
        var (card, refusal) = await session.EnterAsync(http, id, records, ct);
        if (card is null)
        {
            return refusal!;
        }

        return await reader.ReadSeriesAsync(id, series, null, card, ct) is var (row, _, _) ? Results.File(Write([row]), CsvFile.ContentType, $"{series}.csv") : Results.NotFound();
    }

    /// <summary>Weight and height of a child against the standard; nothing but words when the day of birth is not known.</summary>
    internal static async Task<IResult> GrowthAsync(string id, HttpContext http, FlowsheetReader reader, RecordReader records, RecordSession session, CancellationToken ct)
    {
        var (card, refusal) = await session.EnterAsync(http, id, records, ct);
        if (card is null)
        {
            return refusal!;
        }

        IReadOnlyList<GrowthCurve> curves = [];
        if (card.Person is { Birth: { Day: > 0 } birth, Gender: "male" or "female" })
        {
            var events = await reader.ReadEventsAsync(id, ct);
            curves = [GrowthCurve.Of("weight", events, card.Person.Gender, birth), GrowthCurve.Of("height", events, card.Person.Gender, birth)];
        }

        return UiModule.Page<GrowthPage>(new { Card = card, Curves = curves });
    }

    /// <summary>One value a line.</summary>
    internal static byte[] Write(IReadOnlyList<FlowsheetRow> rows) => CsvFile.Write([s_columns, .. rows.SelectMany(row => row.Values.Select(v => Line(row, v)))]);

    private static string?[] Line(FlowsheetRow row, PlacedResult value)
    {
        var r = value.Result;
        return
        [
            row.Key, r.Name, r.Date?.ToString(), r.Value, r.Unit, Text(r.Compared), Text(r.Second), row.Unit, Text(value.Band?.Low), Text(value.Band?.High),
            value.Place?.ToString(CultureInfo.InvariantCulture), r.Facility, r.Source,
        ];
    }

    private static string? Text(double? number) => number?.ToString("0.######", CultureInfo.InvariantCulture);

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string? Group(string? group) => group is "vital-signs" or "laboratory" ? group : null;

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
