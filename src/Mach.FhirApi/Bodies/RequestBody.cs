using System.IO.Compression;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Mach.FhirApi.Bodies;

/// <summary>Reads the body of a request whole, with a limit on what it becomes once unpacked.</summary>
internal static class RequestBody
{
    public const string JsonPatch = "application/json-patch+json";

    private const int Chunk = 64 * 1024;

    /// <summary>UTF-8 bytes of a JSON body: FHIR JSON, or another type of <paramref name="others"/>. A byte order mark is tolerated and left out (RFC 8259 §8.1).</summary>
    /// <exception cref="FhirProblem">415: another media type, charset, FHIR version or packing. 413: larger than the limit. 400: empty, not UTF-8, damaged packing.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadJsonAsync(FhirCall call, int limit, params string[] others)
    {
        NeedJson(call.Context.Request, others);
        var body = await ReadAsync(call.Context, limit, call.Aborted);
        if (body.Span.StartsWith("\uFEFF"u8))
        {
            body = body[3..];
        }

        if (body.IsEmpty)
        {
            throw new FhirProblem(StatusCodes.Status400BadRequest, "invalid", "The request has no body.");
        }

        return Utf8.IsValid(body.Span)
            ? body
            : throw new FhirProblem(StatusCodes.Status400BadRequest, "structure", "The body is not UTF-8.");
    }

    /// <summary>The media type of the body in lower case; null when the request names none.</summary>
    public static string? MediaType(HttpRequest request) => request.GetTypedHeaders().ContentType?.MediaType.Value?.ToLowerInvariant();

    /// <exception cref="FhirProblem">413, 415 for a packing other than gzip and br, 400 for a damaged one.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, int limit, CancellationToken ct)
    {
        var request = context.Request;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }

        if (request.ContentLength > limit)
        {
            throw TooLarge(limit);
        }

        switch (request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant())
        {
            case "" or "identity":
                return await ReadAsync(request.Body, (int?)request.ContentLength ?? 0, limit, ct);
            case "gzip" or "x-gzip":
                return await UnpackAsync(new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true), limit, ct);
            case "br":
                return await UnpackAsync(new BrotliStream(request.Body, CompressionMode.Decompress, leaveOpen: true), limit, ct);
            default:
                context.Response.Headers.AcceptEncoding = "gzip, br";
                throw new FhirProblem(StatusCodes.Status415UnsupportedMediaType, "not-supported", "Content-Encoding is gzip, br or absent.");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> UnpackAsync(Stream unpacked, int limit, CancellationToken ct)
    {
        await using (unpacked)
        {
            try
            {
                return await ReadAsync(unpacked, 0, limit, ct);
            }
            catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
            {
                throw new FhirProblem(StatusCodes.Status400BadRequest, "structure", "The body cannot be unpacked as its Content-Encoding says.");
            }
        }
    }

    // Not from a pool: the bytes go to the committer, which may still hold them when the client has gone.
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, int expected, int limit, CancellationToken ct)
    {
        var bytes = new byte[expected > 0 ? expected : Math.Min(Chunk, limit + 1)];
        for (var length = 0; ;)
        {
            if (length == bytes.Length)
            {
                if (expected > 0 || length > limit)
                {
                    return length > limit ? throw TooLarge(limit) : bytes;
                }

                Array.Resize(ref bytes, (int)Math.Min(2L * bytes.Length, limit + 1L));
            }

            var read = await stream.ReadAsync(bytes.AsMemory(length), ct);
            if (read == 0)
            {
                return bytes.AsMemory(0, length);
            }

            length += read;
        }
    }

    private static void NeedJson(HttpRequest request, string[] others)
    {
        if (string.IsNullOrEmpty(request.ContentType))
        {
            return;
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !(type.MediaType.Value?.ToLowerInvariant() is "application/fhir+json" or "application/json" or "text/json"
                || others.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)))
        {
            throw new FhirProblem(StatusCodes.Status415UnsupportedMediaType, "not-supported",
                $"The body is taken as application/fhir+json{string.Concat(others.Select(o => " or " + o))}, not as {FhirCall.Shorten(request.ContentType)}.");
        }

        NeedUtf8(type);

        var version = type.Parameters.FirstOrDefault(p => p.Name.Equals("fhirVersion", StringComparison.OrdinalIgnoreCase))?.Value;
        if (version is { HasValue: true } said && said.AsSpan().Trim('"') is not ("4.0" or "4.0.1"))
        {
            throw new FhirProblem(StatusCodes.Status415UnsupportedMediaType, "not-supported", "Only FHIR R4 is taken: fhirVersion=4.0.");
        }
    }

    /// <exception cref="FhirProblem">415.</exception>
    public static void NeedUtf8(MediaTypeHeaderValue type)
    {
        if (type.Charset.HasValue && !type.Charset.Value.AsSpan().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw new FhirProblem(StatusCodes.Status415UnsupportedMediaType, "not-supported", "What is sent is UTF-8.");
        }
    }

    private static FhirProblem TooLarge(int limit) =>
        new(StatusCodes.Status413PayloadTooLarge, "too-long", $"The body is larger than {limit / (1024 * 1024)} MiB once unpacked.");
}
