using System.Text.Json;
using Mach.Chart.Reading;
using Mach.Chart.Record;
using Mach.Kernel;

namespace Mach.Chart.Visits;

/// <summary>Everything of one visit.</summary>
public sealed record VisitDetail
{
    public required Visit Visit { get; init; }
    public IReadOnlyList<Diagnosis> Diagnoses { get; init; } = [];
    public IReadOnlyList<MedicineEvent> Medicines { get; init; } = [];
    public IReadOnlyList<ResultEvent> Results { get; init; } = [];
    public IReadOnlyList<ReportLine> Reports { get; init; } = [];
    /// <summary>Orders and procedures.</summary>
    public IReadOnlyList<DetailLine> Services { get; init; } = [];
    /// <summary>Notes, papers and certificates.</summary>
    public IReadOnlyList<DetailLine> Papers { get; init; } = [];
    /// <summary>Appointments, care plans and whatever else names this visit.</summary>
    public IReadOnlyList<DetailLine> Other { get; init; } = [];
}

/// <summary>One thing of a visit, said in general: what it is, what it says, when, and where it came from.</summary>
/// <param name="Type">FHIR resource type.</param>
/// <param name="Content">Its text, line breaks kept.</param>
public sealed record DetailLine(string Type, string Name, string? Content, PartialDate? Date, string? Source)
{
    internal static DetailLine? Read(string type, JsonElement body)
    {
        if (body.Text("status") is "entered-in-error")
        {
            return null;
        }

        var name = type == "DocumentReference" ? "" : body.Text("title") ?? body.Child("code").ConceptText() ?? body.Child("type").ConceptText()
            ?? body.Child("category").ConceptText() ?? body.First("category").ConceptText() ?? "";
        var date = body.Date("authoredOn", "performedDateTime", "date", "start", "effectiveDateTime", "created", "occurrenceDateTime").AsDate()
            ?? body.Child("performedPeriod")?.Text("start").AsDate() ?? body.Child("period")?.Text("start").AsDate();
        return new(type, name, ContentOf(body), date, body.Source());
    }

    private static string? ContentOf(JsonElement body)
    {
        var parts = new List<string?> { body.Text("description"), body.Text("summary"), body.Text("conclusion") };
        parts.AddRange(body.Items("note").Select(n => n.Text("text")));
        parts.Add(body.Child("outcome").ConceptText());
        foreach (var section in body.Items("section"))
        {
            var text = Narrative.Plain(section.Child("text")?.Text("div"));
            parts.Add(string.IsNullOrEmpty(text) ? null : section.Text("title") is { } title ? $"{title}: {text}" : text);
        }

        var joined = string.Join('\n', parts.Where(p => !string.IsNullOrWhiteSpace(p)).Select(p => p!.Trim()).Distinct(StringComparer.Ordinal));
        return joined.Length == 0 ? null : joined;
    }
}
