using System.Globalization;
using System.Text.Json;
using Mach.Chart.Flowsheets;
using Mach.Chart.Reading;
using Mach.Kernel;
using Mach.Vietnam;

namespace Mach.Chart.Record;

/// <summary>One measured or observed value.</summary>
public sealed record ResultEvent
{
    public required string Name { get; init; }
    /// <summary>Of the Observation.</summary>
    public string Id { get; init; } = "";
    public required string Group { get; init; }
    public required string Value { get; init; }
    public string? Unit { get; init; }
    /// <summary>As sent; null when the value is words. Blood pressure: the systolic part.</summary>
    public double? Number { get; init; }
    /// <summary>The second part of a value of two: the diastolic pressure.</summary>
    public double? Second { get; init; }
    /// <summary>For trend and drawing: the number in the unit in which values of different facilities are compared; null when it cannot be compared.</summary>
    public double? Compared { get; init; }
    /// <summary>What was measured, when it is one of the known analytes.</summary>
    internal Analyte? Analyte { get; init; }
    /// <summary>Values with the same key stand in one row; letters, digits and hyphens.</summary>
    public string Series => Analyte?.Key ?? FlowsheetKey.Of(Group);
    /// <summary>The ends of the range that came with the value, as sent.</summary>
    public double? Low { get; init; }
    public double? High { get; init; }
    /// <summary>system|code pairs of the observation's code.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];
    /// <summary>H, L, A, HH, LL … only when the source says so.</summary>
    public string? Flag { get; init; }
    public string? Range { get; init; }
    public PartialDate? Date { get; init; }
    public string? Facility { get; init; }
    public string? Source { get; init; }
    public string? Visit { get; init; }
    /// <summary>FHIR observation-category code: laboratory, vital-signs, imaging …</summary>
    public string? Category { get; init; }

    /// <summary>Only what the source itself called abnormal.</summary>
    public static bool IsAbnormal(string? flag) => flag is not (null or "N" or "NEG" or "IND");

    internal static ResultEvent? Read(string id, JsonElement body)
    {
        if (body.Text("status") is "entered-in-error" or "cancelled" || body.Child("code") is not { } code || ((JsonElement?)code).ConceptText() is not { } name)
        {
            return null;
        }

        if (ValueOf(body) is not { Text.Length: > 0 } value)
        {
            return null;
        }

        var loinc = code.ConceptCode("http://loinc.org");
        var analyte = Analyte.Find(loinc, name);
        var (low, high) = body.First("referenceRange") is { } own ? (own.Child("low")?.Number("value"), own.Child("high")?.Number("value")) : (null, null);
        return new ResultEvent
        {
            Id = id,
            Analyte = analyte,
            Second = value.Second,
            Compared = value.Number is { } number ? analyte is null ? number : analyte.ToUnit(number, value.Unit) : null,
            Low = low,
            High = high,
            Codes = [.. code.Items("coding").Where(c => c.Text("code") is not null).Select(c => c.Text("system") + "|" + c.Text("code"))],
            Name = name,
            Group = (code.ConceptCode(Systems.IndicatorCode) ?? loinc ?? VietnameseText.Fold(name)) + "|" + (value.Unit ?? ""),
            Value = value.Text,
            Unit = value.Unit,
            Number = value.Number,
            Flag = body.First("interpretation")?.ConceptCode(),
            Range = body.First("referenceRange") is { } range ? range.Text("text") ?? RangeText(range) : null,
            Date = body.Date("effectiveDateTime", "issued").AsDate() ?? body.Child("effectivePeriod")?.Text("start").AsDate(),
            Facility = body.FacilityCode(),
            Source = body.Source(),
            Visit = body.ReferenceId("encounter"),
            Category = body.First("category")?.ConceptCode(),
        };
    }

    private static (string Text, string? Unit, double? Number, double? Second)? ValueOf(JsonElement body)
    {
        if (body.Child("valueQuantity") is { } quantity)
        {
            var sign = quantity.Text("comparator") is { } comparator ? comparator + " " : "";
            return (sign + quantity.Text("value"), quantity.Unit(), quantity.Number("value"), null);
        }

        var said = body.Text("valueString") ?? body.Child("valueCodeableConcept").ConceptText() ?? body.Text("valueInteger") ?? body.Text("valueBoolean");
        if (said is { } words)
        {
            return (words, null, double.TryParse(words, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null, null);
        }

        var parts = body.Items("component").Select(c => c.Child("valueQuantity")).OfType<JsonElement>().ToList();
        return parts.Count == 0 ? null : (string.Join('/', parts.Select(p => p.Text("value"))), parts[0].Unit(), parts[0].Number("value"), parts.Count > 1 ? parts[1].Number("value") : null);
    }

    private static string? RangeText(JsonElement range)
    {
        var (low, high) = (range.Child("low")?.Text("value"), range.Child("high")?.Text("value"));
        return (low, high) switch { (null, null) => null, (null, _) => "≤ " + high, (_, null) => "≥ " + low, _ => $"{low} – {high}" };
    }
}

/// <summary>One indicator with what came before it.</summary>
/// <param name="Numbers">Values as numbers in one unit, oldest first, the newest last; empty when they are words.</param>
/// <param name="Direction">1 up, -1 down, 0 the same as before; null when there is nothing to compare.</param>
public sealed record ResultLine(ResultEvent Latest, IReadOnlyList<double> Numbers, int? Direction, int Times);

/// <summary>Last results, vital signs apart; each the latest first.</summary>
public sealed record ResultList(IReadOnlyList<ResultLine> Vitals, IReadOnlyList<ResultLine> Laboratory)
{
    private const int LongestTrend = 12;

    internal static ResultList From(IEnumerable<ResultEvent> events)
    {
        var lines = events.GroupBy(e => e.Series, StringComparer.Ordinal).Select(Line)
            .OrderByDescending(line => line.Latest.Date?.Low.Date ?? DateTime.MinValue).ThenBy(line => line.Latest.Name, StringComparer.Ordinal).ToList();
        return new([.. lines.Where(l => l.Latest.Category == "vital-signs")], [.. lines.Where(l => l.Latest.Category != "vital-signs")]);
    }

    private static ResultLine Line(IEnumerable<ResultEvent> group)
    {
        var dated = group.OrderByDescending(e => e.Date?.Low ?? DateTimeOffset.MinValue).ToList();
        var numbers = dated.Select(e => e.Compared).OfType<double>().Take(LongestTrend).Reverse().ToList();
        int? direction = dated is [{ Compared: { } now }, { Compared: { } before }, ..] ? Math.Sign(now - before) : null;
        return new(dated[0], dated[0].Compared is null ? [] : numbers, direction, dated.Count);
    }
}

/// <summary>A report with a conclusion: imaging, function tests, pathology.</summary>
public sealed record ReportLine(string Name, string Conclusion, PartialDate? Date, string? Facility, string? Source, string? Visit, string Id = "")
{
    internal static ReportLine? Read(string id, JsonElement body)
    {
        // Without a conclusion the description speaks; a laboratory report without either is its values, and those stand elsewhere.
        var words = body.Text("conclusion") ?? Narrative.Plain(body.Child("text")?.Text("div"));
        return body.Text("status") is "entered-in-error" or "cancelled" || string.IsNullOrWhiteSpace(words)
            ? null
            : new(body.Child("code").ConceptText() ?? "—", words, body.Date("effectiveDateTime", "issued").AsDate(), body.FacilityCode(), body.Source(), body.ReferenceId("encounter"), id);
    }
}
