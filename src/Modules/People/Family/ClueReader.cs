using System.Text.Json;
using Mach.Kernel;
using Mach.People.Index;
using Mach.Store;
using Mach.Vietnam;

namespace Mach.People.Family;

/// <summary>Reads what the resources of a dossier say about somebody's family.</summary>
/// <remarks>
/// Source: docs/mapping/XML9.md (the child of a birth, in the mother's dossier: RelatedPerson with the child's temporary card), docs/mapping/XML7.md (the insurance numbers of father and mother,
/// in the child's dossier), docs/mapping/XML8.md and XML11.md (their names); tables of QĐ 130/QĐ-BYT 2023 as amended by QĐ 3176/QĐ-BYT 2024.
/// </remarks>
internal static class ClueReader
{
    private const string RowUrl = Systems.Own + "/StructureDefinition/bhyt";
    private const string TableSystem = Systems.Own + "/CodeSystem/bhyt-table";

    /// <summary>Fields of a paper of the child: what the other one is to it, where the insurance number stands, where the name.</summary>
    private static readonly (string Kind, string Number, string Name)[] Fields =
        [(Kinds.Mother, "MA_ME", "HO_TEN_ME"), (Kinds.Father, "MA_CHA", "HO_TEN_CHA"), (Kinds.Guardian, "", "NGUOI_GIAM_HO")];

    /// <summary>Nothing for what is of another shape, or says nothing of a family.</summary>
    public static IEnumerable<Clue> Read(StoredResource resource)
    {
        using var json = JsonDocument.Parse(resource.Body);
        return resource.Type switch
        {
            "RelatedPerson" => [.. OfBirth(resource.Id, json.RootElement)],
            "Composition" => [.. OfPaper(resource.Id, json.RootElement)],
            _ => [],
        };
    }

    /// <summary>Patient that a RelatedPerson belongs to; null where it names none of this store.</summary>
    public static string? PatientOf(ReadOnlyMemory<byte> relatedPerson)
    {
        using var json = JsonDocument.Parse(relatedPerson);
        return PatientOf(json.RootElement, "patient");
    }

    private static IEnumerable<Clue> OfBirth(string id, JsonElement related)
    {
        var isChild = Items(related, "relationship").SelectMany(r => Items(r, "coding")).Any(c => Text(c, "code") == Kinds.Child);
        var card = Items(related, "identifier").Where(i => Text(i, "system") is Systems.InsuranceCard or Systems.InsuranceNumber).Select(i => PatientKeys.InsuranceNumber(Text(i, "value") ?? "")).OfType<string>().FirstOrDefault();
        if (isChild && PatientOf(related, "patient") is { } mother)
        {
            var name = Items(related, "name").Select(n => Text(n, "text")).OfType<string>().FirstOrDefault() ?? "";
            yield return new Clue { Source = $"RelatedPerson/{id}#{Kinds.Child}", Patient = mother, Kind = Kinds.Child, IdKey = card is null ? "" : PatientKeys.Insurance(card), Name = name, Birth = Text(related, "birthDate") ?? "" };
        }
    }

    private static IEnumerable<Clue> OfPaper(string id, JsonElement paper)
    {
        // A certificate of birth is the mother's paper: the father in it is the child's, who has no number there.
        var isBirth = paper.TryGetProperty("type", out var type) && Items(type, "coding").Any(c => Text(c, "system") == TableSystem && Text(c, "code") == "XML9");
        if (isBirth || PatientOf(paper, "subject") is not { } child)
        {
            yield break;
        }

        var said = Items(paper, "extension").Where(e => Text(e, "url") == RowUrl).SelectMany(e => Items(e, "extension"))
            .Where(e => Text(e, "url") is not null && Text(e, "valueString") is not null).DistinctBy(e => Text(e, "url")).ToDictionary(e => Text(e, "url")!, e => Text(e, "valueString")!, StringComparer.Ordinal);
        foreach (var (kind, number, name) in Fields)
        {
            var key = PatientKeys.InsuranceNumber(said.GetValueOrDefault(number) ?? "");
            var written = VietnameseText.Compose((said.GetValueOrDefault(name) ?? "").Trim());
            if (key is not null || written.Length > 0)
            {
                yield return new Clue { Source = $"Composition/{id}#{kind}", Patient = child, Kind = kind, IdKey = key is null ? "" : PatientKeys.Insurance(key), Name = written };
            }
        }
    }

    private static string? PatientOf(JsonElement element, string property) =>
        element.TryGetProperty(property, out var reference) && Text(reference, "reference") is { } text && text.StartsWith("Patient/", StringComparison.Ordinal) ? text["Patient/".Length..] : null;

    private static string? Text(JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var array) && array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : default;
}
