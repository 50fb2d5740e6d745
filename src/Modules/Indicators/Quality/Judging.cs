namespace Mach.Indicators.Quality;

/// <summary>The arithmetic of the checks, over numbers alone.</summary>
internal static class Judging
{
    /// <summary>Makes the deviation a standard unit where values are spread normally. Source: Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993.</summary>
    private const double Scale = 0.6745;

    /// <summary>The least spread that is believed, as a logarithm: about 5 %. A facility whose months were all alike is not unusual for one visit more.</summary>
    private const double LeastSpread = 0.05;

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>log10(value ÷ expected): 1 = ten times as much, −1 = a tenth. Nothing at all counts as half of one.</summary>
    public static double Magnitude(double value, double expected) => Math.Log10(Math.Max(value, 0.5) / expected);

    /// <summary>Modified z of a value among others: 0.6745 · (x − median) ÷ MAD.</summary>
    /// <returns>0 where fewer than 8 others are known.</returns>
    public static double ModifiedZ(double value, IReadOnlyCollection<double> others)
    {
        if (others.Count < 8)
        {
            return 0;
        }

        var median = Median(others);
        return Scale * (value - median) / Math.Max(Median(others.Select(o => Math.Abs(o - median))), LeastSpread);
    }

    /// <summary>ln of a month against the median of the twelve before it; null where there are not twelve.</summary>
    public static double? Move(IReadOnlyList<double> months, int at) => at < 12 ? null : Math.Log((months[at] + 1) / (Median(months.Skip(at - 12).Take(12)) + 1));

    /// <summary>
    /// How unusual the last month of a place is, when what all places did in the same months is taken off: the residual of a seasonal model whose season is that of the province.
    /// </summary>
    /// <param name="place">Months of the place, oldest first.</param>
    /// <param name="all">The same months of all places together; null = the place is all, and the season is taken from the same month of earlier years.</param>
    /// <returns>Modified z of the last month's residual, and what would have been usual.</returns>
    public static (double Z, double Expected) Unusual(IReadOnlyList<double> place, IReadOnlyList<double>? all)
    {
        var last = place.Count - 1;
        double? Residual(int at) => Move(place, at) - (all is null ? Season(place, at) : Move(all, at));
        if (last < 12 || Residual(last) is not { } own)
        {
            return (0, 0);
        }

        var others = Enumerable.Range(12, Math.Max(0, last - 12)).Select(Residual).OfType<double>().ToList();
        var season = all is null ? Season(place, last) : Move(all, last);
        var usual = ((Median(place.Skip(last - 12).Take(12)) + 1) * Math.Exp((season ?? 0) + Median(others))) - 1;
        return (ModifiedZ(own, others), Math.Max(0, usual));
    }

    /// <summary>How the same month of earlier years stood to its own twelve months before: the median of those years; 0 where none is known.</summary>
    private static double Season(IReadOnlyList<double> months, int at)
    {
        var years = Enumerable.Range(1, 5).Select(y => at - (12 * y)).Where(i => i >= 12).Select(i => Move(months, i)).OfType<double>().ToList();
        return years.Count == 0 ? 0 : Median(years);
    }

    /// <summary>Per cent by which a value differs from what is usual.</summary>
    public static double PerCent(double value, double expected) => expected == 0 ? 0 : (value - expected) / expected * 100;
}
