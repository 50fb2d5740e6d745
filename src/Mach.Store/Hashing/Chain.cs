using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Mach.Store.Hashing;

/// <summary>One row of commit_log.</summary>
internal sealed record LogEntry
{
    public required long Tx { get; init; }
    public required long At { get; init; }
    public int Generation { get; init; } = 1;
    public int Origin { get; init; }
    public int Epoch { get; init; } = 1;
    public required long Number { get; init; }
    public byte[]? Idempotency { get; init; }
    public required string Actor { get; init; }
    public required long FirstSeq { get; init; }
    public required int Count { get; init; }
    public required byte[] Root { get; init; }
    public required byte[] Previous { get; init; }
    public byte[] Hash { get; init; } = [];
}

/// <summary>
/// The hash chain of the log: a Merkle root over the versions of a commit (RFC 6962 §2.1: leaves and nodes hashed apart,
/// the split at the greatest power of two), and each commit's hash over the one before it.
/// </summary>
internal static class Chain
{
    /// <summary>What the first commit follows.</summary>
    public static readonly byte[] Start = new byte[32];

    private static readonly byte[] EmptyRoot = SHA256.HashData([]);

    /// <summary>Leaf of one version.</summary>
    public static byte[] Leaf(string type, string id, int version, short op, ReadOnlySpan<byte> sha)
    {
        Span<byte> buffer = stackalloc byte[256];
        var length = 0;
        buffer[length++] = 0;
        length += Encoding.UTF8.GetBytes(type, buffer[length..]);
        buffer[length++] = (byte)'/';
        length += Encoding.UTF8.GetBytes(id, buffer[length..]);
        buffer[length++] = 0;
        BinaryPrimitives.WriteInt32LittleEndian(buffer[length..], version);
        BinaryPrimitives.WriteInt16LittleEndian(buffer[(length + 4)..], op);
        length += 6;
        sha.CopyTo(buffer[length..]);
        return SHA256.HashData(buffer[..(length + sha.Length)]);
    }

    public static byte[] Root(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length <= 1)
        {
            return leaves.IsEmpty ? EmptyRoot : leaves[0];
        }

        var split = 1;
        while (split * 2 < leaves.Length)
        {
            split *= 2;
        }

        Span<byte> node = stackalloc byte[65];
        node[0] = 1;
        Root(leaves[..split]).CopyTo(node[1..]);
        Root(leaves[split..]).CopyTo(node[33..]);
        return SHA256.HashData(node);
    }

    /// <summary>Hash of a log entry: every field but the hash itself.</summary>
    public static byte[] Hash(LogEntry entry)
    {
        Span<byte> numbers = stackalloc byte[48];
        BinaryPrimitives.WriteInt64LittleEndian(numbers, entry.Tx);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[8..], entry.At);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[16..], entry.Generation);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[20..], entry.Origin);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[24..], entry.Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[28..], entry.Number);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[36..], entry.FirstSeq);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[44..], entry.Count);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(entry.Previous);
        hash.AppendData(entry.Root);
        hash.AppendData(numbers);
        // A length before each part of variable length: no two entries share a spelling.
        hash.AppendData([(byte)(entry.Idempotency?.Length ?? 0)]);
        hash.AppendData(entry.Idempotency ?? []);
        hash.AppendData(Encoding.UTF8.GetBytes(entry.Actor));
        return hash.GetHashAndReset();
    }
}
