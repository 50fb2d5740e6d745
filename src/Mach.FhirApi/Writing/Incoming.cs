using System.Text.Json;
using Mach.FhirApi.Bodies;

namespace Mach.FhirApi.Writing;

/// <summary>The resource of a request: parsed once, and as the bytes that came.</summary>
internal sealed class Incoming : IDisposable
{
    private readonly JsonDocument _document;

    private Incoming(JsonDocument document, ReadOnlyMemory<byte> bytes) => (_document, Bytes) = (document, bytes);

    public JsonElement Resource => _document.RootElement;

    /// <summary>Without blanks around it.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <exception cref="FhirProblem">400: not a resource of this type. 413, 415: see <see cref="RequestBody"/>.</exception>
    public static async Task<Incoming> ReadAsync(FhirCall call, string type)
    {
        var body = await RequestBody.ReadJsonAsync(call, call.Options.MaxResourceBytes);
        return Parse(body, type);
    }

    /// <exception cref="FhirProblem">400.</exception>
    public static Incoming Parse(ReadOnlyMemory<byte> body, string type)
    {
        var document = JsonBody.Parse(body);
        var said = JsonBody.TypeOf(document.RootElement);
        if (said == type)
        {
            return new Incoming(document, Trim(body));
        }

        document.Dispose();
        throw said is null
            ? new FhirProblem(400, "structure", "The body is not a resource: a JSON object with resourceType.", "resourceType")
            : new FhirProblem(400, "invalid", $"The body is a resource of type {FhirCall.Shorten(said)}, the address asks for {type}.", "resourceType");
    }

    public void Dispose() => _document.Dispose();

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> body)
    {
        var start = body.Length - body.Span.TrimStart(" \t\r\n"u8).Length;
        return body.Slice(start, body.Span.Trim(" \t\r\n"u8).Length);
    }
}
