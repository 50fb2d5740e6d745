using System.Text.Json;
using Mach.FhirApi.Bodies;

namespace Mach.FhirApi.Patching;

/// <summary>Which kind of patch it is: JSON Patch by its media type or in a Binary, FHIRPath Patch as a Parameters resource.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#patch, http://hl7.org/fhir/R4/fhirpatch.html.</remarks>
internal static class Patches
{
    /// <summary>The patch of a PATCH request.</summary>
    /// <exception cref="FhirProblem">400: malformed.</exception>
    public static IPatch OfBody(ReadOnlyMemory<byte> body, string? mediaType)
    {
        if (mediaType == RequestBody.JsonPatch)
        {
            return JsonPatch.Parse(body);
        }

        using var document = JsonBody.Parse(body);
        return JsonBody.TypeOf(document.RootElement) == "Parameters"
            ? OfResource(document.RootElement)
            : throw new FhirProblem(400, "invalid", $"A patch is a Parameters resource (FHIRPath Patch), or a JSON Patch as {RequestBody.JsonPatch}.", "resourceType");
    }

    /// <summary>The patch in an entry of a Bundle.</summary>
    /// <exception cref="FhirProblem">400: malformed.</exception>
    public static IPatch OfResource(JsonElement resource) => JsonBody.TypeOf(resource) switch
    {
        "Parameters" => FhirPathPatch.Parse(resource),
        "Binary" => JsonPatch.Parse(JsonOf(resource)),
        _ => throw new FhirProblem(400, "invalid", $"A patch is a Parameters resource, or a Binary that holds a JSON Patch ({RequestBody.JsonPatch}).", "resource"),
    };

    /// <summary>An entry's patch as the body of a request, with its media type.</summary>
    public static (ReadOnlyMemory<byte> Body, string MediaType) BodyOf(JsonElement resource, ReadOnlyMemory<byte> bytes) =>
        JsonBody.TypeOf(resource) == "Binary" && JsonBody.TextOf(resource, "contentType"u8) == RequestBody.JsonPatch && resource.TryGetProperty("data"u8, out var data) && data.TryGetBytesFromBase64(out var json)
            ? (json, RequestBody.JsonPatch)
            : (bytes, "application/fhir+json");

    private static ReadOnlyMemory<byte> JsonOf(JsonElement binary) => BodyOf(binary, default) is (var json, RequestBody.JsonPatch)
        ? json
        : throw new FhirProblem(400, "invalid", $"A Binary that is a patch has the contentType {RequestBody.JsonPatch} and base64 data.", "resource");
}
