using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mach.Store;
using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi;

/// <summary>Sends a resource: stored bytes with their version spliced in, never written anew (unless <c>_pretty</c> asks for it).</summary>
internal static class FhirAnswer
{
    public const string ContentType = "application/fhir+json; charset=utf-8";

    public static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly JsonWriterOptions Indented = Json with { Indented = true, SkipValidation = false };

    /// <summary>One version with ETag and Last-Modified; 304 without a body when the client has it. The caller has dealt with deleted ones.</summary>
    /// <remarks>Source: http://hl7.org/fhir/R4/http.html#cread.</remarks>
    public static Task SendAsync(FhirCall call, StoredResource resource) => SendAsync(call, resource, null, null);

    /// <summary>The same in another form than JSON.</summary>
    /// <param name="form">Media type; null = the resource itself.</param>
    /// <param name="content">Called when the client does not have it.</param>
    public static async Task SendAsync(FhirCall call, StoredResource resource, string? form, Func<byte[]>? content)
    {
        var headers = call.Context.Response.Headers;
        headers.ETag = ETag(resource.Version);
        headers.LastModified = HttpDate(resource.LastUpdated);
        if (Has(call.Context.Request, resource))
        {
            call.Context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        if (content is not null)
        {
            await SendAsync(call.Context, content(), form!);
            return;
        }

        using var buffer = new PooledBuffer();
        call.Shape.Write(resource, buffer);
        await SendAsync(call, buffer.Written);
    }

    public static Task SendAsync(FhirCall call, ReadOnlyMemory<byte> body) => SendAsync(call.Context, body, call.Pretty);

    public static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> body, bool pretty = false)
    {
        using var indented = pretty ? Indent(body) : null;
        await SendAsync(context, indented?.Written ?? body, ContentType);
    }

    private static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> body, string form)
    {
        context.Response.ContentType = form;
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    /// <summary>A resource that was made here, in the part that the client asked for.</summary>
    public static async Task SendShapedAsync(FhirCall call, string type, ReadOnlyMemory<byte> body)
    {
        using var buffer = new PooledBuffer();
        call.Shape.Write(type, body.Span, buffer);
        await SendAsync(call, buffer.Written);
    }

    private static PooledBuffer Indent(ReadOnlyMemory<byte> body)
    {
        var buffer = new PooledBuffer();
        using var document = JsonDocument.Parse(body);
        using var json = new Utf8JsonWriter(buffer, Indented);
        document.WriteTo(json);
        return buffer;
    }

    public static string ETag(int version) => string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"");

    public static string HttpDate(DateTimeOffset at) => at.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);

    private static bool Has(HttpRequest request, StoredResource resource)
    {
        var headers = request.GetTypedHeaders();
        if (headers.IfNoneMatch.Count > 0)
        {
            var version = resource.Version.ToString(CultureInfo.InvariantCulture);
            return headers.IfNoneMatch.Any(t => t.Tag == "*" || t.Tag.AsSpan().Trim('"').SequenceEqual(version));
        }

        // HTTP dates have whole seconds.
        return headers.IfModifiedSince is { } since && resource.LastUpdated.ToUnixTimeSeconds() <= since.ToUnixTimeSeconds();
    }
}
