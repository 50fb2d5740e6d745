using System.Text.Json;

namespace Mach.Fhir.Validation;

/// <summary>Says whether JSON is a resource of FHIR R4 as the specification defines it, without profiles.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/validation.html: structure, cardinality, values, required bindings, and invariants.</remarks>
public static class ResourceValidator
{
    /// <summary>What is wrong; empty when nothing is. No input makes it throw.</summary>
    public static IReadOnlyList<Issue> Validate(JsonElement resource, ValidationOptions? options = null)
    {
        var walk = new Walk(options ?? ValidationOptions.Default);
        walk.Root(resource);
        return walk.Issues;
    }
}
