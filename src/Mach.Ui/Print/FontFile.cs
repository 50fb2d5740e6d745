using System.Buffers.Binary;

namespace Mach.Ui.Print;

/// <summary>
/// What the layout asks of a TrueType font: which letters it has and how wide they are.
/// Source: OpenType 1.9, tables cmap (format 4), hhea, hmtx, head.
/// </summary>
internal sealed class FontFile
{
    private readonly Dictionary<char, double> _widths;

    private FontFile(string name, byte[] bytes, Dictionary<char, double> widths) => (Name, Bytes, _widths) = (name, bytes, widths);

    public static FontFile Regular { get; } = Load("BeVietnamPro-Regular");

    public static FontFile Bold { get; } = Load("BeVietnamPro-Bold");

    /// <summary>Greek letters, arrows and signs that the typeface does not have.</summary>
    public static FontFile Signs { get; } = Load("DejaVuSans-Signs");

    public string Name { get; }

    public byte[] Bytes { get; }

    public bool Has(char letter) => _widths.ContainsKey(letter);

    /// <summary>Width of a letter for a size of 1; 0 for one that the font does not have.</summary>
    public double Width(char letter) => _widths.GetValueOrDefault(letter);

    private static FontFile Load(string name)
    {
        using var stream = typeof(FontFile).Assembly.GetManifestResourceStream(name + ".ttf") ?? throw new InvalidOperationException($"The font {name} is not in the assembly.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new(name, bytes, Read(bytes));
    }

    private static Dictionary<char, double> Read(ReadOnlySpan<byte> font)
    {
        var cmap = Table(font, "cmap"u8);
        var hmtx = Table(font, "hmtx"u8);
        double unitsPerEm = U16(Table(font, "head"u8), 18);
        int wide = U16(Table(font, "hhea"u8), 34);
        var widths = new Dictionary<char, double>();
        var map = cmap[Subtable(cmap)..];
        int segments = U16(map, 6) / 2;
        for (var s = 0; s < segments; s++)
        {
            int last = U16(map, 14 + (2 * s)), first = U16(map, 16 + (2 * (segments + s))), delta = U16(map, 16 + (2 * ((2 * segments) + s)));
            var at = 16 + (2 * ((3 * segments) + s));
            int offset = U16(map, at);
            for (var letter = first; letter <= last && letter < 0xFFFF; letter++)
            {
                var glyph = offset == 0 ? letter + delta : U16(map, at + offset + (2 * (letter - first))) is var own and > 0 ? own + delta : 0;
                if ((glyph & 0xFFFF) is var index and > 0)
                {
                    widths[(char)letter] = U16(hmtx, 4 * Math.Min(index, wide - 1)) / unitsPerEm;
                }
            }
        }

        return widths;
    }

    /// <summary>Offset of the first table of format 4 for Unicode (platform 0, or 3 with encoding 1).</summary>
    private static int Subtable(ReadOnlySpan<byte> cmap)
    {
        for (var i = 0; i < U16(cmap, 2); i++)
        {
            var (platform, encoding, offset) = (U16(cmap, 4 + (8 * i)), U16(cmap, 6 + (8 * i)), (int)U32(cmap, 8 + (8 * i)));
            if ((platform == 0 || (platform, encoding) == (3, 1)) && U16(cmap, offset) == 4)
            {
                return offset;
            }
        }

        throw new InvalidOperationException("The font has no cmap of format 4.");
    }

    private static ReadOnlySpan<byte> Table(ReadOnlySpan<byte> font, ReadOnlySpan<byte> tag)
    {
        for (var i = 0; i < U16(font, 4); i++)
        {
            var entry = font[(12 + (16 * i))..];
            if (entry[..4].SequenceEqual(tag))
            {
                return font.Slice((int)U32(entry, 8), (int)U32(entry, 12));
            }
        }

        throw new InvalidOperationException("A table of the font is missing.");
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}
