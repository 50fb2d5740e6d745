using System.Globalization;

namespace Mach.Kernel;

/// <summary>
/// A date known to the year, the month, the day, the minute or the second, in Vietnam's time (UTC+07:00) when it has a time.
/// Ordered by its first instant. The default value is no date: its year is 0.
/// </summary>
public readonly partial record struct PartialDate : IComparable<PartialDate>
{
    /// <summary>Viet Nam has had one offset and no summer time since 1975.</summary>
    public static readonly TimeSpan VietnamOffset = TimeSpan.FromHours(7);

    /// <summary>A date with nothing known yet; times are unknown (-1).</summary>
    public PartialDate()
    {
    }

    /// <param name="year">1–9999.</param>
    /// <param name="month">1–12, or 0 when unknown.</param>
    /// <param name="day">1 to the last day of the month, or 0 when unknown.</param>
    /// <param name="hour">0–23, or -1 when unknown.</param>
    /// <param name="minute">0–59, or -1 when unknown.</param>
    /// <param name="second">0–59, or -1 when unknown.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parts are no date, or a part is known while one before it is not.</exception>
    public PartialDate(int year, int month = 0, int day = 0, int hour = -1, int minute = -1, int second = -1)
    {
        if (!IsValid(year, month, day, hour, minute, second))
        {
            throw new ArgumentOutOfRangeException(nameof(year), string.Create(CultureInfo.InvariantCulture, $"{year}-{month}-{day} {hour}:{minute}:{second} is no date"));
        }

        (Year, Month, Day, Hour, Minute, Second) = (year, month, day, hour, minute, second);
    }

    /// <summary>1–9999.</summary>
    public int Year { get; init; }
    /// <summary>1–12, or 0 when unknown.</summary>
    public int Month { get; init; }
    /// <summary>1–31, or 0 when unknown.</summary>
    public int Day { get; init; }
    /// <summary>0–23, or -1 when unknown.</summary>
    public int Hour { get; init; } = -1;
    /// <summary>0–59, or -1 when unknown.</summary>
    public int Minute { get; init; } = -1;
    /// <summary>0–59, or -1 when unknown.</summary>
    public int Second { get; init; } = -1;

    public bool HasTime => Day > 0 && Hour >= 0;

    /// <summary>First instant covered, UTC.</summary>
    public DateTimeOffset Low => ToUtc(Start);

    /// <summary>First instant after what is covered, UTC; the greatest instant there is for the year 9999.</summary>
    public DateTimeOffset High
    {
        get
        {
            var start = Start;
            if (Year == 9999 && (Month is 0 or 12))
            {
                return DateTimeOffset.MaxValue;
            }

            return ToUtc(Month == 0 ? start.AddYears(1)
                : Day == 0 ? start.AddMonths(1)
                : Hour < 0 ? start.AddDays(1)
                : Minute < 0 ? start.AddHours(1)
                : Second < 0 ? start.AddMinutes(1)
                : start.AddSeconds(1));
        }
    }

    /// <summary>The calendar day, or null when only the year or month is known.</summary>
    public DateOnly? Date => Day > 0 ? new DateOnly(Year, Month, Day) : null;

    /// <summary>FHIR R4 form: "1955", "1955-03", "1955-03-07", "2025-07-01T08:30:00+07:00".</summary>
    public override string ToString()
    {
        var culture = CultureInfo.InvariantCulture;
        return Month == 0 ? string.Create(culture, $"{Year:D4}")
            : Day == 0 ? string.Create(culture, $"{Year:D4}-{Month:D2}")
            : Hour < 0 ? string.Create(culture, $"{Year:D4}-{Month:D2}-{Day:D2}")
            : string.Create(culture, $"{Year:D4}-{Month:D2}-{Day:D2}T{Hour:D2}:{Math.Max(Minute, 0):D2}:{Math.Max(Second, 0):D2}+07:00");
    }

    public int CompareTo(PartialDate other) => Low.CompareTo(other.Low) is var c and not 0 ? c : High.CompareTo(other.High);

    public static bool operator <(PartialDate left, PartialDate right) => left.CompareTo(right) < 0;
    public static bool operator >(PartialDate left, PartialDate right) => left.CompareTo(right) > 0;
    public static bool operator <=(PartialDate left, PartialDate right) => left.CompareTo(right) <= 0;
    public static bool operator >=(PartialDate left, PartialDate right) => left.CompareTo(right) >= 0;

    private DateTime Start => new(Math.Max(Year, 1), Math.Max(Month, 1), Math.Max(Day, 1), Math.Max(Hour, 0), Math.Max(Minute, 0), Math.Max(Second, 0), DateTimeKind.Unspecified);

    private static DateTimeOffset ToUtc(DateTime local) =>
        local.Ticks < VietnamOffset.Ticks ? DateTimeOffset.MinValue : new DateTimeOffset(local - VietnamOffset, TimeSpan.Zero);

    private static bool IsValid(int year, int month, int day, int hour, int minute, int second) =>
        year is >= 1 and <= 9999
        && (month == 0 ? day == 0 : month is >= 1 and <= 12)
        && (day == 0 ? hour == -1 : day >= 1 && day <= DateTime.DaysInMonth(year, month))
        && (hour == -1 ? minute == -1 : hour is >= 0 and <= 23)
        && (minute == -1 ? second == -1 : minute is >= 0 and <= 59)
        && second is >= -1 and <= 59;

    private static bool TryMake(int year, int month, int day, int hour, int minute, int second, out PartialDate date)
    {
        if (!IsValid(year, month, day, hour, minute, second))
        {
            date = default;
            return false;
        }

        date = new PartialDate { Year = year, Month = month, Day = day, Hour = hour, Minute = minute, Second = second };
        return true;
    }
}
