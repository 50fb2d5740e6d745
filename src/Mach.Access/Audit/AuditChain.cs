using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Mach.Access.Audit;

/// <summary>How lines hang together: each hash is taken over the hash before, so that a line that is changed, taken out or put in breaks all after it.</summary>
internal static class AuditChain
{
    public const int HashSize = 32;
    private const int MaxStack = 1024;

    /// <summary>What stands before the first line.</summary>
    public static byte[] Start(string chain) => SHA256.HashData(Encoding.UTF8.GetBytes("mach-audit " + chain));

    public static void Next(ReadOnlySpan<byte> before, long seq, ReadOnlySpan<byte> body, Span<byte> hash)
    {
        var size = before.Length + sizeof(long) + body.Length;
        byte[]? rented = null;
        var all = size <= MaxStack ? stackalloc byte[MaxStack] : rented = ArrayPool<byte>.Shared.Rent(size);
        before.CopyTo(all);
        BinaryPrimitives.WriteInt64BigEndian(all[before.Length..], seq);
        body.CopyTo(all[(before.Length + sizeof(long))..]);
        SHA256.HashData(all[..size], hash);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public static byte[] Next(ReadOnlySpan<byte> before, long seq, ReadOnlySpan<byte> body)
    {
        var hash = new byte[HashSize];
        Next(before, seq, body, hash);
        return hash;
    }
}
