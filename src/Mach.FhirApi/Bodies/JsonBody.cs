using System.Text.Json;

namespace Mach.FhirApi.Bodies;

/// <summary>Parses what a client sent: strict JSON, 64 levels at most, no property name twice in one object, every text readable.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/json.html; RFC 8259 §4 (names should be unique), §8.2 (lone surrogates).</remarks>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <exception cref="FhirProblem">400: not such JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            NeedWholeCharacters(body.Span);
            return JsonDocument.Parse(body, Strict);
        }
        catch (JsonException e)
        {
            throw new FhirProblem(400, "structure", $"The body is not JSON as FHIR takes it: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            throw new FhirProblem(400, "structure", "A text of the body has half a surrogate pair (\\uD800–\\uDFFF), which is no character.");
        }
    }

    /// <summary>The type of a resource; null when it is not an object that names one.</summary>
    public static string? TypeOf(JsonElement resource) =>
        resource.ValueKind == JsonValueKind.Object && resource.TryGetProperty("resourceType"u8, out var type) && type.ValueKind == JsonValueKind.String
            ? type.GetString()
            : null;

    /// <summary>The id of a resource when it is a text; null otherwise.</summary>
    public static string? IdOf(JsonElement resource) => TextOf(resource, "id"u8);

    /// <summary>A text property; null when absent or of another kind.</summary>
    public static string? TextOf(JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    // JSON may escape half a character; nothing that reads the text later could stand that.
    private static void NeedWholeCharacters(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("\\ud"u8) < 0 && body.IndexOf("\\uD"u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
            {
                _ = reader.GetString();
            }
        }
    }
}
