using System.Globalization;

namespace Mach.Indicators.Pages;

/// <summary>Days that a page is about, as they stand in its address: <c>2026</c>, <c>2026-q3</c>, <c>2026-11</c>, or two days <c>2026-01-01..2026-06-30</c>.</summary>
public sealed record Period(DateOnly From, DateOnly To, string Text)
{
    private const string Iso = "yyyy-MM-dd";

    /// <summary>The year until the end of this month: what a steering page opens with.</summary>
    public static Period YearOf(DateOnly today) => Between(new(today.Year, 1, 1), new DateOnly(today.Year, today.Month, 1).AddMonths(1).AddDays(-1));

    public static Period Month(DateOnly day) => Parse(day.ToString("yyyy-MM", CultureInfo.InvariantCulture))!;

    public static Period Between(DateOnly from, DateOnly to) =>
        from.Day == 1 && from.AddMonths(1).AddDays(-1) == to ? Month(from)
        : from is { Month: 1, Day: 1 } && to == new DateOnly(from.Year, 12, 31) ? new(from, to, from.Year.ToString(CultureInfo.InvariantCulture))
        : new(from, to, from.ToString(Iso, CultureInfo.InvariantCulture) + ".." + to.ToString(Iso, CultureInfo.InvariantCulture));

    /// <summary>Null when it is none of the forms, ends before it begins, or spans more than twenty years.</summary>
    public static Period? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var parts = text.Trim().Split("..");
        if (parts.Length == 2)
        {
            return Day(parts[0]) is { } from && Day(parts[1]) is { } to && from <= to && to < from.AddYears(20) ? Between(from, to) : null;
        }

        if (text.Length >= 4 && int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is > 1900 and < 2200)
        {
            if (text.Length == 4)
            {
                return new(new(year, 1, 1), new(year, 12, 31), text);
            }

            if (text is [_, _, _, _, '-', 'q', >= '1' and <= '4' and var quarter])
            {
                var first = new DateOnly(year, ((quarter - '1') * 3) + 1, 1);
                return new(first, first.AddMonths(3).AddDays(-1), text);
            }

            if (text.Length == 7 && text[4] == '-' && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var month) && month is >= 1 and <= 12)
            {
                var first = new DateOnly(year, month, 1);
                return new(first, first.AddMonths(1).AddDays(-1), text);
            }
        }

        return null;
    }

    public bool IsWholeMonths => From.Day == 1 && To.AddDays(1).Day == 1;

    /// <summary>The days of the same length of a year before.</summary>
    public Period Before => Between(From.AddYears(-1), IsWholeMonths ? To.AddDays(1).AddYears(-1).AddDays(-1) : To.AddYears(-1));

    /// <summary>As long, and right before it: as many months where these are whole, else as many days.</summary>
    public Period Preceding => IsWholeMonths
        ? Between(From.AddMonths(((From.Year - To.AddDays(1).Year) * 12) + From.Month - To.AddDays(1).Month), From.AddDays(-1))
        : Between(From.AddDays(From.DayNumber - To.DayNumber - 1), From.AddDays(-1));

    private static DateOnly? Day(string text) => DateOnly.TryParseExact(text, [Iso, "dd/MM/yyyy", "d/M/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
