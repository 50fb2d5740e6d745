using System.Collections.Frozen;

namespace Mach.People.Matching;

/// <summary>How common the parts of names are: two people called Nguyễn Văn have little in common, two called Khuất much.</summary>
internal sealed class NameFrequencies
{
    /// <summary>A word that was never counted is taken for this rare, so that one slip of the pen is no proof.</summary>
    private const double Rarest = 2e-4;

    private readonly FrozenDictionary<string, double>[] _spelled;
    private readonly FrozenDictionary<string, double>[] _folded;

    /// <param name="parts">Share of people by spelled word (<see cref="NameWord.Spelled"/>): family, middle, given.</param>
    public NameFrequencies(IReadOnlyList<IReadOnlyDictionary<string, double>> parts)
    {
        Parts = parts;
        _spelled = [.. parts.Select(p => p.ToFrozenDictionary(StringComparer.Ordinal))];
        _folded = [.. parts.Select(p => p.GroupBy(w => Fold(w.Key), w => w.Value, StringComparer.Ordinal).ToFrozenDictionary(g => g.Key, g => g.Sum(), StringComparer.Ordinal))];
    }

    public IReadOnlyList<IReadOnlyDictionary<string, double>> Parts { get; }

    /// <summary>Chance that a stranger's name has the same part as this name.</summary>
    public double Of(Field part, PersonName name, bool folded)
    {
        var share = 1.0;
        var (from, to) = part switch { Field.Family => (0, 1), Field.Given => (name.Words.Count - 1, name.Words.Count), _ => (1, name.Words.Count - 1) };
        for (var i = from; i < to; i++)
        {
            var word = name.Words[i];
            share *= Math.Max(Rarest, (folded ? _folded : _spelled)[(int)part].GetValueOrDefault(folded ? word.Folded : word.Spelled));
        }

        return Math.Clamp(share, Rarest * Rarest, 1);
    }

    /// <summary>The whole name's share, for a mother's name.</summary>
    public double OfWhole(PersonName name) => name.Words.Count == 0 ? 1
        : Math.Max(1e-7, Of(Field.Family, name, folded: true) * Of(Field.Middle, name, folded: true) * (name.Words.Count > 1 ? Of(Field.Given, name, folded: true) : 1));

    /// <summary>Counts names; words seen less often than <paramref name="least"/> times are left to the floor.</summary>
    public static NameFrequencies Count(IEnumerable<PersonName> names, int least)
    {
        var counts = new[] { new Dictionary<string, int>(StringComparer.Ordinal), new(StringComparer.Ordinal), new(StringComparer.Ordinal) };
        var total = 0;
        foreach (var name in names.Where(n => n.Words.Count > 1 && !n.IsToneless))
        {
            total++;
            for (var i = 0; i < name.Words.Count; i++)
            {
                var part = i == 0 ? 0 : i == name.Words.Count - 1 ? 2 : 1;
                counts[part][name.Words[i].Spelled] = counts[part].GetValueOrDefault(name.Words[i].Spelled) + 1;
            }
        }

        return new NameFrequencies([.. counts.Select(c => c.Where(w => w.Value >= least).OrderByDescending(w => w.Value).ThenBy(w => w.Key, StringComparer.Ordinal)
            .ToDictionary(w => w.Key, w => Math.Round((double)w.Value / Math.Max(total, 1), 6), StringComparer.Ordinal))]);
    }

    private static string Fold(string spelled) => Kernel.VietnameseText.Fold(Kernel.VietnameseText.Compose(spelled));
}
