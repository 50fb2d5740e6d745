using Mach.Fhir.Definitions;

namespace Mach.Fhir.Path;

/// <summary>A type by name, as is, as and ofType take it: "Patient", "FHIR.string", "System.String".</summary>
/// <remarks>Source: http://hl7.org/fhirpath/N1/#types-and-reflection. Without a namespace, a value is measured by the names of its own.</remarks>
internal sealed class TypeSpecifier
{
    private static readonly string[] SystemTypes = ["Boolean", "String", "Integer", "Decimal", "Date", "DateTime", "Time", "Quantity", "Any"];

    private readonly TypeDefinition? _fhir;
    private readonly string? _system;
    private readonly bool _isAnything;

    private TypeSpecifier(TypeDefinition? fhir, string? system)
    {
        _fhir = fhir;
        _system = system;
        _isAnything = system == "Any";
    }

    /// <exception cref="FhirPathException">There is no such type.</exception>
    public static TypeSpecifier Of(string? space, string name, int position)
    {
        var fhir = space is null or "FHIR" ? R4.Find(name switch { "SimpleQuantity" or "MoneyQuantity" => "Quantity", _ => name }) : null;
        var system = space is null or "System" && SystemTypes.Contains(name) ? name : null;
        return fhir is null && system is null
            ? throw new FhirPathException("There is no type " + (space is null ? name : space + "." + name) + ".", position)
            : new TypeSpecifier(fhir, system);
    }

    public bool Matches(FhirNode node) =>
        _isAnything || (node.IsSystem ? _system is not null && _system == NameOf(node.SystemValue) : _fhir is not null && node.Type is not null && node.Type.IsA(_fhir));

    /// <summary>System name of a value.</summary>
    public static string NameOf(object? value) => value switch
    {
        bool => "Boolean",
        int or long => "Integer",
        decimal => "Decimal",
        string => "String",
        PathQuantity => "Quantity",
        Moment moment => moment.Kind.ToString(),
        _ => "Any",
    };
}
