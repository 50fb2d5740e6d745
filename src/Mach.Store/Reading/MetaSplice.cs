using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Mach.Store.Reading;

/// <summary>Puts meta.versionId and meta.lastUpdated into a stored body without building it anew.</summary>
internal static class MetaSplice
{
    public static void Write(ReadOnlySpan<byte> body, int version, DateTimeOffset lastUpdated, IBufferWriter<byte> output)
    {
        if (body.IsEmpty)
        {
            return;
        }

        Span<byte> meta = stackalloc byte[96];
        Encoding.UTF8.TryGetBytes(string.Create(CultureInfo.InvariantCulture,
            $"\"versionId\":\"{version}\",\"lastUpdated\":\"{lastUpdated.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffff}Z\""), meta, out var length);
        meta = meta[..length];

        var reader = new Utf8JsonReader(body);
        reader.Read();
        var insertAt = (int)reader.TokenStartIndex + 1;
        var comma = false;
        var names = 0;
        // Most bodies have no meta of their own: then nothing behind the names has to be read. (A name may be written with escapes.)
        var mayHaveMeta = body.IndexOf("\"meta\""u8) >= 0 || body.IndexOf("\\u"u8) >= 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("meta"u8))
            {
                reader.Read();
                WriteIntoMeta(body, ref reader, meta, output);
                return;
            }

            var isName = reader.ValueTextEquals("resourceType"u8) || reader.ValueTextEquals("id"u8);
            reader.Read();
            reader.Skip();
            if (isName)
            {
                // After the names is where people look for it; JSON itself does not care.
                insertAt = (int)reader.BytesConsumed;
                comma = true;
                if (++names == 2 && !mayHaveMeta)
                {
                    break;
                }
            }
        }

        var more = comma || HasProperties(body[insertAt..]);
        output.Write(body[..insertAt]);
        output.Write(comma ? ",\"meta\":{"u8 : "\"meta\":{"u8);
        output.Write(meta);
        output.Write(!comma && more ? "},"u8 : "}"u8);
        output.Write(body[insertAt..]);
    }

    // The reader stands on the value of meta. What it says about version and time is ours to say, so it is left out.
    private static void WriteIntoMeta(ReadOnlySpan<byte> body, ref Utf8JsonReader reader, scoped ReadOnlySpan<byte> meta, IBufferWriter<byte> output)
    {
        output.Write(body[..(int)reader.TokenStartIndex]);
        output.Write("{"u8);
        output.Write(meta);
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var start = (int)reader.TokenStartIndex;
                var ours = reader.ValueTextEquals("versionId"u8) || reader.ValueTextEquals("lastUpdated"u8);
                reader.Read();
                reader.Skip();
                if (!ours)
                {
                    output.Write(","u8);
                    output.Write(body[start..(int)reader.BytesConsumed]);
                }
            }
        }
        else
        {
            reader.Skip();
        }

        output.Write("}"u8);
        output.Write(body[(int)reader.BytesConsumed..]);
    }

    private static bool HasProperties(ReadOnlySpan<byte> afterBrace) => afterBrace.TrimStart(" \t\r\n"u8) is not [(byte)'}', ..];
}
