using System.Text.Json;
using Mach.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Mach.FhirApi.Presentation;

/// <summary>
/// The content of a Binary in its own form, for who asks for that form by its name. Everybody else, a wildcard too, gets the resource.
/// Browsers save it and do not show it; scripts and style sheets are not given so, since a page could make them part of itself.
/// </summary>
/// <remarks>Source: http://hl7.org/fhir/R4/binary.html#rest.</remarks>
internal static class BinaryContent
{
    private const string Binary = "Binary";

    private static readonly string[] Active = ["javascript", "ecmascript", "jscript", "livescript", "css", "wasm"];

    /// <summary>Whether the request may ask for content: a read of one Binary or of a version of it, without <c>_format</c>.</summary>
    public static bool MayBeAsked(HttpContext context, string? format) =>
        string.IsNullOrEmpty(format) && context.Request.RouteValues["type"] is Binary
        && context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName is FhirApiModule.ReadName or FhirApiModule.VersionReadName;

    /// <summary>Sends the content when it is asked for.</summary>
    /// <returns>False when the resource is to be sent.</returns>
    /// <exception cref="FhirProblem">406: neither the resource nor the form of this content is taken.</exception>
    public static async Task<bool> SendAsync(FhirCall call, StoredResource resource)
    {
        if (!call.MayBeContent)
        {
            return false;
        }

        using var document = JsonDocument.Parse(resource.Body);
        if (call.Shape.IsWhole && Form(document.RootElement) is { } form && Asks(call.Context.Request, form))
        {
            call.Context.Response.Headers.ContentDisposition = "attachment";
            await FhirAnswer.SendAsync(call, resource, form.ToString(), () => Content(document.RootElement));
            return true;
        }

        Negotiation.Check(call.Context.Request, null);
        return false;
    }

    /// <summary>The media type of the content; null when it is none that is given.</summary>
    private static MediaTypeHeaderValue? Form(JsonElement binary) =>
        Bodies.JsonBody.TextOf(binary, "contentType"u8) is { } text && MediaTypeHeaderValue.TryParse(text, out var form) && !form.MatchesAllTypes && !form.MatchesAllSubTypes
        && !Active.Any(word => form.MediaType.Value!.Contains(word, StringComparison.OrdinalIgnoreCase))
            ? form
            : null;

    /// <summary>The form is named, and FHIR is not.</summary>
    private static bool Asks(HttpRequest request, MediaTypeHeaderValue form)
    {
        var accepted = request.GetTypedHeaders().Accept.Where(a => a.Quality != 0).ToList();
        return !accepted.Exists(a => a.MediaType.Value?.ToLowerInvariant() is "application/fhir+json" or "application/json" or "text/json")
            && accepted.Exists(a => a.MediaType.Equals(form.MediaType, StringComparison.OrdinalIgnoreCase));
    }

    private static byte[] Content(JsonElement binary) => Convert.FromBase64String(Bodies.JsonBody.TextOf(binary, "data"u8) ?? "");
}
