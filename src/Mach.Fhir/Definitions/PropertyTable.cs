using System.Text;

namespace Mach.Fhir.Definitions;

/// <summary>One JSON property of a type.</summary>
/// <param name="Number">Position of the element in the type.</param>
/// <param name="TypeNumber">Position of the type in the element.</param>
internal sealed record Property(byte[] Name, ElementDefinition Element, TypeReference Type, int Number, int TypeNumber)
{
    /// <summary>Name of the property that holds the id and the extensions of a primitive.</summary>
    public byte[] CompanionName { get; } = [(byte)'_', .. Name];
}

/// <summary>JSON property names of a type, by hash of their UTF-8 bytes.</summary>
internal sealed class PropertyTable
{
    private readonly Property?[] _slots;

    public PropertyTable(TypeDefinition type)
    {
        var properties = new List<Property>();
        for (var i = 0; i < type.Elements.Count; i++)
        {
            var element = type.Elements[i];
            for (var j = 0; j < element.Types.Count; j++)
            {
                properties.Add(new Property(Encoding.UTF8.GetBytes(JsonName(element, element.Types[j])), element, element.Types[j], i, j));
            }
        }

        // At most a third full, so that a name is found at the first or second look.
        _slots = new Property?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)((properties.Count * 3) + 1))];
        foreach (var property in properties)
        {
            var at = Hash(property.Name) & (uint)(_slots.Length - 1);
            while (_slots[at] is not null)
            {
                at = (at + 1) & (uint)(_slots.Length - 1);
            }

            _slots[at] = property;
        }
    }

    /// <summary>"valueQuantity" for a choice, else the element's name.</summary>
    public static string JsonName(ElementDefinition element, TypeReference type) =>
        element.IsChoice ? element.Name + char.ToUpperInvariant(type.Code[0]) + type.Code[1..] : element.Name;

    public bool TryFind(ReadOnlySpan<byte> name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Property? property)
    {
        for (var at = Hash(name) & (uint)(_slots.Length - 1); _slots[at] is { } found; at = (at + 1) & (uint)(_slots.Length - 1))
        {
            if (name.SequenceEqual(found.Name))
            {
                property = found;
                return true;
            }
        }

        property = null;
        return false;
    }

    /// <summary>FNV-1a, 32 bits.</summary>
    private static uint Hash(ReadOnlySpan<byte> name)
    {
        var hash = 2166136261;
        foreach (var b in name)
        {
            hash = (hash ^ b) * 16777619;
        }

        return hash;
    }
}
