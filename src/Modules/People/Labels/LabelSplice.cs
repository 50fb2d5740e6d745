using System.Text;
using System.Text.Json;

namespace Mach.People.Labels;

/// <summary>A label: where it stands in <c>meta</c>, and its coding.</summary>
internal sealed record Label(string List, string System, string Code, string Display)
{
    public byte[] Entry => Encoding.UTF8.GetBytes($$"""{"system":"{{System}}","code":"{{Code}}","display":"{{Display}}"}""");
}

/// <summary>Adds and takes away one label in the stored bytes. Taking away what was added gives the same bytes again, whoever wrote them.</summary>
internal static class LabelSplice
{
    private readonly record struct Entry(int Start, int End, bool IsIt);

    /// <summary>Places of what matters; -1 for what is not there.</summary>
    private sealed class Found
    {
        public int Meta = -1, MetaOpen = -1, MetaEnd = -1, LastValueEnd = -1, List = -1, ListClose = -1, End;
        public int Properties;
        public List<Entry> Entries { get; } = [];
    }

    /// <summary>The body with the label; null when it has it.</summary>
    public static byte[]? Add(ReadOnlySpan<byte> body, Label label)
    {
        var found = Find(body, label);
        if (found.Entries.Exists(e => e.IsIt))
        {
            return null;
        }

        var entry = label.Entry;
        if (found.ListClose >= 0)
        {
            var at = found.Entries.Count > 0 ? found.Entries[^1].End : found.ListClose;
            return [.. body[..at], .. found.Entries.Count > 0 ? ","u8 : default, .. entry, .. body[at..]];
        }

        byte[] list = [.. Encoding.UTF8.GetBytes($"\"{label.List}\":["), .. entry, (byte)']'];
        if (found.MetaOpen < 0)
        {
            return [.. body[..found.End], .. ",\"meta\":{"u8, .. list, (byte)'}', .. body[found.End..]];
        }

        var behind = found.Properties > 0 ? found.LastValueEnd : found.MetaOpen + 1;
        return [.. body[..behind], .. found.Properties > 0 ? ","u8 : default, .. list, .. body[behind..]];
    }

    /// <summary>The body without the label; null when it does not have it.</summary>
    public static byte[]? Remove(ReadOnlySpan<byte> body, Label label)
    {
        var found = Find(body, label);
        var index = found.Entries.FindIndex(e => e.IsIt);
        if (index < 0)
        {
            return null;
        }

        if (found.Entries.Count > 1)
        {
            // With the comma before it, or behind it for the first one.
            var (from, to) = index > 0 ? (found.Entries[index - 1].End, found.Entries[index].End) : (found.Entries[0].Start, found.Entries[1].Start);
            return [.. body[..from], .. body[to..]];
        }

        // FHIR knows neither empty arrays nor empty objects.
        return found.Properties > 1 ? Without(body, found.List, found.ListClose + 1) : Without(body, found.Meta, found.MetaEnd);
    }

    /// <summary>The body without a property, and without the comma before it, or behind it for the first one.</summary>
    private static byte[] Without(ReadOnlySpan<byte> body, int property, int end)
    {
        var before = body[..property].TrimEnd(" \t\r\n"u8).Length - 1;
        if (body[before] == (byte)',')
        {
            return [.. body[..before], .. body[end..]];
        }

        var comma = body[end..].IndexOf((byte)',');
        return [.. body[..property], .. body[(end + comma + 1)..]];
    }

    private static Found Find(ReadOnlySpan<byte> body, Label label)
    {
        var reader = new Utf8JsonReader(body);
        var found = new Found();
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (start, isMeta) = ((int)reader.TokenStartIndex, reader.ValueTextEquals("meta"u8));
            reader.Read();
            if (isMeta && reader.TokenType == JsonTokenType.StartObject)
            {
                (found.Meta, found.MetaOpen) = (start, (int)reader.TokenStartIndex);
                ReadMeta(ref reader, label, found);
                found.MetaEnd = (int)reader.BytesConsumed;
            }
            else
            {
                reader.Skip();
            }
        }

        found.End = (int)reader.TokenStartIndex;
        return found;
    }

    private static void ReadMeta(ref Utf8JsonReader reader, Label label, Found found)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            found.Properties++;
            var (start, isList) = ((int)reader.TokenStartIndex, reader.ValueTextEquals(label.List));
            reader.Read();
            if (isList && reader.TokenType == JsonTokenType.StartArray)
            {
                found.List = start;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    var from = (int)reader.TokenStartIndex;
                    using var entry = JsonDocument.ParseValue(ref reader);
                    found.Entries.Add(new Entry(from, (int)reader.BytesConsumed, Is(entry.RootElement, label)));
                }

                found.ListClose = (int)reader.TokenStartIndex;
            }
            else
            {
                reader.Skip();
            }

            found.LastValueEnd = (int)reader.BytesConsumed;
        }
    }

    private static bool Is(JsonElement entry, Label label) =>
        entry.ValueKind == JsonValueKind.Object
        && entry.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String && code.ValueEquals(label.Code)
        && entry.TryGetProperty("system", out var system) && system.ValueKind == JsonValueKind.String && system.ValueEquals(label.System);
}
