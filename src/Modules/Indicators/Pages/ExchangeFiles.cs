using System.Globalization;
using System.Text;
using System.Xml;
using Mach.Access;
using Mach.Indicators.Asking;
using Mach.Indicators.Definitions;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Indicators.Pages;

/// <summary>
/// The numbers of a page for other statistical systems: the same question, the same rights, the same values as in <see cref="IndicatorFiles"/>.
/// Sources: SDMX-CSV 2.0 field guide (sdmx.org) with the code list CL_OBS_STATUS; IHE QRPH Aggregate Data Exchange (ADX), namespace urn:ihe:qrph:adx:2015.
/// </summary>
internal static class ExchangeFiles
{
    private const string AdxNamespace = "urn:ihe:qrph:adx:2015", Province = "25", Unknown = "unknown";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/indicators/{code}/sdmx.csv", Sdmx).WithName("ind-sdmx").RequireAuthorization(Policies.ReadIndicators);
        routes.MapGet("/indicators/{code}/adx.xml", Adx).WithName("ind-adx").RequireAuthorization(Policies.ReadIndicators);
    }

    /// <summary>OBS_STATUS: A = normal, P = still being counted, Q = too small to be shown, M = nothing to divide by.</summary>
    internal static async Task<IResult> Sdmx(DefinitionBook book, Asker asker, TimeProvider clock, HttpContext http, string code, CancellationToken ct)
    {
        var (answer, query, refusal) = await IndicatorFiles.AskAsync(book, asker, clock, http, code, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        var indicator = answer!.Question.Indicator;
        var seesPeople = IndicatorPages.SeesPeople(http);
        IReadOnlyList<string?> Row(string by, string key, Parts parts)
        {
            var isSmall = Scope.IsSmall(indicator, parts, seesPeople);
            var value = isSmall ? "" : Shown.Plain(parts.Value(indicator), indicator.Digits);
            return
            [
                "dataflow", "MACH:INDICATORS(1.0)", "R", indicator.Code, by, key, by == "month" ? MonthOf(key) : TimePeriod(query!.Period), value, isSmall ? "Q" : value.Length == 0 ? "M" : answer.IsFilling ? "P" : "A",
                indicator.Unit, isSmall ? "" : Shown.Plain(parts.Above, 2), isSmall ? "" : Shown.Plain(parts.Below, 2), indicator.Version.ToString(CultureInfo.InvariantCulture),
            ];
        }

        var lines = answer.Lines.Select(l => Row(query!.ByKey, l.Key.Length > 0 ? l.Key : Unknown, l.Parts)).Prepend(Row("_T", "_T", answer.Total))
            .Prepend(["STRUCTURE", "STRUCTURE_ID", "ACTION", "INDICATOR", "BY", "KEY", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "UNIT_MEASURE", "NUMERATOR", "DENOMINATOR", "DEFINITION_VERSION"]);
        return TypedResults.File(CsvFile.Write(lines), "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8", $"{indicator.Code}-{query!.Period.Text}.sdmx.csv");
    }

    /// <summary>Facilities, communes and months are groups of their own; other parts stand as attributes of the value. What is too small or unknown is left out.</summary>
    internal static async Task<IResult> Adx(DefinitionBook book, Asker asker, TimeProvider clock, HttpContext http, string code, CancellationToken ct)
    {
        var (answer, query, refusal) = await IndicatorFiles.AskAsync(book, asker, clock, http, code, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        var indicator = answer!.Question.Indicator;
        var seesPeople = IndicatorPages.SeesPeople(http);
        var (whole, period) = (Scope.Of(http).Facility ?? Province, Interval(query!.Period.From, query.Period.To));
        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            void Group(string unit, string interval, string? kind, IEnumerable<(string? Key, Parts Parts)> values)
            {
                xml.WriteStartElement("group", AdxNamespace);
                xml.WriteAttributeString("orgUnit", unit);
                xml.WriteAttributeString("period", interval);
                foreach (var (key, parts) in values)
                {
                    if (!Scope.IsSmall(indicator, parts, seesPeople) && Shown.Plain(parts.Value(indicator), indicator.Digits) is { Length: > 0 } value)
                    {
                        xml.WriteStartElement("dataValue", AdxNamespace);
                        xml.WriteAttributeString("dataElement", indicator.Code);
                        if (kind is not null && key is not null)
                        {
                            xml.WriteAttributeString(kind, key);
                        }

                        xml.WriteAttributeString("value", value);
                        xml.WriteEndElement();
                    }
                }

                xml.WriteEndElement();
            }

            xml.WriteStartElement("adx", AdxNamespace);
            xml.WriteAttributeString("exported", clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            if (query.By is Grouping.Facility or Grouping.Commune or Grouping.Month)
            {
                Group(whole, period, null, [(null, answer.Total)]);
                foreach (var line in answer.Lines)
                {
                    var key = line.Key.Length > 0 ? line.Key : Unknown;
                    Group(query.By == Grouping.Month ? whole : key, query.By == Grouping.Month && Period.Parse(MonthOf(line.Key)) is { } month ? Interval(Later(month.From, query.Period.From), Earlier(month.To, query.Period.To)) : period, null, [(null, line.Parts)]);
                }
            }
            else
            {
                Group(whole, period, query.By == Grouping.FormerProvince ? "formerProvince" : query.ByKey, answer.Lines.Select(l => ((string?)(l.Key.Length > 0 ? l.Key : Unknown), l.Parts)).Prepend((null, answer.Total)));
            }

            xml.WriteEndElement();
        }

        return TypedResults.File(buffer.ToArray(), "application/xml; charset=utf-8", $"{indicator.Code}-{query.Period.Text}.adx.xml");
    }

    /// <summary>The key of a month as ISO 8601 writes it.</summary>
    private static string MonthOf(string key) => key.Length == 6 ? key[..4] + "-" + key[4..] : key;

    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;

    private static DateOnly Earlier(DateOnly a, DateOnly b) => a < b ? a : b;

    /// <summary>A start and a duration, as ISO 8601 writes an interval.</summary>
    private static string Interval(DateOnly from, DateOnly to)
    {
        var months = ((to.AddDays(1).Year - from.Year) * 12) + to.AddDays(1).Month - from.Month;
        return from.Day == 1 && to.AddDays(1).Day == 1
            ? string.Create(CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd}/P{months}M")
            : string.Create(CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd}/P{to.DayNumber - from.DayNumber + 1}D");
    }

    /// <summary>2026, 2026-Q3, 2026-11, or an interval.</summary>
    private static string TimePeriod(Period period) => period.Text.Contains("..", StringComparison.Ordinal) ? Interval(period.From, period.To) : period.Text.ToUpperInvariant();
}
