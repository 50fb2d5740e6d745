using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Mach.Fhir.Path;

public sealed partial record Moment
{
    /// <summary>Reads a date, a date-time with or without time and offset ("2015T" is one known to the year), or a time.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, MomentKind kind, [NotNullWhen(true)] out Moment? moment)
    {
        moment = null;
        if (kind == MomentKind.Time)
        {
            return TryTime(text, default, out var time, out var known, out var digits, out var rest) && rest.IsEmpty
                && (moment = new Moment(kind, known, time, digits, null)) is not null;
        }

        var end = text.IndexOf('T');
        var day = end < 0 ? text : text[..end];
        if ((end >= 0 && kind == MomentKind.Date) || !TryDate(day, out var date, out var precision))
        {
            return false;
        }

        if (end < 0 || end == text.Length - 1)
        {
            moment = new Moment(kind, precision, date, 0, null);
            return true;
        }

        if (precision != MomentPrecision.Day || !TryTime(text[(end + 1)..], date, out date, out precision, out var fraction, out var zone) || !TryOffset(zone, out var offset))
        {
            return false;
        }

        moment = new Moment(kind, precision, date, fraction, offset);
        return true;
    }

    /// <summary>The moment of an instant, to the millisecond.</summary>
    internal static Moment Of(DateTimeOffset time, MomentKind kind)
    {
        var milliseconds = new DateTime(time.Ticks - (time.Ticks % TimeSpan.TicksPerMillisecond));
        return kind switch
        {
            MomentKind.Date => new Moment(kind, MomentPrecision.Day, milliseconds.Date, 0, null),
            MomentKind.Time => new Moment(kind, MomentPrecision.Second, DateTime.MinValue + milliseconds.TimeOfDay, 3, null),
            _ => new Moment(kind, MomentPrecision.Second, milliseconds, 3, time.Offset),
        };
    }

    /// <summary>A date as a date-time of the same precision, or the date part of a date-time.</summary>
    internal Moment As(MomentKind kind) => kind switch
    {
        MomentKind.Date when Kind == MomentKind.DateTime => new Moment(kind, Precision < MomentPrecision.Day ? Precision : MomentPrecision.Day, Local.Date, 0, null),
        _ => this with { Kind = kind },
    };

    private static bool TryDate(ReadOnlySpan<char> text, out DateTime date, out MomentPrecision precision)
    {
        date = default;
        precision = text.Length switch { 4 => MomentPrecision.Year, 7 => MomentPrecision.Month, 10 => MomentPrecision.Day, _ => 0 };
        int month = 1, day = 1;
        if (precision == 0 || !TryNumber(text[..4], out var year) || year == 0
            || (text.Length > 4 && (text[4] != '-' || !TryNumber(text.Slice(5, 2), out month) || month is 0 or > 12))
            || (text.Length > 7 && (text[7] != '-' || !TryNumber(text.Slice(8, 2), out day) || day == 0 || day > DateTime.DaysInMonth(year, month))))
        {
            return false;
        }

        date = new DateTime(year, month, day);
        return true;
    }

    private static bool TryTime(ReadOnlySpan<char> text, DateTime day, out DateTime time, out MomentPrecision precision, out int fractionDigits, out ReadOnlySpan<char> rest)
    {
        time = day;
        fractionDigits = 0;
        precision = MomentPrecision.Hour;
        rest = text;
        if (!TryPart(ref rest, '\0', 23, out var hour))
        {
            return false;
        }

        time = day.AddHours(hour);
        if (rest is not [':', ..])
        {
            return true;
        }

        precision = MomentPrecision.Minute;
        if (!TryPart(ref rest, ':', 59, out var minute))
        {
            return false;
        }

        time = time.AddMinutes(minute);
        if (rest is not [':', ..])
        {
            return true;
        }

        // 60 is a leap second, which FHIR lets through.
        precision = MomentPrecision.Second;
        if (!TryPart(ref rest, ':', 60, out var second))
        {
            return false;
        }

        time = time.AddSeconds(Math.Min(second, 59));
        return rest is not ['.', ..] || TryFraction(ref rest, ref time, out fractionDigits);
    }

    private static bool TryFraction(ref ReadOnlySpan<char> rest, ref DateTime time, out int digits)
    {
        digits = rest[1..].IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : rest.Length - 1;
        long ticks = 0;
        for (var i = 0; i < 7; i++)
        {
            ticks = (ticks * 10) + (i < digits ? rest[1 + i] - '0' : 0);
        }

        time = time.AddTicks(ticks);
        rest = rest[(digits + 1)..];
        return digits > 0;
    }

    private static bool TryPart(ref ReadOnlySpan<char> text, char before, int most, out int value)
    {
        var start = before == '\0' ? 0 : 1;
        value = 0;
        if (text.Length < start + 2 || !TryNumber(text.Slice(start, 2), out value) || value > most)
        {
            return false;
        }

        text = text[(start + 2)..];
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out TimeSpan? offset)
    {
        offset = text is "Z" ? TimeSpan.Zero : null;
        if (text.IsEmpty || text is "Z")
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':' || !TryNumber(text.Slice(1, 2), out var hours) || !TryNumber(text[4..], out var minutes) || hours > 14 || minutes > 59)
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
