using System.Globalization;
using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Indicators.Asking;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;
using Mach.Indicators.Facts;
using Mach.Indicators.Pages;
using Mach.Indicators.Plans;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using static Mach.Indicators.Words;

namespace Mach.Indicators.Sheets;

/// <summary>The numbers of a page as a workbook in the layout of health reports: the same question, the same rights, the same values as the page and its CSV.</summary>
internal static class SheetPages
{
    private const double OrderWidth = 6, NameWidth = 42, NumberWidth = 16;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/indicators/{code}.xlsx", Show).WithName("ind-xlsx").RequireAuthorization(Policies.ReadIndicators);
        routes.MapGet("/indicators/{code}/plan.xlsx", Plan).WithName("ind-plan-xlsx").RequireAuthorization(Policies.ReadIndicators);
    }

    internal static async Task<IResult> Show(DefinitionBook book, Asker asker, IFacilityDirectory facilities, TimeProvider clock, HttpContext http, string code, CancellationToken ct)
    {
        var (answer, query, refusal) = await IndicatorFiles.AskAsync(book, asker, clock, http, code, ct, SheetForm.Language);
        if (refusal is not null)
        {
            return refusal;
        }

        CultureInfo.CurrentUICulture = SheetForm.Language;
        var (form, indicator, seesPeople) = (SheetForm.Shipped, answer!.Question.Indicator, IndicatorPages.SeesPeople(http));
        var (hasShares, hasEstimates) = (!indicator.IsRate && !indicator.Of.Distinct, answer.Lines.Any(l => l.Parts.Estimated != 0));
        SheetRow Row(string by, int order, string key, string label, Parts parts)
        {
            var small = Scope.IsSmall(indicator, parts, seesPeople) ? "<" + indicator.Min.ToString(CultureInfo.InvariantCulture) : null;
            SheetCell Hidden(SheetCell cell) => small is null ? cell : new("", CellKind.Said);
            var cells = new List<SheetCell>
            {
                new(order == 0 ? "" : order.ToString(CultureInfo.InvariantCulture), CellKind.Order), new(label),
                small is null ? new(Shown.Plain(parts.Value(indicator), indicator.Digits), CellKind.Number, indicator.Digits) : new(small, CellKind.Said),
            };
            if (indicator.IsRate)
            {
                cells.Add(Hidden(Amount(parts.Above)));
                cells.Add(Hidden(Amount(parts.Below)));
            }
            else if (hasShares)
            {
                cells.Add(Hidden(Part(answer.Total.Above > 0 ? parts.Above / answer.Total.Above : null)));
            }

            cells.Add(Hidden(Amount(parts.Rows)));
            if (hasEstimates)
            {
                cells.Add(Hidden(Amount(parts.Estimated == 0 ? null : parts.Estimated)));
            }

            return new(by, key, cells, IsStrong: order == 0);
        }

        List<SheetColumn> columns = [new("order", form.Order, OrderWidth), new("place", T["by-" + query!.ByKey], NameWidth), new("value", indicator.Unit.Length > 0 ? $"{T["value"]} ({indicator.Unit})" : T["value"], NumberWidth, Definition(indicator))];
        if (indicator.IsRate)
        {
            columns.Add(new("above", T["above"], NumberWidth));
            columns.Add(new("below", T["below"], NumberWidth));
        }
        else if (hasShares)
        {
            columns.Add(new("share", T["share"], NumberWidth));
        }

        columns.Add(new("rows", T["rows"], NumberWidth));
        if (hasEstimates)
        {
            columns.Add(new("estimated", T["estimated"], NumberWidth, T["estimated-how"]));
        }

        var rows = answer.Lines.Select((l, i) => Row(query.ByKey, i + 1, l.Key, l.Label, l.Parts)).Prepend(Row("total", 0, "", T["total"], answer.Total)).ToList();
        if (answer.Lines.Count == 0)
        {
            rows.Add(Title(form.Nothing, columns.Count));
        }

        var isByHome = query.By == Grouping.Commune || (query.By == Grouping.FormerProvince && indicator.Place == "residence");
        return File(http, form, facilities, clock, SheetForm.Fill(form.Indicator, indicator.Name.ToUpperInvariant()), query.Period, indicator, columns, rows, answer.Counted,
            [.. isByHome ? [SheetForm.Fill(form.Map, T.Find("map-" + query.Map) ?? query.Map)] : Array.Empty<string>(), .. hasEstimates ? [T["estimated-how"]] : Array.Empty<string>(), .. answer.IsFilling ? [T["filling"]] : Array.Empty<string>()],
            [("by", query.ByKey), ("map", query.Map)], $"{indicator.Code}-{query.Period.Text}.xlsx");
    }

    /// <summary>Plan against actual from the first of January to a day. 404 for a rate, which has no plan.</summary>
    internal static async Task<IResult> Plan(DefinitionBook definitions, PlanReport report, Counter counter, IFacilityDirectory facilities, TimeProvider clock, HttpContext http, string code, string? until, CancellationToken ct)
    {
        if (await definitions.FindAsync(code, null, ct) is not { IsRate: false } indicator)
        {
            return TypedResults.NotFound();
        }

        if (PlanPages.DayOf(until, Dates.Today(clock)) is not { } day)
        {
            return IndicatorPages.Wrong(T.Format("wrong-until", until));
        }

        CultureInfo.CurrentUICulture = SheetForm.Language;
        var (form, table, seesPeople) = (SheetForm.Shipped, await report.AskAsync(indicator, day, Scope.Of(http).Facilities, ct), IndicatorPages.SeesPeople(http));
        SheetRow Row(string by, int order, PlanLine line)
        {
            var isSmall = Scope.IsSmall(indicator, line.Rows, seesPeople);
            SheetCell Hidden(SheetCell cell) => isSmall ? new("", CellKind.Said) : cell;
            return new(by, line.Key.Length > 2 ? line.Key[2..] : by == "by-former-province" && line.Label != T["unknown"] ? line.Label : "",
                [
                    new(order == 0 ? "" : order.ToString(CultureInfo.InvariantCulture), CellKind.Order), new(line.Label), Amount(line.Plan),
                    isSmall ? new("<" + indicator.Min.ToString(CultureInfo.InvariantCulture), CellKind.Said) : Amount(line.Actual),
                    Hidden(Part(line.Attained)), Hidden(Part(line.Pace)), Hidden(Whole(line.YearEnd)), Hidden(Whole(line.Interval?.Low)), Hidden(Whole(line.Interval?.High)),
                ], IsStrong: order == 0);
        }

        IReadOnlyList<SheetColumn> columns =
        [
            new("order", form.Order, OrderWidth), new("place", T["place"], NameWidth), new("plan", T["plan"], NumberWidth), new("actual", T["actual"], NumberWidth, Definition(indicator)), new("attained", T["attained"], NumberWidth),
            new("pace", T["pace"], NumberWidth, T["pace-how"]), new("year-end", T["year-end"], NumberWidth), new("least", form.Least, NumberWidth), new("most", form.Most, NumberWidth),
        ];
        var rows = new List<SheetRow> { Row("total", 0, table.Total) };
        foreach (var (key, lines) in table.Groups.Where(g => g.Lines.Count > 0))
        {
            rows.Add(Title(T[key], columns.Count));
            rows.AddRange(lines.Select((l, i) => Row(key, i + 1, l)));
        }

        if (rows.Count == 1)
        {
            rows.Add(Title(form.Nothing, columns.Count));
        }

        var share = Shown.Percent(table.Total.Season.Mean);
        return File(http, form, facilities, clock, SheetForm.Fill(form.Plan, indicator.Name.ToUpperInvariant(), day.Year), Period.Between(new(day.Year, 1, 1), day), indicator, columns, rows, await counter.PlaceAsync(ct),
            [table.Total.Season.Years > 0 ? T.Format("season-of", share, table.Total.Season.Years) : T.Format("season-even", share), T["pace-how"]], [], $"{indicator.Code}-plan-{Iso(day)}.xlsx");
    }

    private static FileContentHttpResult File(
        HttpContext http, SheetForm form, IFacilityDirectory facilities, TimeProvider clock, string title, Period period, Indicator indicator, IReadOnlyList<SheetColumn> columns, IReadOnlyList<SheetRow> rows, Counted counted,
        IReadOnlyList<string> notes, IReadOnlyList<(string, string)> facts, string name)
    {
        var (scope, at) = (Scope.Of(http), counted.At is { } time ? Dates.Show(time) : "–");
        IEnumerable<string> said =
        [
            SheetForm.Fill(form.Definition, indicator.Code, indicator.Version, indicator.Source),
            SheetForm.Fill(form.Counted, at) + (counted.Waiting > 0 ? "; " + T.Format("waiting", Shown.Number(counted.Waiting)) : ""),
            .. notes,
            .. indicator.Min > 0 && !IndicatorPages.SeesPeople(http) ? [T["small-numbers"] + ": " + T.Format("small-how", indicator.Min)] : Array.Empty<string>(),
        ];
        var report = new SheetReport(
            title, SheetForm.Fill(form.Period, Dates.Show(period.From), Dates.Show(period.To)),
            scope.IsEverywhere ? form.Department : [form.Above, (facilities.Find(scope.Facility ?? "")?.Name ?? scope.Facility ?? "").ToUpperInvariant()],
            indicator.Form, columns, rows, [form.Notes, .. said.Select(s => "- " + s)],
            [("indicator", indicator.Code), ("version", indicator.Version.ToString(CultureInfo.InvariantCulture)), ("from", Iso(period.From)), ("to", Iso(period.To)), ("facility", scope.IsEverywhere ? "*" : scope.Facility ?? ""), .. facts],
            Dates.Today(clock), clock.GetUtcNow());
        return TypedResults.File(SheetFile.Write(report, form), SheetFile.ContentType, name);
    }

    private static SheetCell Amount(decimal? amount) => new(Shown.Plain(amount, 2), CellKind.Number, amount is { } a && a != decimal.Truncate(a) ? 2 : 0);

    private static SheetCell Whole(decimal? amount) => Amount(amount is { } a ? decimal.Round(a, MidpointRounding.AwayFromZero) : null);

    private static SheetCell Part(decimal? part) => new(Shown.Plain(part, 6), CellKind.Percent);

    private static SheetRow Title(string text, int columns) => new("", "", [.. Enumerable.Range(0, columns).Select(i => new SheetCell(i == 1 ? text : ""))]);

    /// <summary>What the indicator counts, of what version and by which rule.</summary>
    private static string Definition(Indicator indicator)
    {
        static string Of(MeasureSpec spec) => string.Join(" · ", new[]
        {
            FactView.Find(spec.View)?.Vi ?? spec.View, spec.Where, spec.Value.Length > 0 ? T["sum-of"] + " " + spec.Value : "", spec.Distinct ? T["persons-once"] : "", spec.Stratum.Length > 0 ? T["parted-by"] + " " + spec.Stratum : "",
        }.Where(t => t.Length > 0));
        return string.Join('\n', new[]
        {
            $"{indicator.Name} ({indicator.Code})",
            $"{T["version"]}: {indicator.Version}",
            $"{T["counts"]}: {Of(indicator.Of)}",
            indicator.Per is { } per ? $"{T["divided-by"]}: {Of(per)}" : indicator.PerKnown is { } known ? $"{T["divided-by"]}: {T["known-" + known]}" : "",
            indicator.Factor != 1 ? $"{T["times"]}: {Shown.Number(indicator.Factor)}" : "",
            $"{T["place"]}: {T["place-" + indicator.Place]}",
            indicator.Form.Length > 0 ? $"{T["form-cell"]}: {indicator.Form}" : "",
            $"{T["source"]}: {indicator.Source}",
        }.Where(l => l.Length > 0));
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
