using System.Globalization;
using System.Text.Json;
using static Mach.Definitions.SpecificationFiles;

namespace Mach.Definitions;

/// <summary>Reads the types of R4 out of the snapshots, and undoes what the package's author added to the core.</summary>
internal sealed class StructureReader(SpecificationFiles files)
{
    private const string Core = "http://hl7.org/fhir/StructureDefinition/", FhirPathType = "http://hl7.org/fhirpath/System.";
    private static readonly string[] Strengths = ["required", "extensible", "preferred", "example"];
    private readonly Dictionary<string, TypeModel> _types = new(StringComparer.Ordinal);
    private readonly CoreFilter _filter = new(files);

    public IReadOnlyList<TypeModel> Read()
    {
        foreach (var structure in files.Structures.Where(_filter.IsCore))
        {
            ReadType(structure);
        }

        DropInherited();
        return [.. _types.Values.OrderBy(t => t.Kind == ModelKind.Backbone).ThenBy(t => t.Name, StringComparer.Ordinal)];
    }

    private void ReadType(JsonElement structure)
    {
        var name = Text(structure, "name")!;
        var kind = Text(structure, "kind") switch
        {
            "primitive-type" => ModelKind.Primitive,
            "complex-type" => ModelKind.Complex,
            _ => ModelKind.Resource,
        };
        var elements = structure.GetProperty("snapshot").GetProperty("element").EnumerateArray().ToList();
        _types[name] = new TypeModel(
            name, kind, structure.GetProperty("abstract").GetBoolean(), Text(structure, "baseDefinition")?[Core.Length..],
            kind == ModelKind.Primitive ? Pattern(elements, name) : null, [], Invariants(elements[0]));
        foreach (var element in _filter.Elements(structure))
        {
            ReadElement(element);
        }
    }

    private void ReadElement(JsonElement element)
    {
        var path = Text(element, "path")!;
        var dot = path.LastIndexOf('.');
        var owner = _types[path[..dot]];
        if (owner.Kind == ModelKind.Primitive && path[dot..] == ".value")
        {
            return;
        }

        var isChoice = path.EndsWith("[x]", StringComparison.Ordinal);
        var types = ReadTypes(element, path);
        var binding = element.TryGetProperty("binding", out var b) ? b : default;
        var baseMax = Text(element.GetProperty("base"), "max")!;
        owner.Elements.Add(new ElementModel(
            isChoice ? path[(dot + 1)..^3] : path[(dot + 1)..],
            isChoice,
            baseMax is not ("0" or "1"),
            Flag(element, "isSummary"),
            Flag(element, "isModifier"),
            element.GetProperty("min").GetInt32(),
            Text(element, "max") is "*" ? 0 : int.Parse(Text(element, "max")!, CultureInfo.InvariantCulture),
            types,
            binding.ValueKind == JsonValueKind.Object ? Array.IndexOf(Strengths, Text(binding, "strength")) : -1,
            binding.ValueKind == JsonValueKind.Object ? Text(binding, "valueSet")?.Split('|')[0] : null,
            _types.ContainsKey(path) ? [] : [.. Invariants(element), .. SimpleQuantity(element)]));
    }

    private List<TypeReferenceModel> ReadTypes(JsonElement element, string path)
    {
        if (Text(element, "contentReference") is { } reference)
        {
            return [new TypeReferenceModel("BackboneElement", reference[(reference.IndexOf('#', StringComparison.Ordinal) + 1)..], [])];
        }

        var types = new List<TypeReferenceModel>();
        foreach (var type in Items(element, "type"))
        {
            var code = Text(type, "code")!;
            if (code.StartsWith(FhirPathType, StringComparison.Ordinal))
            {
                code = Items(type, "extension").Select(e => Text(e, "valueUrl")).FirstOrDefault(u => u is not null) ?? "string";
                // The snapshots of R4 call the ids of resources strings; the standard's page on resources says id.
                // Source: http://hl7.org/fhir/R4/resource.html#id
                code = path.EndsWith(".id", StringComparison.Ordinal) && _types.TryGetValue(path[..^3], out var owner) && owner.Kind == ModelKind.Resource ? "id" : code;
            }

            var isBackbone = code is "BackboneElement" or "Element" && !path.EndsWith("[x]", StringComparison.Ordinal);
            if (isBackbone)
            {
                _types[path] = new TypeModel(path, ModelKind.Backbone, false, code, null, [], Invariants(element));
            }

            types.Add(new TypeReferenceModel(code, isBackbone ? path : code, Targets(type)));
        }

        return types;
    }

    private static List<string> Targets(JsonElement type) =>
        Items(type, "targetProfile").Select(t => t.GetString()![Core.Length..]).ToList() is var targets && targets.Contains("Resource") ? [] : targets;

    /// <summary>R4 puts its one profile in the core, SimpleQuantity, on elements: no comparator. It is kept as a rule of the element.</summary>
    private static IEnumerable<InvariantModel> SimpleQuantity(JsonElement element) =>
        Items(element, "type").Any(t => Items(t, "profile").Any(p => p.GetString() == Core + "SimpleQuantity"))
            ? [new InvariantModel("sqty-1", true, "The comparator is not used on a SimpleQuantity", "comparator.empty()")]
            : [];

    private static List<InvariantModel> Invariants(JsonElement element) =>
        [.. from c in Items(element, "constraint")
            // Each rule of R4 comes with its XPath twin; one without is of a later release, save the rule that all elements have.
            where Text(c, "expression") is not null && (Text(c, "xpath") is not null || Text(c, "key") == "ele-1")
            select new InvariantModel(Text(c, "key")!, Text(c, "severity") == "error", Text(c, "human")!, Text(c, "expression")!)];

    /// <summary>Snapshots repeat the rules of a type on each element that has it: the rule is kept where it belongs.</summary>
    private void DropInherited()
    {
        foreach (var type in _types.Values)
        {
            for (var i = 0; i < type.Elements.Count; i++)
            {
                var element = type.Elements[i];
                var keys = element.Types.SelectMany(t => _types[t.Definition].Invariants).Select(r => r.Key).Append("ele-1").ToHashSet(StringComparer.Ordinal);
                type.Elements[i] = element with { Invariants = [.. element.Invariants.Where(r => !keys.Contains(r.Key))] };
            }
        }
    }

    private static string? Pattern(List<JsonElement> elements, string name) =>
        elements.Where(e => Text(e, "path") == name + ".value").SelectMany(e => Items(e, "type")).SelectMany(t => Items(t, "extension")).Select(x => Text(x, "valueString")).FirstOrDefault(p => p is not null);

    private static bool Flag(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
