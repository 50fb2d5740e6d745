namespace Mach.FhirApi.Bodies;

/// <summary>Changes to a body by position: everything that is not replaced stays byte for byte.</summary>
internal sealed class Edits
{
    private readonly List<(int Start, int Length, byte[] With)> _all = [];

    public void Clear() => _all.Clear();

    public void Insert(int at, byte[] text) => _all.Add((at, 0, text));

    public void Replace(int start, int end, byte[] text) => _all.Add((start, end - start, text));

    public void Remove(int start, int end) => _all.Add((start, end - start, []));

    /// <summary>The changed body; the same memory when there is nothing to change. What lies inside an earlier replaced range is left out.</summary>
    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> body)
    {
        if (_all.Count == 0)
        {
            return body;
        }

        // Insertions come before a removal at the same place.
        _all.Sort(static (a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.Length.CompareTo(b.Length));
        var result = new byte[body.Length + _all.Sum(e => e.With.Length)];
        var (from, to) = (0, 0);
        foreach (var (start, length, with) in _all)
        {
            if (start < from)
            {
                continue;
            }

            body.Span[from..start].CopyTo(result.AsSpan(to));
            to += start - from;
            with.CopyTo(result, to);
            to += with.Length;
            from = start + length;
        }

        body.Span[from..].CopyTo(result.AsSpan(to));
        return result.AsMemory(0, to + body.Length - from);
    }
}
