using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Fhir.Definitions;
using Mach.FhirApi.Bodies;

namespace Mach.FhirApi.Patching;

/// <summary>The value part of a FHIRPath Patch operation: a data type, or for an element without a type of its own the elements by name.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/fhirpatch.html#concept.</remarks>
internal static class PatchValue
{
    /// <summary>Sets what the part says as the element of this name.</summary>
    /// <param name="name">As the operation says it: "value" or "valueQuantity" for a choice.</param>
    /// <param name="property">Name of the JSON property that the element has with this value.</param>
    /// <exception cref="FhirProblem">422: no such element, or a value that it cannot have. 400: no value.</exception>
    public static (JsonNode? Value, JsonNode? Shadow) Read(JsonElement part, TypeDefinition owner, string name, out string property, out ElementDefinition element)
    {
        if (ValueOf(part) is not { } given)
        {
            (property, element, var backbone) = Find(owner, name, "");
            return part.TryGetProperty("part"u8, out var parts) && parts.ValueKind == JsonValueKind.Array
                ? (ReadParts(parts, backbone), null)
                : throw new FhirProblem(400, "required", $"The operation on {name} has no value.");
        }

        (property, element, _) = Find(owner, name, given.Type);
        return (PatchedJson.Node(given.Value), given.Shadow.ValueKind == JsonValueKind.Undefined ? null : PatchedJson.Node(given.Shadow));
    }

    private static JsonObject ReadParts(JsonElement parts, TypeDefinition type)
    {
        var result = new JsonObject();
        foreach (var part in parts.EnumerateArray())
        {
            var name = JsonBody.TextOf(part, "name"u8) ?? throw new FhirProblem(400, "required", "Every part of a patch has a name.");
            var (value, shadow) = Read(part, type, name, out var property, out var element);
            Put(result, property, element, value, shadow);
        }

        return result;
    }

    /// <summary>Adds a value as a property, or to its array.</summary>
    /// <returns>False when the element does not repeat and is there.</returns>
    public static bool Put(JsonObject parent, string property, ElementDefinition element, JsonNode? value, JsonNode? shadow)
    {
        if (!element.IsArray)
        {
            if (parent.Any(p => p.Value is not null && IsOf(element, p.Key, property)))
            {
                return false;
            }

            Set(parent, property, value);
            Set(parent, "_" + property, shadow);
            return true;
        }

        var values = parent[property] as JsonArray;
        var count = values?.Count ?? (parent["_" + property] as JsonArray)?.Count ?? 0;
        InsertAt(parent, property, count, count, value);
        if (shadow is not null || parent["_" + property] is JsonArray)
        {
            InsertAt(parent, "_" + property, count, count, shadow);
        }

        return true;
    }

    /// <summary>Inserts into the array of a property, which is made and filled up with nulls where it is missing or short.</summary>
    public static void InsertAt(JsonObject parent, string property, int index, int count, JsonNode? value)
    {
        if (parent[property] is not JsonArray array)
        {
            parent[property] = array = [];
        }

        while (array.Count < count)
        {
            array.Add((JsonNode?)null);
        }

        array.Insert(index, value);
    }

    private static bool IsOf(ElementDefinition element, string key, string property) =>
        key == property || key == "_" + property
        || (element.IsChoice && key.Length > element.Name.Length && key.StartsWith(element.Name, StringComparison.Ordinal) && element.Types.Any(t => key.EndsWith(t.Code, StringComparison.OrdinalIgnoreCase) && key.Length == element.Name.Length + t.Code.Length));

    private static void Set(JsonObject parent, string property, JsonNode? value)
    {
        if (value is not null)
        {
            parent[property] = value;
        }
    }

    /// <summary>The element by the name in the operation; a choice takes the type of the value.</summary>
    private static (string Property, ElementDefinition Element, TypeDefinition Type) Find(TypeDefinition owner, string name, string valueType)
    {
        foreach (var property in (string[])[name, name + valueType])
        {
            if (owner.TryProperty(Encoding.UTF8.GetBytes(property), out var element, out var type))
            {
                return (property, element, type.Definition);
            }
        }

        throw new FhirProblem(422, "structure", owner.Find(name) is null
            ? $"{owner.Name} has no element {FhirCall.Shorten(name)}."
            : $"{owner.Name}.{name} cannot be a {(valueType.Length == 0 ? "group of elements" : valueType)}.");
    }

    private static (string Type, JsonElement Value, JsonElement Shadow)? ValueOf(JsonElement part)
    {
        (string, JsonElement, JsonElement)? found = null;
        JsonElement shadow = default;
        foreach (var property in part.EnumerateObject())
        {
            if (property.Name.StartsWith("_value", StringComparison.Ordinal))
            {
                shadow = property.Value;
                found ??= (property.Name[6..], default, shadow);
            }
            else if (property.Name == "resource")
            {
                found = ("", property.Value, default);
            }
            else if (property.Name.StartsWith("value", StringComparison.Ordinal) && property.Name.Length > 5)
            {
                found = (property.Name[5..], property.Value, shadow);
            }
        }

        return found is var (type, value, _) ? (type, value, shadow) : null;
    }
}
