using Mach.Fhir.Definitions;
using Mach.Kernel;
using Mach.Vietnam.Terminology;

namespace Mach.FhirApi.Terminology;

/// <summary>One code with its names.</summary>
/// <param name="Display">In the language that was asked for.</param>
/// <param name="Other">In the other language; null when there is none.</param>
internal sealed record Coded(string System, string Code, string? Display, (string Language, string Text)? Other);

/// <summary>Codes of the systems that are built in: ICD-10 with Vietnamese and English names, and those of FHIR R4 itself.</summary>
internal static class BuiltIn
{
    /// <summary>ICD-10 as FHIR names it.</summary>
    public const string Icd10 = "http://hl7.org/fhir/sid/icd-10";

    /// <summary>All of ICD-10 as a value set.</summary>
    private static readonly string[] Icd10Sets = [Icd10 + "?fhir_vs", "http://hl7.org/fhir/ValueSet/icd-10"];

    public static bool IsIcd10Set(string url) => Icd10Sets.Contains(url);

    public static bool IsSystem(string url) => url == Icd10 || CodeSystems.Find(url) is not null;

    /// <summary>Null when the system has no such code, or is not known.</summary>
    public static Coded? Find(string system, string code, bool english)
    {
        if (system == Icd10)
        {
            return Icd10List.Find(code) is { } icd ? Of(icd, english) : null;
        }

        return CodeSystems.Find(system)?.Find(code) is { } known ? new Coded(system, known.Code, known.Display, null) : null;
    }

    public static Coded Of(Icd10Code icd, bool english) => new(Icd10, icd.Code, icd.Name(english), icd.En.Length == 0 ? null : english ? ("vi", icd.Vi) : ("en", icd.En));

    /// <summary>All codes of a system; null when it is not known as a whole.</summary>
    public static IEnumerable<Coded>? All(string system, bool english) =>
        system == Icd10 ? Enumerable.Range(0, Icd10List.Count).Select(place => Of(Icd10List.At(place), english))
        : CodeSystems.Find(system) is { IsComplete: true } known ? known.Concepts.Select(c => new Coded(system, c.Code, c.Display, null))
        : null;

    /// <summary>The code begins so, or every word begins a word of a name; tones and case do not matter.</summary>
    public static bool Answers(Coded coded, string filter)
    {
        if (coded.Code.StartsWith(filter, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var words = VietnameseText.Fold(filter).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && (Has(coded.Display, words) || Has(coded.Other?.Text, words));
    }

    private static bool Has(string? name, string[] words)
    {
        var own = name is null ? [] : VietnameseText.Fold(name).Split([' ', '-', ',', '(', ')', '/'], StringSplitOptions.RemoveEmptyEntries);
        return words.All(word => own.Any(w => w.StartsWith(word, StringComparison.Ordinal)));
    }
}
