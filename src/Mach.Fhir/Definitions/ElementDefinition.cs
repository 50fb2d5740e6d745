namespace Mach.Fhir.Definitions;

/// <summary>One element of a type.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/elementdefinition.html.</remarks>
public sealed class ElementDefinition
{
    internal ElementDefinition(TypeDefinition owner, string name)
    {
        Owner = owner;
        Name = name;
    }

    /// <summary>The type that the element belongs to, also when it inherits the element.</summary>
    public TypeDefinition Owner { get; }

    /// <summary>Name without the type of a choice: "value" for value[x].</summary>
    public string Name { get; }

    /// <summary>Path from the type: "Patient.contact.name", "Observation.value[x]".</summary>
    public string Path => field ??= Owner.Name + "." + Name + (IsChoice ? "[x]" : "");

    /// <summary>The JSON property name carries the type: valueQuantity.</summary>
    public bool IsChoice { get; internal init; }

    public int Min { get; internal init; }

    /// <summary><see cref="int.MaxValue"/> for any number.</summary>
    public int Max { get; internal init; }

    /// <summary>JSON shows the element as an array: it may repeat in the type that first defined it.</summary>
    public bool IsArray { get; internal init; }

    /// <summary>The types that it may have, in the order of the standard.</summary>
    public IReadOnlyList<TypeReference> Types { get; internal set; } = [];

    public Binding? Binding { get; internal init; }

    /// <summary>Rules of this element beyond those of its type.</summary>
    public IReadOnlyList<Invariant> Invariants { get; internal init; } = [];

    /// <summary>Part of a summary (_summary=true).</summary>
    public bool IsSummary { get; internal init; }

    /// <summary>Changes the meaning of what it belongs to, so it must not be overlooked.</summary>
    public bool IsModifier { get; internal init; }

    public override string ToString() => Path;
}

/// <summary>A type that an element may have.</summary>
/// <param name="code">As the standard writes it: "Quantity", "Reference", "BackboneElement".</param>
public sealed class TypeReference(string code, TypeDefinition definition, IReadOnlyList<string> targets)
{
    public string Code { get; } = code;

    /// <summary>What the value looks like; for a backbone its own definition.</summary>
    public TypeDefinition Definition { get; } = definition;

    /// <summary>Resource types that a Reference or a canonical may point at; empty means any.</summary>
    public IReadOnlyList<string> Targets { get; } = targets;

    public override string ToString() => Code;
}
