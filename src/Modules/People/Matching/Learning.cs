namespace Mach.People.Matching;

/// <summary>
/// Learns a weight table from records of which nobody knows who is who: expectation–maximisation over pairs that share a blocking key,
/// with three hidden kinds of pair; what strangers have in common by chance is counted on pairs drawn at random.
/// </summary>
/// <remarks>Winkler 1988 (EM for Fellegi–Sunter). A pass says nothing about the fields that it blocks on: those are left out of it, else every key would seem to be always right.</remarks>
internal static class Learning
{
    private const int Rounds = 40, PairsPerBlock = 60, RandomPairs = 400_000, MostPairs = 400_000;
    /// <summary>Pairs' worth of belief in the table that learning starts from.</summary>
    private const double Belief = 40;

    private static readonly Field[] Numbers = [Field.Citizen, Field.Insurance, Field.Paper];
    private static readonly double[] FirstShares = [0.3, 0.4, 0.3];

    private sealed record Pass(string Name, Field[] Blocked, Func<Candidate, IEnumerable<string>> Keys);

    private static readonly Pass[] Passes =
    [
        new("name and year", [Field.Family, Field.Middle, Field.Given, Field.Order, Field.Birth], p => p.Name.Words.Count > 1 && p.Year > 0 ? [$"{p.Name.Sorted()}|{p.Year}"] : []),
        new("birth date", [Field.Birth, Field.Sex], p => p.Day > 0 && !p.KnowsOnlyYear ? [$"{p.Year}-{p.Month}-{p.Day}-{p.Facts.Sex}"] : []),
        new("phone", [Field.Phone], p => p.Facts.Phones),
        new("insurance number", [Field.Insurance], p => p.Facts.InsuranceNumbers),
        new("citizen number", [Field.Citizen], p => p.Facts.CitizenNumber is { } n ? [n] : []),
        new("mother", [Field.Mother], p => p.Mother.Words.Count > 1 && p.Facts.Commune is { } c ? [$"{p.Mother.Sorted()}|{c}"] : []),
    ];

    /// <param name="start">Where to begin: the kinds have no names of their own, so the start says which is which.</param>
    /// <param name="seed">Of the random pairs.</param>
    public static WeightTable Learn(IReadOnlyList<Candidate> people, WeightTable start, string version, int seed = 1)
    {
        var random = new Random(seed);
        var names = NameFrequencies.Count(people.Select(p => p.Name), Math.Max(3, people.Count / 20_000));
        var stranger = CountStrangers(people, start, random);
        var patterns = Passes.Select(pass => (pass, Patterns: Collect(people, pass, random))).Where(p => p.Patterns.Count > 0).ToList();
        var chances = new double[Level.Fields * Level.Count * WeightTable.Kinds];
        for (var i = 0; i < chances.Length; i++)
        {
            var (field, level, kind) = (i / WeightTable.Kinds / Level.Count, i / WeightTable.Kinds % Level.Count, i % WeightTable.Kinds);
            chances[i] = kind == (int)PairKind.Stranger ? stranger[WeightTable.At(field, level, kind)] : start.Chance((Field)field, (byte)level, (PairKind)kind);
        }

        var shares = patterns.ConvertAll(_ => (double[])FirstShares.Clone());
        for (var round = 0; round < Rounds; round++)
        {
            chances = Improve(patterns, shares, chances, start);
        }

        return new WeightTable(WeightTable.WithUnknown(chances), names, version) { Pairs = patterns.Sum(p => p.Patterns.Values.Sum(n => (long)n)), LinkBits = start.LinkBits, AskBits = start.AskBits };
    }

    /// <summary>One step: how likely each pattern is of each kind, and the chances that follow from that.</summary>
    private static double[] Improve(List<(Pass Pass, Dictionary<Pattern, int> Patterns)> passes, List<double[]> shares, double[] chances, WeightTable start)
    {
        var counts = new double[chances.Length];
        for (var p = 0; p < passes.Count; p++)
        {
            var (pass, patterns) = passes[p];
            var sums = new double[WeightTable.Kinds];
            foreach (var (pattern, n) in patterns)
            {
                var likely = Likelihoods(pattern.Levels, pass.Blocked, shares[p], chances);
                for (var kind = 0; kind < WeightTable.Kinds; kind++)
                {
                    sums[kind] += likely[kind] * n;
                    for (var field = 0; field < Level.Fields; field++)
                    {
                        if (pattern.Levels[field] != Level.Unknown && !pass.Blocked.Contains((Field)field))
                        {
                            counts[WeightTable.At(field, pattern.Levels[field], kind)] += likely[kind] * n;
                        }
                    }
                }
            }

            shares[p] = [.. sums.Select(s => (s + 1) / (sums.Sum() + WeightTable.Kinds))];
        }

        return Normalise(counts, chances, start);
    }

    private static double[] Normalise(double[] counts, double[] before, WeightTable start)
    {
        var next = (double[])before.Clone();
        for (var field = 0; field < Level.Fields; field++)
        {
            // Strangers were counted at random; only the other two are learned.
            for (var kind = 0; kind < (int)PairKind.Stranger; kind++)
            {
                var levels = Level.Of((Field)field).Select(l => l.Level).ToArray();
                var total = levels.Sum(l => counts[WeightTable.At(field, l, kind)]);
                foreach (var level in levels)
                {
                    var at = WeightTable.At(field, level, kind);
                    var believed = start.Chance((Field)field, level, (PairKind)kind);
                    // A register without a certain slip does not prove that nobody makes it.
                    next[at] = Math.Max((counts[at] + Belief * believed) / (total + Belief), believed / 10);
                }
            }
        }

        return next;
    }

    private static double[] Likelihoods(byte[] levels, Field[] blocked, double[] shares, double[] chances)
    {
        var likely = (double[])shares.Clone();
        for (var field = 0; field < levels.Length; field++)
        {
            if (levels[field] != Level.Unknown && !blocked.Contains((Field)field))
            {
                for (var kind = 0; kind < likely.Length; kind++)
                {
                    likely[kind] *= Math.Max(chances[WeightTable.At(field, levels[field], kind)], WeightTable.Floor);
                }
            }
        }

        var sum = likely.Sum();
        return sum > 0 ? [.. likely.Select(l => l / sum)] : [0, 0, 1];
    }

    private static Dictionary<Pattern, int> Collect(IReadOnlyList<Candidate> people, Pass pass, Random random)
    {
        var blocks = new Dictionary<string, List<Candidate>>(StringComparer.Ordinal);
        foreach (var person in people)
        {
            foreach (var key in pass.Keys(person).Distinct(StringComparer.Ordinal))
            {
                (blocks.TryGetValue(key, out var block) ? block : blocks[key] = []).Add(person);
            }
        }

        var patterns = new Dictionary<Pattern, int>();
        var pairs = 0;
        foreach (var block in blocks.Values.Where(b => b.Count > 1))
        {
            foreach (var (a, b) in PairsOf(block, random))
            {
                var pattern = new Pattern(Comparison.Compare(a, b));
                patterns[pattern] = patterns.GetValueOrDefault(pattern) + 1;
                if (++pairs == MostPairs)
                {
                    return patterns;
                }
            }
        }

        return patterns;
    }

    /// <summary>All pairs of a small block, some of a large one.</summary>
    private static IEnumerable<(Candidate, Candidate)> PairsOf(List<Candidate> block, Random random)
    {
        if (block.Count * (block.Count - 1) / 2 > PairsPerBlock)
        {
            for (var i = 0; i < PairsPerBlock; i++)
            {
                var (a, b) = (random.Next(block.Count), random.Next(block.Count - 1));
                yield return (block[a], block[b < a ? b : b + 1]);
            }

            yield break;
        }

        for (var i = 1; i < block.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                yield return (block[i], block[j]);
            }
        }
    }

    private static double[] CountStrangers(IReadOnlyList<Candidate> people, WeightTable start, Random random)
    {
        var counts = new double[Level.Fields * Level.Count * WeightTable.Kinds];
        for (var i = 0; people.Count > 1 && i < RandomPairs; i++)
        {
            var (a, b) = (random.Next(people.Count), random.Next(people.Count - 1));
            var levels = Comparison.Compare(people[a], people[b < a ? b : b + 1]);
            if (Numbers.Any(n => levels[(int)n] == Level.Same))
            {
                // One person twice, by chance: no strangers.
                continue;
            }

            for (var field = 0; field < levels.Length; field++)
            {
                counts[WeightTable.At(field, levels[field], (int)PairKind.Stranger)]++;
            }
        }

        for (var field = 0; field < Level.Fields; field++)
        {
            var levels = Level.Of((Field)field).Select(l => l.Level).ToArray();
            var total = levels.Sum(l => counts[WeightTable.At(field, l, (int)PairKind.Stranger)]);
            foreach (var level in levels)
            {
                var at = WeightTable.At(field, level, (int)PairKind.Stranger);
                // A number is given out once: how often it stands on a stranger's paper cannot be counted among so few pairs.
                counts[at] = Numbers.Contains((Field)field) ? start.Chance((Field)field, level, PairKind.Stranger)
                    : (counts[at] + Belief * start.Chance((Field)field, level, PairKind.Stranger)) / (total + Belief);
            }
        }

        return counts;
    }

    /// <summary>The levels of a pair, equal by value.</summary>
    private sealed class Pattern(byte[] levels) : IEquatable<Pattern>
    {
        public byte[] Levels { get; } = levels;

        public bool Equals(Pattern? other) => other is not null && Levels.AsSpan().SequenceEqual(other.Levels);

        public override bool Equals(object? obj) => Equals(obj as Pattern);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.AddBytes(Levels);
            return hash.ToHashCode();
        }
    }
}
