using System.Text;
using System.Text.Json;

namespace Mach.Fhir.Types;

/// <summary>An element with a choice of types: value[x]. At most one of them is there.</summary>
/// <param name="owner">The object that the element belongs to.</param>
/// <param name="name">Its name without the type: "value".</param>
public readonly struct Choice(JsonElement owner, string name)
{
    /// <summary>Name of the type that is there ("Quantity", "DateTime"), as the JSON property ends; null when none is.</summary>
    public string? Type => Find(out var type, out _) ? type : null;

    /// <summary>The value, undefined when none is there.</summary>
    public JsonElement Json => Find(out _, out var value) ? value : default;

    public bool IsMissing => !Find(out _, out _);

    /// <summary>The value as a data type; null when another or none is there.</summary>
    public T? As<T>()
        where T : struct, IFhir<T> =>
        owner.TryGetProperty(name + T.TypeName, out var value) && value.ValueKind == JsonValueKind.Object ? T.Of(value) : null;

    /// <summary>The value as text, when its type is one of the primitives that JSON writes as text.</summary>
    public string? Text => Json is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public bool? Flag => Json is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : null;

    public decimal? Number => Json is { ValueKind: JsonValueKind.Number } value && value.TryGetDecimal(out var number) ? number : null;

    private bool Find(out string? type, out JsonElement value)
    {
        if (owner.ValueKind == JsonValueKind.Object)
        {
            var start = Encoding.UTF8.GetBytes(name);
            foreach (var property in owner.EnumerateObject())
            {
                var found = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8PropertyName(property);
                if (found.Length > start.Length && found.StartsWith(start) && char.IsAsciiLetterUpper((char)found[start.Length]))
                {
                    type = property.Name[name.Length..];
                    value = property.Value;
                    return true;
                }
            }
        }

        type = null;
        value = default;
        return false;
    }
}
