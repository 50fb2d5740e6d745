using System.Collections.Frozen;

namespace Mach.Fhir.Definitions;

/// <summary>The types of FHIR R4 4.0.1. They are read at first use, and not at the start of the program.</summary>
/// <remarks>Source: the definitions of http://hl7.org/fhir/R4/downloads.html, packed by tools/Mach.Definitions.</remarks>
public static class R4
{
    private static readonly Lazy<Loaded> All = new(Load);

    /// <summary>The type by name ("Patient", "Quantity", "Patient.contact"); null when R4 has none.</summary>
    public static TypeDefinition? Find(string name) => All.Value.ByName.GetValueOrDefault(name);

    /// <exception cref="ArgumentException">R4 has no such type.</exception>
    public static TypeDefinition Get(string name) => Find(name) ?? throw new ArgumentException("Not a type of FHIR R4: " + name, nameof(name));

    /// <summary>A resource type that may occur in data, by its UTF-8 name; null for anything else. Nothing is allocated.</summary>
    public static TypeDefinition? FindResource(ReadOnlySpan<byte> name)
    {
        Span<char> chars = stackalloc char[64];
        return name.Length <= chars.Length && System.Text.Encoding.UTF8.TryGetChars(name, chars, out var length) && All.Value.ResourcesByName.TryGetValue(chars[..length], out var type) ? type : null;
    }

    /// <summary>The resources that occur in data, by name.</summary>
    public static IReadOnlyList<TypeDefinition> Resources => All.Value.Resources;

    /// <summary>All types: primitives, data types, resources, then backbones.</summary>
    public static IReadOnlyList<TypeDefinition> Types => All.Value.Types;

    private static Loaded Load()
    {
        var types = new StructureLoader(new SectionReader(SectionReader.Open(0))).Load();
        var resources = types.Where(t => t is { Kind: TypeKind.Resource, IsAbstract: false }).ToArray();
        return new Loaded(
            types,
            resources,
            types.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal),
            resources.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>());
    }

    private sealed record Loaded(
        TypeDefinition[] Types,
        TypeDefinition[] Resources,
        FrozenDictionary<string, TypeDefinition> ByName,
        FrozenDictionary<string, TypeDefinition>.AlternateLookup<ReadOnlySpan<char>> ResourcesByName);
}
