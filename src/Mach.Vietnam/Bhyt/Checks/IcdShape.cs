using System.Buffers;

namespace Mach.Vietnam.Bhyt.Checks;

/// <summary>The form of an ICD-10 code, and the ranges that belong to one sex or age.</summary>
internal static class IcdShape
{
    private static readonly SearchValues<char> Subdivision = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Ranges of three-character categories that only women have. Source: WHO ICD-10 vol. 2, categories limited to one sex.</summary>
    private static readonly (string From, string To)[] Female =
        [("C51", "C58"), ("D25", "D28"), ("N70", "N77"), ("N80", "N98"), ("O00", "O99"), ("Z32", "Z36"), ("Z39", "Z39")];

    private static readonly (string From, string To)[] Male = [("C60", "C63"), ("D29", "D29"), ("N40", "N51")];

    private static readonly (string From, string To)[] Perinatal = [("P00", "P96")];

    /// <summary>A letter, two digits, then possibly a point and one to three characters, and a dagger or asterisk.</summary>
    public static bool Is(ReadOnlySpan<char> code)
    {
        code = code.TrimEnd("*†+");
        if (code.Length < 3 || !char.IsAsciiLetterUpper(code[0]) || !char.IsAsciiDigit(code[1]) || !char.IsAsciiDigit(code[2]))
        {
            return false;
        }

        if (code.Length == 3)
        {
            return true;
        }

        var rest = code[4..];
        return code[3] == '.' && rest.Length is >= 1 and <= 3 && !rest.ContainsAnyExcept(Subdivision);
    }

    /// <summary>1 when only men have it, 2 when only women have it, 0 otherwise.</summary>
    public static int SexOf(string code) => In(code, Female) ? 2 : In(code, Male) ? 1 : 0;

    /// <summary>Conditions that begin in the perinatal period, P00–P96.</summary>
    public static bool IsPerinatal(string code) => In(code, Perinatal);

    private static bool In(string code, (string From, string To)[] ranges)
    {
        if (code.Length < 3)
        {
            return false;
        }

        var category = code.AsSpan(0, 3);
        foreach (var (from, to) in ranges)
        {
            if (category.CompareTo(from, StringComparison.Ordinal) >= 0 && category.CompareTo(to, StringComparison.Ordinal) <= 0)
            {
                return true;
            }
        }

        return false;
    }
}
