using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Mach.Access.Audit;

/// <summary>How lines hang together: each hash is taken over the hash before, so that a line that is changed, taken out or put in breaks all after it.</summary>
internal static class AuditChain
{
    public const int HashSize = 32;

    /// <summary>What stands before the first line.</summary>
    public static byte[] Start(string chain) => SHA256.HashData(Encoding.UTF8.GetBytes("mach-audit " + chain));

    public static void Next(ReadOnlySpan<byte> before, long seq, ReadOnlySpan<byte> body, Span<byte> hash)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, seq);
        sha.AppendData(before);
        sha.AppendData(number);
        sha.AppendData(body);
        sha.GetHashAndReset(hash);
    }

    public static byte[] Next(ReadOnlySpan<byte> before, long seq, ReadOnlySpan<byte> body)
    {
        var hash = new byte[HashSize];
        Next(before, seq, body, hash);
        return hash;
    }
}
