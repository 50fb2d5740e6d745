using System.Buffers;
using System.Buffers.Text;
using Mach.Kernel;

namespace Mach.Vietnam.Bhyt.Reading;

/// <summary>One FILEHOSO of a dossier: its kind and its inner document in UTF-8.</summary>
/// <param name="Kind">LOAIHOSO, trimmed, upper case; "" when missing.</param>
/// <param name="Document">Inner document; empty when NOIDUNGFILE was empty.</param>
/// <param name="Base64">The text itself when it could not be decoded; null otherwise.</param>
internal readonly record struct DossierFile(string Kind, ReadOnlyMemory<byte> Document, string? Base64 = null);

/// <summary>Takes a HOSO element apart into its files.</summary>
internal static class DossierFiles
{
    /// <exception cref="XmlSyntaxException">The element is not well formed.</exception>
    public static List<DossierFile> Read(ReadOnlySpan<byte> hoso, int position, List<Finding> findings)
    {
        var files = new List<DossierFile>(16);
        var xml = new Utf8Xml(hoso);
        while (xml.Read() is var node && node != XmlNode.Eof)
        {
            if (node == XmlNode.Start && xml.Depth > 1)
            {
                if (xml.Name.SequenceEqual("FILEHOSO"u8))
                {
                    files.Add(ReadFile(ref xml, position, findings));
                }
                else
                {
                    xml.Skip();
                }
            }
        }

        return files;
    }

    private static DossierFile ReadFile(ref Utf8Xml xml, int position, List<Finding> findings)
    {
        var depth = xml.Depth;
        string? kind = null;
        DossierFile? body = null;
        while (xml.Read() is var node && !(node == XmlNode.End && xml.Depth < depth))
        {
            if (node != XmlNode.Start)
            {
                continue;
            }

            if (kind is null && xml.Name.SequenceEqual("LOAIHOSO"u8))
            {
                kind = ElementText.Read(ref xml).Trim().ToUpperInvariant();
            }
            else if (body is null && xml.Name.SequenceEqual("NOIDUNGFILE"u8))
            {
                body = ReadBody(ref xml);
            }
            else
            {
                xml.Skip();
            }
        }

        if (body is not { } file || (file.Document.IsEmpty && file.Base64 is null))
        {
            findings.Add(Oddities.EmptyFile(position, kind ?? ""));
            return new DossierFile(kind ?? "", default);
        }

        return file with { Kind = kind ?? "" };
    }

    /// <summary>Base64 in any wrapping, or XML as elements, as CDATA or escaped.</summary>
    private static DossierFile ReadBody(ref Utf8Xml xml)
    {
        var depth = xml.Depth;
        var start = xml.Position;
        var node = xml.Read();
        if (node == XmlNode.End)
        {
            return default;
        }

        // The usual case first: one text node, all base64.
        if (node == XmlNode.Text)
        {
            var raw = xml.Raw;
            var rawStart = xml.NodeStart;
            node = xml.Read();
            if (node == XmlNode.End && xml.Depth < depth && !raw.Contains((byte)'&'))
            {
                return Decode(raw, rawStart);
            }
        }

        var end = xml.NodeStart;
        while (node != XmlNode.Start && !(node == XmlNode.End && xml.Depth < depth))
        {
            node = xml.Read();
            end = xml.NodeStart;
        }

        if (node == XmlNode.Start)
        {
            var first = xml.NodeStart;
            xml.Skip();
            while (!(xml.Read() == XmlNode.End && xml.Depth < depth))
            {
            }

            return new DossierFile("", xml.Slice(first, xml.NodeStart).ToArray());
        }

        return Decode(System.Text.Encoding.UTF8.GetBytes(ElementText.Decode(xml.Slice(start, end), start)), start);
    }

    private static DossierFile Decode(ReadOnlySpan<byte> text, int offset)
    {
        text = text.Trim(" \t\r\n"u8);
        if (text.IsEmpty)
        {
            return default;
        }

        if (text[0] == '<' || text.StartsWith("\uFEFF"u8))
        {
            return new DossierFile("", Utf.ToUtf8(text).ToArray());
        }

        var buffer = new byte[(text.Length + 3) / 4 * 3];
        if (Base64.DecodeFromUtf8(text, buffer, out _, out var written) != OperationStatus.Done
            && !TryUnpadded(text, buffer, out written))
        {
            return new DossierFile("", default, XmlText.ToString(text, offset));
        }

        return new DossierFile("", buffer.AsMemory(0, written));
    }

    /// <summary>Some senders leave out the closing '='.</summary>
    private static bool TryUnpadded(ReadOnlySpan<byte> text, Span<byte> buffer, out int written)
    {
        var compact = new byte[text.Length + 2];
        var length = 0;
        foreach (var b in text)
        {
            if (b is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                compact[length++] = b;
            }
        }

        while (length % 4 is 2 or 3)
        {
            compact[length++] = (byte)'=';
        }

        written = 0;
        return length <= compact.Length && Base64.DecodeFromUtf8(compact.AsSpan(0, length), buffer, out _, out written) == OperationStatus.Done;
    }
}
