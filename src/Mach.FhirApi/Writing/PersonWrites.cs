using System.Text.Json;
using Mach.Access;
using Mach.Access.Audit;
using Mach.Access.Authority;
using Mach.Store;

namespace Mach.FhirApi.Writing;

/// <summary>
/// What a program adds for a person: about somebody whom that person may see, by the same statements as when they look themselves. Who is hidden and who is not there are refused alike.
/// </summary>
/// <remarks>Source: docs/adr/0017-programs.md.</remarks>
internal static class PersonWrites
{
    private static readonly string[] About = ["subject", "patient"];

    /// <exception cref="FhirProblem">403.</exception>
    public static async Task NeedAsync(FhirCall call, IReadOnlyList<Change> changes)
    {
        if (!call.User.ActsForPerson())
        {
            return;
        }

        // What the token leaves of reading is not asked: a program may add without reading.
        var seen = call.Store.As(call.Context.Sight() with { Narrowing = null }, call.Context.Audit());
        foreach (var change in changes.Where(c => c.Result is null && c.SameAs is null))
        {
            using var body = JsonDocument.Parse(change.Body);
            if (change.Kind != ChangeKind.Create || !await IsFineAsync(call, seen, change.Type, body.RootElement))
            {
                throw change.Problem(403, "forbidden", $"For a person this program adds {change.Type} about one patient whom the token and the person's authority open (subject or patient, as Patient/id), at an encounter of theirs, and without meta.source.");
            }
        }
    }

    private static async Task<bool> IsFineAsync(FhirCall call, RecordView seen, string type, JsonElement resource)
    {
        // meta.source says of which dossier of which facility something was made; a program makes none.
        if (Find(resource, "meta") is { } meta && Find(meta, "source") is not null)
        {
            return false;
        }

        string?[] about = [.. About.Where(n => Find(resource, n) is not null).Select(n => IdOf(resource, n, "Patient"))];
        if (about is not [{ } patient] || !call.User.MayAddAbout(type, patient) || await seen.ReadAsync("Patient", patient, call.Aborted) is not { IsDeleted: false })
        {
            return false;
        }

        if (Find(resource, "encounter") is null)
        {
            return true;
        }

        if (IdOf(resource, "encounter", "Encounter") is not { } visit || await seen.ReadAsync("Encounter", visit, call.Aborted) is not { IsDeleted: false } found)
        {
            return false;
        }

        using var encounter = JsonDocument.Parse(found.Body);
        return IdOf(encounter.RootElement, "subject", "Patient") == patient;
    }

    private static JsonElement? Find(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var found) ? found : null;

    /// <summary>Id of a reference in the form "Type/id" and no other; null when it is none.</summary>
    private static string? IdOf(JsonElement resource, string element, string type) =>
        Find(resource, element) is { } link && Find(link, "reference") is { ValueKind: JsonValueKind.String } text && text.GetString() is { } reference
        && reference.StartsWith(type + "/", StringComparison.Ordinal) && FhirCall.IsId(reference[(type.Length + 1)..]) ? reference[(type.Length + 1)..] : null;
}
