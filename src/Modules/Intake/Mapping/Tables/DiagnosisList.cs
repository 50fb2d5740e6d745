using Mach.Intake.Mapping.Tree;

namespace Mach.Intake.Mapping.Tables;

/// <summary>One diagnosis of the visit.</summary>
/// <param name="Code">ICD-10 code; null for the main one, which its template writes.</param>
/// <param name="Words">Its own part of CHAN_DOAN_RV, or null.</param>
internal sealed record Diagnosis(string Id, string? Code, string? Words);

/// <summary>
/// The diagnoses of a visit, in the order of Encounter.diagnosis: MA_BENH_CHINH, then the codes of MA_BENH_KT.
/// Hospitals write the words of all of them into CHAN_DOAN_RV, separated by ';': where there are as many as codes,
/// each Condition gets its own; else the main one has them all.
/// </summary>
internal sealed class DiagnosisList
{
    public const string Codes = "MA_BENH_KT";
    public const string Words = "CHAN_DOAN_RV";

    /// <summary>Kind of the main diagnosis' id.</summary>
    public const string MainKind = "dx";

    /// <summary>Kind of the accompanying ones.</summary>
    public const string OtherKind = "dk";

    private const string Between = "; ";

    /// <summary>Null when neither a code nor words were sent.</summary>
    public Diagnosis? Main { get; private init; }

    public IReadOnlyList<Diagnosis> Others { get; private init; } = [];

    /// <summary>Bit of MA_BENH_KT when the codes joined by ';' are exactly what was sent.</summary>
    public UInt128 ExactCodes { get; private init; }

    /// <summary>True when the words joined by "; " are exactly what was sent.</summary>
    public bool AreWordsExact { get; private init; }

    public static DiagnosisList Split(DossierScope scope)
    {
        var row = scope.Summary;
        var codes = new List<string>();
        var exact = true;
        if (row[Codes] is { Length: > 0 } text)
        {
            foreach (var range in text.AsSpan().Split(';'))
            {
                var code = text.AsSpan(range).Trim();
                var isCode = CodeForm.IsCode(code);
                exact &= isCode && code.Length == range.End.Value - range.Start.Value;
                if (isCode)
                {
                    codes.Add(code.ToString());
                }
            }
        }

        var hasMain = row.Get("MA_BENH_CHINH") is not null || row.Get(Words) is not null;
        var words = WordsOf(row[Words], codes.Count + 1);
        var others = new List<Diagnosis>(codes.Count);
        for (var i = 0; i < codes.Count; i++)
        {
            others.Add(new Diagnosis(scope.Id(OtherKind, scope.Keys.Next(OtherKind, codes[i])), codes[i], words.Length > 1 ? words[i + 1] : null));
        }

        return new DiagnosisList
        {
            Main = hasMain ? new Diagnosis(scope.Id(MainKind), null, words.Length > 0 ? words[0] : null) : null,
            Others = others,
            ExactCodes = exact && codes.Count > 0 ? UInt128.One << row.Table.IndexOf(Codes) : default,
            AreWordsExact = words.Length > 0 && JoinWords(words) == row[Words],
        };
    }

    public static string JoinCodes(IEnumerable<string> codes) => string.Join(';', codes);

    public static string JoinWords(IEnumerable<string> words) => string.Join(Between, words);

    private static string[] WordsOf(string? text, int count)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        return parts.Length == count && Array.TrueForAll(parts, p => p.Length > 0) ? parts : [text];
    }
}
