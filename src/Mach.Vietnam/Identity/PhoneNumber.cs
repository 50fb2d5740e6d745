namespace Mach.Vietnam.Identity;

/// <summary>Vietnamese telephone numbers in one form: digits from a leading 0, ten for mobiles, eleven for most landlines.</summary>
public static class PhoneNumber
{
    /// <summary>Eleven-digit mobile prefixes and what became of them. Source: QĐ 798/QĐ-BTTTT 2018, plan of 15/09–14/11/2018.</summary>
    private const string Renumbering =
        "0120 070 0121 079 0122 077 0126 076 0128 078 0123 083 0124 084 0125 085 0127 081 0129 082 "
        + "0162 032 0163 033 0164 034 0165 035 0166 036 0167 037 0168 038 0169 039 0186 056 0188 058 0199 059";

    private static readonly Dictionary<string, string> Renumbered =
        Renumbering.Split(' ').Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    /// <summary>"+84 912-345-678", "84912345678" and "912345678" give "0912345678"; null for what is no Vietnamese number.</summary>
    public static string? Normalise(string? text)
    {
        Span<char> digits = stackalloc char[16];
        var length = 0;
        var plus = false;
        foreach (var c in text ?? "")
        {
            if (char.IsAsciiDigit(c))
            {
                if (length == digits.Length)
                {
                    return null;
                }

                digits[length++] = c;
            }
            else if (c == '+' && length == 0)
            {
                plus = true;
            }
            else if (!char.IsWhiteSpace(c) && c is not ('.' or '-' or '(' or ')'))
            {
                return null;
            }
        }

        return Complete(digits[..length].ToString(), plus);
    }

    private static string? Complete(string digits, bool plus)
    {
        var national = digits.StartsWith("0084", StringComparison.Ordinal) ? "0" + digits[4..].TrimStart('0')
            : digits.StartsWith("84", StringComparison.Ordinal) && (plus || digits.Length >= 11) ? "0" + digits[2..].TrimStart('0')
            : plus ? ""
            : digits.Length == 9 && digits[0] != '0' ? "0" + digits
            : digits;
        if (national.Length == 11 && Renumbered.TryGetValue(national[..4], out var now))
        {
            national = now + national[4..];
        }

        return national.Length switch
        {
            10 when national[0] == '0' && national[1] is '3' or '5' or '7' or '8' or '9' => national,
            10 or 11 when national.StartsWith("02", StringComparison.Ordinal) => national,
            _ => null,
        };
    }
}
