using Mach.Demo.Catalogue;

namespace Mach.Demo.People;

/// <summary>Names as common as in the region, by sex and generation; nobody in particular.</summary>
internal sealed class Names
{
    private readonly Dictionary<string, (int[] UpTo, string[] Values)> _kinds = new(StringComparer.Ordinal);

    public Names()
    {
        foreach (var kind in Tsv.Read("names", 3, f => f).GroupBy(f => f[0]))
        {
            var upTo = new List<int>();
            var values = new List<string>();
            var sum = 0;
            foreach (var row in kind)
            {
                foreach (var value in row[2].Split(','))
                {
                    upTo.Add(sum += Medicine.Whole(row[1]));
                    values.Add(value);
                }
            }

            _kinds[kind.Key] = ([.. upTo], [.. values]);
        }
    }

    public string Pick(string kind, Dice dice)
    {
        var (upTo, values) = _kinds[kind];
        var at = Array.BinarySearch(upTo, dice.Below(upTo[^1]) + 1);
        return values[at >= 0 ? at : ~at];
    }

    /// <summary>Family, middle and given name; three in four young people carry two middle words.</summary>
    public string Full(Dice dice, string family, int sex, int birthYear)
    {
        var young = birthYear >= 1995;
        var middle = Pick((young ? "young" : "old") + (sex == 2 ? "F" : "M"), dice);
        var given = Pick((birthYear < 1970 ? "givenOld" : birthYear < 1998 ? "givenMid" : "givenNew") + (sex == 2 ? "F" : "M"), dice);
        var second = birthYear >= 2005 && dice.Chance(0.45) ? Pick("givenNew" + (sex == 2 ? "F" : "M"), dice) : null;
        return second is null || second == given || second == middle ? $"{family} {middle} {given}" : $"{family} {middle} {second} {given}";
    }
}
