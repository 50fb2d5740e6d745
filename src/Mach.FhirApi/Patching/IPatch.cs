namespace Mach.FhirApi.Patching;

/// <summary>A change of a resource: JSON Patch or FHIRPath Patch.</summary>
internal interface IPatch
{
    /// <summary>The changed resource as JSON.</summary>
    /// <param name="resource">UTF-8 JSON as stored.</param>
    /// <exception cref="FhirProblem">422: it does not fit this resource.</exception>
    ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> resource);
}
