namespace Mach.Fhir.Definitions;

/// <summary>A rule of the specification about a type or an element.</summary>
/// <param name="Key">Name in the specification: "ele-1".</param>
/// <param name="IsError">Broken is an error; otherwise a warning (best practice).</param>
/// <param name="Human">What the rule says.</param>
/// <param name="Expression">FHIRPath, evaluated on the element.</param>
/// <remarks>Source: http://hl7.org/fhir/R4/conformance-rules.html#constraints.</remarks>
public sealed record Invariant(string Key, bool IsError, string Human, string Expression);

/// <summary>How strictly codes must come from a value set.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/terminologies.html#strength. The numbers stand in the embedded file.</remarks>
public enum BindingStrength
{
    Required,
    Extensible,
    Preferred,
    Example,
}

/// <summary>The value set whose codes an element takes.</summary>
/// <param name="ValueSet">Canonical url without version.</param>
public sealed record Binding(BindingStrength Strength, string ValueSet);
