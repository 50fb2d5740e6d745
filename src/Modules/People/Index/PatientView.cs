using System.Text.Json;
using Mach.Contracts.People;
using Mach.Kernel;
using Mach.Vietnam;

namespace Mach.People.Index;

/// <summary>An identifier as a Patient holds it. A disputed one (<c>use</c> = temp) does not identify the person until a data officer has decided.</summary>
public readonly record struct HeldIdentifier(string System, string Value, bool Disputed)
{
    public string Key => System + "|" + Value;
}

/// <summary>What the matching rules need of a Patient, read once from its body.</summary>
public sealed class PatientView
{
    public required string Id { get; init; }
    public required IReadOnlyList<HeldIdentifier> Identifiers { get; init; }
    public required string Name { get; init; }
    public string FoldedName { get; init; } = "";
    public required string Gender { get; init; }
    public string? BirthDate { get; init; }
    public IReadOnlyList<string> Phones { get; init; } = [];
    public string? Address { get; init; }
    public PersonLabels Labels { get; init; }
    /// <summary>When the person died; null for the living, and where only the fact is known.</summary>
    public PartialDate? DiedAt { get; init; }
    /// <summary>Ids of the Patients in <c>link</c>.</summary>
    public IReadOnlyList<string> Links { get; init; } = [];

    public int? BirthYear => PartialDate.TryParseFhir(BirthDate, out var date) ? date.Year : null;

    public IEnumerable<string> Of(string system) => Identifiers.Where(i => i.System == system && !i.Disputed).Select(i => i.Value);

    public bool Holds(string key) => Identifiers.Any(i => !i.Disputed && i.Key == key);

    public bool Disputes(string key) => Identifiers.Any(i => i.Disputed && i.Key == key);

    internal static PatientView Read(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        var name = First(root, "name") is { } n ? Text(n, "text") ?? "" : "";
        return new PatientView
        {
            Id = Text(root, "id") ?? "",
            Identifiers = ReadIdentifiers(root),
            Name = name,
            FoldedName = VietnameseText.Fold(name),
            Gender = Text(root, "gender") ?? "unknown",
            BirthDate = Text(root, "birthDate"),
            Phones = [.. Items(root, "telecom").Select(t => Text(t, "value")).OfType<string>()],
            Address = First(root, "address") is { } address ? Text(address, "text") : null,
            Labels = PersonLabel.Read(root),
            DiedAt = PartialDate.TryParseFhir(Text(root, "deceasedDateTime"), out var died) ? died : null,
            Links = [.. Items(root, "link").Select(l => l.TryGetProperty("other", out var other) ? Text(other, "reference") : null).OfType<string>().Where(r => r.StartsWith("Patient/", StringComparison.Ordinal)).Select(r => r["Patient/".Length..])],
        };
    }

    private static List<HeldIdentifier> ReadIdentifiers(JsonElement root)
    {
        var held = new List<HeldIdentifier>();
        foreach (var identifier in Items(root, "identifier"))
        {
            if (Text(identifier, "system") is { } system && Text(identifier, "value") is { } value)
            {
                held.Add(new HeldIdentifier(system, value, Text(identifier, "use") == "temp"));
            }
        }

        return held;
    }

    private static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement? First(JsonElement element, string property) =>
        element.TryGetProperty(property, out var array) && array.ValueKind == JsonValueKind.Array && array.GetArrayLength() > 0 ? array[0] : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string property) =>
        element.TryGetProperty(property, out var array) && array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : default;

    /// <summary>National identity numbers that identify this person.</summary>
    public IEnumerable<string> NationalIds => Of(Systems.NationalId);
}
