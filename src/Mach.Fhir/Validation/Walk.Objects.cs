using System.Text;
using System.Text.Json;
using Mach.Fhir.Definitions;

namespace Mach.Fhir.Validation;

internal sealed partial class Walk
{
    /// <summary>An object with the elements of a type: a resource, a data type, a backbone, or the companion of a primitive.</summary>
    /// <param name="value">The object. For a primitive's companion, the object that the underscored property holds.</param>
    /// <param name="primitive">The primitive's own value, when the object is its companion; undefined when it has none.</param>
    private void Object(JsonElement value, TypePlan plan, JsonElement primitive)
    {
        // By element: 0 not there, otherwise 1 and the type's position; companions count as the element.
        Span<short> seen = stackalloc short[plan.Elements.Length];
        var children = 0;
        foreach (var property in value.EnumerateObject())
        {
            if (IsFull)
            {
                return;
            }

            if (!JsonText.TryName(property, out var name) || name.IsEmpty)
            {
                Structure("A property has no name that is text.");
                continue;
            }

            if (plan.IsResource && name.SequenceEqual("resourceType"u8))
            {
                continue;
            }

            var isCompanion = name[0] == '_';
            if (!plan.Properties.TryFind(isCompanion ? name[1..] : name, out var known) || (isCompanion && known.Type.Definition.Kind != TypeKind.Primitive))
            {
                Unknown(name, plan);
                children++;
                continue;
            }

            children++;
            Mark(ref seen[known.Number], known, isCompanion, value);
            Element(property.Value, value, plan.Elements[known.Number], known, isCompanion);
        }

        Missing(seen, plan);
        Empty(children, seen, plan, primitive);
        Rules(new ObjectView(value, seen, plan), primitive);
    }

    /// <summary>An object says something: it has more than an id, unless a primitive's value stands beside it.</summary>
    private void Empty(int children, ReadOnlySpan<short> seen, TypePlan plan, JsonElement primitive)
    {
        if (plan.IsResource)
        {
            return;
        }

        var hasValue = primitive.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
        if (!hasValue && (children == 0 || (children == 1 && plan.IdNumber >= 0 && seen[plan.IdNumber] != 0)))
        {
            Broken(Rule.HasContent);
        }
        else if (children == 0)
        {
            Structure("An object is never empty.");
        }
    }

    private void Unknown(ReadOnlySpan<byte> name, TypePlan plan)
    {
        var text = Encoding.UTF8.GetString(name);
        var isIdentifier = text.Length <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        if (isIdentifier)
        {
            Enter(text);
        }

        Structure(plan.Type.Name + " has no such element in FHIR R4.");
        if (isIdentifier)
        {
            Leave();
        }
    }

    /// <summary>Notes that an element is there: once, as one type, be it by its value, its companion or both.</summary>
    private void Mark(ref short seen, Property known, bool isCompanion, JsonElement owner)
    {
        var value = (short)(((known.TypeNumber + 1) << 2) | (isCompanion ? 2 : 1));
        if (seen == 0)
        {
            seen = value;
            return;
        }

        if (seen >> 2 != value >> 2)
        {
            Enter(known.Element.Name);
            Structure("A choice has one type: " + known.Element.Name + "[x] is there with more than one.");
            Leave();
        }
        else if ((seen & value & 3) != 0)
        {
            Enter(known.Element.Name);
            Structure("The property is there twice.");
            Leave();
        }

        seen |= value;
    }

    private void Missing(ReadOnlySpan<short> seen, TypePlan plan)
    {
        foreach (var number in plan.Required)
        {
            if (seen[number] == 0)
            {
                var element = plan.Elements[number].Definition;
                Enter(element.Name);
                Add(IssueSeverity.Error, "required", element.Path + " is required.");
                Leave();
            }
        }
    }

    /// <summary>One property: the value or values of an element, or their companions.</summary>
    private void Element(JsonElement value, JsonElement owner, ElementPlan element, Property known, bool isCompanion)
    {
        var definition = element.Definition;
        if (!definition.IsArray)
        {
            Enter(definition.Name);
            if (value.ValueKind is JsonValueKind.Array)
            {
                Structure("The element does not repeat: no array is expected.");
            }
            else if (value.ValueKind is JsonValueKind.Null)
            {
                Structure("null stands for nothing outside the arrays of primitives.");
            }
            else
            {
                Item(value, element, known, isCompanion, isCompanion ? Twin(owner, known, isCompanion) : default);
            }

            Leave();
            return;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Enter(definition.Name);
            Structure("The element repeats: an array is expected.");
            Leave();
            return;
        }

        Array(value, owner, element, known, isCompanion);
    }

    private void Array(JsonElement array, JsonElement owner, ElementPlan element, Property known, bool isCompanion)
    {
        var length = array.GetArrayLength();
        if (length == 0 || length > element.Definition.Max)
        {
            Enter(element.Definition.Name);
            Structure(length == 0 ? "An array is never empty." : "At most " + element.Definition.Max + " are allowed.");
            Leave();
        }

        var twin = isCompanion || HasNull(array) ? Twin(owner, known, isCompanion) : default;
        var hasTwin = twin.ValueKind == JsonValueKind.Array;
        if (isCompanion && hasTwin && twin.GetArrayLength() != length)
        {
            Enter(element.Definition.Name);
            Structure("The arrays of values and of their ids and extensions have the same length, filled with null.");
            Leave();
        }

        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            Enter(element.Definition.Name, index);
            var other = hasTwin && index < twin.GetArrayLength() ? twin[index] : default;
            if (item.ValueKind != JsonValueKind.Null)
            {
                Item(item, element, known, isCompanion, other);
            }
            else if (known.Type.Definition.Kind != TypeKind.Primitive || (!isCompanion && other.ValueKind is not JsonValueKind.Object) || (isCompanion && other.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null))
            {
                Structure("null is allowed only beside a value or an extension in the other array of a primitive.");
            }

            Leave();
            index++;
            if (IsFull)
            {
                return;
            }
        }
    }

    private static bool HasNull(JsonElement array)
    {
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The other property of a primitive: the value for its companion, the companion for its value.</summary>
    private static JsonElement Twin(JsonElement owner, Property known, bool isCompanion) =>
        owner.TryGetProperty(isCompanion ? known.Name : known.CompanionName, out var twin) ? twin : default;
}
