using System.Text;
using System.Text.Json;

namespace Mach.People.Links;

/// <summary>Adds and takes away one entry of Patient.link in the stored bytes. Taking away what was added gives the same bytes again, whoever wrote them.</summary>
internal static class LinkSplice
{
    private readonly record struct Entry(int Start, int End, string? Reference);

    /// <summary>The body with a link <c>seealso</c> to another Patient, or to the RelatedPerson that the person is to somebody; null when it has a link to it.</summary>
    /// <remarks>http://hl7.org/fhir/R4/valueset-link-type.html: seealso leaves both records valid, which is what a link that can be undone means.</remarks>
    public static byte[]? Add(ReadOnlySpan<byte> body, string other, string type = "Patient")
    {
        var (_, arrayEnd, entries, end) = Find(body);
        if (entries.Exists(e => e.Reference == $"{type}/{other}"))
        {
            return null;
        }

        var entry = Encoding.UTF8.GetBytes($$"""{"other":{"reference":"{{type}}/{{other}}"},"type":"seealso"}""");
        var last = entries.Count > 0 ? entries[^1].End : arrayEnd;
        return arrayEnd > 0
            ? [.. body[..last], .. entries.Count > 0 ? ","u8 : default, .. entry, .. body[last..]]
            : [.. body[..end], .. ",\"link\":["u8, .. entry, .. "]"u8, .. body[end..]];
    }

    /// <summary>The body without its link to the other; null when it has none.</summary>
    public static byte[]? Remove(ReadOnlySpan<byte> body, string other, string type = "Patient")
    {
        var (property, arrayEnd, entries, _) = Find(body);
        var at = entries.FindIndex(e => e.Reference == $"{type}/{other}");
        if (at < 0)
        {
            return null;
        }

        if (entries.Count > 1)
        {
            // With the comma before it, or behind it for the first one.
            var (from, to) = at > 0 ? (entries[at - 1].End, entries[at].End) : (entries[0].Start, entries[1].Start);
            return [.. body[..from], .. body[to..]];
        }

        var (before, after) = (body[..property].LastIndexOf((byte)','), arrayEnd + 1);
        // The property may be the first one of the object; then the comma is behind it.
        if (before < 0 || !IsBlank(body[(before + 1)..property]))
        {
            (before, after) = (property, arrayEnd + 2 + body[(arrayEnd + 1)..].IndexOf((byte)','));
        }

        return [.. body[..before], .. body[after..]];
    }

    /// <returns>Where the property's name begins, the place of the array's closing bracket, its entries, and the closing brace of the resource.</returns>
    private static (int Property, int ArrayEnd, List<Entry> Entries, int End) Find(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        var entries = new List<Entry>();
        var (property, arrayEnd, end) = (0, 0, 0);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("link"u8))
            {
                property = (int)reader.TokenStartIndex;
                reader.Read();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    var start = (int)reader.TokenStartIndex;
                    using var entry = JsonDocument.ParseValue(ref reader);
                    entries.Add(new Entry(start, (int)reader.BytesConsumed, ReferenceOf(entry.RootElement)));
                }

                arrayEnd = (int)reader.TokenStartIndex;
            }
            else if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 0)
            {
                end = (int)reader.TokenStartIndex;
            }
        }

        return (property, arrayEnd, entries, end);
    }

    private static string? ReferenceOf(JsonElement link) =>
        link.ValueKind == JsonValueKind.Object && link.TryGetProperty("other", out var other) && other.TryGetProperty("reference", out var reference) ? reference.GetString() : null;

    private static bool IsBlank(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(" \t\r\n"u8);
}
