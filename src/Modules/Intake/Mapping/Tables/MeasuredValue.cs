namespace Mach.Intake.Mapping.Tables;

/// <summary>A result as a number with its sign of comparison, when the text is one. "5,2", "&lt;0.5", "&gt;= 1000", "5,2 mmol/L" are; "Neg", "1:80", "10-15" are not.</summary>
internal readonly ref struct MeasuredValue
{
    /// <summary>FHIR comparator, or null.</summary>
    public string? Comparator { get; init; }

    /// <summary>The digits as received, with point or comma.</summary>
    public ReadOnlySpan<char> Digits { get; init; }

    /// <summary>Unit glued to the number, or empty.</summary>
    public ReadOnlySpan<char> Unit { get; init; }

    /// <param name="unit">Unit sent beside the value; a glued one equal to it is recognised whatever it is.</param>
    public static bool TryParse(ReadOnlySpan<char> text, ReadOnlySpan<char> unit, out MeasuredValue value)
    {
        value = default;
        text = text.Trim();
        var (comparator, skip) = text switch
        {
            ['<', '=', ..] => ("<=", 2),
            ['>', '=', ..] => (">=", 2),
            ['≤', ..] => ("<=", 1),
            ['≥', ..] => (">=", 1),
            ['<', ..] => ("<", 1),
            ['>', ..] => (">", 1),
            _ => ((string?)null, 0),
        };
        text = text[skip..].TrimStart();
        var length = 0;
        while (length < text.Length && (char.IsAsciiDigit(text[length]) || (text[length] is '.' or ',') || (length == 0 && text[0] is '-' or '+')))
        {
            length++;
        }

        var glued = text[length..].Trim();
        if (length == 0 || !(glued.IsEmpty || glued.Equals(unit.Trim(), StringComparison.OrdinalIgnoreCase) || IsUnit(glued)))
        {
            return false;
        }

        value = new MeasuredValue { Comparator = comparator, Digits = text[..length], Unit = glued };
        return true;
    }

    /// <summary>Per cent, or something per something of at most 16 letters and digits that starts with a letter.</summary>
    private static bool IsUnit(ReadOnlySpan<char> text)
    {
        if (text is "%" or "mg" or "g" or "kg" or "mm" or "cm" or "mmHg" or "fL" or "pg" or "bpm" or "s")
        {
            return true;
        }

        var slash = text.IndexOf('/');
        if (slash <= 0 || slash == text.Length - 1 || text.Length > 16 || !char.IsLetter(text[0]))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('/' or '^' or '*' or '.'))
            {
                return false;
            }
        }

        return char.IsLetterOrDigit(text[slash + 1]);
    }
}
