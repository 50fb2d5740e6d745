using System.Buffers;
using System.Globalization;
using System.Text;

namespace Mach.Vietnam.Bhyt.Reading;

/// <summary>Character data of XML 1.0 to strings: strict UTF-8, line ends made one line feed (§2.11), entities replaced.</summary>
internal static class XmlText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Control characters that XML 1.0 §2.2 forbids even as references.</summary>
    private static readonly SearchValues<byte> Forbidden = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 0x0B, 0x0C, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F]);

    private static readonly SearchValues<byte> NeedsWork = SearchValues.Create("&\r"u8);

    /// <param name="raw">The text as it stands in the document.</param>
    /// <param name="isCData">True inside a CDATA section, where &amp; is a plain character.</param>
    /// <param name="offset">Place of the text in its document, for the error.</param>
    /// <exception cref="XmlSyntaxException">Not UTF-8, a forbidden character or an unknown entity.</exception>
    public static string Decode(ReadOnlySpan<byte> raw, bool isCData, int offset)
    {
        if (raw.IsEmpty)
        {
            return "";
        }

        if (raw.ContainsAny(Forbidden))
        {
            throw new XmlSyntaxException(offset, "có ký tự điều khiển không được phép", "there is a control character that is not allowed");
        }

        var text = ToString(raw, offset);
        return raw.ContainsAny(NeedsWork) ? Replace(text, isCData, offset) : text;
    }

    /// <summary>Bytes as they stand to a string.</summary>
    /// <exception cref="XmlSyntaxException">Not UTF-8.</exception>
    public static string ToString(ReadOnlySpan<byte> raw, int offset)
    {
        try
        {
            var text = Strict.GetString(raw);
            return text.AsSpan().IndexOfAny('\uFFFE', '\uFFFF') < 0
                ? text
                : throw new XmlSyntaxException(offset, "có ký tự không được phép", "there is a character that is not allowed");
        }
        catch (DecoderFallbackException)
        {
            throw new XmlSyntaxException(offset, "chữ không phải mã UTF-8", "the text is not UTF-8");
        }
    }

    private static string Replace(string text, bool isCData, int offset)
    {
        var result = new StringBuilder(text.Length);
        var i = 0;
        while (i < text.Length)
        {
            var next = text.AsSpan(i).IndexOfAny('&', '\r');
            if (next < 0)
            {
                result.Append(text, i, text.Length - i);
                break;
            }

            result.Append(text, i, next);
            i += next;
            if (text[i] == '\r')
            {
                result.Append('\n');
                i += i + 1 < text.Length && text[i + 1] == '\n' ? 2 : 1;
            }
            else if (isCData)
            {
                result.Append('&');
                i++;
            }
            else
            {
                i = AppendEntity(text, i, offset, result);
            }
        }

        return result.ToString();
    }

    private static int AppendEntity(string text, int at, int offset, StringBuilder result)
    {
        var end = text.IndexOf(';', at);
        var name = end < 0 ? "" : text.AsSpan(at + 1, end - at - 1);
        switch (name)
        {
            case "lt":
                result.Append('<');
                break;
            case "gt":
                result.Append('>');
                break;
            case "amp":
                result.Append('&');
                break;
            case "quot":
                result.Append('"');
                break;
            case "apos":
                result.Append('\'');
                break;
            default:
                if (!TryCharacter(name, out var rune))
                {
                    throw new XmlSyntaxException(offset, "dấu & hoặc thực thể không hợp lệ", "an ampersand or entity is not valid");
                }

                result.Append(rune.ToString());
                break;
        }

        return end + 1;
    }

    private static bool TryCharacter(ReadOnlySpan<char> name, out Rune rune)
    {
        rune = default;
        if (name.Length is < 2 or > 9 || name[0] != '#')
        {
            return false;
        }

        var parsed = name[1] == 'x'
            ? int.TryParse(name[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            : int.TryParse(name[1..], NumberStyles.None, CultureInfo.InvariantCulture, out value);
        return parsed && value is 9 or 10 or 13 or >= 32 and not (0xFFFE or 0xFFFF) && Rune.TryCreate(value, out rune);
    }
}
