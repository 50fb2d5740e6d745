using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Mach.Fhir.Definitions;

namespace Mach.Fhir.Path;

public sealed partial class FhirNode
{
    /// <summary>The object whose properties are the elements: the value, or what stands beside a primitive.</summary>
    internal JsonElement Container => _json.ValueKind == JsonValueKind.Object ? _json : _shadow;

    /// <summary>All elements, in the order of the JSON.</summary>
    internal void AddChildren(ref ValuesBuilder into)
    {
        var container = Container;
        if (container.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var property in container.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(property);
            if (!IsElement(container, name, out var isShadow))
            {
                continue;
            }

            name = isShadow ? name[1..] : name;
            var shadow = isShadow ? property.Value : ShadowOf(container, name);
            if (Type is not null && Type.TryProperty(name, out var element, out var reference))
            {
                AddItems(isShadow ? default : property.Value, shadow, element, reference, null, ref into);
            }
            else
            {
                AddItems(isShadow ? default : property.Value, shadow, null, null, Encoding.UTF8.GetString(name), ref into);
            }
        }
    }

    /// <summary>How many <see cref="AddChildren"/> adds, without making them.</summary>
    internal int CountChildren()
    {
        var container = Container;
        if (container.ValueKind != JsonValueKind.Object)
        {
            return 0;
        }

        var count = 0;
        foreach (var property in container.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(property);
            if (IsElement(container, name, out var isShadow))
            {
                // An array with a gap may have something beside the gap.
                count += isShadow ? CountItems(default, property.Value)
                    : property.Value.ValueKind == JsonValueKind.Array && property.Value.GetArrayLength() > 0 && property.Value[0].ValueKind != JsonValueKind.Object ? CountItems(property.Value, ShadowOf(container, name))
                    : CountItems(property.Value, default);
            }
        }

        return count;
    }

    /// <summary>The items of one property and of what stands beside it.</summary>
    internal void AddItems(JsonElement json, JsonElement shadow, ElementDefinition? element, TypeReference? reference, string? name, ref ValuesBuilder into)
    {
        var type = reference?.Definition;
        if (json.ValueKind != JsonValueKind.Array && shadow.ValueKind != JsonValueKind.Array)
        {
            if (Is(json) || Is(shadow))
            {
                into.Add(new FhirNode(Plain(json), Plain(shadow), type, this, element, reference, name, -1));
            }

            return;
        }

        var (count, shadows) = (Length(json), Length(shadow));
        if (shadows == 0)
        {
            var i = 0;
            foreach (var item in json.EnumerateArray())
            {
                if (Is(item))
                {
                    into.Add(new FhirNode(item, default, type, this, element, reference, name, i));
                }

                i++;
            }

            return;
        }

        for (var i = 0; i < Math.Max(count, shadows); i++)
        {
            var (value, beside) = (i < count ? Plain(json[i]) : default, i < shadows ? Plain(shadow[i]) : default);
            if (Is(value) || Is(beside))
            {
                into.Add(new FhirNode(value, beside, type, this, element, reference, name, i));
            }
        }
    }

    /// <summary>How many <see cref="AddItems"/> adds.</summary>
    internal static int CountItems(JsonElement json, JsonElement shadow)
    {
        if (json.ValueKind != JsonValueKind.Array && shadow.ValueKind != JsonValueKind.Array)
        {
            return Is(json) || Is(shadow) ? 1 : 0;
        }

        var (count, shadows) = (Length(json), Length(shadow));
        if (shadows == 0 && (count == 0 || json[0].ValueKind == JsonValueKind.Object))
        {
            return count;
        }

        var items = 0;
        for (var i = 0; i < Math.Max(count, shadows); i++)
        {
            items += (i < count && Is(json[i])) || (i < shadows && Is(shadow[i])) ? 1 : 0;
        }

        return items;
    }

    /// <summary>"_name" as well as "name": what stands beside a value is no element of its own.</summary>
    private static bool IsElement(JsonElement container, ReadOnlySpan<byte> name, out bool isShadow)
    {
        isShadow = name is [(byte)'_', ..];
        return isShadow ? !container.TryGetProperty(name[1..], out _) : !name.SequenceEqual("resourceType"u8);
    }

    private static JsonElement ShadowOf(JsonElement container, ReadOnlySpan<byte> name)
    {
        if (name.Length > 126)
        {
            return default;
        }

        Span<byte> shadow = stackalloc byte[name.Length + 1];
        shadow[0] = (byte)'_';
        name.CopyTo(shadow[1..]);
        return container.TryGetProperty(shadow, out var found) ? found : default;
    }

    private static bool Is(JsonElement json) => json.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    private static JsonElement Plain(JsonElement json) => json.ValueKind is JsonValueKind.Null or JsonValueKind.Array ? default : json;

    private static int Length(JsonElement json) => json.ValueKind == JsonValueKind.Array ? json.GetArrayLength() : 0;
}
