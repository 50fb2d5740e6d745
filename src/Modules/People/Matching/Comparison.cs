namespace Mach.People.Matching;

/// <summary>Compares two persons field by field. Pure, the same in both directions save for how names are laid over each other.</summary>
internal static class Comparison
{
    /// <summary>One level per <see cref="Field"/>.</summary>
    public static byte[] Compare(Candidate a, Candidate b)
    {
        var levels = new byte[Level.Fields];
        NameComparison.Compare(a.Name, b.Name, levels);
        levels[(int)Field.Birth] = Birth(a, b);
        levels[(int)Field.Sex] = IsSex(a.Facts.Sex) && IsSex(b.Facts.Sex) ? Equal(a.Facts.Sex, b.Facts.Sex) : Level.Unknown;
        levels[(int)Field.Commune] = Text(a.Facts.Commune, b.Facts.Commune);
        levels[(int)Field.Place] = levels[(int)Field.Commune] == Level.Same && a.Facts.Place.Length > 0 && b.Facts.Place.Length > 0 ? Equal(a.Facts.Place, b.Facts.Place) : Level.Unknown;
        levels[(int)Field.Phone] = Any(a.Facts.Phones, b.Facts.Phones);
        levels[(int)Field.Citizen] = Number(a.Facts.CitizenNumber, b.Facts.CitizenNumber);
        levels[(int)Field.Insurance] = Numbers(a.Facts.InsuranceNumbers, b.Facts.InsuranceNumbers);
        levels[(int)Field.Paper] = Paper(a.Facts.Papers, b.Facts.Papers);
        levels[(int)Field.Mother] = NameComparison.CompareWhole(a.Mother, b.Mother);
        levels[(int)Field.BirthOrder] = a.Facts.BirthOrder > 0 && b.Facts.BirthOrder > 0 ? (a.Facts.BirthOrder == b.Facts.BirthOrder ? Level.Same : Level.Differs) : Level.Unknown;
        return levels;
    }

    private static byte Birth(Candidate a, Candidate b)
    {
        if (a.Year == 0 || b.Year == 0)
        {
            return Level.Unknown;
        }

        if (a.KnowsOnlyYear || b.KnowsOnlyYear)
        {
            return a.Year == b.Year ? Level.YearOnly : Apart(a, b);
        }

        if (a.Day == 0 || b.Day == 0)
        {
            return a.Year != b.Year ? Apart(a, b) : a.Month == b.Month ? Level.YearOnly : Level.SameYear;
        }

        var differing = (a.Year != b.Year ? 1 : 0) + (a.Month != b.Month ? 1 : 0) + (a.Day != b.Day ? 1 : 0);
        return differing switch
        {
            0 => Level.Same,
            1 => Level.OnePart,
            _ when a.Year == b.Year && a.Month == b.Day && a.Day == b.Month => Level.Swapped,
            _ => a.Year == b.Year ? Level.SameYear : Apart(a, b),
        };
    }

    private static byte Apart(Candidate a, Candidate b) => Math.Abs(a.Year - b.Year) < 10 ? Level.Differs : Level.Far;

    private static byte Number(string? a, string? b) => a is null || b is null ? Level.Unknown
        : a == b ? Level.Same
        : EditDistance.IsOne(a, b) ? Level.Near
        : Level.Differs;

    private static byte Numbers(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        if (a.Count == 0 || b.Count == 0)
        {
            return Level.Unknown;
        }

        var best = Level.Differs;
        foreach (var mine in a)
        {
            foreach (var theirs in b)
            {
                best = Math.Min(best, Number(mine, theirs));
            }
        }

        return best;
    }

    /// <summary>Papers of one kind are compared; a passport and a birth certificate say nothing of each other.</summary>
    private static byte Paper(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        var level = Level.Unknown;
        foreach (var mine in a)
        {
            foreach (var theirs in b)
            {
                if (mine == theirs)
                {
                    return Level.Same;
                }

                level = mine[0] == theirs[0] ? Level.Differs : level;
            }
        }

        return level;
    }

    private static byte Any(IReadOnlyList<string> a, IReadOnlyList<string> b) =>
        a.Count == 0 || b.Count == 0 ? Level.Unknown : a.Any(b.Contains) ? Level.Same : Level.Differs;

    private static byte Text(string? a, string? b) => a is null || b is null ? Level.Unknown : Equal(a, b);

    private static byte Equal(string a, string b) => a == b ? Level.Same : Level.Differs;

    private static bool IsSex(string sex) => sex is "male" or "female";
}
