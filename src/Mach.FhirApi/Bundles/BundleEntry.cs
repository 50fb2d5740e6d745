using System.Runtime.InteropServices;
using System.Text.Json;
using Mach.FhirApi.Bodies;

namespace Mach.FhirApi.Bundles;

/// <summary>One entry of a batch or transaction, as it was sent.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/bundle.html#transaction.</remarks>
internal sealed class BundleEntry
{
    /// <summary>Order of processing: http://hl7.org/fhir/R4/http.html#trules.</summary>
    private static readonly string[] Methods = ["DELETE", "POST", "PUT", "PATCH", "GET", "HEAD"];

    public required int Index { get; init; }

    /// <summary>GET, HEAD, POST, PUT, PATCH or DELETE.</summary>
    public required string Method { get; init; }

    /// <summary>Path below the service base, without slashes around it: "Patient", "Patient/1", "Patient/1/_history".</summary>
    public required string Path { get; init; }

    /// <summary>What follows the question mark; null when there is none.</summary>
    public string? Query { get; init; }

    public string? FullUrl { get; init; }

    /// <summary>Undefined when there is none.</summary>
    public JsonElement Resource { get; init; }

    /// <summary>The resource as it was sent.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    public string? IfMatch { get; init; }
    public string? IfNoneMatch { get; init; }
    public string? IfNoneExist { get; init; }
    public string? IfModifiedSince { get; init; }

    public string Place => PlaceOf(Index);

    public string[] Segments => Path.Split('/');

    public bool IsRead => Method is "GET" or "HEAD";

    /// <summary>Deletes first, then creates, then updates and patches, then reads.</summary>
    public int Phase => Method switch
    {
        "DELETE" => 0,
        "POST" => 1,
        "PUT" or "PATCH" => 2,
        _ => 3,
    };

    public static string PlaceOf(int index) => FormattableString.Invariant($"Bundle.entry[{index}]");

    /// <param name="bundle">The bytes that the entry was parsed from.</param>
    /// <param name="baseUrl">Service base URL; an absolute address must begin with it.</param>
    /// <exception cref="FhirProblem">400: no request, an unknown method, an address elsewhere, or no resource where one is needed.</exception>
    public static BundleEntry Read(JsonElement entry, int index, ReadOnlyMemory<byte> bundle, string baseUrl)
    {
        var place = PlaceOf(index);
        if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("request"u8, out var request) || request.ValueKind != JsonValueKind.Object)
        {
            throw new FhirProblem(400, "required", "Every entry of a batch or transaction has a request.", place + ".request");
        }

        var method = JsonBody.TextOf(request, "method"u8);
        if (method is null || !Methods.Contains(method))
        {
            throw new FhirProblem(400, "code-invalid", "The method is GET, HEAD, POST, PUT, PATCH or DELETE.", place + ".request.method");
        }

        var (path, query) = Address(JsonBody.TextOf(request, "url"u8), place, baseUrl);
        var has = entry.TryGetProperty("resource"u8, out var resource);
        if (method is "POST" or "PUT" or "PATCH" && (!has || JsonBody.TypeOf(resource) is null) && !TakesParameters(path))
        {
            throw new FhirProblem(400, has ? "structure" : "required", $"{method} needs a resource.", place + ".resource");
        }

        return new BundleEntry
        {
            Index = index,
            Method = method,
            Path = path,
            Query = query,
            FullUrl = JsonBody.TextOf(entry, "fullUrl"u8),
            Resource = has ? resource : default,
            Bytes = has ? Slice(bundle, resource) : default,
            IfMatch = JsonBody.TextOf(request, "ifMatch"u8),
            IfNoneMatch = JsonBody.TextOf(request, "ifNoneMatch"u8),
            IfNoneExist = JsonBody.TextOf(request, "ifNoneExist"u8),
            IfModifiedSince = JsonBody.TextOf(request, "ifModifiedSince"u8),
        };
    }

    /// <summary>What is posted to an operation or a search may stand in the address alone.</summary>
    private static bool TakesParameters(string path) => path.Contains('$', StringComparison.Ordinal) || path.Split('/')[^1] == "_search";

    private static (string Path, string? Query) Address(string? url, string place, string baseUrl)
    {
        if (url is not null && url.StartsWith(baseUrl + "/", StringComparison.Ordinal))
        {
            url = url[baseUrl.Length..];
        }

        var relative = url?.TrimStart('/') ?? "";
        if (relative.Length == 0 || relative.Contains("://", StringComparison.Ordinal) && !relative.Contains('?', StringComparison.Ordinal))
        {
            throw new FhirProblem(400, "invalid", "The url is an address below the service base, such as Patient or Patient/1.", place + ".request.url");
        }

        var question = relative.IndexOf('?', StringComparison.Ordinal);
        var path = (question < 0 ? relative : relative[..question]).TrimEnd('/');
        if (path.Any(char.IsControl) || path.Contains("%00", StringComparison.Ordinal) || path.Split('/').Any(segment => segment is "." or ".."))
        {
            throw new FhirProblem(400, "invalid", "The url has a part that no address has: a control character, '.' or '..'.", place + ".request.url");
        }

        return (path, question < 0 ? null : relative[(question + 1)..]);
    }

    /// <summary>The bytes of an element within what it was parsed from: no copy.</summary>
    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> bundle, JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        return bundle.Span.Overlaps(raw, out var offset)
            ? bundle.Slice(offset, raw.Length)
            : raw.ToArray();
    }
}
