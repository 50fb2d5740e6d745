namespace Mach.Indicators.Cube;

/// <summary>Months of the cube as numbers (202511), and the quarters and years over which persons are counted once.</summary>
internal static class Spans
{
    public const short Month = 1, Quarter = 3, Year = 12;

    public static readonly short[] All = [Month, Quarter, Year];

    public static int MonthOf(DateOnly day) => (day.Year * 100) + day.Month;

    public static DateOnly FirstOf(int month) => new(month / 100, month % 100, 1);

    /// <summary>First month of the span that a day lies in.</summary>
    public static int SinceOf(DateOnly day, short span) => (day.Year * 100) + (((day.Month - 1) / span) * span) + 1;

    /// <summary>Where distinct persons of a span stand among the cells: months of a year beyond 10,000 a span.</summary>
    public static int CellOf(int since, short span) => (span * 1_000_000) + since;

    /// <summary>The span that a period is, exactly; 0 = none.</summary>
    public static short Exactly(DateOnly from, DateOnly to) => Array.Find(All, span => FirstOf(SinceOf(from, span)) == from && from.AddMonths(span).AddDays(-1) == to);
}
