using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Fhir.Labels;
using Mach.Kernel;
using Mach.Store;

namespace Mach.Care.Writing;

/// <summary>Facts of a person that are kept up by hand: problems and allergies. Each change is a version with its Provenance, and expects the version that was on the page.</summary>
internal static class Statements
{
    /// <summary>The new version; null when somebody else changed it meanwhile.</summary>
    /// <param name="expected">Version on the page; 0 = it is new.</param>
    /// <param name="activity">Code of v3-DataOperation.</param>
    /// <param name="more">What else belongs in the same commit.</param>
    public static async Task<int?> KeepAsync(Desk desk, Writer writer, JsonObject body, string patient, int expected, string activity, string? reason, CancellationToken ct, params IReadOnlyList<Write> more)
    {
        var (type, id) = ((string)body["resourceType"]!, (string)body["id"]!);
        try
        {
            var result = await desk.Store.CommitAsync(new Commit
            {
                Actor = writer.Account,
                Writes = [new(WriteKind.Put, type, id, Parts.Bytes(body), expected, Posted: expected == 0), Parts.Provenance(writer, type, id, patient, activity, reason, desk.Clock.GetUtcNow(), LabelsOf(body)), .. more],
            }, ct);
            return result.Versions[0].Version;
        }
        catch (CommitConflictException)
        {
            return null;
        }
    }

    /// <summary>The head when it is about one of these people and the caller sees it; else null.</summary>
    public static async Task<StoredResource?> FindAsync(RecordView view, string type, string id, IReadOnlyList<string> persons, CancellationToken ct) =>
        await view.ReadAsync(type, id, ct) is { IsDeleted: false } head && persons.Contains(PatientOf(Parts.Parse(head)), StringComparer.Ordinal) ? head : null;

    /// <summary>Takes a change back: the version before it once more, as a new one; what was only just made is said to be entered in error. Null when it was changed since.</summary>
    public static async Task<int?> UndoAsync(Desk desk, Writer writer, RecordView view, StoredResource head, int version, Action<JsonObject> makeWrong, CancellationToken ct)
    {
        var now = Parts.Parse(head);
        if (head.Version != version)
        {
            return null;
        }

        if (version == 1)
        {
            makeWrong(now);
            return await KeepAsync(desk, writer, now, PatientOf(now), version, "NULLIFY", Words.T["UndoneAtOnce"], ct);
        }

        return await view.ReadVersionAsync(head.Type, head.Id, version - 1, ct) is { IsDeleted: false } before
            ? await KeepAsync(desk, writer, Parts.Parse(before), PatientOf(now), version, "UPDATE", Words.T["Undone"], ct)
            : null;
    }

    /// <summary>Id of the Patient whom it is about; empty when it names none.</summary>
    public static string PatientOf(JsonObject body)
    {
        var reference = Parts.Text(body, "patient", "reference") ?? Parts.Text(body, "subject", "reference") ?? "";
        return reference.StartsWith("Patient/", StringComparison.Ordinal) ? reference["Patient/".Length..] : "";
    }

    /// <summary>What makes it delicate; the statement of who changed it why is as delicate.</summary>
    private static DataLabels LabelsOf(JsonObject body)
    {
        using var document = JsonDocument.Parse(Parts.Bytes(body));
        return Sensitivity.Of(document.RootElement);
    }

    /// <summary>First code of the first coding of a CodeableConcept.</summary>
    public static string? Code(JsonObject body, string element) => Parts.Text(body, element, "coding", 0, "code");

    /// <summary>Where the page goes on: the record, which says what was done and offers the way back.</summary>
    public static string Done(string person, string what, string id, int version, string anchor) =>
        $"/people/{Uri.EscapeDataString(person)}?care={what}&of={Uri.EscapeDataString(id)}&version={version.ToString(System.Globalization.CultureInfo.InvariantCulture)}#{anchor}";
}
