using System.Text.Json;

namespace Mach.Definitions;

/// <summary>The definition files of the package, read as JSON.</summary>
internal sealed class SpecificationFiles : IDisposable
{
    private const string Core = "http://hl7.org/fhir/StructureDefinition/";
    private static readonly string[] TerminologyFiles = ["valuesets.json", "v3-codesystems.json", "v2-tables.json"];
    private readonly List<JsonDocument> _documents = [];

    public SpecificationFiles(string folder)
    {
        Structures = [.. Resources(folder, "profiles-types.json").Concat(Resources(folder, "profiles-resources.json")).Where(IsCoreType)];
        DataElements = Resources(folder, "dataelements.json")
            .Where(r => Text(r, "resourceType") == "StructureDefinition")
            .SelectMany(r => r.GetProperty("snapshot").GetProperty("element").EnumerateArray())
            .GroupBy(e => Text(e, "path")!, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var schema = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "fhir.schema.json")));
        _documents.Add(schema);
        Schema = schema.RootElement.GetProperty("definitions");
        Terminology = [.. TerminologyFiles.SelectMany(f => Resources(folder, f))];
    }

    /// <summary>StructureDefinitions of the core's types and resources, in file order.</summary>
    public IReadOnlyList<JsonElement> Structures { get; }

    /// <summary>Elements by path as HL7 published them one by one. The package's author left this file as it was, and added to the others.</summary>
    public IReadOnlyDictionary<string, JsonElement> DataElements { get; }

    /// <summary>The JSON schema's definitions, by type name ("Patient", "Patient_Contact").</summary>
    public JsonElement Schema { get; }

    public IReadOnlyList<JsonElement> Terminology { get; }

    public void Dispose() => _documents.ForEach(d => d.Dispose());

    public static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    /// <summary>Types that R4 4.0.1 itself defines: no later release, no profile on another type, no type of the package's author.</summary>
    private static bool IsCoreType(JsonElement resource) =>
        Text(resource, "resourceType") == "StructureDefinition"
        && Text(resource, "fhirVersion") == "4.0.1"
        && Text(resource, "derivation") != "constraint"
        && Text(resource, "url") == Core + Text(resource, "name");

    private IEnumerable<JsonElement> Resources(string folder, string file)
    {
        var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, file)));
        _documents.Add(document);
        return document.RootElement.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource"));
    }
}
