namespace Mach.Chart.Visits;

/// <summary>How many things of each kind came out of a visit.</summary>
/// <param name="Services">Orders and procedures.</param>
public readonly record struct VisitCounts(int Medicines, int Results, int Services);

/// <summary>One line of the time line.</summary>
/// <param name="MainDiagnosis">Code and text of the main diagnosis; null for those who may not see it.</param>
/// <param name="OtherDiagnoses">How many more there are.</param>
public sealed record VisitLine(Visit Visit, string? MainCode, string? MainDiagnosis, int OtherDiagnoses, VisitCounts Counts);

/// <summary>Filters of the time line; they stand in the address of the page.</summary>
/// <param name="Facility">Facility code or null for all.</param>
/// <param name="Kind">Encounter class code or null for all.</param>
/// <param name="After">Id of the last visit that was already shown.</param>
public sealed record TimeLineFilter(string? Facility, string? Kind, string? After)
{
    /// <summary>Address of the record with these filters; <paramref name="after"/> continues below a visit.</summary>
    public string Url(string person, string? after = null)
    {
        var pairs = new (string Name, string? Value)[] { ("facility", Facility), ("kind", Kind), ("after", after) };
        var query = string.Join('&', pairs.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
        return $"/people/{person}{(query.Length == 0 ? "" : "?" + query)}";
    }
}

/// <summary>A page of the time line, with what the filters can be set to.</summary>
/// <param name="Older">Id to continue after; null when this is the end.</param>
/// <param name="Facilities">Codes with their number of visits, the most visited first.</param>
/// <param name="Kinds">Class codes with their number of visits.</param>
/// <param name="YearBefore">Year of the visit above the first line, so that a continued list does not repeat its heading.</param>
public sealed record TimeLine(
    IReadOnlyList<VisitLine> Lines,
    int Total,
    int Matching,
    string? Older,
    TimeLineFilter Filter,
    IReadOnlyList<(string Code, int Visits)> Facilities,
    IReadOnlyList<(string Code, int Visits)> Kinds,
    int? YearBefore)
{
    public const int PageSize = 20;

    /// <summary>The visits of this page; <paramref name="visits"/> newest first.</summary>
    internal static (IReadOnlyList<Visit> Page, string? Older, int Matching, int? YearBefore) Cut(IReadOnlyList<Visit> visits, TimeLineFilter filter)
    {
        var matching = visits.Where(v => (filter.Facility is null || v.Facility == filter.Facility) && (filter.Kind is null || v.Class == filter.Kind)).ToList();
        var start = filter.After is null ? 0 : matching.FindIndex(v => v.Id == filter.After) + 1;
        var page = matching.Skip(start).Take(PageSize).ToList();
        var older = start + page.Count < matching.Count ? page[^1].Id : null;
        return (page, older, matching.Count, start > 0 ? matching[start - 1].Start?.Year : null);
    }

    internal static IReadOnlyList<(string Code, int Visits)> Count(IEnumerable<string?> codes) =>
        [.. codes.OfType<string>().GroupBy(code => code, StringComparer.Ordinal).Select(g => (g.Key, g.Count())).OrderByDescending(g => g.Item2).ThenBy(g => g.Key, StringComparer.Ordinal)];
}
