using System.Buffers;

namespace Mach.Vietnam.Bhyt.Reading;

internal enum XmlNode
{
    Start,
    End,
    Text,
    CData,
    Eof,
}

/// <summary>
/// A forward reader over a whole XML document in UTF-8, for the many small documents of a dossier.
/// Knows elements, text, CDATA, comments and processing instructions; attributes are checked and skipped, prefixes are dropped,
/// the declared encoding is ignored (facilities declare utf-16 over UTF-8 bytes); a DTD is an error. An empty element gives a start and an end.
/// </summary>
internal ref struct Utf8Xml(ReadOnlySpan<byte> document)
{
    /// <summary>Dossiers are six deep; a deeper document is an attack.</summary>
    private const int MaxDepth = 64;

    private static readonly SearchValues<byte> NameEnds = SearchValues.Create(" \t\r\n/>"u8);
    private static readonly SearchValues<byte> NotInNames = SearchValues.Create("<&='\""u8);

    private readonly ReadOnlySpan<byte> _xml = document;
    private readonly (int Start, int Length)[] _open = new (int, int)[MaxDepth];
    private bool _rootSeen;
    private bool _emptyElement;

    /// <summary>Number of elements open after the current node.</summary>
    public int Depth { get; private set; }

    /// <summary>Local name of the element that starts or ends.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Text as it stands in the document (entities not yet replaced), or the inside of a CDATA section.</summary>
    public ReadOnlySpan<byte> Raw { get; private set; }

    /// <summary>First byte of the current node.</summary>
    public int NodeStart { get; private set; }

    /// <summary>First byte after the current node.</summary>
    public int Position { get; private set; }

    /// <exception cref="XmlSyntaxException">The document is not well formed, holds a DTD or is nested too deep.</exception>
    public XmlNode Read()
    {
        if (_emptyElement)
        {
            _emptyElement = false;
            Depth--;
            return XmlNode.End;
        }

        while (Position < _xml.Length)
        {
            NodeStart = Position;
            if (_xml[Position] != '<')
            {
                var length = _xml[Position..].IndexOf((byte)'<');
                Raw = length < 0 ? _xml[Position..] : _xml.Slice(Position, length);
                Position += Raw.Length;
                if (Depth > 0)
                {
                    return XmlNode.Text;
                }

                RequireBlank(Raw);
                continue;
            }

            switch (Position + 1 < _xml.Length ? _xml[Position + 1] : (byte)0)
            {
                case (byte)'/':
                    return ReadEnd();
                case (byte)'?':
                    SkipPast("?>"u8);
                    continue;
                case (byte)'!' when _xml[Position..].StartsWith("<!--"u8):
                    SkipPast("-->"u8, from: 4);
                    continue;
                case (byte)'!' when _xml[Position..].StartsWith("<![CDATA["u8) && Depth > 0:
                    SkipPast("]]>"u8);
                    Raw = _xml[(NodeStart + 9)..(Position - 3)];
                    return XmlNode.CData;
                case (byte)'!':
                    throw Error("khai báo DTD hoặc thực thể không được phép", "a DTD or entity declaration is not allowed");
                default:
                    return ReadStart();
            }
        }

        return Depth == 0 && _rootSeen
            ? XmlNode.Eof
            : throw Error("tài liệu bị cắt giữa chừng", "the document ends too early");
    }

    /// <summary>The document between two offsets, as it stands.</summary>
    public readonly ReadOnlySpan<byte> Slice(int from, int to) => _xml[from..to];

    /// <summary>Leaves the element that has just started; the current node is then its end.</summary>
    public void Skip()
    {
        for (var depth = Depth; Read() != XmlNode.End || Depth >= depth;)
        {
        }
    }

    private XmlNode ReadStart()
    {
        var nameStart = Position + 1;
        var name = ReadName(nameStart);
        if (Depth == MaxDepth)
        {
            throw Error("lồng quá nhiều lớp", "nested too deep");
        }

        if (Depth == 0)
        {
            if (_rootSeen)
            {
                throw Error("có hai phần tử gốc", "there are two root elements");
            }

            _rootSeen = true;
        }

        _open[Depth++] = (nameStart, name.Length);
        Name = Local(name);
        Position = nameStart + name.Length;
        while (true)
        {
            SkipBlank();
            switch (Position < _xml.Length ? _xml[Position] : (byte)0)
            {
                case (byte)'>':
                    Position++;
                    return XmlNode.Start;
                case (byte)'/' when Position + 1 < _xml.Length && _xml[Position + 1] == '>':
                    Position += 2;
                    _emptyElement = true;
                    return XmlNode.Start;
                default:
                    SkipAttribute();
                    break;
            }
        }
    }

    private XmlNode ReadEnd()
    {
        var name = ReadName(Position + 2);
        Position += 2 + name.Length;
        SkipBlank();
        if (Position >= _xml.Length || _xml[Position] != '>' || Depth == 0)
        {
            throw Error("thẻ đóng không hợp lệ", "a closing tag is malformed");
        }

        Position++;
        var (start, length) = _open[--Depth];
        if (!_xml.Slice(start, length).SequenceEqual(name))
        {
            throw Error("thẻ đóng không khớp thẻ mở", "a closing tag does not match the open one");
        }

        Name = Local(name);
        return XmlNode.End;
    }

    private void SkipAttribute()
    {
        var rest = _xml[Position..];
        var equals = rest.IndexOfAny((byte)'=', (byte)'>', (byte)'<');
        if (equals <= 0 || rest[equals] != '=')
        {
            throw Error("thẻ không hợp lệ", "a tag is malformed");
        }

        Position += equals + 1;
        SkipBlank();
        var quote = Position < _xml.Length ? _xml[Position] : (byte)0;
        var length = quote is (byte)'"' or (byte)'\'' ? _xml[(Position + 1)..].IndexOf(quote) : -1;
        if (length < 0 || _xml.Slice(Position + 1, length).Contains((byte)'<'))
        {
            throw Error("thuộc tính không hợp lệ", "an attribute is malformed");
        }

        Position += length + 2;
    }

    private readonly ReadOnlySpan<byte> ReadName(int from)
    {
        var rest = _xml[from..];
        var length = rest.IndexOfAny(NameEnds);
        if (length <= 0 || rest[..length].ContainsAny(NotInNames) || rest[0] is (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'.')
        {
            throw Error("tên thẻ không hợp lệ", "a tag name is malformed");
        }

        return rest[..length];
    }

    private void SkipPast(ReadOnlySpan<byte> mark, int from = 2)
    {
        var length = Position + from <= _xml.Length ? _xml[(Position + from)..].IndexOf(mark) : -1;
        if (length < 0)
        {
            throw Error("tài liệu bị cắt giữa chừng", "the document ends too early");
        }

        Position += from + length + mark.Length;
    }

    private void SkipBlank()
    {
        var rest = _xml[Position..];
        var length = rest.IndexOfAnyExcept(" \t\r\n"u8);
        Position += length < 0 ? rest.Length : length;
    }

    private readonly void RequireBlank(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAnyExcept(" \t\r\n"u8) >= 0)
        {
            throw Error("có chữ ngoài phần tử gốc", "there is text outside the root element");
        }
    }

    private static ReadOnlySpan<byte> Local(ReadOnlySpan<byte> name) => name[(name.IndexOf((byte)':') + 1)..];

    private readonly XmlSyntaxException Error(string vi, string en) => new(NodeStart, vi, en);
}
