using System.Globalization;
using Mach.Chart.Flowsheets;
using Mach.Chart.Record;
using Mach.Chart.Visits;
using Mach.Kernel;
using Mach.Ui;
using Mach.Ui.Charts;
using static Mach.Chart.Words;

namespace Mach.Chart.Lanes;

/// <summary>What part of a life is shown; all of it stands in the address.</summary>
/// <param name="From">First day; null = the beginning of the record.</param>
/// <param name="To">Last day; null = the end of the record.</param>
/// <param name="Problem">ICD-10 category: only visits with it, and what belongs to them.</param>
public sealed record LaneFilter(DateOnly? From, DateOnly? To, string? Facility, string? Kind, string? Problem)
{
    internal string Url(string person, DateOnly? from, DateOnly? to) => $"/people/{person}/timeline" + FlowsheetFilter.Query(
        ("from", Iso(from)), ("to", Iso(to)), ("facility", Facility), ("kind", Kind), ("problem", Problem));

    internal static string? Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>Something on a lane.</summary>
/// <param name="From">Days as <see cref="ChartScale"/> counts them; a point ends where it begins.</param>
/// <param name="Href">Where it leads; null = to its visit.</param>
public sealed record LaneItem(double From, double To, string Text, string? Facility, string? Visit, string? Href = null);

/// <summary>What is drawn: one thing, or several that lie too close together.</summary>
/// <param name="X">0–1.</param>
/// <param name="Width">0–1; 0 for a point.</param>
/// <param name="Href">The visit, or the closer look at several.</param>
public sealed record LaneShape(double X, double Width, int Count, string Text, string Href);

public sealed record Lane(string Name, bool IsMedicine, IReadOnlyList<LaneShape> Shapes);

/// <summary>A life in lanes: visits, stays, medicines, results, reports, procedures over one axis.</summary>
/// <param name="First">First day of the record; null when it is empty.</param>
/// <param name="Visits">Those of the time shown, newest first, at most <see cref="MostVisits"/>.</param>
public sealed record LaneMap(
    LaneFilter Filter, DateOnly? First, DateOnly? Last, DateOnly From, DateOnly To, LaneAxis Axis, IReadOnlyList<ChartTick> Ticks, IReadOnlyList<Lane> Lanes,
    IReadOnlyList<(Visit Visit, string What)> Visits, int VisitCount, IReadOnlyList<(string Code, int Count)> Facilities, IReadOnlyList<(string Code, int Count)> Kinds, IReadOnlyList<Problem> Problems)
{
    public const int MostVisits = 30;
    private const int MostMedicines = 12;
    /// <summary>Things nearer than this share of the axis are drawn as one.</summary>
    private const double Near = 1.0 / 110;

    internal static LaneMap Of(string person, LaneFilter filter, LaneSource source)
    {
        var problemVisits = filter.Problem is { } category ? source.Diagnoses.Where(d => d.Group == category).Select(d => d.Visit).OfType<string>().ToHashSet(StringComparer.Ordinal) : null;
        bool Wanted(string? facility, string? visit) => (filter.Facility is null || facility == filter.Facility) && (problemVisits is null || (visit is not null && problemVisits.Contains(visit)));
        var visits = source.Visits.Where(v => v.Start is not null && Wanted(v.Facility, v.Id) && (filter.Kind is null || v.Class == filter.Kind)).ToList();
        var kept = filter.Kind is null ? null : visits.Select(v => v.Id).ToHashSet(StringComparer.Ordinal);
        bool Shown(string? facility, string? visit) => Wanted(facility, visit) && (kept is null || (visit is not null && kept.Contains(visit)));

        var byVisit = source.Diagnoses.ToLookup(d => d.Visit, StringComparer.Ordinal);
        string What(Visit v) => byVisit[v.Id] is var found && (found.FirstOrDefault(d => v.Diagnoses.Count > 0 && d.Id == v.Diagnoses[0]) ?? found.FirstOrDefault()) is { } main
            ? (Reading.Icd10.Name(main.Code) ?? main.Text) + (main.Code is null ? "" : $" ({main.Code})") : v.Reason ?? T["Visit"];
        LaneItem Of(Visit v) => new(Day(v.Start!.Value), Math.Max(Day(v.Start.Value), Day(v.End ?? v.Start.Value)), $"{Dates.Show(v.Start.Value)} · {What(v)} · {v.Facility}", v.Facility, v.Id);
        static bool IsStay(Visit v) => v.Class is "IMP" or "ACUTE" or "NONAC";

        var lanes = new List<(string Name, bool IsMedicine, List<LaneItem> Items)>
        {
            (T["Visits"], false, [.. visits.Where(v => !IsStay(v)).Select(v => Of(v) with { To = Day(v.Start!.Value) })]),
            (T["Stays"], false, [.. visits.Where(IsStay).Select(Of)]),
            (T["Results"], false, [.. source.Results.Where(r => r.Date is not null && Shown(r.Facility, r.Visit)).Select(r => Point(r.Date!.Value, $"{r.Analyte?.Name ?? r.Name}: {r.Value} {r.Unit}", r.Facility, r.Visit))]),
            (T["Reports"], false, [.. source.Reports.Where(r => r.Date is not null && Shown(r.Facility, r.Visit)).Select(r => Point(r.Date!.Value, r.Name, r.Facility, r.Visit))]),
            (T["Procedures"], false, [.. source.Procedures.Where(p => p.From > 0 && Shown(p.Facility, p.Visit))]),
            (T["Notes"], false, [.. source.Notes.Where(n => Shown(n.Facility, n.Visit))]),
        };
        lanes.AddRange(source.Medicines.Where(m => m.Date is not null && Shown(m.Facility, m.Visit)).GroupBy(m => VietnameseText.Fold(m.Name), StringComparer.Ordinal)
            .Select(g => (g.First().Name, true, g.Select(m => new LaneItem(Day(m.Date!.Value), Day(m.Date.Value) + (m.Days ?? 0), string.Join(" · ", new[] { m.Name, Dates.Show(m.Date.Value), m.Days is { } days ? T.Format("ForDays", days) : null }.OfType<string>()), m.Facility, m.Visit)).ToList())));

        var all = lanes.SelectMany(l => l.Items).ToList();
        DateOnly? first = all.Count == 0 ? null : DateOnly.FromDayNumber((int)all.Min(i => i.From));
        DateOnly? last = all.Count == 0 ? null : DateOnly.FromDayNumber((int)all.Max(i => i.To));
        var (from, to) = (filter.From ?? first ?? DateOnly.MinValue.AddDays(1), filter.To ?? last ?? DateOnly.MinValue.AddDays(1));
        if (to < from)
        {
            (from, to) = (to, from);
        }

        var (start, end) = ((double)from.DayNumber, to.DayNumber + 1.0);
        bool In(LaneItem item) => item.To >= start && item.From <= end;
        // Long supplies would hide empty times: what was done counts, not what lasts.
        var axis = LaneAxis.Of(start, end, all.Where(In).Select(i => (i.From, i.From)).Concat(lanes[1].Items.Where(In).Select(i => (i.From, i.To))));
        var drawn = lanes.Select(l => (l.Name, l.IsMedicine, Items: l.Items.Where(In).ToList())).Where(l => l.Items.Count > 0).ToList();
        var medicines = drawn.Where(l => l.IsMedicine).OrderByDescending(l => l.Items.Max(i => i.To)).ThenByDescending(l => l.Items.Count).Take(MostMedicines);
        var inside = visits.Where(v => In(Of(v))).OrderByDescending(v => v.SortKey).ToList();
        return new(
            filter, first, last, from, to, axis,
            TicksOf(axis),
            [.. drawn.Where(l => !l.IsMedicine).Concat(medicines).Select(l => new Lane(l.Name, l.IsMedicine, Shapes(person, filter, axis, l.Items)))],
            [.. inside.Take(MostVisits).Select(v => (v, What(v)))],
            inside.Count,
            TimeLine.Count(source.Visits.Select(v => v.Facility)), TimeLine.Count(source.Visits.Select(v => v.Class)), ProblemList.From(source.Diagnoses, to).Lasting);
    }

    internal static double Day(PartialDate date) => SeriesDrawing.Day(date);

    private static LaneItem Point(PartialDate date, string text, string? facility, string? visit) => new(Day(date), Day(date), $"{Dates.Show(date)} · {text}", facility, visit);

    private static List<LaneShape> Shapes(string person, LaneFilter filter, LaneAxis axis, List<LaneItem> items)
    {
        var shapes = new List<LaneShape>();
        var group = new List<LaneItem>();
        var (left, right) = (0.0, 0.0);
        foreach (var item in items.OrderBy(i => i.From))
        {
            var (x, end) = (axis.X(item.From), axis.X(item.To));
            if (group.Count > 0 && x - right > Near)
            {
                shapes.Add(Shape(person, filter, left, right, group));
                group = [];
            }

            (left, right) = group.Count == 0 ? (x, end) : (left, Math.Max(right, end));
            group.Add(item);
        }

        if (group.Count > 0)
        {
            shapes.Add(Shape(person, filter, left, right, group));
        }

        return shapes;
    }

    private static LaneShape Shape(string person, LaneFilter filter, double left, double right, List<LaneItem> group)
    {
        if (group is [var one])
        {
            return new(left, right - left, 1, one.Text, one.Href ?? (one.Visit is null ? filter.Url(person, filter.From, filter.To) : $"/people/{person}/visits/{one.Visit}"));
        }

        var (from, to) = (DateOnly.FromDayNumber((int)group[0].From), DateOnly.FromDayNumber((int)group.Max(i => i.From)));
        return new(left, right - left, group.Count, T.Format("ManyHere", group.Count, Dates.Show(from), Dates.Show(to)) + " · " + group[^1].Text, filter.Url(person, from, to));
    }

    /// <summary>Labels where there is room; what lies in an empty time is left out.</summary>
    private static List<ChartTick> TicksOf(LaneAxis axis)
    {
        const double room = 0.075;
        var (from, to) = (DateOnly.FromDayNumber((int)axis.From), DateOnly.FromDayNumber((int)axis.To));
        var ticks = new List<ChartTick>();
        foreach (var tick in to.DayNumber - from.DayNumber <= 2 ? ChartScale.Hours(axis.From, axis.To) : ChartScale.Days(from, to))
        {
            if (tick.At >= axis.From && !axis.Parts.Any(p => p.IsEmpty && tick.At > p.From && tick.At < p.To) && axis.X(tick.At) is var x && x < 0.97 && (ticks.Count == 0 || x - ticks[^1].At >= room))
            {
                ticks.Add(new(x, tick.Label));
            }
        }

        return ticks;
    }
}

/// <summary>What a map of lanes is made of.</summary>
internal sealed record LaneSource(
    IReadOnlyList<Visit> Visits, IReadOnlyList<Diagnosis> Diagnoses, IReadOnlyList<MedicineEvent> Medicines, IReadOnlyList<ResultEvent> Results, IReadOnlyList<ReportLine> Reports, IReadOnlyList<LaneItem> Procedures, IReadOnlyList<LaneItem> Notes);
