using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Mach.Store.Hashing;
using Mach.Store.Writing;

namespace Mach.Store.Verification;

internal enum IndexKind : byte { Tok, Ref, Str, Dat, Qty, Consent, Tie }

/// <summary>One row of an index table. First, Second and Third are: tok h, dt; ref tgt, p, dt; str p; dat p, lo, hi; qty h, bits of v.</summary>
internal readonly record struct IndexRow(IndexKind Kind, long Rid, long Pk, long First, long Second = 0, long Third = 0, string Text = "")
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Kind.ToString().ToLowerInvariant()} row of resource {Rid} (patient {Pk}, key {First}/{Second}/{Third})");

    /// <summary>A row of table consent: what does not fit into numbers is text.</summary>
    public static IndexRow Of(long rid, long pk, in ConsentRow row) => new(IndexKind.Consent, rid, pk, row.Number, row.Since, row.Until, string.Create(CultureInfo.InvariantCulture,
        $"{row.Depth} {row.Denies} {row.Facility} {row.Who} {row.Labels} {row.Type} {row.Purposes} {row.DataFrom} {row.DataUntil}"));

    /// <summary>A row of table tie.</summary>
    public static IndexRow Of(long rid, long pk, in TieRow row) => new(IndexKind.Tie, rid, pk, row.Number, (long)row.Kind, row.At, string.Create(CultureInfo.InvariantCulture, $"{row.Facility} {row.Other}"));

    /// <summary>Gives every row that a head must have.</summary>
    public static void Each(long rid, long pk, long date, HeadKeys keys, CareKeys care, RowSink sink)
    {
        foreach (var row in care.Consents)
        {
            sink(Of(rid, pk, in row));
        }

        foreach (var row in care.Ties)
        {
            sink(Of(rid, pk, in row));
        }

        foreach (var hash in keys.Tokens)
        {
            sink(new IndexRow(IndexKind.Tok, rid, pk, hash, date));
        }

        foreach (var (target, parameter) in keys.References)
        {
            sink(new IndexRow(IndexKind.Ref, rid, pk, target, parameter, date));
        }

        foreach (var (parameter, text) in keys.Strings)
        {
            sink(new IndexRow(IndexKind.Str, rid, pk, parameter, Text: text));
        }

        foreach (var (parameter, low, high) in keys.Dates)
        {
            sink(new IndexRow(IndexKind.Dat, rid, pk, parameter, low, high));
        }

        foreach (var (hash, value) in keys.Quantities)
        {
            sink(new IndexRow(IndexKind.Qty, rid, pk, hash, BitConverter.DoubleToInt64Bits(value)));
        }
    }
}

/// <summary>Takes one row.</summary>
internal delegate void RowSink(in IndexRow row);

/// <summary>Sets of rows compared without holding them: per bucket of resources a count and the sum of the rows' keyed hashes, which no order changes.</summary>
internal sealed class RowDigests(StoreSecret secret)
{
    public const int Buckets = 4096;
    private readonly ulong[] _sums = new ulong[Buckets];
    private readonly long[] _counts = new long[Buckets];

    public long Count => _counts.Sum();

    public static int BucketOf(long rid) => (int)(unchecked((ulong)rid) % Buckets);

    public void Add(in IndexRow row)
    {
        Span<byte> buffer = stackalloc byte[1100];
        buffer[0] = (byte)row.Kind;
        BinaryPrimitives.WriteInt64LittleEndian(buffer[1..], row.Rid);
        BinaryPrimitives.WriteInt64LittleEndian(buffer[9..], row.Pk);
        BinaryPrimitives.WriteInt64LittleEndian(buffer[17..], row.First);
        BinaryPrimitives.WriteInt64LittleEndian(buffer[25..], row.Second);
        BinaryPrimitives.WriteInt64LittleEndian(buffer[33..], row.Third);
        var text = row.Text.Length <= 256 ? row.Text : row.Text[..256];
        var length = 41 + Encoding.UTF8.GetBytes(text, buffer[41..]);
        var bucket = BucketOf(row.Rid);
        unchecked
        {
            _sums[bucket] += secret.Digest(buffer[..length]);
        }

        _counts[bucket]++;
    }

    /// <summary>Buckets that differ.</summary>
    public IReadOnlyList<int> Differences(RowDigests other) =>
        [.. Enumerable.Range(0, Buckets).Where(i => _sums[i] != other._sums[i] || _counts[i] != other._counts[i])];
}
