using System.Text;

namespace Mach.Vietnam.Bhyt.Reading;

/// <summary>The text of an element; an element that holds markup gives the markup itself, so that nothing is lost.</summary>
internal static class ElementText
{
    /// <summary>Reads from the start of an element to its end.</summary>
    public static string Read(ref Utf8Xml xml)
    {
        var depth = xml.Depth;
        var start = xml.Position;
        switch (xml.Read())
        {
            case XmlNode.End:
                return "";
            case XmlNode.Text:
                var raw = xml.Raw;
                var at = xml.NodeStart;
                if (xml.Read() == XmlNode.End)
                {
                    return XmlText.Decode(raw, isCData: false, at);
                }

                break;
        }

        return ReadMixed(ref xml, depth, start);
    }

    /// <summary>Text and CDATA sections of a stretch without elements.</summary>
    public static string Decode(ReadOnlySpan<byte> content, int offset)
    {
        var wrapped = new byte[content.Length + 7];
        "<t>"u8.CopyTo(wrapped);
        content.CopyTo(wrapped.AsSpan(3));
        "</t>"u8.CopyTo(wrapped.AsSpan(3 + content.Length));
        var xml = new Utf8Xml(wrapped);
        var result = new StringBuilder();
        while (xml.Read() is var node && node != XmlNode.Eof)
        {
            if (node is XmlNode.Text or XmlNode.CData)
            {
                result.Append(XmlText.Decode(xml.Raw, node == XmlNode.CData, offset));
            }
        }

        return result.ToString();
    }

    /// <summary>The current node is the first one after a leading text, or the first one at all.</summary>
    private static string ReadMixed(ref Utf8Xml xml, int depth, int start)
    {
        var hasElements = false;
        while (xml.Depth >= depth)
        {
            hasElements |= xml.Depth > depth;
            xml.Read();
        }

        var content = xml.Slice(start, xml.NodeStart);
        return hasElements ? XmlText.ToString(content, start) : Decode(content, start);
    }
}
