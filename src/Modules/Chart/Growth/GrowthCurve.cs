using Mach.Chart.Flowsheets;
using Mach.Chart.Record;
using Mach.Kernel;
using Mach.Ui;
using Mach.Ui.Charts;
using static Mach.Chart.Words;

namespace Mach.Chart.Growth;

/// <summary>One weighing or measuring of a child.</summary>
/// <param name="Months">Age in months of the standard.</param>
/// <param name="Z">Null when the standard has none for the child.</param>
public sealed record GrowthPoint(ResultEvent Result, double Months, double Value, double? Z, bool IsImplausible);

/// <summary>Weight or height of a child against the standard.</summary>
/// <param name="Key">weight or height.</param>
public sealed record GrowthCurve(string Key, string Name, string Unit, IReadOnlyList<GrowthPoint> Points, IReadOnlyList<ChartLine> Lines)
{
    /// <summary>A child has a chart while it is below ten, if the day of birth is known.</summary>
    internal static bool IsFor(PersonCard card, DateOnly today) => card.Person is { Deceased: false, Birth: { Day: > 0 } birth } && today.Year - birth.Year < 10;

    internal static GrowthCurve Of(string key, IReadOnlyList<ResultEvent> events, string? sex, PartialDate birth)
    {
        var analyte = Analyte.ByKey(key)!;
        var born = new DateOnly(birth.Year, birth.Month, birth.Day);
        var points = events.Where(e => e.Analyte?.Key == key && e is { Compared: not null, Date: { Day: > 0 } }).Select(e =>
        {
            var days = DateOnly.FromDateTime(e.Date!.Value.Low.ToOffset(PartialDate.VietnamOffset).DateTime).DayNumber - born.DayNumber;
            var z = GrowthStandard.Z(key, sex, days, e.Compared!.Value);
            return new GrowthPoint(e, days / GrowthStandard.Month, e.Compared.Value, z, z is { } value && GrowthStandard.IsImplausible(key, value));
        }).Where(p => p.Months is >= 0 and <= GrowthStandard.Months).OrderBy(p => p.Months).ToList();
        var last = points.Count == 0 ? 12 : Math.Min(GrowthStandard.Months, Math.Ceiling((points[^1].Months + 6) / 12) * 12);
        var curves = GrowthStandard.Curves.Select(d => new ChartLine(d > 0 ? "+" + d : d.ToString(System.Globalization.CultureInfo.InvariantCulture), analyte.Unit,
            [.. Enumerable.Range(0, (int)last + 1).Select(m => (Month: m, Value: GrowthStandard.Value(key, sex, m, d))).Where(p => p.Value is not null).Select(p => new ChartPoint(p.Month, p.Value!.Value, ""))], IsReference: true));
        var own = new ChartLine(analyte.Name, analyte.Unit, [.. points.Where(p => !p.IsImplausible).Select(p => new ChartPoint(p.Months, p.Value, $"{Dates.Show(p.Result.Date!.Value)}: {p.Result.Value} {p.Result.Unit} · {T.Format("ZScore", Text(p.Z))}", IsOutside: p.Z is < -2 or > 2))]);
        return new(key, analyte.Name, analyte.Unit, points, [own, .. curves]);
    }

    internal static string Text(double? z) => z is { } value ? value.ToString("+0.0;-0.0;0.0", System.Globalization.CultureInfo.InvariantCulture) : "—";

    /// <summary>Age of the last point that the drawing has room for, months.</summary>
    internal double To => Lines.Where(l => l.IsReference).SelectMany(l => l.Points).Select(p => p.X).DefaultIfEmpty(12).Max();
}
