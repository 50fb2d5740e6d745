namespace Mach.Chart.Ips;

/// <summary>One line of a section: a resource, and what it says in words.</summary>
/// <param name="Reference">Relative: "Condition/x".</param>
internal sealed record IpsLine(string Reference, string Words);

/// <summary>A section of the International Patient Summary.</summary>
/// <param name="Code">LOINC.</param>
/// <param name="Title">Key of its title.</param>
/// <param name="Absent">For a required section: the type of resource and the code that say that there is no information. Nobody was asked, so that "none known" is never said.</param>
/// <remarks>Source: http://hl7.org/fhir/uv/ips/STU1.1/StructureDefinition-Composition-uv-ips.html; codes: http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips.</remarks>
internal sealed record IpsSection(string Code, string Title, IReadOnlyList<IpsLine> Lines, (string Type, string Code)? Absent = null);
