using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.FhirApi.Bodies;

namespace Mach.FhirApi.Patching;

/// <summary>One operation of a FHIRPath Patch.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/fhirpatch.html#concept.</remarks>
internal sealed class PatchOperation
{
    private static readonly string[] Types = ["add", "insert", "delete", "replace", "move"];

    private readonly string _type;
    private readonly string _path;
    private readonly string? _name;
    private readonly JsonElement _value;
    private readonly int _index, _source, _destination;

    private PatchOperation(string type, string path, string? name, JsonElement value, int index, int source, int destination, string place) =>
        (_type, _path, _name, _value, _index, _source, _destination, Place) = (type, path, name, value, index, source, destination, place);

    /// <summary>Where it stands in the patch.</summary>
    public string Place { get; }

    /// <exception cref="FhirProblem">400: something is missing or malformed.</exception>
    public static PatchOperation Read(JsonElement parameter, string place)
    {
        var parts = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (parameter.TryGetProperty("part"u8, out var all) && all.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in all.EnumerateArray())
            {
                if (JsonBody.TextOf(part, "name"u8) is { } partName && !parts.TryAdd(partName, part))
                {
                    throw new FhirProblem(400, "invalid", $"{partName} is said twice.", place);
                }
            }
        }

        var type = Text(parts, "type", place);
        if (!Types.Contains(type))
        {
            throw new FhirProblem(400, "invalid", "The type is add, insert, delete, replace or move.", place);
        }

        var path = Text(parts, "path", place);
        ElementFinder.Check(path, place);
        var hasValue = parts.TryGetValue("value", out var value);
        if (type is "add" or "insert" or "replace" && !hasValue)
        {
            throw new FhirProblem(400, "required", $"{type} needs a value.", place);
        }

        return new PatchOperation(
            type, path, type == "add" ? Text(parts, "name", place) : null, hasValue ? value.Clone() : default,
            type == "insert" ? Number(parts, "index", place) : 0,
            type == "move" ? Number(parts, "source", place) : 0,
            type == "move" ? Number(parts, "destination", place) : 0,
            place);
    }

    /// <exception cref="FhirProblem">422: it does not fit the resource.</exception>
    public void Apply(JsonObject resource)
    {
        switch (_type)
        {
            case "add":
                Add(resource);
                break;
            case "delete":
                Delete(resource);
                break;
            case "replace":
                Replace(resource);
                break;
            case "insert":
                Insert(ElementFinder.List(resource, _path));
                break;
            default:
                Move(ElementFinder.List(resource, _path));
                break;
        }
    }

    private void Add(JsonObject resource)
    {
        var location = ElementFinder.One(resource, _path) ?? throw NoOne();
        var (parent, type) = ElementPlace.Follow(resource, location, out _);
        if (parent is null)
        {
            throw new FhirProblem(422, "processing", $"{FhirCall.Shorten(_path)} is a primitive, which has no elements to add to.");
        }

        var (value, shadow) = PatchValue.Read(_value, type, _name!, out var property, out var element);
        if (!PatchValue.Put(parent, property, element, value, shadow))
        {
            throw new FhirProblem(422, "processing", $"{location}.{_name} is there already and does not repeat; replace it.");
        }
    }

    private void Delete(JsonObject resource)
    {
        // Deleting what is not there is no error.
        if (ElementFinder.One(resource, _path) is { } location)
        {
            ElementPlace.Follow(resource, location, out var place);
            Remove(place ?? throw new FhirProblem(422, "processing", "A patch cannot delete the resource itself."));
        }
    }

    private void Replace(JsonObject resource)
    {
        var location = ElementFinder.One(resource, _path) ?? throw NoOne();
        ElementPlace.Follow(resource, location, out var place);
        if (place is null)
        {
            throw new FhirProblem(422, "processing", "A patch cannot replace the resource itself; update it.");
        }

        var (owner, name) = (place.Element.Owner, place.Element.Name);
        var (value, shadow) = PatchValue.Read(_value, owner, name, out var property, out _);
        if (place.Index is { } index)
        {
            Remove(place);
            Insert(place.Parent, property, index, value, shadow);
            return;
        }

        Remove(place);
        if (value is not null)
        {
            place.Parent[property] = value;
        }

        if (shadow is not null)
        {
            place.Parent["_" + property] = shadow;
        }
    }

    private void Insert(ElementList list)
    {
        if (_index > list.Count)
        {
            throw new FhirProblem(422, "processing", $"The index {_index} is beyond the {list.Count} elements of {FhirCall.Shorten(_path)}.");
        }

        var (value, shadow) = PatchValue.Read(_value, list.Element.Owner, list.Element.Name, out var property, out _);
        Insert(list.Parent, property, _index, value, shadow);
    }

    private void Move(ElementList list)
    {
        if (_source >= list.Count || _destination >= list.Count)
        {
            throw new FhirProblem(422, "processing", $"Source or destination is beyond the {list.Count} elements of {FhirCall.Shorten(_path)}.");
        }

        foreach (var property in (string[])[list.Property, "_" + list.Property])
        {
            if (list.Parent[property] is JsonArray array && _source < array.Count)
            {
                var moved = array[_source];
                array.RemoveAt(_source);
                array.Insert(Math.Min(_destination, array.Count), moved);
            }
        }
    }

    private static void Insert(JsonObject parent, string property, int index, JsonNode? value, JsonNode? shadow)
    {
        var count = Math.Max((parent[property] as JsonArray)?.Count ?? 0, (parent["_" + property] as JsonArray)?.Count ?? 0);
        PatchValue.InsertAt(parent, property, index, count, value);
        if (shadow is not null || parent["_" + property] is JsonArray)
        {
            PatchValue.InsertAt(parent, "_" + property, index, count, shadow);
        }
    }

    private static void Remove(ElementPlace place)
    {
        foreach (var property in (string[])[place.Property, place.Shadow])
        {
            if (place.Index is not { } index)
            {
                place.Parent.Remove(property);
            }
            else if (place.Parent[property] is JsonArray array && index < array.Count)
            {
                array.RemoveAt(index);
            }
        }
    }

    private FhirProblem NoOne() => new(422, "processing", $"{FhirCall.Shorten(_path)} finds nothing in the resource.");

    private static string Text(Dictionary<string, JsonElement> parts, string name, string place)
    {
        if (parts.TryGetValue(name, out var part))
        {
            foreach (var property in part.EnumerateObject())
            {
                if (property.Name.StartsWith("value", StringComparison.Ordinal) && property.Value.ValueKind == JsonValueKind.String)
                {
                    return property.Value.GetString()!;
                }
            }
        }

        throw new FhirProblem(400, "required", $"The operation needs the part {name} with a text.", place);
    }

    private static int Number(Dictionary<string, JsonElement> parts, string name, string place)
    {
        if (parts.TryGetValue(name, out var part))
        {
            foreach (var property in part.EnumerateObject())
            {
                if (property.Name.StartsWith("value", StringComparison.Ordinal) && property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetInt32(out var number) && number >= 0)
                {
                    return number;
                }
            }
        }

        throw new FhirProblem(400, "required", $"The operation needs the part {name} with a number from 0.", place);
    }
}
