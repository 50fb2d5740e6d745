using System.Globalization;

namespace Mach.Registry.Ledgers;

/// <summary>
/// One change being prepared on a ledger: statements close what they contradict, keep what of it lies outside their period, and
/// add nothing where the ledger already says the same. Not for several threads.
/// </summary>
/// <param name="number">Number of the change.</param>
/// <param name="knownUs">When the registry learned it, microseconds UTC.</param>
internal sealed class LedgerDraft(Ledger ledger, long number, long knownUs)
{
    private readonly Dictionary<(string Subject, string Aspect), List<Fact>> _working = [];
    private readonly Dictionary<string, Fact> _closed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Fact> _opened = new(StringComparer.Ordinal);
    private int _next;

    /// <summary>Facts that this change adds.</summary>
    public IEnumerable<Fact> Opened => _opened.Values;

    /// <summary>Facts that were open and that this change closes.</summary>
    public IEnumerable<Fact> Closed => _closed.Values;

    public bool IsEmpty => _opened.Count == 0 && _closed.Count == 0;

    /// <summary>The ledger as it will be.</summary>
    public Ledger Result() => ledger.With([.. _closed.Values, .. _opened.Values]);

    /// <summary>Open facts of an aspect as this draft has them now.</summary>
    public IReadOnlyList<Fact> Now(string subject, string aspect)
    {
        if (!_working.TryGetValue((subject, aspect), out var facts))
        {
            _working[(subject, aspect)] = facts = [.. ledger.Of(subject).Where(f => f.IsOpen && f.Aspect == aspect)];
        }

        return facts;
    }

    /// <exception cref="ArgumentException">The period is empty.</exception>
    public void State(Statement statement)
    {
        var (subject, aspect, value, from, to) = statement;
        if (from >= to)
        {
            throw new ArgumentException($"{subject} {aspect}: the period {from:O}–{to:O} is empty.", nameof(statement));
        }

        var facts = (List<Fact>)Now(subject, aspect);
        var touched = facts.Where(f => f.Overlaps(from, to)).OrderBy(f => f.From).ToList();
        if (SaysSo(touched, value, from, to))
        {
            return;
        }

        foreach (var fact in touched)
        {
            Close(facts, fact);
            Open(facts, subject, aspect, fact.Value, fact.From, Earlier(fact.To, from));
            Open(facts, subject, aspect, fact.Value, Later(fact.From, to), fact.To);
        }

        if (value is not null)
        {
            Open(facts, subject, aspect, value, from, to);
        }
    }

    /// <summary>States that the aspect has this value in this period and none outside it.</summary>
    public void StateOnly(Statement statement)
    {
        if (Now(statement.Subject, statement.Aspect) is not [var known] || known.Value != statement.Value || known.From != statement.From || known.To != statement.To)
        {
            State(Statement.Always(statement.Subject, statement.Aspect, null));
            State(statement);
        }
    }

    /// <summary>Ends everything that is said of a subject from a day on.</summary>
    public void End(string subject, DateOnly date)
    {
        foreach (var aspect in ledger.Of(subject).Where(f => f.IsOpen && f.To > date).Select(f => f.Aspect).Distinct(StringComparer.Ordinal).ToList())
        {
            State(Statement.Since(subject, aspect, null, date));
        }
    }

    /// <summary>Takes back what another change did, as long as nothing was built on it.</summary>
    /// <returns>Null, or the number of the later change that has to be undone first.</returns>
    public long? Undo(long undone)
    {
        var mine = ledger.All.Where(f => f.OpenedBy == undone).ToList();
        if (mine.Find(f => !f.IsOpen) is { ClosedBy: { } later })
        {
            return later;
        }

        var restored = ledger.All.Where(f => f.ClosedBy == undone).ToList();
        foreach (var fact in restored)
        {
            if (Now(fact.Subject, fact.Aspect).FirstOrDefault(f => f.OpenedBy != undone && f.Overlaps(fact.From, fact.To)) is { } inTheWay)
            {
                return inTheWay.OpenedBy;
            }
        }

        foreach (var fact in mine)
        {
            Close((List<Fact>)Now(fact.Subject, fact.Aspect), fact);
        }

        foreach (var fact in restored)
        {
            Open((List<Fact>)Now(fact.Subject, fact.Aspect), fact.Subject, fact.Aspect, fact.Value, fact.From, fact.To);
        }

        return null;
    }

    private static bool SaysSo(List<Fact> touched, string? value, DateOnly from, DateOnly to)
    {
        if (value is null)
        {
            return touched.Count == 0;
        }

        var reached = from;
        foreach (var fact in touched)
        {
            if (fact.Value != value || fact.From > reached)
            {
                return false;
            }

            reached = fact.To;
        }

        return touched.Count > 0 && reached >= to;
    }

    private void Close(List<Fact> facts, Fact fact)
    {
        facts.Remove(fact);
        if (!_opened.Remove(fact.Id))
        {
            _closed[fact.Id] = fact with { KnownTo = knownUs, ClosedBy = number };
        }
    }

    private void Open(List<Fact> facts, string subject, string aspect, string value, DateOnly from, DateOnly to)
    {
        if (from < to)
        {
            var fact = new Fact(string.Create(CultureInfo.InvariantCulture, $"{number}.{++_next}"), subject, aspect, value, from, to, knownUs, Fact.Open, number, null);
            facts.Add(fact);
            _opened.Add(fact.Id, fact);
        }
    }

    private static DateOnly Earlier(DateOnly a, DateOnly b) => a < b ? a : b;

    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;
}
