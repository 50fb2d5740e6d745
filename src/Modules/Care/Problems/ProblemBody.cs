using System.Text.Json.Nodes;
using Mach.Care.Writing;
using Mach.Kernel;
using Mach.Ui;
using Mach.Ui.Typing;
using Mach.Vietnam;
using Microsoft.AspNetCore.Http;

namespace Mach.Care.Problems;

/// <summary>A problem as a form gives it: what was typed stays as it was typed.</summary>
/// <param name="Code">ICD-10 code that was taken; null = none.</param>
/// <param name="Text">What stands in the field.</param>
/// <param name="Onset">As typed.</param>
/// <param name="Ended">As typed; of a resolved one.</param>
/// <param name="Covers">Ids of Conditions of visits that it stands for.</param>
public sealed record ProblemForm(string? Code, string? Text, string? Onset, string? Ended, string? Note, IReadOnlyList<string> Covers)
{
    private const int MostNote = 2000, MostCovers = 200;

    internal static ProblemForm Read(IFormCollection form)
    {
        string? Given(string name) => form[name].ToString().Trim() is { Length: > 0 } text ? text : null;
        return new(Given("code"), Given("code-text"), Given("onset"), Given("ended"), Given("note"), [.. form["covers"].OfType<string>().SelectMany(c => c.Split(',', StringSplitOptions.RemoveEmptyEntries)).Where(IsId).Distinct(StringComparer.Ordinal).Take(MostCovers)]);
    }

    /// <summary>As it stands in the record.</summary>
    internal static ProblemForm Of(JsonObject body)
    {
        var code = (body["code"]?["coding"] as JsonArray ?? []).FirstOrDefault(c => Parts.Text(c, "system") == Systems.Icd10) is { } coding ? Parts.Text(coding, "code") : null;
        static string? Date(string? text) => text is null ? null : Dates.ShowFhir(text);
        var text = Parts.Text(body, "code", "text") ?? Parts.Text(body, "code", "coding", 0, "display");
        return new(
            code,
            code is not null && text?.StartsWith(code, StringComparison.Ordinal) != true ? code + " " + text : text,
            Date(Parts.Text(body, "onsetDateTime")),
            Date(Parts.Text(body, "abatementDateTime")),
            Parts.Text(body, "note", 0, "text"),
            [.. (body["evidence"] as JsonArray ?? []).SelectMany(e => e?["detail"] as JsonArray ?? []).Select(d => Parts.Text(d, "reference")).OfType<string>().Where(r => r.StartsWith("Condition/", StringComparison.Ordinal)).Select(r => r["Condition/".Length..])]);
    }

    /// <summary>What keeps it from being kept; null = nothing.</summary>
    internal string? Problem(DateOnly today) =>
        PickedCode.Icd10(Code, Text) is null && Text is not { Length: >= 3 } ? "Name"
        : Bad(Onset, today) ? "Onset"
        : Bad(Ended, today) ? "Ended"
        : Note?.Length > MostNote ? "Note"
        : null;

    private static bool Bad(string? typed, DateOnly today) => typed is not null && (TypedDate.Read(typed, today) is not { Date: not null } date || date.IsAfter(today));

    private static bool IsId(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');
}

/// <summary>A problem of the problem list as a FHIR Condition. Source: http://hl7.org/fhir/R4/condition.html (con-3, con-4, con-5).</summary>
internal static class ProblemBody
{
    private const string Clinical = "http://terminology.hl7.org/CodeSystem/condition-clinical", Verification = "http://terminology.hl7.org/CodeSystem/condition-ver-status", Category = "http://terminology.hl7.org/CodeSystem/condition-category";

    /// <summary>What the form says, over what stands there; the rest of the body stays.</summary>
    /// <param name="body">The body before; null = it is new.</param>
    /// <param name="isResolved">The status from now on.</param>
    public static JsonObject Of(JsonObject? body, string id, string patient, ProblemForm form, bool isResolved, Writer writer, DateTimeOffset now, DateOnly today)
    {
        body ??= new JsonObject
        {
            ["resourceType"] = "Condition",
            ["id"] = id,
            ["category"] = new JsonArray(Parts.Concept(Category, "problem-list-item")),
            ["subject"] = Parts.Reference("Patient", patient),
            ["recordedDate"] = Parts.Stamp(now),
            ["recorder"] = writer.ToReference(),
        };
        Parts.Put(body, "meta", Parts.Meta(writer, body["meta"], DataLabels.None));
        var picked = PickedCode.Icd10(form.Code, form.Text);
        body["code"] = picked is not null ? Parts.Concept(Systems.Icd10, picked.Code, picked.Name(english: false), picked.Name(english: false)) : new JsonObject { ["text"] = form.Text };
        body["clinicalStatus"] = Parts.Concept(Clinical, isResolved ? "resolved" : "active");
        body["verificationStatus"] = Parts.Concept(Verification, "confirmed");
        Parts.Put(body, "onsetDateTime", Day(form.Onset, today));
        Parts.Put(body, "abatementDateTime", isResolved ? Day(form.Ended, today) ?? Parts.Stamp(now)[..10] : null);
        Parts.Put(body, "note", form.Note is null ? null : new JsonArray(new JsonObject { ["time"] = Parts.Stamp(now), ["text"] = form.Note }));
        Parts.Put(body, "evidence", form.Covers.Count == 0 ? null : new JsonArray(new JsonObject { ["detail"] = new JsonArray([.. form.Covers.Select(c => Parts.Reference("Condition", c))]) }));
        return body;
    }

    /// <summary>It was never so.</summary>
    public static void MakeWrong(JsonObject body)
    {
        body.Remove("clinicalStatus");
        body.Remove("abatementDateTime");
        body["verificationStatus"] = Parts.Concept(Verification, "entered-in-error");
    }

    public static bool IsResolved(JsonObject body) => Statements.Code(body, "clinicalStatus") is "resolved" or "inactive" or "remission";

    public static bool IsWrong(JsonObject body) => Statements.Code(body, "verificationStatus") is "entered-in-error";

    private static string? Day(string? typed, DateOnly today) => typed is null ? null : TypedDate.Read(typed, today).Date is { } date ? date.ToString() : null;
}
