using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Mach.Fhir.Definitions;

/// <summary>Reads a section of the embedded file r4.bin, which tools/Mach.Definitions writes and describes (R4File).</summary>
internal sealed class SectionReader(byte[] section, int position = 0)
{
    private const string FileName = "r4.bin";

    public int Position => position;

    /// <summary>Opens a section by its number: 0 structures, 1 terminology.</summary>
    public static byte[] Open(int number)
    {
        using var file = typeof(SectionReader).Assembly.GetManifestResourceStream(FileName) ?? throw new InvalidOperationException("The definitions of FHIR R4 are missing from the assembly.");
        Span<byte> lengths = stackalloc byte[8];
        file.ReadExactly(lengths);
        for (; number > 0; number--)
        {
            file.Seek(BinaryPrimitives.ReadInt32LittleEndian(lengths), SeekOrigin.Current);
            file.ReadExactly(lengths);
        }

        var plain = new byte[BinaryPrimitives.ReadInt32LittleEndian(lengths[4..])];
        using var brotli = new BrotliStream(file, CompressionMode.Decompress, leaveOpen: true);
        brotli.ReadExactly(plain);
        return plain;
    }

    public byte Byte() => section[position++];

    public bool Flag() => Byte() != 0;

    public int Number()
    {
        var number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = Byte();
            number |= (b & 0x7F) << shift;
            if (b < 0x80)
            {
                return number;
            }
        }
    }

    public string Text()
    {
        var bytes = Bytes();
        return bytes.IsEmpty ? "" : Encoding.UTF8.GetString(bytes);
    }

    public string? TextOrNull()
    {
        var bytes = Bytes();
        return bytes.IsEmpty ? null : Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Steps over a text and gives the place where it begins.</summary>
    public int Skip()
    {
        var at = position;
        Bytes();
        return at;
    }

    /// <summary>A list: its length, then its items.</summary>
    public T[] List<T>(Func<T> read)
    {
        var count = Number();
        if (count == 0)
        {
            return [];
        }

        var items = new T[count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = read();
        }

        return items;
    }

    private ReadOnlySpan<byte> Bytes()
    {
        var length = Number();
        position += length;
        return section.AsSpan(position - length, length);
    }
}
