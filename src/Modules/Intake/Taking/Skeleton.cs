using Mach.Data;
using Mach.Data.Sealing;
using Mach.Intake.Keeping;

namespace Mach.Intake.Taking;

/// <summary>What an envelope holds between its dossiers: with the dossiers' own bytes it gives the whole file again.</summary>
internal static class Skeleton
{
    /// <summary>Greatest piece that is kept in one row, bytes.</summary>
    public const int PieceBytes = 256 * 1024;

    /// <summary>The ranges outside the dossiers; one range for a file that was not split.</summary>
    public static IEnumerable<(long Offset, long Length)> Gaps(IReadOnlyList<(long Offset, int Length)> dossiers, long size)
    {
        long at = 0;
        foreach (var (offset, length) in dossiers)
        {
            if (offset > at)
            {
                yield return (at, offset - at);
            }

            at = offset + length;
        }

        if (size > at)
        {
            yield return (at, size - at);
        }
    }

    /// <summary>The gaps, one after the other, in pieces ready to be kept.</summary>
    public static IEnumerable<TableRows> Pieces(KeyRing keys, string receipt, Stream content, IEnumerable<(long Offset, long Length)> gaps)
    {
        var buffer = new byte[PieceBytes];
        var (filled, number) = (0, 0);
        foreach (var (offset, length) in gaps)
        {
            content.Position = offset;
            for (var rest = length; rest > 0;)
            {
                var read = content.ReadAtLeast(buffer.AsSpan(filled, (int)Math.Min(rest, buffer.Length - filled)), 1);
                filled += read;
                rest -= read;
                if (filled == buffer.Length)
                {
                    yield return Row(keys, receipt, number++, buffer);
                    filled = 0;
                }
            }
        }

        if (filled > 0)
        {
            yield return Row(keys, receipt, number, buffer.AsSpan(0, filled));
        }
    }

    private static TableRows Row(KeyRing keys, string receipt, int number, ReadOnlySpan<byte> bytes) => new(
        "int_part",
        [("receipt", ColumnType.Text), ("n", ColumnType.Integer), ("bytes", ColumnType.Bytes)],
        [[receipt, number, Kept.Seal(keys, Kept.Part, "bytes", receipt, number, KeptBytes.Pack(bytes))]],
        []);
}
