using System.Collections.Concurrent;
using Mach.Fhir.Definitions;

namespace Mach.Fhir.Validation;

/// <summary>What a walk needs to know of a type, prepared once.</summary>
internal sealed class TypePlan
{
    private static readonly ConcurrentDictionary<TypeDefinition, TypePlan> Plans = new();
    private readonly Lazy<Rule[]> _rules;

    private TypePlan(TypeDefinition type)
    {
        Type = type;
        Properties = type.Properties;
        Format = type.Kind == TypeKind.Primitive ? Enum.Parse<PrimitiveFormat>(type.Name, ignoreCase: true) : PrimitiveFormat.None;
        IsResource = type.Kind == TypeKind.Resource;
        IsExtension = type.Name == "Extension";
        Elements = [.. type.Elements.Select(e => new ElementPlan(e))];
        Required = [.. Enumerable.Range(0, Elements.Length).Where(i => type.Elements[i].Min > 0)];
        IdNumber = type.Elements.ToList().FindIndex(e => e.Name == "id");
        _rules = new Lazy<Rule[]>(() => [.. type.Invariants.Select(i => Rule.Compile(i, type)).OfType<Rule>()]);
    }

    public TypeDefinition Type { get; }

    public PropertyTable Properties { get; }

    /// <summary>By the position of the element in the type.</summary>
    public ElementPlan[] Elements { get; }

    /// <summary>Positions of the elements that must be there.</summary>
    public int[] Required { get; }

    public PrimitiveFormat Format { get; }

    public bool IsResource { get; }

    public bool IsExtension { get; }

    /// <summary>Position of the element id.</summary>
    public int IdNumber { get; }

    /// <summary>Rules of the type. Compiled at first use: not every type occurs.</summary>
    public Rule[] Rules => _rules.Value;

    public static TypePlan Of(TypeDefinition type) => Plans.TryGetValue(type, out var plan) ? plan : Plans.GetOrAdd(type, t => new TypePlan(t));
}

/// <summary>What a walk needs to know of an element.</summary>
internal sealed class ElementPlan(ElementDefinition definition)
{
    private readonly TypePlan?[] _types = new TypePlan?[definition.Types.Count];
    private readonly Lazy<Rule[]> _rules = new(() => [.. definition.Invariants.Select(i => Rule.Compile(i, null)).OfType<Rule>()]);
    private readonly Lazy<RequiredCodes?> _codes = new(() => RequiredCodes.Of(definition));

    public ElementDefinition Definition => definition;

    /// <summary>Rules of the element beyond those of its type.</summary>
    public Rule[] Rules => definition.Invariants.Count == 0 ? [] : _rules.Value;

    /// <summary>The codes of a required binding; null when any code goes.</summary>
    public RequiredCodes? Codes => definition.Binding is { Strength: BindingStrength.Required } ? _codes.Value : null;

    public TypePlan Plan(int type) => _types[type] ??= TypePlan.Of(definition.Types[type].Definition);
}
