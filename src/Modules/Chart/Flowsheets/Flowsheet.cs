using Mach.Chart.Record;
using Mach.Kernel;

namespace Mach.Chart.Flowsheets;

/// <summary>What part of the results is asked for; all of it stands in the address.</summary>
/// <param name="Before">Only columns before this day.</param>
/// <param name="Group">vital-signs or laboratory; null for all.</param>
/// <param name="Facility">Only what this facility sent.</param>
public sealed record FlowsheetFilter(DateOnly? Before, string? Group, string? Facility)
{
    internal string Url(string person, string? group, DateOnly? before) =>
        $"/people/{person}/results" + Query(("before", before?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), ("group", group), ("facility", Facility));

    internal static string Query(params (string Name, string? Value)[] parts)
    {
        var given = parts.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => p.Name + "=" + Uri.EscapeDataString(p.Value!)).ToList();
        return given.Count == 0 ? "" : "?" + string.Join('&', given);
    }
}

/// <summary>One value with what it is held against.</summary>
public sealed record PlacedResult
{
    /// <summary>A <see cref="Place"/> outside of what is usual in no direction: positive, abnormal.</summary>
    public const int Abnormal = 2;

    public required ResultEvent Result { get; init; }
    /// <summary>The range that came with it, else one of Data/reference-bands.tsv; null when there is neither.</summary>
    internal ReferenceBand? Band { get; init; }
    /// <summary>-1 below, 1 above, 0 within, <see cref="Abnormal"/>; null when nobody says. What the source says comes first.</summary>
    public int? Place { get; init; }

    internal static PlacedResult Of(ResultEvent result, string? sex, PartialDate? birth)
    {
        var own = result.Low is not null || result.High is not null ? new ReferenceBand(result.Low, result.High) : null;
        var band = own ?? Usual(result, sex, birth);
        var number = own is null ? result.Compared : result.Number;
        return new()
        {
            Result = result,
            Band = band,
            Place = SaidBySource(result.Flag) ?? (number is { } value ? band?.Place(value, result.Second) : null),
        };
    }

    /// <summary>FHIR interpretation codes. Source: http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation.</summary>
    private static int? SaidBySource(string? flag) => flag switch
    {
        "H" or "HH" or "HU" or "HX" or ">" => 1,
        "L" or "LL" or "LU" or "LX" or "<" => -1,
        "N" or "NEG" => 0,
        "A" or "AA" or "POS" => Abnormal,
        _ => null,
    };

    private static ReferenceBand? Usual(ResultEvent result, string? sex, PartialDate? birth)
    {
        if (result.Analyte is not { } analyte || result.Date is not { } date)
        {
            return null;
        }

        var on = DateOnly.FromDateTime(date.Low.ToOffset(PartialDate.VietnamOffset).DateTime);
        int? age = birth is { Day: > 0 } b ? on.DayNumber - new DateOnly(b.Year, b.Month, b.Day).DayNumber
            : birth is { } about ? (int)((on.Year - about.Year) * 365.25) : null;
        return ReferenceBand.Find(analyte.Key, sex, age, on);
    }
}

/// <summary>All values of one thing, the newest first.</summary>
public sealed record FlowsheetRow(string Key, string Name, string Group, string? Unit, IReadOnlyList<PlacedResult> Values)
{
    internal Analyte? Analyte => Values[0].Result.Analyte;

    internal static FlowsheetRow Of(string key, IEnumerable<ResultEvent> events, string? sex, PartialDate? birth)
    {
        var dated = events.OrderByDescending(e => e.Date?.Low ?? DateTimeOffset.MinValue).Select(e => PlacedResult.Of(e, sex, birth)).ToList();
        var latest = dated[0].Result;
        return new(key, latest.Analyte?.Name ?? latest.Name, latest.Analyte?.Group ?? latest.Category ?? "laboratory", latest.Analyte?.Unit ?? latest.Unit, dated);
    }
}

/// <summary>The rows of one group, with a column for each day on which one of them was measured.</summary>
/// <param name="Group">vital-signs or laboratory.</param>
/// <param name="Days">Newest first.</param>
/// <param name="Older">Day to pass as <see cref="FlowsheetFilter.Before"/> for the columns before these; null at the end of what was read.</param>
public sealed record FlowsheetSection(string Group, IReadOnlyList<DateOnly> Days, IReadOnlyList<FlowsheetRow> Rows, DateOnly? Older)
{
    /// <summary>Columns that a tablet shows without the names leaving the screen.</summary>
    public const int MostDays = 10;

    internal static FlowsheetSection Of(string group, IEnumerable<FlowsheetRow> rows, DateOnly? before)
    {
        var all = rows.ToList();
        var days = all.SelectMany(r => r.Values).Select(v => Flowsheet.Day(v.Result)).OfType<DateOnly>().Where(d => before is not { } end || d < end).Distinct().OrderDescending().ToList();
        var columns = days.Take(MostDays).ToList();
        var seen = columns.ToHashSet();
        return new(group, columns, [.. all.Where(r => r.Values.Any(v => Flowsheet.Day(v.Result) is { } day && seen.Contains(day)))], days.Count > MostDays ? columns[^1] : null);
    }
}

/// <summary>Tests by time. Each group has its own days: signs taken daily do not push the laboratory's off the screen.</summary>
/// <param name="IsWhole">False when the person has more results than were read: the oldest rows may be incomplete.</param>
public sealed record Flowsheet(FlowsheetFilter Filter, IReadOnlyList<FlowsheetSection> Sections, IReadOnlyList<(string Code, int Count)> Facilities, bool IsWhole)
{
    internal static Flowsheet From(IReadOnlyList<ResultEvent> events, FlowsheetFilter filter, string? sex, PartialDate? birth, bool isWhole)
    {
        var facilities = events.Where(e => e.Facility is not null).GroupBy(e => e.Facility!, StringComparer.Ordinal).Select(g => (g.Key, g.Count())).OrderByDescending(f => f.Item2).ToList();
        var sections = RowsOf(events, filter, sex, birth).GroupBy(r => Group(r.Group), StringComparer.Ordinal).Select(g => FlowsheetSection.Of(g.Key, g, filter.Before));
        return new(filter, [.. sections.Where(s => s.Rows.Count > 0)], facilities, isWhole);
    }

    /// <summary>Vital signs first, then what was measured most often.</summary>
    internal static IReadOnlyList<FlowsheetRow> RowsOf(IReadOnlyList<ResultEvent> events, FlowsheetFilter filter, string? sex, PartialDate? birth) =>
    [
        .. events.Where(e => filter.Facility is null || e.Facility == filter.Facility).GroupBy(e => e.Series, StringComparer.Ordinal).Select(g => FlowsheetRow.Of(g.Key, g, sex, birth))
            .Where(r => filter.Group is null || Group(r.Group) == filter.Group)
            .OrderBy(r => Group(r.Group) == "vital-signs" ? 0 : 1).ThenByDescending(r => r.Values.Count).ThenBy(r => r.Name, StringComparer.Ordinal),
    ];

    internal static string Group(string category) => category == "vital-signs" ? category : "laboratory";

    internal static DateOnly? Day(ResultEvent result) =>
        result.Date is { } date ? DateOnly.FromDateTime(date.Low.ToOffset(PartialDate.VietnamOffset).DateTime) : null;
}
