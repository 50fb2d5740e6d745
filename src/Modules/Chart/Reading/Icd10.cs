using System.Collections.Frozen;
using Mach.Ui;

namespace Mach.Chart.Reading;

/// <summary>Names of ICD-10 codes in Vietnamese and English, for codes that came without words.</summary>
/// <remarks>
/// Source: the Ministry of Health's ICD-10 list (QĐ 4469/QĐ-BYT 2020), Data/icd10-vn.tsv, without dagger and asterisk marks.
/// Seven English names that the published list repeats from the line above (I10, I48, K64, C86, D45, T08.0, T08.1) are WHO's.
/// </remarks>
internal static class Icd10
{
    private static readonly Lazy<FrozenDictionary<string, (string Vi, string En)>> Names = new(Read);

    /// <summary>The name in the language of the request: of the code, else of its three-character category; null when neither is in the list.</summary>
    public static string? Name(string? code)
    {
        if (code is not { Length: >= 3 })
        {
            return null;
        }

        code = code.Trim().TrimEnd('*', '†').ToUpperInvariant();
        return Names.Value.TryGetValue(code, out var names) || Names.Value.TryGetValue(code.Length > 3 ? code[..3] : code, out names)
            ? Texts.IsEnglish && names.En.Length > 0 ? names.En : names.Vi
            : null;
    }

    private static FrozenDictionary<string, (string, string)> Read()
    {
        using var stream = typeof(Icd10).Assembly.GetManifestResourceStream("icd10-vn.tsv")!;
        using var reader = new StreamReader(stream);
        var names = new Dictionary<string, (string, string)>(13_000, StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            var parts = line.Split('\t');
            names[parts[0]] = (parts[1], parts[2]);
        }

        return names.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
