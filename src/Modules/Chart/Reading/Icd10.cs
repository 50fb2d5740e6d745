using Mach.Ui;
using Mach.Vietnam.Terminology;

namespace Mach.Chart.Reading;

/// <summary>Names of ICD-10 codes in Vietnamese and English, for codes that came without words.</summary>
internal static class Icd10
{
    /// <summary>The name in the language of the request: of the code, else of its three-character category; null when neither is in the list.</summary>
    public static string? Name(string? code) => code is { Length: >= 3 }
        ? (Icd10List.FindAsWritten(code) ?? Icd10List.FindAsWritten(code.Trim()[..Math.Min(3, code.Trim().Length)]))?.Name(Texts.IsEnglish)
        : null;
}
