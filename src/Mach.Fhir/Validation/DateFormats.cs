namespace Mach.Fhir.Validation;

/// <summary>Dates and times of FHIR, and whether they exist in the calendar.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/datatypes.html#dateTime: years 0001 to 9999, a leap second may be written, an offset is at most 14:00, 24:00 is not used.</remarks>
internal static class DateFormats
{
    public static bool IsDate(ReadOnlySpan<byte> text) => text.Length is 4 or 7 or 10 && IsCalendar(text);

    public static bool IsDateTime(ReadOnlySpan<byte> text) => IsDate(text) || IsInstant(text);

    /// <summary>Date, time to the second at least, and time zone.</summary>
    public static bool IsInstant(ReadOnlySpan<byte> text)
    {
        if (text.Length < 20 || text[10] != 'T' || !IsCalendar(text[..10]))
        {
            return false;
        }

        var length = Clock(text[11..]);
        return length > 0 && IsZone(text[(11 + length)..]);
    }

    public static bool IsTime(ReadOnlySpan<byte> text) => Clock(text) == text.Length && !text.IsEmpty;

    private static bool IsCalendar(ReadOnlySpan<byte> text)
    {
        if (!Number(text, 0, 4, out var year) || year == 0)
        {
            return false;
        }

        if (text.Length == 4)
        {
            return true;
        }

        if (text[4] != '-' || !Number(text, 5, 2, out var month) || month is < 1 or > 12)
        {
            return false;
        }

        return text.Length == 7 || (text[7] == '-' && Number(text, 8, 2, out var day) && day >= 1 && day <= DateTime.DaysInMonth(year, month));
    }

    /// <summary>Length of hh:mm:ss with any fraction; 0 when it is none.</summary>
    private static int Clock(ReadOnlySpan<byte> text)
    {
        if (text.Length < 8 || text[2] != ':' || text[5] != ':' || !Number(text, 0, 2, out var hour) || !Number(text, 3, 2, out var minute) || !Number(text, 6, 2, out var second)
            || hour > 23 || minute > 59 || second > 60)
        {
            return 0;
        }

        if (text.Length == 8 || text[8] != '.')
        {
            return 8;
        }

        var end = 9;
        while (end < text.Length && char.IsAsciiDigit((char)text[end]))
        {
            end++;
        }

        return end > 9 ? end : 0;
    }

    private static bool IsZone(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("Z"u8)
        || (text.Length == 6 && text[0] is (byte)'+' or (byte)'-' && text[3] == ':' && Number(text, 1, 2, out var hour) && Number(text, 4, 2, out var minute)
            && minute <= 59 && (hour <= 13 || (hour == 14 && minute == 0)));

    private static bool Number(ReadOnlySpan<byte> text, int start, int length, out int number)
    {
        number = 0;
        if (text.Length < start + length)
        {
            return false;
        }

        foreach (var b in text.Slice(start, length))
        {
            if (!char.IsAsciiDigit((char)b))
            {
                return false;
            }

            number = (number * 10) + (b - '0');
        }

        return true;
    }
}
