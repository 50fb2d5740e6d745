using System.Text.Json;

namespace Mach.Intake.Mapping.Tree;

/// <summary>The digits of a received date and the FHIR form of it. Times are Vietnam's (UTC+07:00).</summary>
internal static class DateDigits
{
    /// <summary>Longest FHIR form written here.</summary>
    public const int MaxLength = 25;

    private const string Offset = "+07:00";

    /// <summary>yyyy0000 → year, yyyyMM00 → month, yyyyMMdd → day, yyyyMMddHHmm and yyyyMMddHHmmss → second. Blanks round it do not matter.</summary>
    /// <returns>Characters written, 0 when it is no such date.</returns>
    public static int ToFhir(ReadOnlySpan<char> digits, Span<char> fhir)
    {
        digits = digits.Trim();
        if (digits.Length is not (8 or 12 or 14) || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return 0;
        }

        int year = Two(digits) * 100 + Two(digits[2..]), month = Two(digits[4..]), day = Two(digits[6..]);
        if (year == 0 || month > 12 || (month == 0 && day != 0) || (month > 0 && day > DateTime.DaysInMonth(year, month)))
        {
            return 0;
        }

        digits[..4].CopyTo(fhir);
        if (digits.Length == 8)
        {
            return month == 0 ? 4 : Day(digits, fhir, day);
        }

        if (day == 0 || Two(digits[8..]) > 23 || Two(digits[10..]) > 59 || (digits.Length == 14 && Two(digits[12..]) > 59))
        {
            return 0;
        }

        Day(digits, fhir, day);
        fhir[10] = 'T';
        digits[8..10].CopyTo(fhir[11..]);
        fhir[13] = ':';
        digits[10..12].CopyTo(fhir[14..]);
        fhir[16] = ':';
        (digits.Length == 14 ? digits[12..] : "00").CopyTo(fhir[17..]);
        Offset.CopyTo(fhir[19..]);
        return MaxLength;
    }

    /// <summary>The digits again: 8 for a day or less, 12 for a time on the full minute, else 14. Null for other forms.</summary>
    public static string? FromFhir(ReadOnlySpan<char> fhir) => fhir.Length switch
    {
        4 => $"{fhir}0000",
        7 => $"{fhir[..4]}{fhir[5..]}00",
        10 => $"{fhir[..4]}{fhir[5..7]}{fhir[8..]}",
        MaxLength when fhir[17..19] is "00" => $"{fhir[..4]}{fhir[5..7]}{fhir[8..10]}{fhir[11..13]}{fhir[14..16]}",
        MaxLength => $"{fhir[..4]}{fhir[5..7]}{fhir[8..10]}{fhir[11..13]}{fhir[14..16]}{fhir[17..19]}",
        _ => null,
    };

    private static int Day(ReadOnlySpan<char> digits, Span<char> fhir, int day)
    {
        fhir[4] = '-';
        digits[4..6].CopyTo(fhir[5..]);
        if (day == 0)
        {
            return 7;
        }

        fhir[7] = '-';
        digits[6..8].CopyTo(fhir[8..]);
        return 10;
    }

    private static int Two(ReadOnlySpan<char> digits) => (digits[0] - '0') * 10 + digits[1] - '0';
}

/// <summary>A date or time as FHIR dateTime.</summary>
internal sealed class DateTimeForm : Transform
{
    public override string Vi => "yyyyMMdd[HHmm] → dateTime, giờ Việt Nam";
    public override string En => "yyyyMMdd[HHmm] → dateTime, Vietnam time";

    public override bool Accepts(string value)
    {
        Span<char> fhir = stackalloc char[DateDigits.MaxLength];
        return DateDigits.ToFhir(value, fhir) > 0;
    }

    public override bool Write(Pen pen, JsonEncodedText name, string value)
    {
        Span<char> fhir = stackalloc char[DateDigits.MaxLength];
        var length = DateDigits.ToFhir(value, fhir);
        if (length == 0)
        {
            return false;
        }

        pen.String(name, fhir[..length]);
        return char.IsAsciiDigit(value[0]) && char.IsAsciiDigit(value[^1]) && (value.Length < 14 || value.AsSpan(12) is not "00");
    }

    public override string? Read(JsonElement element) => Text(element) is { } text ? DateDigits.FromFhir(text) : null;
}

/// <summary>A day as FHIR date; a time of day stays behind in the extension.</summary>
internal sealed class DayForm : Transform
{
    public override string Vi => "yyyyMMdd → date";
    public override string En => Vi;

    public override bool Write(Pen pen, JsonEncodedText name, string value)
    {
        Span<char> fhir = stackalloc char[DateDigits.MaxLength];
        var length = DateDigits.ToFhir(value, fhir);
        if (length == 0)
        {
            return false;
        }

        pen.String(name, fhir[..Math.Min(length, 10)]);
        return value.Length == 8;
    }

    public override string? Read(JsonElement element) => Text(element) is { } text ? DateDigits.FromFhir(text) : null;
}

/// <summary>A birth date of 12 digits whose unknown parts are zeros (195500000000 is the year 1955). Source: NGAY_SINH of QĐ 130/QĐ-BYT.</summary>
internal sealed class BirthForm : Transform
{
    public override string Vi => "yyyyMMdd0000 → date; tháng, ngày 00 là không rõ; cũng nhận năm bốn chữ số";
    public override string En => "yyyyMMdd0000 → date; month or day 00 is unknown; four digits are a year";

    public override bool Write(Pen pen, JsonEncodedText name, string value)
    {
        var digits = value.AsSpan().Trim();
        if (digits.Length is not (4 or 8 or 12 or 14))
        {
            return false;
        }

        Span<char> fhir = stackalloc char[DateDigits.MaxLength];
        var length = digits.Length == 4 ? DateDigits.ToFhir($"{digits}0000", fhir) : DateDigits.ToFhir(digits[..8], fhir);
        if (length == 0)
        {
            return false;
        }

        pen.String(name, fhir[..length]);
        return value.Length == 12 && digits.Length == 12 && value.AsSpan(8) is "0000";
    }

    public override string? Read(JsonElement element) =>
        Text(element) is { } text && DateDigits.FromFhir(text) is { Length: 8 } digits ? digits + "0000" : null;
}
