using System.Globalization;

namespace Mach.Ui.Charts;

/// <summary>From values to places on a drawing, and the round numbers and days between.</summary>
public static class ChartScale
{
    private const int MostTicks = 10;
    private static readonly int[] s_days = [1, 2, 7, 14], s_months = [1, 2, 3, 6], s_years = [1, 2, 5, 10, 20, 50];

    /// <summary>Days since the beginning of the year 1: the axis of charts over time.</summary>
    public static double Day(DateTimeOffset at) => at.UtcDateTime.Ticks / (double)TimeSpan.TicksPerDay;

    public static double Day(DateOnly day) => day.DayNumber;

    /// <summary>Round numbers (1, 2, 2.5 or 5 times a power of ten apart) that hold both ends, about as many as asked.</summary>
    /// <exception cref="ArgumentException">An end is no number, or they are in the wrong order.</exception>
    public static IReadOnlyList<ChartTick> Round(double low, double high, int about = 5)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || low > high)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{low} – {high} is no span."));
        }

        var span = high - low;
        if (span == 0)
        {
            span = low == 0 ? 1 : Math.Abs(low) * 0.2;
            (low, high) = (low - (span / 2), high + (span / 2));
        }

        var raw = span / about;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = (raw / power) switch { <= 1 => 1, <= 2 => 2, <= 2.5 => 2.5, <= 5 => 5, _ => 10.0 } * power;
        var ticks = new List<ChartTick>();
        for (var n = Math.Floor((low / step) + 1e-9); ticks.Count < 50; n++)
        {
            ticks.Add(new(n * step, (n * step).ToString("0.#####", CultureInfo.InvariantCulture)));
            if (n * step >= high - (step * 1e-9))
            {
                break;
            }
        }

        return ticks;
    }

    /// <summary>Days, months or years between two days, at most ten, labelled as far as needed to tell them apart.</summary>
    public static IReadOnlyList<ChartTick> Days(DateOnly from, DateOnly to)
    {
        var days = to.DayNumber - from.DayNumber;
        foreach (var step in s_days)
        {
            if (days / step < MostTicks)
            {
                return Walk(from, to, d => d.AddDays(step), "dd/MM");
            }
        }

        var months = ((to.Year - from.Year) * 12) + to.Month - from.Month;
        foreach (var step in s_months)
        {
            if (months / step < MostTicks)
            {
                return Walk(new DateOnly(from.Year, ((from.Month - 1) / step * step) + 1, 1), to, d => d.AddMonths(step), "MM/yyyy");
            }
        }

        var years = s_years.First(s => (to.Year - from.Year) / s < MostTicks || s == s_years[^1]);
        return Walk(new DateOnly(Math.Max(from.Year / years * years, 1), 1, 1), to, d => d.AddYears(years), "yyyy");
    }

    /// <summary>Every sixth hour between two instants, labelled with its day at midnight.</summary>
    public static IReadOnlyList<ChartTick> Hours(double from, double to)
    {
        var ticks = new List<ChartTick>();
        for (var quarter = (long)Math.Ceiling(from * 4); quarter <= to * 4; quarter++)
        {
            var hour = (int)(quarter % 4) * 6;
            ticks.Add(new(quarter / 4.0, hour == 0 ? DateOnly.FromDayNumber((int)(quarter / 4)).ToString("dd/MM", CultureInfo.InvariantCulture) : hour.ToString("00", CultureInfo.InvariantCulture) + ":00"));
        }

        return ticks;
    }

    private static List<ChartTick> Walk(DateOnly first, DateOnly to, Func<DateOnly, DateOnly> next, string form)
    {
        var ticks = new List<ChartTick>();
        for (var day = first; day <= to; day = next(day))
        {
            ticks.Add(new(day.DayNumber, day.ToString(form, CultureInfo.InvariantCulture)));
        }

        return ticks;
    }
}
