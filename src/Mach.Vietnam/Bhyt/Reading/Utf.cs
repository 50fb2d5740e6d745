using System.Text;

namespace Mach.Vietnam.Bhyt.Reading;

/// <summary>Which Unicode form a document is in, told from its first bytes, and how to get UTF-8 of it.</summary>
internal static class Utf
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding Little = new(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding Big = new(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);

    public static Encoding Detect(ReadOnlySpan<byte> first) => first switch
    {
        [0xFF, 0xFE, ..] or [(byte)'<', 0, ..] => Little,
        [0xFE, 0xFF, ..] or [0, (byte)'<', ..] => Big,
        _ => Utf8,
    };

    /// <summary>The document in UTF-8 without byte order mark and leading blanks; the same bytes when it is that already.</summary>
    /// <exception cref="XmlSyntaxException">Broken UTF-16.</exception>
    public static ReadOnlySpan<byte> ToUtf8(ReadOnlySpan<byte> document)
    {
        var encoding = Detect(document);
        if (encoding is not UTF8Encoding)
        {
            try
            {
                document = Utf8.GetBytes(encoding.GetString(document));
            }
            catch (Exception e) when (e is DecoderFallbackException or EncoderFallbackException)
            {
                throw new XmlSyntaxException(0, "chữ không phải mã UTF-16 hợp lệ", "the text is not valid UTF-16");
            }
        }

        while (true)
        {
            var blank = document.IndexOfAnyExcept(" \t\r\n"u8);
            document = blank < 0 ? [] : document[blank..];
            if (!document.StartsWith("\uFEFF"u8))
            {
                return document;
            }

            document = document[3..];
        }
    }
}
