using System.Text.Json;
using Mach.Ui;
using Mach.Vietnam;
using Mach.Vietnam.Bhyt;

namespace Mach.Chart.Reading;

/// <summary>Words for received codes: what the source said first, then the country's code lists, then the code itself.</summary>
internal static class CodeNames
{
    private static readonly string Lists = Systems.BhytList("");

    /// <summary>The words of a CodeableConcept: text, display, the name in a known list, the first code; null when it is empty.</summary>
    public static string? ConceptText(this JsonElement? concept)
    {
        if (concept is not { } c)
        {
            return null;
        }

        if (c.Text("text") is { Length: > 0 } text)
        {
            return text;
        }

        var named = new List<string>();
        foreach (var coding in c.Items("coding"))
        {
            if ((coding.Text("display") ?? Known(coding.Text("system"), coding.Text("code"))) is { Length: > 0 } name)
            {
                named.Add(name);
            }
        }

        return named.Count > 0 ? string.Join(" · ", named) : c.ConceptCode();
    }

    private static string? Known(string? system, string? code)
    {
        if (system is null || code is null)
        {
            return null;
        }

        if (system == Systems.Icd10)
        {
            return Icd10.Name(code);
        }

        if (system == "http://loinc.org")
        {
            return Words.T.Find("Loinc." + code);
        }

        if (!system.StartsWith(Lists, StringComparison.Ordinal))
        {
            return null;
        }

        var value = CodeLists.Find(system[Lists.Length..].ToUpperInvariant().Replace('-', '_'), code);
        return value is null ? null : Texts.IsEnglish ? value.En : value.Vi;
    }
}
