using System.Buffers.Binary;
using System.Numerics;

namespace Mach.Store.Hashing;

/// <summary>SipHash-2-4, 64 bits (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012; test vectors in its appendix A and reference code).</summary>
internal readonly struct SipHash(ulong k0, ulong k1)
{
    /// <param name="key">16 bytes, little-endian halves.</param>
    public SipHash(ReadOnlySpan<byte> key) : this(BinaryPrimitives.ReadUInt64LittleEndian(key), BinaryPrimitives.ReadUInt64LittleEndian(key[8..]))
    {
    }

    public ulong Hash(ReadOnlySpan<byte> data)
    {
        unchecked
        {
            var v0 = k0 ^ 0x736f6d6570736575UL;
            var v1 = k1 ^ 0x646f72616e646f6dUL;
            var v2 = k0 ^ 0x6c7967656e657261UL;
            var v3 = k1 ^ 0x7465646279746573UL;
            var length = (ulong)data.Length << 56;
            while (data.Length >= 8)
            {
                var m = BinaryPrimitives.ReadUInt64LittleEndian(data);
                v3 ^= m;
                Round(ref v0, ref v1, ref v2, ref v3);
                Round(ref v0, ref v1, ref v2, ref v3);
                v0 ^= m;
                data = data[8..];
            }

            for (var i = 0; i < data.Length; i++)
            {
                length |= (ulong)data[i] << (8 * i);
            }

            v3 ^= length;
            Round(ref v0, ref v1, ref v2, ref v3);
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= length;
            v2 ^= 0xff;
            Round(ref v0, ref v1, ref v2, ref v3);
            Round(ref v0, ref v1, ref v2, ref v3);
            Round(ref v0, ref v1, ref v2, ref v3);
            Round(ref v0, ref v1, ref v2, ref v3);
            return v0 ^ v1 ^ v2 ^ v3;
        }
    }

    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        unchecked
        {
            v0 += v1;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v3;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v2 = BitOperations.RotateLeft(v2, 32);
        }
    }
}
