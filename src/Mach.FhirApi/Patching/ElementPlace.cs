using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Mach.Fhir.Definitions;

namespace Mach.FhirApi.Patching;

/// <summary>Where an element stands in the JSON of a resource.</summary>
/// <param name="Parent">The object that holds its property.</param>
/// <param name="Property">Name of the property; a choice with its type ("valueQuantity").</param>
/// <param name="Index">Position in the array of the property; null when it is not in an array.</param>
/// <param name="Element">Its definition.</param>
/// <param name="Type">Type of its value.</param>
internal sealed record ElementPlace(JsonObject Parent, string Property, int? Index, ElementDefinition Element, TypeDefinition Type)
{
    /// <summary>Property that holds ids and extensions of a primitive.</summary>
    public string Shadow => "_" + Property;

    /// <summary>The value; null when only its extensions are there.</summary>
    public JsonNode? Value => Index is { } index ? (Parent[Property] as JsonArray)?.ElementAtOrDefault(index) : Parent[Property];

    /// <summary>Follows a location such as "Patient.name[0].given[1]" or "Observation.value".</summary>
    /// <param name="place">Null for the resource itself.</param>
    /// <returns>The object there, with its type; the object is null when the element is a primitive.</returns>
    public static (JsonObject? Object, TypeDefinition Type) Follow(JsonObject resource, string location, out ElementPlace? place)
    {
        place = null;
        var (node, type) = ((JsonNode?)resource, TypeOf(resource));
        foreach (var step in location.Split('.').Skip(1))
        {
            if (node is not JsonObject parent)
            {
                throw Lost(location);
            }

            var bracket = step.IndexOf('[', StringComparison.Ordinal);
            var name = bracket < 0 ? step : step[..bracket];
            var (property, element, valueType) = PropertyOf(parent, type, name) ?? throw Lost(location);
            var index = bracket < 0 ? (int?)null : int.Parse(step.AsSpan(bracket + 1, step.Length - bracket - 2), NumberStyles.None, CultureInfo.InvariantCulture);
            if (parent[property] is not JsonArray && parent["_" + property] is not JsonArray)
            {
                index = null;
            }

            place = new ElementPlace(parent, property, index, element, valueType);
            node = place.Value;
            type = node is JsonObject inner && valueType.IsAbstract && inner.ContainsKey("resourceType") ? TypeOf(inner) : valueType;
        }

        return (node as JsonObject, type);
    }

    /// <summary>The property that holds an element; for a choice, the one that is there.</summary>
    private static (string Property, ElementDefinition Element, TypeDefinition Type)? PropertyOf(JsonObject parent, TypeDefinition type, string name)
    {
        if (type.TryProperty(Encoding.UTF8.GetBytes(name), out var element, out var reference))
        {
            return (name, element, reference.Definition);
        }

        foreach (var (property, _) in parent)
        {
            if (property.StartsWith(name, StringComparison.Ordinal) && type.TryProperty(Encoding.UTF8.GetBytes(property), out element, out reference) && element.Name == name)
            {
                return (property, element, reference.Definition);
            }
        }

        return null;
    }

    private static TypeDefinition TypeOf(JsonObject resource) =>
        R4.Find(resource["resourceType"]?.ToString() ?? "") ?? throw new FhirProblem(422, "structure", "The patch needs a resource with a resourceType.");

    private static FhirProblem Lost(string location) => new(422, "processing", $"{location} is not an element that can be patched.");
}
