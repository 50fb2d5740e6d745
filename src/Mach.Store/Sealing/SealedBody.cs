using System.Buffers;
using System.Buffers.Binary;
using System.Data.Common;
using Mach.Data.Sealing;
using Mach.Store.Codec;

namespace Mach.Store.Sealing;

/// <summary>Bodies of ver: compressed, then sealed and bound to their row. The codec number says with <see cref="Flag"/> that a body is sealed.</summary>
internal static class SealedBody
{
    /// <summary>Added to the codec number of a sealed body.</summary>
    public const short Flag = 16;

    private const int PlaceBytes = 23;

    public static bool IsSealed(short codec) => (codec & Flag) != 0;

    /// <summary>A compressed body as it is written; as it is when the store has no keys.</summary>
    public static (short Codec, byte[]? Stored) Seal(KeyRing keys, int key, short codec, byte[]? packed, long seq, long rid, int vno)
    {
        if (key == 0 || packed is null)
        {
            return (codec, packed);
        }

        var stored = new byte[packed.Length + KeyRing.Overhead];
        Span<byte> place = stackalloc byte[PlaceBytes];
        Place(place, codec, seq, rid, vno);
        keys.Seal(key, place, packed, stored);
        return ((short)(codec | Flag), stored);
    }

    /// <summary>The body of a row, opened and decompressed.</summary>
    /// <exception cref="InvalidDataException">Changed, moved from another row, in a codec that this machine lacks, or its key is missing.</exception>
    public static byte[] Read(KeyRing keys, short codec, byte[] stored, long seq, long rid, int vno)
    {
        if (!IsSealed(codec))
        {
            return BodyCodec.Decode(codec, stored);
        }

        var length = Math.Max(0, stored.Length - KeyRing.Overhead);
        var packed = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var plain = Open(keys, codec, stored, packed.AsSpan(0, length), seq, rid, vno);
            return BodyCodec.Decode(plain, packed.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed, clearArray: true);
        }
    }

    /// <summary>As <see cref="Read(KeyRing, short, byte[], long, long, int)"/>, from columns codec and body that stand side by side.</summary>
    public static byte[] Read(KeyRing keys, DbDataReader reader, int codec, long seq, long rid, int vno) =>
        Read(keys, reader.GetInt16(codec), reader.GetFieldValue<byte[]>(codec + 1), seq, rid, vno);

    /// <summary>The compressed body of a sealed row.</summary>
    /// <returns>Its codec.</returns>
    public static short Open(KeyRing keys, short codec, byte[] stored, Span<byte> packed, long seq, long rid, int vno)
    {
        var plain = (short)(codec & ~Flag);
        Span<byte> place = stackalloc byte[PlaceBytes];
        Place(place, plain, seq, rid, vno);
        keys.Open(place, stored, packed);
        return plain;
    }

    private static void Place(Span<byte> place, short codec, long seq, long rid, int vno)
    {
        // "v" keeps bodies apart from columns of modules, whose places begin with the name of a table.
        place[0] = (byte)'v';
        BinaryPrimitives.WriteInt16LittleEndian(place[1..], codec);
        BinaryPrimitives.WriteInt64LittleEndian(place[3..], seq);
        BinaryPrimitives.WriteInt64LittleEndian(place[11..], rid);
        BinaryPrimitives.WriteInt32LittleEndian(place[19..], vno);
    }
}
