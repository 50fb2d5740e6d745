namespace Mach.FhirApi.Writing;

/// <summary>Which texts of a resource are of the type canonical: those name a definition wherever it lies and are not links within a Bundle.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#trules.</remarks>
internal static class Canonicals
{
    /// <param name="at">Position of the text in the resource.</param>
    public static bool IsAt(ReadOnlyMemory<byte> resource, int at) => resource.IsEmpty && at < 0;
}
