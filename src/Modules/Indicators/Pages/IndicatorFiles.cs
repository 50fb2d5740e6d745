using System.Globalization;
using System.Text.Json.Nodes;
using Mach.Access;
using Mach.Indicators.Asking;
using Mach.Indicators.Definitions;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Indicators.Pages;

/// <summary>The numbers of a page as files: the same question, the same rights, the same values.</summary>
internal static class IndicatorFiles
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/indicators/{code}.csv", Csv).WithName("ind-csv").RequireAuthorization(Policies.ReadIndicators);
        routes.MapGet("/indicators/{code}/measure-report", MeasureReport).WithName("ind-measure-report").RequireAuthorization(Policies.ReadIndicators);
    }

    internal static async Task<IResult> Csv(DefinitionBook book, Asker asker, TimeProvider clock, HttpContext http, string code, CancellationToken ct)
    {
        var (answer, query, refusal) = await AskAsync(book, asker, clock, http, code, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        var indicator = answer!.Question.Indicator;
        IReadOnlyList<string?> Row(string key, string label, Parts parts)
        {
            var small = Scope.IsSmall(indicator, parts, IndicatorPages.SeesPeople(http));
            return
            [
                indicator.Code, indicator.Version.ToString(CultureInfo.InvariantCulture), Iso(query!.Period.From), Iso(query.Period.To), query.ByKey, key, label,
                small ? "<" + indicator.Min.ToString(CultureInfo.InvariantCulture) : Shown.Plain(parts.Value(indicator), indicator.Digits), small ? "" : Shown.Plain(parts.Above, 2), small ? "" : Shown.Plain(parts.Below, 2),
                small ? "" : parts.Rows.ToString(CultureInfo.InvariantCulture), small || parts.Estimated == 0 ? "" : Shown.Plain(parts.Estimated, 2), indicator.Unit,
            ];
        }

        var lines = answer.Lines.Select(l => Row(l.Key, l.Label, l.Parts)).Prepend(Row("", Words.T["total"], answer.Total)).Prepend(["indicator", "version", "from", "to", "by", "key", "label", "value", "above", "below", "rows", "estimated", "unit"]);
        return TypedResults.File(CsvFile.Write(lines), CsvFile.ContentType, $"{indicator.Code}-{query!.Period.Text}.csv");
    }

    /// <summary>A summary MeasureReport. Source: http://hl7.org/fhir/R4/measurereport.html.</summary>
    internal static async Task<IResult> MeasureReport(DefinitionBook book, Asker asker, TimeProvider clock, HttpContext http, string code, CancellationToken ct)
    {
        var (answer, query, refusal) = await AskAsync(book, asker, clock, http, code, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        var indicator = answer!.Question.Indicator;
        var seesPeople = IndicatorPages.SeesPeople(http);
        var group = new JsonObject();
        if (!Scope.IsSmall(indicator, answer.Total, seesPeople))
        {
            group["population"] = Populations(indicator, answer.Total);
            AddScore(group, indicator, answer.Total);
        }

        var strata = new JsonArray();
        foreach (var line in answer.Lines.Where(l => l.Key.Length > 0 && !Scope.IsSmall(indicator, l.Parts, seesPeople)))
        {
            var stratum = new JsonObject { ["value"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["code"] = line.Key, ["display"] = line.Label }), ["text"] = line.Label }, ["population"] = Populations(indicator, line.Parts) };
            AddScore(stratum, indicator, line.Parts);
            strata.Add(stratum);
        }

        if (strata.Count > 0)
        {
            group["stratifier"] = new JsonArray(new JsonObject { ["code"] = new JsonArray(new JsonObject { ["text"] = query!.ByKey }), ["stratum"] = strata });
        }

        var report = new JsonObject
        {
            ["resourceType"] = "MeasureReport",
            ["status"] = answer.IsFilling ? "pending" : "complete",
            ["type"] = "summary",
            ["measure"] = $"https://mach.health.vn/fhir/Measure/{indicator.Code}|{indicator.Version}",
            ["date"] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["period"] = new JsonObject { ["start"] = Iso(query!.Period.From), ["end"] = Iso(query.Period.To) },
            ["improvementNotation"] = indicator.Better == "none" ? null : new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/measure-improvement-notation", ["code"] = indicator.Better == "up" ? "increase" : "decrease" }) },
        };
        if (report["improvementNotation"] is null)
        {
            report.Remove("improvementNotation");
        }

        if (group.Count > 0)
        {
            report["group"] = new JsonArray(group);
        }

        return TypedResults.Bytes(System.Text.Encoding.UTF8.GetBytes(report.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })), "application/fhir+json; charset=utf-8");
    }

    /// <summary>The answer that an address asks for, by the caller's rights; or why there is none.</summary>
    /// <param name="language">Of the labels; null = of the request, in which a refusal always is.</param>
    internal static async Task<(Answer? Answer, IndicatorQuery? Query, IResult? Refusal)> AskAsync(DefinitionBook book, Asker asker, TimeProvider clock, HttpContext http, string code, CancellationToken ct, CultureInfo? language = null)
    {
        var (asked, today) = (http.Request.Query, Dates.Today(clock));
        if (await book.FindAsync(code, null, ct) is not { } indicator)
        {
            return (null, null, TypedResults.NotFound());
        }

        if (IndicatorQuery.Read(asked["period"], asked["from"], asked["to"], asked["by"], asked["map"], today, out var problem) is not { } query)
        {
            return (null, null, IndicatorPages.Wrong(problem!));
        }

        CultureInfo.CurrentUICulture = language ?? CultureInfo.CurrentUICulture;
        return (await asker.AskAsync(new Question(indicator, query.Period.From, query.Period.To, query.By, query.BoundaryOf(today), Scope.Of(http).Facilities), ct), query, null);
    }

    /// <summary>Counts of rows where rows are counted; what is a sum stands in the score alone, since a population counts.</summary>
    private static JsonArray Populations(Indicator indicator, Parts parts)
    {
        JsonObject Population(string code, decimal count) => new()
        {
            ["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/measure-population", ["code"] = code }) },
            ["count"] = (int)Math.Min(int.MaxValue, decimal.Round(count)),
        };
        return indicator.Per is { Value.Length: 0 } && indicator.Of.Value.Length == 0 && parts.Below is { } below
            ? [Population("numerator", parts.Above), Population("denominator", below)]
            : [Population(indicator.IsRate ? "numerator" : "initial-population", parts.Rows)];
    }

    private static void AddScore(JsonObject to, Indicator indicator, Parts parts)
    {
        if (parts.Value(indicator) is { } value)
        {
            to["measureScore"] = new JsonObject { ["value"] = decimal.Parse(Shown.Plain(value, indicator.Digits), CultureInfo.InvariantCulture), ["unit"] = indicator.Unit.Length > 0 ? indicator.Unit : null };
            if (indicator.Unit.Length == 0)
            {
                ((JsonObject)to["measureScore"]!).Remove("unit");
            }
        }
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
