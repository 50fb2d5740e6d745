using System.Text;
using System.Text.Json;
using Mach.FhirApi.Bodies;

namespace Mach.FhirApi.Writing;

/// <summary>
/// Sets references right before a resource is stored. An absolute reference to this server becomes the relative one that it means, so that searches find it.
/// </summary>
/// <remarks>Source: http://hl7.org/fhir/R4/references.html#literal, http://hl7.org/fhir/R4/http.html#trules.</remarks>
internal sealed class Links(string baseUrl)
{
    private readonly string _base = baseUrl + "/";
    private readonly byte[] _baseBytes = Encoding.UTF8.GetBytes(baseUrl + "/");

    /// <summary>Adds the edits that set the references of a body right.</summary>
    public void Collect(ReadOnlyMemory<byte> body, Change change, Edits edits)
    {
        if (body.Span.IndexOf(_baseBytes) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(body.Span);
        var isReference = false;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                isReference = reader.ValueTextEquals("reference"u8);
            }
            else if (isReference && reader.TokenType == JsonTokenType.String && OwnPath(reader.GetString()!) is { } path)
            {
                edits.Replace((int)reader.TokenStartIndex, (int)reader.BytesConsumed, Quote(path));
            }
        }
    }

    /// <summary>"Type/id…" of an absolute reference to this server; null for any other.</summary>
    private string? OwnPath(string reference)
    {
        if (!reference.StartsWith(_base, StringComparison.Ordinal))
        {
            return null;
        }

        var path = reference[_base.Length..];
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && ServedTypes.Contains(path[..slash]) ? path : null;
    }

    private static byte[] Quote(string text) => Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(text, FhirAnswer.Json.Encoder)}\"");
}
