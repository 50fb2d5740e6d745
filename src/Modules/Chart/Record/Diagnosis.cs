using System.Text.Json;
using Mach.Chart.Reading;
using Mach.Kernel;
using Mach.Vietnam;

namespace Mach.Chart.Record;

/// <summary>One diagnosis made at one visit.</summary>
public sealed record Diagnosis
{
    public required string Id { get; init; }
    /// <summary>ICD-10 code as sent; null when there is only text.</summary>
    public string? Code { get; init; }
    public required string Text { get; init; }
    public string? Visit { get; init; }
    public PartialDate? Date { get; init; }
    public string? Facility { get; init; }
    public string? Source { get; init; }
    /// <summary>From the problem list or the visit: FHIR condition-category code.</summary>
    public string? Category { get; init; }
    /// <summary>FHIR condition-clinical code; null when it was not said.</summary>
    public string? Status { get; init; }
    /// <summary>When it began, where that was said.</summary>
    public PartialDate? Onset { get; init; }
    public string? Note { get; init; }
    /// <summary>Ids of Conditions that it stands for.</summary>
    public IReadOnlyList<string> Covers { get; init; } = [];
    /// <summary>Somebody keeps it on the problem list; no single visit says it.</summary>
    public bool IsCurated => Category == "problem-list-item";

    internal static Diagnosis? Read(string id, JsonElement condition)
    {
        if (condition.Child("verificationStatus")?.ConceptCode() is "entered-in-error" or "refuted")
        {
            return null;
        }

        var code = condition.Child("code");
        return code.ConceptText() is not { } text ? null : new Diagnosis
        {
            Id = id,
            Code = code?.ConceptCode(Systems.Icd10) ?? code?.ConceptCode(),
            Text = text,
            Visit = condition.ReferenceId("encounter"),
            Date = condition.Date("onsetDateTime", "recordedDate").AsDate() ?? condition.Child("onsetPeriod")?.Text("start").AsDate(),
            Facility = condition.FacilityCode(),
            Source = condition.Source(),
            Category = condition.First("category")?.ConceptCode(),
            Status = condition.Child("clinicalStatus")?.ConceptCode(),
            Onset = condition.Text("onsetDateTime").AsDate(),
            Note = condition.First("note")?.Text("text"),
            Covers = [.. condition.Items("evidence").SelectMany(e => e.Items("detail")).Select(d => d.Text("reference")).OfType<string>().Where(r => r.StartsWith("Condition/", StringComparison.Ordinal)).Select(r => r["Condition/".Length..])],
        };
    }

    /// <summary>The three-character ICD-10 category; the folded text when there is no code.</summary>
    internal string Group => Code is { Length: >= 3 } ? Code[..3].ToUpperInvariant() : VietnameseText.Fold(Text);
}
