namespace Mach.Vietnam.Bhyt.Reading;

/// <summary>Which table a document is, by the name of its root.</summary>
internal static class TableRoots
{
    private static readonly Dictionary<string, BhytTable> ByRoot = BhytTables.All.GroupBy(t => t.Root).ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal);
    private static readonly int Longest = ByRoot.Keys.Max(r => r.Length);

    public static BhytTable? Find(ReadOnlySpan<byte> root)
    {
        Span<char> name = stackalloc char[Longest];
        return root.Length <= Longest
            && System.Text.Ascii.ToUtf16(root, name, out var length) == System.Buffers.OperationStatus.Done
            && ByRoot.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out var table)
            ? table
            : null;
    }
}
