using System.Text.Json;
using Mach.Fhir.Definitions;

namespace Mach.FhirApi.Writing;

/// <summary>Which texts of a resource are of the type canonical: those name a definition wherever it lies and are not links within a Bundle.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#trules: elements of type canonical are not replaced.</remarks>
internal static class Canonicals
{
    /// <param name="at">Position of the text's opening quote in the resource.</param>
    public static bool IsAt(ReadOnlyMemory<byte> resource, int at)
    {
        var reader = new Utf8JsonReader(resource.Span);
        var objects = new Stack<TypeDefinition?>();
        var property = default(TypeReference);
        var isTypeName = false;
        while (reader.Read() && reader.TokenStartIndex < at)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    objects.Push(property?.Definition);
                    break;
                case JsonTokenType.EndObject:
                    objects.Pop();
                    break;
                case JsonTokenType.PropertyName:
                    isTypeName = reader.ValueTextEquals("resourceType"u8);
                    property = objects.Peek() is { } type && type.TryProperty(reader.ValueSpan, out _, out var found) ? found : null;
                    break;
                case JsonTokenType.String when isTypeName:
                    // Also of a contained resource, whose element only says Resource.
                    objects.Pop();
                    objects.Push(R4.FindResource(reader.ValueSpan));
                    isTypeName = false;
                    break;
            }
        }

        return property?.Code == "canonical";
    }
}
