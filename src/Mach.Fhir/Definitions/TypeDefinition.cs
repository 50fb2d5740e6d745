namespace Mach.Fhir.Definitions;

/// <summary>How a type is used.</summary>
public enum TypeKind
{
    /// <summary>A JSON string, number or boolean.</summary>
    Primitive,

    /// <summary>A data type with elements.</summary>
    Complex,

    /// <summary>Elements of an element that has no type of its own: Patient.contact.</summary>
    Backbone,

    Resource,
}

/// <summary>A data type, a resource, or the content of a backbone element of FHIR R4.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/structuredefinition.html; the definitions are those of 4.0.1.</remarks>
public sealed class TypeDefinition
{
    private PropertyTable? _properties;

    internal TypeDefinition(string name, TypeKind kind, bool isAbstract, TypeDefinition? parent)
    {
        Name = name;
        Kind = kind;
        IsAbstract = isAbstract;
        Base = parent;
    }

    /// <summary>"Patient", "Quantity", "string"; a backbone by its path, "Patient.contact".</summary>
    public string Name { get; }

    public TypeKind Kind { get; }

    /// <summary>The type that this one specializes: Age → Quantity → Element; a backbone's is BackboneElement or Element.</summary>
    public TypeDefinition? Base { get; }

    /// <summary>Only its specializations occur: Element, BackboneElement, Resource, DomainResource.</summary>
    public bool IsAbstract { get; }

    /// <summary>All elements, including inherited ones, in the order of the standard. A primitive has id and extension.</summary>
    public IReadOnlyList<ElementDefinition> Elements { get; internal set; } = [];

    /// <summary>Rules of the type, including inherited ones.</summary>
    public IReadOnlyList<Invariant> Invariants { get; internal init; } = [];

    /// <summary>Regular expression that the whole value of a primitive matches; null where the standard gives none.</summary>
    public string? Pattern { get; internal init; }

    /// <summary>The element by its name without the type of a choice ("value" for value[x]); null when there is none.</summary>
    public ElementDefinition? Find(string name)
    {
        foreach (var element in Elements)
        {
            if (element.Name == name)
            {
                return element;
            }
        }

        return null;
    }

    /// <summary>What a JSON property stands for: valueQuantity is the element value with the type Quantity. Nothing is allocated.</summary>
    /// <param name="jsonName">The name in UTF-8, without the underscore of a primitive's companion.</param>
    public bool TryProperty(ReadOnlySpan<byte> jsonName, out ElementDefinition element, out TypeReference type)
    {
        if (Properties.TryFind(jsonName, out var property))
        {
            element = property.Element;
            type = property.Type;
            return true;
        }

        element = null!;
        type = null!;
        return false;
    }

    public bool IsA(TypeDefinition other)
    {
        for (var type = this; type is not null; type = type.Base)
        {
            if (ReferenceEquals(type, other))
            {
                return true;
            }
        }

        return false;
    }

    public bool IsA(string name)
    {
        for (var type = this; type is not null; type = type.Base)
        {
            if (type.Name == name)
            {
                return true;
            }
        }

        return false;
    }

    public override string ToString() => Name;

    /// <summary>Built at first use; two threads that build it at once build the same.</summary>
    internal PropertyTable Properties => _properties ??= new PropertyTable(this);
}
