using System.Globalization;
using System.Text;
using System.Text.Json;
using Mach.Fhir.Definitions;

namespace Mach.Fhir.Path;

/// <summary>An item of a FHIRPath collection: an element of a resource where it stands in the JSON, or a value of the language itself.</summary>
public sealed partial class FhirNode
{
    private static readonly object NotRead = new();
    private static readonly FhirNode[] SmallIntegers = [.. Enumerable.Range(0, 64).Select(i => new FhirNode(i))];

    private readonly JsonElement _json;
    private readonly JsonElement _shadow;
    private readonly ElementDefinition? _element;
    private readonly TypeReference? _reference;
    private readonly string? _name;
    private object? _system = NotRead;

    private FhirNode(object system) => _system = system;

    internal FhirNode(JsonElement json, JsonElement shadow, TypeDefinition? type, FhirNode? parent, ElementDefinition? element, TypeReference? reference, string? name, int index)
    {
        _json = json;
        _shadow = shadow;
        _element = element;
        _reference = reference;
        _name = name;
        Type = type is { Kind: TypeKind.Resource } ? ResourceType(json) ?? type : type;
        Parent = parent;
        Index = index;
    }

    /// <summary>The value; undefined for values of the language, and for primitives that have only an id or extensions.</summary>
    public JsonElement Json => _json;

    /// <summary>The object beside a primitive ("_birthDate") that holds its id and extensions; undefined when there is none.</summary>
    public JsonElement Shadow => _shadow;

    /// <summary>Null for values of the language, and for JSON that the specification does not know.</summary>
    public TypeDefinition? Type { get; }

    public FhirNode? Parent { get; }

    /// <summary>Position in the JSON array; -1 when the property is no array.</summary>
    public int Index { get; } = -1;

    /// <summary>The element; null for roots, and for values of the language.</summary>
    public ElementDefinition? Element => _element;

    /// <summary>The JSON property in the parent: "valueQuantity", without underscore; null for roots and values of the language.</summary>
    public string? PropertyName => _name ?? (_element is not null && _reference is not null ? PropertyTable.JsonName(_element, _reference) : null);

    /// <summary>Simple FHIRPath from the root: "Patient.name[0].given[1]", "Observation.value". Empty for values of the language.</summary>
    public string Location
    {
        get
        {
            var path = new StringBuilder();
            AppendLocation(path);
            return path.ToString();
        }
    }

    /// <summary>Value of the language, not of a resource.</summary>
    internal bool IsSystem => Type is null && _json.ValueKind == JsonValueKind.Undefined && _shadow.ValueKind == JsonValueKind.Undefined;

    internal static FhirNode True { get; } = new((object)true);

    internal static FhirNode False { get; } = new((object)false);

    /// <summary>A resource; its type is what it says it is, and unknown when that is no type of R4.</summary>
    public static FhirNode OfResource(JsonElement resource) => new(resource, default, ResourceType(resource), null, null, null, null, -1);

    /// <summary>A value that stands for itself.</summary>
    public static FhirNode Of(JsonElement value, JsonElement shadow, TypeDefinition? type) => new(value, shadow, type, null, null, null, null, -1);

    /// <summary>A value of the language: bool, int, long, decimal, string, <see cref="Moment"/> or <see cref="PathQuantity"/>.</summary>
    public static FhirNode OfSystem(object value) => value switch
    {
        bool b => b ? True : False,
        int i and >= 0 and < 64 => SmallIntegers[i],
        int or long or decimal or string or Moment or PathQuantity => new FhirNode(value),
        _ => throw new ArgumentException("Not a type of the language: " + value.GetType().Name, nameof(value)),
    };

    public override string ToString() => SystemValue?.ToString() ?? (Type?.Name ?? "?") + " " + Location;

    private static TypeDefinition? ResourceType(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("resourceType"u8, out var name) && name.ValueKind == JsonValueKind.String
            ? R4.FindResource(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(name)[1..^1])
            : null;

    private void AppendLocation(StringBuilder path)
    {
        if (Parent is null)
        {
            path.Append(Type?.Name);
            return;
        }

        Parent.AppendLocation(path);
        path.Append('.').Append(_element?.Name ?? _name);
        if (Index >= 0)
        {
            path.Append(CultureInfo.InvariantCulture, $"[{Index}]");
        }
    }
}
