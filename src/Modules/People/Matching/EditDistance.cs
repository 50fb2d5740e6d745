namespace Mach.People.Matching;

/// <summary>How far apart two words without marks are.</summary>
internal static class EditDistance
{
    /// <summary>One letter typed wrong, left out, added, or two neighbours exchanged; equal words are not near but equal.</summary>
    public static bool IsOne(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.Length < b.Length)
        {
            var other = a;
            a = b;
            b = other;
        }

        if (a.Length - b.Length > 1)
        {
            return false;
        }

        var same = a.CommonPrefixLength(b);
        if (a.Length > b.Length)
        {
            return a[(same + 1)..].SequenceEqual(b[same..]);
        }

        return same < a.Length
            && (a[(same + 1)..].SequenceEqual(b[(same + 1)..])
                || (same + 1 < a.Length && a[same] == b[same + 1] && a[same + 1] == b[same] && a[(same + 2)..].SequenceEqual(b[(same + 2)..])));
    }
}
