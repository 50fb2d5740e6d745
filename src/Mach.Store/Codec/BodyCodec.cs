using System.Buffers;
using System.IO.Compression;
using System.Reflection;

namespace Mach.Store.Codec;

/// <summary>
/// Bodies as the database keeps them: zstd with our dictionary where the system has libzstd, the platform's deflate
/// primed with the same dictionary elsewhere. The codec number in the row says which; both are always readable where available.
/// </summary>
internal static class BodyCodec
{
    /// <summary>As is.</summary>
    public const short Plain = 0;
    /// <summary>Deflate after the last 8 KiB of dictionary 1.</summary>
    public const short Deflate1 = 1;
    /// <summary>zstd after dictionary 1.</summary>
    public const short Zstd1 = 2;

    /// <summary>Dictionary 1: samples of the JSON that the store holds. Never edited once released: a better one becomes dictionary 2 with its own codec numbers.</summary>
    private static readonly byte[] Dictionary1 = ReadDictionary("dictionary-1.txt");
    // Deflate reads its dictionary again for every body: the common shapes at the end are worth it, the rest is not.
    private static readonly byte[] DeflateDictionary = Dictionary1[^8192..];
    private static readonly Zstd? Zstd = Zstd.TryLoad(Dictionary1);
    private static readonly byte[] DeflatePrefix = StoredBlocks(DeflateDictionary);

    /// <summary>The codec new bodies are written with on this machine.</summary>
    public static short Preferred => Zstd is null ? Deflate1 : Zstd1;

    public static bool CanRead(short codec) => codec is Plain or Deflate1 || codec == Zstd1 && Zstd is not null;

    /// <summary>Compresses with the preferred codec; a body that does not shrink is kept as it is.</summary>
    public static (short Codec, byte[] Bytes) Encode(ReadOnlySpan<byte> body) => Encode(body, Preferred);

    internal static (short Codec, byte[] Bytes) Encode(ReadOnlySpan<byte> body, short codec)
    {
        var packed = codec switch
        {
            Zstd1 => Zstd!.Compress(body),
            Deflate1 => Deflate(body),
            _ => null,
        };
        return packed is not null && packed.Length < body.Length ? (codec, packed) : (Plain, body.ToArray());
    }

    /// <exception cref="InvalidDataException">The bytes are damaged, or this machine lacks the codec.</exception>
    public static byte[] Decode(short codec, byte[] packed) => codec == Plain ? packed : Decode(codec, packed.AsSpan());

    /// <inheritdoc cref="Decode(short, byte[])"/>
    public static byte[] Decode(short codec, ReadOnlySpan<byte> packed) => codec switch
    {
        Plain => packed.ToArray(),
        Deflate1 => Inflate(packed),
        Zstd1 when Zstd is not null => Zstd.Decompress(packed),
        _ => throw new InvalidDataException($"Body codec {codec} cannot be read on this machine."),
    };

    // Write dictionary, flush to a byte boundary, drop that prefix: what follows refers back into the dictionary.
    private static byte[] Deflate(ReadOnlySpan<byte> body)
    {
        using var output = new MemoryStream(DeflateDictionary.Length + body.Length);
        int prefix;
        using (var deflate = new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(DeflateDictionary);
            deflate.Flush();
            prefix = (int)output.Length;
            deflate.Write(body);
        }

        return output.GetBuffer().AsSpan(prefix, (int)output.Length - prefix).ToArray();
    }

    private static byte[] Inflate(ReadOnlySpan<byte> packed)
    {
        var input = new byte[DeflatePrefix.Length + packed.Length];
        DeflatePrefix.CopyTo(input, 0);
        packed.CopyTo(input.AsSpan(DeflatePrefix.Length));
        using var inflate = new DeflateStream(new MemoryStream(input), CompressionMode.Decompress);
        var skip = ArrayPool<byte>.Shared.Rent(DeflateDictionary.Length);
        inflate.ReadExactly(skip, 0, DeflateDictionary.Length);
        ArrayPool<byte>.Shared.Return(skip);
        using var output = new MemoryStream(packed.Length * 4);
        inflate.CopyTo(output);
        return output.ToArray();
    }

    // The dictionary as uncompressed deflate blocks (RFC 1951 §3.2.4): the same on every machine, whatever its zlib.
    private static byte[] StoredBlocks(ReadOnlySpan<byte> data)
    {
        using var output = new MemoryStream();
        while (!data.IsEmpty)
        {
            var length = Math.Min(data.Length, 65_535);
            output.Write(unchecked([0, (byte)length, (byte)(length >> 8), (byte)~length, (byte)(~length >> 8)]));
            output.Write(data[..length]);
            data = data[length..];
        }

        return output.ToArray();
    }

    private static byte[] ReadDictionary(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Mach.Store.Codec.{name}")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
