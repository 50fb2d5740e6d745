using System.Text.Json;

namespace Mach.Intake.Mapping.Tree;

/// <summary>A decimal number, digit for digit (12.50 stays 12.50). A decimal comma is read as a point and kept in the extension.</summary>
internal sealed class DecimalForm : Transform
{
    private const int MaxDigits = 18;

    public override string Vi => "số thập phân, giữ nguyên chữ số";
    public override string En => "decimal, digits kept";

    public override bool Accepts(string value)
    {
        Span<char> digits = stackalloc char[MaxDigits + 4];
        return Canonical(value.AsSpan().Trim(), digits) > 0;
    }

    public override bool Write(Pen pen, JsonEncodedText name, string value)
    {
        Span<char> digits = stackalloc char[MaxDigits + 4];
        var length = Canonical(value.AsSpan().Trim(), digits);
        if (length == 0)
        {
            return false;
        }

        pen.Digits(name, digits[..length]);
        return digits[..length].SequenceEqual(value);
    }

    public override string? Read(JsonElement element) => element.ValueKind == JsonValueKind.Number ? element.GetRawText() : null;

    /// <summary>The JSON form of a number as people write it: sign, digits, at most one point or comma.</summary>
    /// <returns>Characters written, 0 when it is no number or has more than 18 digits.</returns>
    public static int Canonical(ReadOnlySpan<char> text, Span<char> json)
    {
        var at = 0;
        var i = 0;
        if (text.Length > 0 && text[0] is '-' or '+')
        {
            if (text[0] == '-')
            {
                json[at++] = '-';
            }

            i = 1;
        }

        while (i + 1 < text.Length && text[i] == '0' && char.IsAsciiDigit(text[i + 1]))
        {
            i++;
        }

        int digits = 0, point = -1;
        for (; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAsciiDigit(c))
            {
                if (++digits > MaxDigits)
                {
                    return 0;
                }
            }
            else if (c is '.' or ',' && point < 0 && i + 1 < text.Length)
            {
                if (digits == 0)
                {
                    json[at++] = '0';
                }

                point = at;
                c = '.';
            }
            else
            {
                return 0;
            }

            json[at++] = c;
        }

        return digits > 0 ? at : 0;
    }
}

/// <summary>A whole number from 0 to 2,147,483,647; no other text is written.</summary>
internal sealed class WholeForm(int least) : Transform
{
    public override string Vi => "số nguyên";
    public override string En => "whole number";

    public override bool Accepts(string value) => TryRead(value, out _);

    public override bool Write(Pen pen, JsonEncodedText name, string value)
    {
        if (!TryRead(value, out var number))
        {
            return false;
        }

        pen.Number(name, number);
        return value.Length == 1 || (value[0] != '0' && char.IsAsciiDigit(value[^1]) && char.IsAsciiDigit(value[0]));
    }

    public override string? Read(JsonElement element) => element.ValueKind == JsonValueKind.Number ? element.GetRawText() : null;

    private bool TryRead(string value, out int number)
    {
        number = 0;
        var digits = value.AsSpan().Trim();
        return !digits.IsEmpty && !digits.ContainsAnyExceptInRange('0', '9')
            && int.TryParse(digits, System.Globalization.CultureInfo.InvariantCulture, out number) && number >= least;
    }
}
