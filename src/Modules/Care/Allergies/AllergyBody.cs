using System.Text.Json.Nodes;
using Mach.Care.Writing;
using Mach.Kernel;
using Mach.Ui;
using Mach.Vietnam;
using Microsoft.AspNetCore.Http;

namespace Mach.Care.Allergies;

/// <summary>An allergy as a form gives it: what was typed stays as it was typed.</summary>
/// <param name="Code">Code of the active ingredient that was taken; null = words alone.</param>
/// <param name="Text">What stands in the field.</param>
/// <param name="Category">FHIR code: medication, food, environment, biologic; null = not said.</param>
/// <param name="Reactions">As typed, commas between.</param>
/// <param name="Severity">Of the reaction: mild, moderate, severe; null = not said.</param>
/// <param name="Certainty">confirmed or unconfirmed.</param>
/// <param name="Criticality">low, high, unable-to-assess; null = not said.</param>
/// <param name="Onset">As typed.</param>
public sealed record AllergyForm(string? Code, string? Text, string? Category, string? Reactions, string? Severity, string Certainty, string? Criticality, string? Onset, string? Note)
{
    private const int MostText = 200, MostNote = 2000;

    public static readonly IReadOnlyList<string> Categories = ["medication", "food", "environment", "biologic"], Severities = ["mild", "moderate", "severe"], Certainties = ["confirmed", "unconfirmed"], Criticalities = ["high", "low", "unable-to-assess"];

    public static AllergyForm Empty { get; } = new(null, null, "medication", null, null, "confirmed", null, null, null);

    internal static AllergyForm Read(IFormCollection form)
    {
        string? Given(string name) => form[name].ToString().Trim() is { Length: > 0 } text ? text : null;
        string? OneOf(string name, IReadOnlyList<string> all) => Given(name) is { } value && all.Contains(value) ? value : null;
        return new(Given("substance"), Given("substance-text"), OneOf("category", Categories), Given("reactions"), OneOf("severity", Severities), OneOf("certainty", Certainties) ?? "confirmed", OneOf("criticality", Criticalities), Given("onset"), Given("note"));
    }

    /// <summary>As it stands in the record.</summary>
    internal static AllergyForm Of(JsonObject body)
    {
        var reaction = (body["reaction"] as JsonArray)?.FirstOrDefault();
        return new(
            Parts.Text(body, "code", "coding", 0, "code"),
            AllergyBody.NameOf(body),
            Parts.Text(body, "category", 0),
            string.Join(", ", (reaction?["manifestation"] as JsonArray ?? []).Select(m => Parts.Text(m, "text") ?? Parts.Text(m, "coding", 0, "display")).OfType<string>()) is { Length: > 0 } reactions ? reactions : null,
            Parts.Text(reaction, "severity"),
            Statements.Code(body, "verificationStatus") ?? "confirmed",
            Parts.Text(body, "criticality"),
            Parts.Text(body, "onsetDateTime") is { } onset ? Dates.ShowFhir(onset) : null,
            Parts.Text(body, "note", 0, "text"));
    }

    /// <summary>What keeps it from being kept; null = nothing.</summary>
    internal string? Problem(DateOnly today) =>
        Text is not { Length: >= 2 and <= MostText } ? "Name"
        : Reactions?.Length > MostText ? "Reactions"
        : Severity is not null && Reactions is null ? "SeverityAlone"
        : Onset is not null && (TypedDate.Read(Onset, today) is not { Date: not null } date || date.IsAfter(today)) ? "Onset"
        : Note?.Length > MostNote ? "Note"
        : null;
}

/// <summary>An allergy as a FHIR AllergyIntolerance. Source: http://hl7.org/fhir/R4/allergyintolerance.html (ait-1, ait-2).</summary>
internal static class AllergyBody
{
    private const string Clinical = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", Verification = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", Snomed = "http://snomed.info/sct";

    /// <summary>SNOMED CT 716186003, No known allergy: somebody asked, and there is none.</summary>
    public const string NoKnown = "716186003";

    public static JsonObject Of(JsonObject? body, string id, string patient, AllergyForm form, Writer writer, DateTimeOffset now, DateOnly today)
    {
        body ??= New(id, patient, writer, now);
        Parts.Put(body, "meta", writer.Meta() ?? body["meta"]?.DeepClone());
        var name = form.Code is { } code && form.Text?.StartsWith(code, StringComparison.Ordinal) == true ? form.Text[code.Length..].Trim() : form.Text;
        body["code"] = form.Code is not null && form.Text?.StartsWith(form.Code, StringComparison.Ordinal) == true ? Parts.Concept(Systems.DrugCode, form.Code, name, name) : new JsonObject { ["text"] = form.Text };
        body["clinicalStatus"] = Parts.Concept(Clinical, "active");
        body["verificationStatus"] = Parts.Concept(Verification, form.Certainty);
        Parts.Put(body, "category", form.Category is null ? null : new JsonArray(form.Category));
        Parts.Put(body, "criticality", form.Criticality);
        Parts.Put(body, "onsetDateTime", form.Onset is null ? null : TypedDate.Read(form.Onset, today).Date?.ToString());
        Parts.Put(body, "note", form.Note is null ? null : new JsonArray(new JsonObject { ["time"] = Parts.Stamp(now), ["text"] = form.Note }));
        var manifestations = (form.Reactions ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        JsonObject? reaction = manifestations.Length == 0 ? null : new() { ["manifestation"] = new JsonArray([.. manifestations.Select(m => new JsonObject { ["text"] = m })]) };
        if (reaction is not null && form.Severity is not null)
        {
            reaction["severity"] = form.Severity;
        }

        Parts.Put(body, "reaction", reaction is null ? null : new JsonArray(reaction));
        return body;
    }

    /// <summary>Nobody knows of any: a statement of its own, not the absence of one.</summary>
    public static JsonObject None(string id, string patient, Writer writer, DateTimeOffset now)
    {
        var body = New(id, patient, writer, now);
        Parts.Put(body, "meta", writer.Meta());
        body["clinicalStatus"] = Parts.Concept(Clinical, "active");
        body["verificationStatus"] = Parts.Concept(Verification, "confirmed");
        body["code"] = Parts.Concept(Snomed, NoKnown, "Không có dị ứng đã biết", "No known allergy");
        return body;
    }

    private static JsonObject New(string id, string patient, Writer writer, DateTimeOffset now) => new()
    {
        ["resourceType"] = "AllergyIntolerance",
        ["id"] = id,
        ["patient"] = Parts.Reference("Patient", patient),
        ["recordedDate"] = Parts.Stamp(now),
        ["recorder"] = writer.ToReference(),
    };

    /// <summary>It was never written rightly.</summary>
    public static void MakeWrong(JsonObject body)
    {
        body.Remove("clinicalStatus");
        body["verificationStatus"] = Parts.Concept(Verification, "entered-in-error");
    }

    /// <summary>It was looked into, and is none.</summary>
    public static void Refute(JsonObject body)
    {
        body["clinicalStatus"] = Parts.Concept(Clinical, "inactive");
        body["verificationStatus"] = Parts.Concept(Verification, "refuted");
    }

    /// <summary>It holds no longer: with an allergy found, "none known" is past.</summary>
    public static void End(JsonObject body) => body["clinicalStatus"] = Parts.Concept(Clinical, "inactive");

    /// <summary>It is in force, and says that there is an allergy.</summary>
    public static bool Counts(JsonObject body) => IsInForce(body) && !IsNone(body);

    public static bool IsInForce(JsonObject body) => Statements.Code(body, "verificationStatus") is not ("entered-in-error" or "refuted") && Statements.Code(body, "clinicalStatus") is null or "active";

    public static bool IsNone(JsonObject body) => (body["code"]?["coding"] as JsonArray ?? []).Any(c => Parts.Text(c, "system") == Snomed && Parts.Text(c, "code") == NoKnown);

    public static string? NameOf(JsonObject body) => Parts.Text(body, "code", "text") ?? Parts.Text(body, "code", "coding", 0, "display") ?? Parts.Text(body, "code", "coding", 0, "code");
}
