using System.Globalization;
using Mach.Chart.Record;
using Mach.Chart.Visits;
using Mach.Kernel;
using Mach.Ui;
using Mach.Ui.Charts;
using static Mach.Chart.Words;

namespace Mach.Chart.Flowsheets;

/// <summary>One or two curves with the medicines and stays under them.</summary>
public sealed record SeriesDrawing(string Label, IReadOnlyList<ChartLine> Lines, double From, double To, IReadOnlyList<ChartTick> Ticks, IReadOnlyList<ChartLane> Lanes, IReadOnlyList<ChartMark> Marks)
{
    private const int MostLanes = 8;
    /// <summary>Days that a supply is drawn for when nobody says how long it lasts: shown as a point.</summary>
    private const int UnknownSupply = 1;

    /// <param name="span">3m, 1y, 5y: so long before the newest value; anything else: all.</param>
    internal static SeriesDrawing Of(FlowsheetRow row, FlowsheetRow? with, string span, IReadOnlyList<MedicineEvent> medicines, IReadOnlyList<Visit> visits)
    {
        var lines = new[] { row, with }.OfType<FlowsheetRow>().Select(Line).Where(l => l.Points.Count > 0).ToList();
        if (lines.Count == 0)
        {
            return new(row.Name, [], 0, 1, [], [], []);
        }

        var newest = lines.Max(l => l.Points[^1].X);
        var first = span switch { "3m" => newest - 92, "1y" => newest - 366, "5y" => newest - 1827, _ => double.MinValue };
        lines = [.. lines.Select(l => l with { Points = [.. l.Points.Where(p => p.X >= first)] }).Where(l => l.Points.Count > 0)];
        var oldest = Math.Max(first, lines.Min(l => l.Points[0].X));
        var margin = newest - oldest < 1 ? 15 : (newest - oldest) * 0.02;
        var (from, to) = (oldest - margin, newest + margin);
        var label = string.Join(" · ", lines.Select(l => T.Format("CurveOf", l.Name, l.Points.Count)));
        return new(label, lines, from, to, ChartScale.Days(DateOnly.FromDayNumber((int)from), DateOnly.FromDayNumber((int)Math.Ceiling(to))), LanesOf(medicines, from, to), Stays(visits, from, to));
    }

    private static ChartLine Line(FlowsheetRow row)
    {
        var points = row.Values.Where(v => v.Result is { Compared: not null, Date: not null }).Select(v => new ChartPoint(
            Day(v.Result.Date!.Value),
            v.Result.Compared!.Value,
            $"{Dates.Show(v.Result.Date.Value)}: {v.Result.Value} {v.Result.Unit} · {v.Result.Facility}",
            null,
            v.Result.Second,
            v.Place is not null and not 0)).OrderBy(p => p.X).ToList();
        var band = row.Values.Select(v => v.Band).FirstOrDefault(b => b is not null);
        // A range that came with a value holds in the unit of that value.
        var isSame = row.Values[0].Result is { Unit: null } || row.Analyte is null || Analyte.Same(row.Values[0].Result.Unit ?? "", row.Analyte.Unit) || band?.Source is not null;
        return new(row.Name, row.Unit, points, isSame ? band?.Low : null, isSame ? band?.High : null);
    }

    private static IReadOnlyList<ChartLane> LanesOf(IReadOnlyList<MedicineEvent> medicines, double from, double to) =>
    [
        .. medicines.Where(m => m.Date is not null).GroupBy(m => VietnameseText.Fold(m.Name), StringComparer.Ordinal)
            .Select(g => new ChartLane(g.First().Name, [.. g.Select(m => (Day(m.Date!.Value), Day(m.Date.Value) + (m.Days ?? UnknownSupply), Bar(m)))]))
            .Where(l => l.Bars.Any(b => b.To >= from && b.From <= to))
            .OrderByDescending(l => l.Bars.Where(b => b.To >= from && b.From <= to).Sum(b => b.To - b.From)).Take(MostLanes),
    ];

    private static string Bar(MedicineEvent m) =>
        string.Join(" · ", new[] { m.Name, Dates.Show(m.Date!.Value), m.Days is { } days ? T.Format("ForDays", days) : null, m.Dose }.Where(t => !string.IsNullOrEmpty(t)));

    /// <summary>HL7 v3 ActCode: IMP, ACUTE, NONAC are stays. Source: http://terminology.hl7.org/ValueSet/v3-ActEncounterCode.</summary>
    private static IReadOnlyList<ChartMark> Stays(IReadOnlyList<Visit> visits, double from, double to) =>
    [
        .. visits.Where(v => v is { Class: "IMP" or "ACUTE" or "NONAC", Start: not null })
            .Select(v => new ChartMark(Day(v.Start!.Value), Day(v.End ?? v.Start.Value), string.Create(CultureInfo.InvariantCulture, $"{Dates.Show(v.Start.Value)} · {T.Find("Kind." + v.Class) ?? v.Class} · {v.Facility}")))
            .Where(m => m.To >= from && m.From <= to)
            .Select(m => m with { From = Math.Max(m.From, from), To = Math.Min(m.To, to) }),
    ];

    internal static double Day(PartialDate date) => ChartScale.Day(date.Low.ToOffset(PartialDate.VietnamOffset).DateTime.Date is var day ? new DateOnly(day.Year, day.Month, day.Day) : default)
        + (date.HasTime ? date.Low.ToOffset(PartialDate.VietnamOffset).TimeOfDay.TotalDays : 0);
}
