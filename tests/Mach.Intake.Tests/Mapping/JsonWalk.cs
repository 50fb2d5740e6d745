using System.Text.Json;

namespace Mach.Intake.Tests.Mapping;

/// <summary>Looks through all of a JSON document.</summary>
internal static class JsonWalk
{
    /// <summary>All string values of properties with this name.</summary>
    public static IEnumerable<string> Strings(JsonElement element, string name)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return element.EnumerateArray().SelectMany(e => Strings(e, name));
        }

        return element.ValueKind != JsonValueKind.Object ? [] : element.EnumerateObject().SelectMany(p =>
            p.Name == name && p.Value.ValueKind == JsonValueKind.String ? [p.Value.GetString()!] : Strings(p.Value, name));
    }

    /// <summary>Paths of what FHIR forbids: empty objects, arrays and strings, and properties given twice.</summary>
    public static IEnumerable<string> Empties(JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                return element.GetArrayLength() == 0 ? [path] : element.EnumerateArray().SelectMany(e => Empties(e, path));
            case JsonValueKind.Object:
                var properties = element.EnumerateObject().ToList();
                var twice = properties.GroupBy(p => p.Name).Where(g => g.Count() > 1).Select(g => path + "." + g.Key);
                return properties.Count == 0 ? [path] : properties.SelectMany(p => Empties(p.Value, path + "." + p.Name)).Concat(twice);
            default:
                return element.ValueKind == JsonValueKind.String && element.GetString()!.Length == 0 ? [path] : [];
        }
    }
}
