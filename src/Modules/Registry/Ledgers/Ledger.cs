using System.Collections.Immutable;

namespace Mach.Registry.Ledgers;

/// <summary>All facts of one registry in memory, closed ones too. Immutable.</summary>
internal sealed class Ledger
{
    public static readonly Ledger Empty = new(ImmutableSortedDictionary.Create<string, ImmutableList<Fact>>(StringComparer.Ordinal));

    private readonly ImmutableSortedDictionary<string, ImmutableList<Fact>> _bySubject;

    private Ledger(ImmutableSortedDictionary<string, ImmutableList<Fact>> bySubject) => _bySubject = bySubject;

    public IEnumerable<string> Subjects => _bySubject.Keys;

    public IEnumerable<Fact> All => _bySubject.Values.SelectMany(f => f);

    /// <summary>Everything ever stated about a subject.</summary>
    public IReadOnlyList<Fact> Of(string subject) => _bySubject.TryGetValue(subject, out var facts) ? facts : [];

    /// <summary>The value on a day as known at a moment; null when none is.</summary>
    public string? Value(string subject, string aspect, DateOnly date, long knownAt)
    {
        foreach (var fact in Of(subject))
        {
            if (fact.Aspect == aspect && fact.Holds(date) && fact.KnownAt(knownAt))
            {
                return fact.Value;
            }
        }

        return null;
    }

    /// <summary>The last change after <paramref name="seen"/> that stated or closed something of these aspects; null = nobody did.</summary>
    public Fact? ChangedSince(string subject, Predicate<string> aspect, long seen) =>
        Of(subject).Where(f => aspect(f.Aspect) && (f.OpenedBy > seen || f.ClosedBy > seen)).MaxBy(LastChange);

    public static long LastChange(Fact fact) => Math.Max(fact.OpenedBy, fact.ClosedBy ?? 0);

    /// <summary>What was believed of a subject after a change.</summary>
    public IEnumerable<Fact> After(string subject, long change) => Of(subject).Where(f => f.OpenedBy <= change && !(f.ClosedBy <= change));

    /// <summary>The facts of a draft in place: new ones added, closed ones replaced.</summary>
    public Ledger With(IEnumerable<Fact> facts)
    {
        var subjects = _bySubject.ToBuilder();
        foreach (var group in facts.GroupBy(f => f.Subject, StringComparer.Ordinal))
        {
            var changed = group.ToDictionary(f => f.Id, StringComparer.Ordinal);
            var kept = subjects.TryGetValue(group.Key, out var before) ? before : [];
            subjects[group.Key] = [.. kept.Where(f => !changed.ContainsKey(f.Id)), .. changed.Values];
        }

        return new Ledger(subjects.ToImmutable());
    }
}
