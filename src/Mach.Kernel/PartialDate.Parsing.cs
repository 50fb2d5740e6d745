using System.Globalization;

namespace Mach.Kernel;

public readonly partial record struct PartialDate
{
    /// <summary>
    /// Reads BHYT digits: yyyyMMdd, yyyyMMddHHmm, yyyyMMddHHmmss; zero month, day or time parts mean unknown (195500000000 → 1955).
    /// A time of 0000 is unknown, so a stroke of midnight reads as the day. Blanks around it are ignored. False when not a date.
    /// Source: QĐ 130/QĐ-BYT 2023, NGAY_SINH: unknown parts are written 0000.
    /// </summary>
    public static bool TryParseDigits(ReadOnlySpan<char> text, out PartialDate date)
    {
        date = default;
        text = text.Trim();
        if (text.Length is not (8 or 12 or 14) || text.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        int hour = -1, minute = -1, second = -1;
        if (text.Length > 8 && text[8..].ContainsAnyExcept('0'))
        {
            hour = Digits(text.Slice(8, 2));
            minute = Digits(text.Slice(10, 2));
            second = text.Length == 14 ? Digits(text.Slice(12, 2)) : -1;
        }

        return TryMake(Digits(text[..4]), Digits(text.Slice(4, 2)), Digits(text.Slice(6, 2)), hour, minute, second, out date);
    }

    /// <summary>
    /// Reads a birth date in BHYT digits, or the four digits of the year alone (1955), as systems made for the format before QĐ 130 write it
    /// (known from use; its text was not read).
    /// Source: QĐ 130/QĐ-BYT 2023, NGAY_SINH, for all other forms.
    /// </summary>
    public static bool TryParseBirthDigits(ReadOnlySpan<char> text, out PartialDate date)
    {
        text = text.Trim();
        return text.Length == 4 && !text.ContainsAnyExceptInRange('0', '9') ? TryMake(Digits(text), 0, 0, -1, -1, -1, out date) : TryParseDigits(text, out date);
    }

    /// <summary>
    /// Reads a FHIR date, dateTime or instant. A time with another offset is turned into Vietnam's; fractions of a second are dropped.
    /// Source: https://hl7.org/fhir/R4/datatypes.html#dateTime
    /// </summary>
    public static bool TryParseFhir(ReadOnlySpan<char> text, out PartialDate date)
    {
        date = default;
        var t = text.IndexOf('T');
        var day = t < 0 ? text : text[..t];
        if (day.Length is not (4 or 7 or 10) || (day.Length > 4 && day[4] != '-') || (day.Length > 7 && day[7] != '-')
            || !TryNumber(day[..4], out var year)
            || !TryPart(day, 5, 7, out var month)
            || !TryPart(day, 8, 10, out var dayOfMonth)
            || (day.Length >= 7 && month == 0) || (day.Length == 10 && dayOfMonth == 0))
        {
            return false;
        }

        return t < 0
            ? TryMake(year, month, dayOfMonth, -1, -1, -1, out date)
            : day.Length == 10 && TryMake(year, month, dayOfMonth, -1, -1, -1, out var whole) && TryParseTime(whole, text[(t + 1)..], out date);
    }

    /// <summary>Reads what a person types, as <see cref="TypedDate"/> does.</summary>
    public static bool TryParseTyped(ReadOnlySpan<char> text, DateOnly today, out PartialDate date)
    {
        var typed = TypedDate.Read(text, today);
        date = typed.Date ?? default;
        return typed.Date is not null;
    }

    private static bool TryParseTime(PartialDate day, ReadOnlySpan<char> text, out PartialDate date)
    {
        date = default;
        if (text.Length < 5 || text[2] != ':' || !TryNumber(text[..2], out var hour) || !TryNumber(text.Slice(3, 2), out var minute))
        {
            return false;
        }

        text = text[5..];
        var second = -1;
        if (text.StartsWith(":"))
        {
            if (text.Length < 3 || !TryNumber(text.Slice(1, 2), out second))
            {
                return false;
            }

            text = text[3..];
            if (text.StartsWith("."))
            {
                var digits = text[1..].IndexOfAnyExceptInRange('0', '9');
                text = digits < 0 ? [] : text[(digits + 1)..];
            }
        }

        return TryOffset(text, out var offset)
            && TryMake(day.Year, day.Month, day.Day, hour, minute, second, out var local)
            && TryShift(local, VietnamOffset - offset, out date);
    }

    /// <summary>Nothing means Vietnam's time; else Z or ±hh:mm.</summary>
    private static bool TryOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = text.IsEmpty ? VietnamOffset : TimeSpan.Zero;
        if (text.IsEmpty || text is "Z")
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':'
            || !TryNumber(text.Slice(1, 2), out var hours) || !TryNumber(text[4..], out var minutes) || hours > 14 || minutes > 59)
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryShift(PartialDate local, TimeSpan by, out PartialDate date)
    {
        date = local;
        if (by == TimeSpan.Zero)
        {
            return true;
        }

        var ticks = local.Start.Ticks + by.Ticks;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        var moved = new DateTime(ticks, DateTimeKind.Unspecified);
        return TryMake(moved.Year, moved.Month, moved.Day, moved.Hour, moved.Minute, local.Second < 0 ? -1 : moved.Second, out date);
    }

    /// <summary>A part that the text may be too short to hold: 0 then.</summary>
    private static bool TryPart(ReadOnlySpan<char> text, int from, int to, out int value)
    {
        value = 0;
        return text.Length < to || TryNumber(text[from..to], out value);
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        return text.IsEmpty || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private static int Digits(ReadOnlySpan<char> text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
