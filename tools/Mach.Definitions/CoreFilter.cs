using System.Text.Json;
using static Mach.Definitions.SpecificationFiles;

namespace Mach.Definitions;

/// <summary>
/// Gives the elements of R4 4.0.1. The package's author mixed elements of R5 and of its own server into the snapshots, and took some out.
/// </summary>
/// <remarks>
/// HL7 published every element also as a data element, and the package has that file unchanged. Three kinds are not in it: elements
/// that are only a frame for others, elements with the content of another, and those whose id would exceed 64 characters; of these,
/// the ones that belong to R4 are in the JSON schema.
/// </remarks>
internal sealed class CoreFilter
{
    private static readonly string[] Published = ["type", "binding", "min", "max", "isSummary", "isModifier"];
    private readonly SpecificationFiles _files;
    private readonly HashSet<string> _frames = new(StringComparer.Ordinal);

    public CoreFilter(SpecificationFiles files)
    {
        _files = files;
        foreach (var path in files.DataElements.Keys)
        {
            for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
            {
                _frames.Add(path[..dot]);
            }
        }
    }

    /// <summary>Abstract types are not in the schema; of the others, what is not there is no type of R4.</summary>
    public bool IsCore(JsonElement structure) => structure.GetProperty("abstract").GetBoolean() || _files.Schema.TryGetProperty(Text(structure, "name")!, out _);

    /// <summary>The elements of a type below its root, in the order of the standard.</summary>
    public IReadOnlyList<JsonElement> Elements(JsonElement structure)
    {
        var all = structure.GetProperty("snapshot").GetProperty("element").EnumerateArray().Skip(1);
        if (Text(structure, "kind") == "primitive-type")
        {
            return [.. all];
        }

        var kept = new List<JsonElement>();
        var paths = new List<string>();
        foreach (var element in all)
        {
            var path = Text(element, "path")!;
            var parent = path[..path.LastIndexOf('.')];
            if ((!parent.Contains('.', StringComparison.Ordinal) || paths.Contains(parent)) && IsCore(element, path))
            {
                kept.Add(AsPublished(element, path));
                paths.Add(path);
            }
        }

        Restore(Text(structure, "name")!, kept, paths);
        return kept;
    }

    /// <summary>Puts back what was taken out, each after its elder sibling.</summary>
    private void Restore(string type, List<JsonElement> kept, List<string> paths)
    {
        var previous = "";
        foreach (var (path, element) in _files.DataElements.Where(e => e.Key.StartsWith(type + ".", StringComparison.Ordinal)))
        {
            if (!paths.Contains(path))
            {
                var at = paths.IndexOf(previous) + 1;
                kept.Insert(at, element);
                paths.Insert(at, path);
            }

            previous = path;
        }
    }

    private bool IsCore(JsonElement element, string path)
    {
        var origin = Text(element.GetProperty("base"), "path")!;
        var isInherited = origin != path && _files.DataElements.ContainsKey(origin);
        return isInherited || _files.DataElements.ContainsKey(path) || _frames.Contains(path) || IsRestOfSchema(element, path);
    }

    /// <summary>"de-" and the path must fit into an id of 64 characters to be a data element; frames of such elements have none either.</summary>
    private bool IsRestOfSchema(JsonElement element, string path)
    {
        const int LongestPath = 61;
        return (path.Length > LongestPath || element.TryGetProperty("contentReference", out _)) && IsInSchema(element, path);
    }

    /// <summary>With what HL7 published for the element; a frame at least is required where the schema requires it.</summary>
    private JsonElement AsPublished(JsonElement element, string path)
    {
        var merged = element.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
        if (_files.DataElements.TryGetValue(path, out var published))
        {
            foreach (var name in Published)
            {
                if (published.TryGetProperty(name, out var value))
                {
                    merged[name] = value;
                }
            }
        }
        else if (FindInSchema(element, path) is { } found && Items(found.Owner, "required").Any(r => r.ValueEquals(found.Name)))
        {
            merged["min"] = JsonSerializer.SerializeToElement(1);
        }

        return JsonSerializer.SerializeToElement(merged);
    }

    private bool IsInSchema(JsonElement element, string path) => FindInSchema(element, path) is not null;

    /// <summary>Follows the path through the schema's references, to the definition that has the property.</summary>
    private (JsonElement Owner, string Name)? FindInSchema(JsonElement element, string path)
    {
        var parts = path.Split('.');
        var definition = parts[0];
        for (var i = 1; ; i++)
        {
            var isChoice = parts[i].EndsWith("[x]", StringComparison.Ordinal);
            var name = isChoice ? parts[i][..^3] + Capital(Text(Items(element, "type").First(), "code")!) : parts[i];
            if (!_files.Schema.TryGetProperty(definition, out var schema) || !schema.GetProperty("properties").TryGetProperty(name, out var property))
            {
                return null;
            }

            if (i == parts.Length - 1)
            {
                return (schema, name);
            }

            var reference = Text(property, "$ref") ?? (property.TryGetProperty("items", out var items) ? Text(items, "$ref") : null);
            definition = reference?.Split('/')[^1] ?? "";
        }
    }

    private static string Capital(string code) => char.ToUpperInvariant(code[0]) + code[1..];
}
