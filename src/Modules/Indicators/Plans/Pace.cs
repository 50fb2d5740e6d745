namespace Mach.Indicators.Plans;

/// <summary>How far a year has usually come by a day.</summary>
/// <param name="Mean">Share of the year's total by that day, mean of the years that are known; of the days alone where none is.</param>
/// <param name="Low">The least of those years.</param>
/// <param name="High">The greatest.</param>
/// <param name="Years">How many years it is of; 0 = the year is taken as even.</param>
public readonly record struct SeasonalShare(decimal Mean, decimal Low, decimal High, int Years)
{
    /// <param name="months">Of each earlier year its twelve months; a year without any total says nothing.</param>
    /// <param name="until">The last day that counts. Within a month the days count evenly.</param>
    public static SeasonalShare Of(IEnumerable<IReadOnlyList<decimal>> months, DateOnly until)
    {
        var inMonth = until.Day / (decimal)DateTime.DaysInMonth(until.Year, until.Month);
        var shares = months.Where(y => y.Count == 12 && y.Sum() > 0).Select(y => (y.Take(until.Month - 1).Sum() + (y[until.Month - 1] * inMonth)) / y.Sum()).Where(s => s > 0).ToList();
        return shares.Count > 0 ? new(shares.Average(), shares.Min(), shares.Max(), shares.Count)
            : until.DayOfYear / (decimal)(DateTime.IsLeapYear(until.Year) ? 366 : 365) is var even ? new(even, even, even, 0) : default;
    }
}

/// <summary>Plan against actual of one place.</summary>
/// <param name="Key">As of the plan; empty for a line that is of no plan of its own.</param>
/// <param name="Plan">Null = nothing is planned.</param>
/// <param name="Actual">Until the day that was asked for.</param>
public sealed record PlanLine(string Key, string Label, decimal? Plan, decimal Actual, SeasonalShare Season)
{
    /// <summary>A pace below this is behind.</summary>
    public const decimal Behind = 0.9m;

    /// <summary>Rows of the record that <see cref="Actual"/> is of.</summary>
    public long Rows { get; init; }

    /// <summary>A = actual ÷ plan.</summary>
    public decimal? Attained => Plan > 0 ? Actual / Plan : null;

    /// <summary>Actual ÷ what the plan would have by now in a usual year: above 1 is ahead.</summary>
    public decimal? Pace => Plan > 0 && Season.Mean > 0 ? Actual / (Plan * Season.Mean) : null;

    /// <summary>What the year comes to if the rest is as usual.</summary>
    public decimal? YearEnd => Season.Mean > 0 ? Actual / Season.Mean : null;

    /// <summary>The same by the fastest and the slowest of the known years; null where fewer than two are known.</summary>
    public (decimal Low, decimal High)? Interval => Season.Years > 1 ? (Actual / Season.High, Actual / Season.Low) : null;
}
