namespace Mach.Definitions;

/// <summary>How a type is used; the numbers stand in the file and equal Mach.Fhir.Definitions.TypeKind.</summary>
internal enum ModelKind
{
    Primitive,
    Complex,
    Backbone,
    Resource,
}

/// <summary>A rule of the specification on a type or an element.</summary>
internal sealed record InvariantModel(string Key, bool IsError, string Human, string Expression);

/// <summary>One type an element may have.</summary>
/// <param name="Code">Name as in JSON ("Quantity", "Reference"); "BackboneElement" for a backbone.</param>
/// <param name="Definition">Name of the definition; the backbone's path for a backbone.</param>
internal sealed record TypeReferenceModel(string Code, string Definition, IReadOnlyList<string> Targets);

/// <param name="Max">0 means any number.</param>
internal sealed record ElementModel(
    string Name,
    bool IsChoice,
    bool IsArray,
    bool IsSummary,
    bool IsModifier,
    int Min,
    int Max,
    IReadOnlyList<TypeReferenceModel> Types,
    int Strength,
    string? ValueSet,
    IReadOnlyList<InvariantModel> Invariants);

/// <param name="Pattern">Regular expression of a primitive's value.</param>
internal sealed record TypeModel(
    string Name,
    ModelKind Kind,
    bool IsAbstract,
    string? Base,
    string? Pattern,
    List<ElementModel> Elements,
    IReadOnlyList<InvariantModel> Invariants);

/// <param name="Parent">Position of the parent in the list, −1 for none.</param>
internal sealed record ConceptModel(string Code, string? Display, string? Definition, int Parent);

internal sealed record CodeSystemModel(string Url, string Name, string? Version, bool IsComplete, IReadOnlyList<ConceptModel> Concepts)
{
    public Dictionary<string, int> ByCode { get; } = Concepts.Select((c, i) => (c.Code, i)).GroupBy(p => p.Code, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().i, StringComparer.Ordinal);
}

/// <summary>A code of a value set: of a code system in the file (by position), or of one that is not (with its display).</summary>
internal sealed record MemberModel(string System, string Code, string? Display);

internal sealed record ValueSetModel(string Url, string Name, string? Version, IReadOnlyList<MemberModel> Members);
