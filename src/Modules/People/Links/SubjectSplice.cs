using System.Text.Json;

namespace Mach.People.Links;

/// <summary>Rewrites the references to one Patient in a stored body; every other byte stays.</summary>
internal static class SubjectSplice
{
    /// <summary>Null when the body does not refer to <paramref name="from"/>.</summary>
    public static byte[]? Move(ReadOnlySpan<byte> body, string from, string to)
    {
        var result = new List<byte>(body.Length + 16);
        var copied = 0;
        var reader = new Utf8JsonReader(body);
        var isReference = false;
        while (reader.Read())
        {
            if (isReference && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("Patient/" + from))
            {
                result.AddRange(body[copied..(int)reader.TokenStartIndex]);
                result.AddRange(JsonSerializer.SerializeToUtf8Bytes("Patient/" + to));
                copied = (int)reader.BytesConsumed;
            }

            isReference = reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("reference"u8);
        }

        if (copied == 0)
        {
            return null;
        }

        result.AddRange(body[copied..]);
        return [.. result];
    }
}
