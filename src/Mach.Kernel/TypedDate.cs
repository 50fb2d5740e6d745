using System.Globalization;

namespace Mach.Kernel;

/// <summary>Why what was typed is no date.</summary>
public enum TypedDateProblem
{
    /// <summary>It is one.</summary>
    None,
    /// <summary>Nothing was typed.</summary>
    Empty,
    /// <summary>It has not the form of a date.</summary>
    NotUnderstood,
    /// <summary>There is no such month: 12/13/1965.</summary>
    NoSuchMonth,
    /// <summary>The month has no such day: 31/2/1965, 29/2/2023.</summary>
    NoSuchDay,
    /// <summary>A year before 1850: no living person and no record is older.</summary>
    TooEarly,
    /// <summary>A year after the next: nothing is planned that far.</summary>
    TooLate,
}

/// <summary>
/// What somebody typed for a date: 12/7/1965, 12-7-65, 120765, 12071965, 7/1965, 071965, 1965, 19650712, 1965-07-12, hôm nay, hôm qua, today, yesterday.
/// Day before month before year, as it is written in Viet Nam; the year first only in four digits. Blanks, dots, slashes and dashes part alike.
/// </summary>
/// <remarks>
/// A choice of ours: a year of two digits is the newest one that is not in the future and has the day, so that "12/7/65" was born in 1965 and "1/1/20" in 2020.
/// Eight digits are never ambiguous within the years that are taken (1850 to the next): one that reads as yyyyMMdd has no month when read as ddMMyyyy, and six digits that end in a year likewise.
/// </remarks>
/// <param name="Date">Known to the year, the month or the day; null when it is no date.</param>
/// <param name="Problem">None when it is a date.</param>
public readonly record struct TypedDate(PartialDate? Date, TypedDateProblem Problem)
{
    private const int OldestYear = 1850;

    /// <summary>It begins after this day: a birth date that is still to come.</summary>
    public bool IsAfter(DateOnly day) => Date is { } date && date > new PartialDate(day.Year, date.Month == 0 ? 0 : day.Month, date.Day == 0 ? 0 : day.Day);

    /// <summary>Never throws.</summary>
    /// <param name="today">Today in Viet Nam; decides the century of two digits, and what "today" is.</param>
    public static TypedDate Read(ReadOnlySpan<char> text, DateOnly today)
    {
        text = text.Trim();
        Span<Range> ranges = stackalloc Range[4];
        var count = text.SplitAny(ranges, "/-. \u00A0", StringSplitOptions.RemoveEmptyEntries);
        return count switch
        {
            0 => new(null, text.IsEmpty ? TypedDateProblem.Empty : TypedDateProblem.NotUnderstood),
            _ when Word(text, today) is { } day => new(day, TypedDateProblem.None),
            1 => Run(text[ranges[0]], today),
            2 when text[ranges[0]].Length == 4 => Of("", text[ranges[1]], text[ranges[0]], today),
            2 => Of("", text[ranges[0]], text[ranges[1]], today),
            3 when text[ranges[0]].Length == 4 => Of(text[ranges[2]], text[ranges[1]], text[ranges[0]], today),
            3 => Of(text[ranges[0]], text[ranges[1]], text[ranges[2]], today),
            _ => new(null, TypedDateProblem.NotUnderstood),
        };
    }

    private static PartialDate? Word(ReadOnlySpan<char> text, DateOnly today)
    {
        if (text.Length > 12 || char.IsAsciiDigit(text[0]))
        {
            return null;
        }

        DateOnly? day = VietnameseText.Fold(text) switch
        {
            "hom nay" or "nay" or "today" => today,
            "hom qua" or "yesterday" => today == DateOnly.MinValue ? null : today.AddDays(-1),
            _ => null,
        };
        return day is { } d ? new PartialDate(d.Year, d.Month, d.Day) : null;
    }

    /// <summary>Digits without anything between them.</summary>
    private static TypedDate Run(ReadOnlySpan<char> run, DateOnly today)
    {
        switch (run.Length)
        {
            case 4:
                return Of("", "", run, today);
            case 6:
                var six = Of(run[..2], run[2..4], run[4..], today);
                return six.Date is null && Of("", run[..2], run[2..], today) is { Date: not null } month ? month : six;
            case 8:
                var yearFirst = Of(run[6..], run[4..6], run[..4], today);
                var dayFirst = Of(run[..2], run[2..4], run[4..], today);
                return yearFirst.Date is not null || (dayFirst.Date is null && IsYear(run[..4], today)) ? yearFirst : dayFirst;
            default:
                return new(null, TypedDateProblem.NotUnderstood);
        }
    }

    private static bool IsYear(ReadOnlySpan<char> digits, DateOnly today) => TryNumber(digits, out var year) && year >= OldestYear && year <= today.Year + 1;

    /// <param name="day">Empty when it is not known; so the month.</param>
    private static TypedDate Of(ReadOnlySpan<char> day, ReadOnlySpan<char> month, ReadOnlySpan<char> year, DateOnly today)
    {
        if (day.Length > 2 || month.Length > 2 || year.Length is not (2 or 4) || !TryNumber(day, out var d) || !TryNumber(month, out var m) || !TryNumber(year, out var y))
        {
            return new(null, TypedDateProblem.NotUnderstood);
        }

        if (!month.IsEmpty && m is 0 or > 12)
        {
            return new(null, TypedDateProblem.NoSuchMonth);
        }

        if (!day.IsEmpty && d is 0 or > 31)
        {
            return new(null, TypedDateProblem.NoSuchDay);
        }

        return year.Length == 4 ? Whole(y, m, d, today) : Newest(y + (today.Year / 100 * 100), m, d, today);
    }

    private static TypedDate Whole(int year, int month, int day, DateOnly today) =>
        year < OldestYear ? new(null, TypedDateProblem.TooEarly)
        : year > today.Year + 1 ? new(null, TypedDateProblem.TooLate)
        : day > 0 && day > DateTime.DaysInMonth(year, month) ? new(null, TypedDateProblem.NoSuchDay)
        : new(new PartialDate(year, month, day), TypedDateProblem.None);

    private static TypedDate Newest(int year, int month, int day, DateOnly today)
    {
        for (; year >= OldestYear; year -= 100)
        {
            // 29/02/00 and the like are no dates in some centuries: look further back.
            if ((day == 0 || day <= DateTime.DaysInMonth(year, month)) && (year, month, day).CompareTo((today.Year, month == 0 ? 0 : today.Month, day == 0 ? 0 : today.Day)) <= 0)
            {
                return new(new PartialDate(year, month, day), TypedDateProblem.None);
            }
        }

        return new(null, TypedDateProblem.NoSuchDay);
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        return text.IsEmpty || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
