using System.Buffers;
using System.Text;

namespace Mach.Vietnam.Bhyt.Writing;

/// <summary>XML in UTF-8, built in memory. Carriage returns are written as references, so that a reader's line-end rules leave values alone.</summary>
internal sealed class XmlOutput
{
    private static readonly SearchValues<char> Special = SearchValues.Create(
        "&<>\r\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000B\u000C\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\uFFFE\uFFFF");

    private static readonly SearchValues<char> NotInNames = SearchValues.Create(" \t\r\n<>&/='\"");

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ArrayBufferWriter<byte> _buffer = new(16 * 1024);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Clear() => _buffer.ResetWrittenCount();

    public void FlushTo(Stream output)
    {
        output.Write(_buffer.WrittenSpan);
        Clear();
    }

    public void Raw(ReadOnlySpan<byte> xml) => _buffer.Write(xml);

    /// <summary>One element with text; an empty text gives an empty element.</summary>
    public void Element(string name, string value)
    {
        if (value.Length == 0)
        {
            Tag("<"u8, name, "/>"u8);
            return;
        }

        Start(name);
        Text(value);
        End(name);
    }

    public void Start(string name) => Tag("<"u8, name, ">"u8);

    public void End(string name) => Tag("</"u8, name, ">"u8);

    public void Base64(ReadOnlySpan<byte> bytes)
    {
        var span = _buffer.GetSpan(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        System.Buffers.Text.Base64.EncodeToUtf8(bytes, span, out _, out var written);
        _buffer.Advance(written);
    }

    private void Tag(ReadOnlySpan<byte> before, string name, ReadOnlySpan<byte> after)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAny(NotInNames))
        {
            throw new ArgumentException($"'{name}' cannot be the name of an element.", nameof(name));
        }

        _buffer.Write(before);
        Utf8(name);
        _buffer.Write(after);
    }

    private void Text(ReadOnlySpan<char> value)
    {
        while (value.IndexOfAny(Special) is var i and >= 0)
        {
            Utf8(value[..i]);
            _buffer.Write(value[i] switch
            {
                '&' => "&amp;"u8,
                '<' => "&lt;"u8,
                '>' => "&gt;"u8,
                '\r' => "&#xD;"u8,
                var c => throw new ArgumentException($"The character U+{(int)c:X4} cannot be carried by XML.", nameof(value)),
            });
            value = value[(i + 1)..];
        }

        Utf8(value);
    }

    private void Utf8(ReadOnlySpan<char> text)
    {
        var span = _buffer.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        _buffer.Advance(Strict.GetBytes(text, span));
    }
}
