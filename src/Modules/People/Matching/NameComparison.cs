namespace Mach.People.Matching;

/// <summary>Compares two names part by part, whatever the order of the parts.</summary>
internal static class NameComparison
{
    /// <summary>Level per part, and the words of <paramref name="a"/> that are the same on both sides (for how common they are).</summary>
    public static void Compare(PersonName a, PersonName b, Span<byte> levels)
    {
        if (a.Words.Count == 0 || b.Words.Count == 0)
        {
            return;
        }

        var toneless = a.IsToneless || b.IsToneless;
        Span<int> other = stackalloc int[a.Words.Count];
        Span<bool> taken = stackalloc bool[b.Words.Count];
        Align(a, b, other, taken);
        levels[(int)Field.Family] = PartLevel(a, b, 0, other[0], toneless);
        levels[(int)Field.Given] = a.Words.Count > 1 ? PartLevel(a, b, a.Words.Count - 1, other[^1], toneless) : Level.Unknown;
        levels[(int)Field.Middle] = MiddleLevel(a, b, other, taken, toneless);
        levels[(int)Field.Order] = IsOtherOrder(a.Words.Count, b.Words.Count, other) ? Level.Differs : Level.Same;
    }

    /// <summary>Whole names at once, for the mother: the same, one part near or left out, or another name.</summary>
    public static byte CompareWhole(PersonName a, PersonName b)
    {
        if (a.Words.Count == 0 || b.Words.Count == 0)
        {
            return Level.Unknown;
        }

        Span<byte> levels = stackalloc byte[Level.Fields];
        Compare(a, b, levels);
        int off = 0, far = 0;
        foreach (var field in new[] { Field.Family, Field.Middle, Field.Given })
        {
            off += levels[(int)field] is Level.Marks or Level.Near or Level.Part ? 1 : 0;
            far += levels[(int)field] == Level.Differs ? 1 : 0;
        }

        return far > 0 || off > 1 ? Level.Differs : off == 1 ? Level.Near : Level.Same;
    }

    /// <summary>For each word of a the best word of b that is left: place by place first when they fit, then anywhere.</summary>
    private static void Align(PersonName a, PersonName b, Span<int> other, Span<bool> taken)
    {
        other.Fill(-1);
        for (var grade = 0; grade < 3; grade++)
        {
            for (var i = 0; i < other.Length; i++)
            {
                for (var from = 0; other[i] < 0 && from < taken.Length; from++)
                {
                    // Beginning at the same place, counted from the nearer end.
                    var j = (Place(i, other.Length, taken.Length) + from) % taken.Length;
                    if (!taken[j] && Fits(a.Words[i], b.Words[j], grade))
                    {
                        (other[i], taken[j]) = (j, true);
                    }
                }
            }
        }
    }

    private static int Place(int i, int mine, int theirs) => i == mine - 1 ? theirs - 1 : Math.Min(i, theirs - 1);

    private static bool Fits(NameWord a, NameWord b, int grade) => grade switch
    {
        0 => a.Spelled == b.Spelled,
        1 => a.Folded == b.Folded,
        _ => a.Folded.Length > 1 && b.Folded.Length > 1 && Math.Max(a.Folded.Length, b.Folded.Length) > 2 && EditDistance.IsOne(a.Folded, b.Folded),
    };

    private static byte PartLevel(PersonName a, PersonName b, int i, int j, bool toneless) => j < 0 ? Level.Differs : WordLevel(a.Words[i], b.Words[j], toneless);

    private static byte WordLevel(NameWord a, NameWord b, bool toneless) =>
        a.Spelled == b.Spelled && !(toneless && a.IsMarked) ? Level.Same
        : a.Folded != b.Folded ? Level.Near
        : toneless ? Level.Toneless
        : Level.Marks;

    private static byte MiddleLevel(PersonName a, PersonName b, Span<int> other, Span<bool> taken, bool toneless)
    {
        int mine = a.Words.Count - 2, theirs = b.Words.Count - 2;
        if (mine <= 0 && theirs <= 0)
        {
            return Level.Unknown;
        }

        var (worst, unmatched) = (Level.Same, 0);
        for (var i = 1; i <= mine; i++)
        {
            if (other[i] < 0)
            {
                unmatched++;
            }
            else
            {
                worst = Math.Max(worst, WordLevel(a.Words[i], b.Words[other[i]], toneless));
            }
        }

        // A word of b that nobody took belongs to its middle, unless it stands for a family or given name that differs.
        var left = -(other[0] < 0 ? 1 : 0) - (mine >= 0 && a.Words.Count > 1 && other[^1] < 0 ? 1 : 0);
        foreach (var used in taken)
        {
            left += used ? 0 : 1;
        }

        left = Math.Max(left, 0);
        return unmatched > 0 && left > 0 ? Level.Differs : unmatched > 0 || left > 0 ? Level.Part : worst;
    }

    private static bool IsOtherOrder(int mine, int theirs, Span<int> other)
    {
        var before = -1;
        foreach (var j in other)
        {
            if (j >= 0 && j < before)
            {
                return true;
            }

            before = Math.Max(before, j);
        }

        return (other[0] > 0 && theirs >= mine) || (mine > 1 && other[^1] >= 0 && other[^1] < theirs - 1 && theirs <= mine);
    }
}
