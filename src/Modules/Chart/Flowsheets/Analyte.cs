using System.Collections.Frozen;
using System.Globalization;
using Mach.Chart.Reading;
using Mach.Kernel;
using Mach.Ui;

namespace Mach.Chart.Flowsheets;

/// <summary>What is measured, whatever a facility calls it and whichever of two units it counts in. From Data/analytes.tsv.</summary>
/// <param name="Unit">The unit that values are compared in.</param>
/// <param name="OtherUnit">The other usual one: <c>other = unit × Factor + Offset</c>; null when there is none.</param>
internal sealed record Analyte(string Key, string Vietnamese, string English, string Unit, string? OtherUnit, double Factor, double Offset, string Group)
{
    private static readonly Lazy<(IReadOnlyList<(Analyte Analyte, string[] Words, string[] Not)> All, FrozenDictionary<string, Analyte> ByLoinc, FrozenDictionary<string, Analyte> ByKey)> s_table = new(Read);

    public string Name => Texts.IsEnglish ? English : Vietnamese;

    public static Analyte? ByKey(string key) => s_table.Value.ByKey.GetValueOrDefault(key);

    /// <summary>By LOINC code, else by whole words of the name without tones; null for anything else.</summary>
    public static Analyte? Find(string? loinc, string name)
    {
        if (loinc is not null && s_table.Value.ByLoinc.TryGetValue(loinc, out var coded))
        {
            return coded;
        }

        var folded = ' ' + string.Concat(VietnameseText.Fold(name).Select(c => char.IsLetterOrDigit(c) ? c : ' ')) + ' ';
        bool Has(string word) => folded.Contains(' ' + word + ' ', StringComparison.Ordinal);
        foreach (var (analyte, words, not) in s_table.Value.All)
        {
            if (Array.Exists(words, Has) && !Array.Exists(not, Has))
            {
                return analyte;
            }
        }

        return null;
    }

    /// <summary>The value in <see cref="Unit"/>; null when it was counted in a unit that is neither of the two.</summary>
    public double? ToUnit(double value, string? unit) =>
        unit is null || Same(unit, Unit) ? value
        : OtherUnit is not null && Same(unit, OtherUnit) ? (value - Offset) / Factor
        : null;

    /// <summary>The value in the other unit; null when there is none.</summary>
    public double? ToOther(double value) => OtherUnit is null ? null : (value * Factor) + Offset;

    /// <summary>Units as people write them: µ and u, upper and lower case, /phút and /min.</summary>
    internal static bool Same(string a, string b) => string.Equals(Plain(a), Plain(b), StringComparison.Ordinal);

    private static string Plain(string unit) => VietnameseText.Fold(unit).Replace('µ', 'u').Replace('μ', 'u').Replace(" ", "", StringComparison.Ordinal)
        .Replace("²", "2", StringComparison.Ordinal).Replace("lan/", "/", StringComparison.Ordinal).Replace("/min", "/phut", StringComparison.Ordinal).Replace("mm[hg]", "mmhg", StringComparison.Ordinal) switch
    {
        "cel" or "c" => "°c",
        var plain => plain,
    };

    private static (IReadOnlyList<(Analyte, string[], string[])>, FrozenDictionary<string, Analyte>, FrozenDictionary<string, Analyte>) Read()
    {
        var all = new List<(Analyte Analyte, string[] Words, string[] Not)>();
        var loinc = new Dictionary<string, Analyte>(StringComparer.Ordinal);
        foreach (var c in Table.Rows("analytes.tsv"))
        {
            var analyte = new Analyte(c[0], c[1], c[2], c[5], c[6] is { Length: > 0 } other ? other : null, Number(c[7]) ?? 1, Number(c[8]) ?? 0, c[9]);
            var words = c[4].Split('|');
            all.Add((analyte, [.. words.Where(w => w[0] != '!')], [.. words.Where(w => w[0] == '!').Select(w => w[1..])]));
            foreach (var code in c[3].Split(','))
            {
                loinc.Add(code, analyte);
            }
        }

        return (all, loinc.ToFrozenDictionary(StringComparer.Ordinal), all.ToFrozenDictionary(a => a.Analyte.Key, a => a.Analyte, StringComparer.Ordinal));
    }

    internal static double? Number(string cell) => cell.Length == 0 ? null : double.Parse(cell, CultureInfo.InvariantCulture);
}
