namespace Mach.People.Matching;

internal enum Grade
{
    /// <summary>Two people.</summary>
    Apart,
    /// <summary>Somebody who knows has to say.</summary>
    Ask,
    /// <summary>One person.</summary>
    Link,
}

/// <summary>What one field says: its level of agreement and its weight in bits, for (positive) or against one person.</summary>
internal readonly record struct Contribution(Field Field, byte Level, double Bits);

/// <param name="Bits">log2 of the odds that both records are one person's.</param>
/// <param name="Against">Which explanation competes: two people of one household, or strangers.</param>
/// <param name="Cap">Why nothing was linked although the weight would do; null otherwise. Codes as in the texts of the page.</param>
internal sealed record Judgement(double Bits, Grade Grade, IReadOnlyList<Contribution> Contributions, PairKind Against, string? Cap)
{
    /// <summary>Chance that it is one person, 0–1.</summary>
    public double Score => 1 / (1 + Math.Pow(2, -Bits));
}

/// <summary>Weighs two persons by a table. Pure.</summary>
internal sealed class Judge
{
    /// <summary>One's own household among the records: three others on average.</summary>
    private const double HouseholdMates = 3;

    private readonly WeightTable _weights;
    private readonly double _matchPrior, _householdPrior;

    /// <param name="people">Size of the register: the greater it is, the more namesakes there are.</param>
    public Judge(WeightTable weights, long people)
    {
        _weights = weights;
        var size = Math.Max(people, 1000);
        // Every second registration is of somebody who is known already.
        _matchPrior = Math.Log2(0.5 / size);
        _householdPrior = Math.Log2(HouseholdMates / size);
    }

    public Judgement Weigh(Candidate a, Candidate b)
    {
        var levels = Comparison.Compare(a, b);
        Span<double> stranger = stackalloc double[Level.Fields];
        double match = _matchPrior, household = _householdPrior, strange = 0;
        for (var i = 0; i < levels.Length; i++)
        {
            var (field, level) = ((Field)i, levels[i]);
            stranger[i] = level == Level.Unknown ? 0 : StrangerLog(field, level, a, b);
            match += Log(field, level, PairKind.Match);
            household += Log(field, level, PairKind.Household);
            strange += stranger[i];
        }

        var against = household > strange ? PairKind.Household : PairKind.Stranger;
        var (high, low) = household > strange ? (household, strange) : (strange, household);
        var bits = match - high - Math.Log2(1 + Math.Pow(2, low - high));
        var contributions = new List<Contribution>(levels.Length);
        for (var i = 0; i < levels.Length; i++)
        {
            if (levels[i] != Level.Unknown)
            {
                var field = (Field)i;
                contributions.Add(new Contribution(field, levels[i],
                    Log(field, levels[i], PairKind.Match) - (against == PairKind.Household ? Log(field, levels[i], PairKind.Household) : stranger[i])));
            }
        }

        var cap = bits >= _weights.LinkBits ? a.Facts.IsDisputed || b.Facts.IsDisputed ? "disputed" : Cap(levels) : null;
        var grade = a.Facts.IsTest != b.Facts.IsTest || bits < _weights.AskBits ? Grade.Apart : bits < _weights.LinkBits || cap is not null ? Grade.Ask : Grade.Link;
        return new Judgement(bits, grade, contributions, against, cap);
    }

    /// <summary>What no weight outbids without a person looking: papers or names that say it is somebody else, or nothing that tells one child of the house from another.</summary>
    private static string? Cap(byte[] levels)
    {
        byte At(Field field) => levels[(int)field];
        var hasNumber = At(Field.Citizen) == Level.Same || At(Field.Insurance) == Level.Same || At(Field.Paper) == Level.Same;
        return At(Field.Citizen) == Level.Differs ? "other-citizen-number"
            : At(Field.BirthOrder) == Level.Differs ? "other-birth-order"
            : At(Field.Given) == Level.Differs && At(Field.Citizen) != Level.Same ? "other-given-name"
            : At(Field.Commune) == Level.Differs && !hasNumber && At(Field.Phone) != Level.Same && At(Field.Mother) != Level.Same ? "elsewhere"
            : At(Field.Given) == Level.Unknown && !hasNumber && At(Field.BirthOrder) != Level.Same ? "no-own-name"
            : null;
    }

    /// <summary>A name typed without marks is no evidence by itself: then the same letters are as much as can agree.</summary>
    private double Log(Field field, byte level, PairKind kind) => level == Level.Toneless && field is (Field.Family or Field.Middle or Field.Given)
        ? Math.Log2(_weights.Chance(field, Level.Same, kind) + _weights.Chance(field, Level.Toneless, kind))
        : _weights.Log(field, level, kind);

    /// <summary>A value that is the same on both sides by chance is as likely as it is common.</summary>
    private double StrangerLog(Field field, byte level, Candidate a, Candidate b)
    {
        var names = _weights.Names;
        return (field, level) switch
        {
            (Field.Family or Field.Middle or Field.Given, Level.Same) => Math.Log2(names.Of(field, Richer(a.Name, b.Name), folded: false)),
            (Field.Family or Field.Middle or Field.Given, Level.Toneless) => Math.Log2(names.Of(field, Richer(a.Name, b.Name), folded: true)),
            (Field.Mother, Level.Same) => Math.Log2(names.OfWhole(a.Mother)),
            _ => _weights.Log(field, level, PairKind.Stranger),
        };
    }

    private static PersonName Richer(PersonName a, PersonName b) => a.IsToneless && a.Words.Count == b.Words.Count ? b : a;
}
