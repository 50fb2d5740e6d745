using Mach.Access.Audit;

namespace Mach.Access.Looks;

/// <summary>As what a person stands in a line.</summary>
internal enum SeenAs
{
    Look,
    Listed,
    Written,

    /// <summary>A refusal; of nobody in particular.</summary>
    Denied,
}

/// <param name="Line">Id of the audit line.</param>
/// <param name="Person">Patient id; empty for a refusal.</param>
internal readonly record struct Seen(long AtUs, string Line, string Person, SeenAs As);

/// <summary>What one account did in the last 30 days, as far as the rules need it; oldest first.</summary>
internal sealed class LookWindow
{
    public const int Days = 30;
    public const long HourUs = 3_600_000_000, DayUs = 24 * HourUs;
    private const long MinuteUs = 60_000_000;
    private const long VietnamUs = 7 * HourUs;

    /// <summary>Fewer days of work say nothing about what is usual.</summary>
    private const int LeastDays = 5;

    private readonly List<Seen> _seen;
    private readonly Dictionary<string, List<Seen>> _ofPerson = new(StringComparer.Ordinal);
    private readonly RecentLooks _hour = new(), _day = new();
    private (long Day, int InDay, int InHour)? _usual;
    private (long Day, int Count)? _hours;

    public LookWindow(IEnumerable<Seen> seen)
    {
        _seen = [.. seen.OrderBy(s => s.AtUs)];
        Index();
    }

    /// <summary>Number of the day in Viet Nam.</summary>
    public static long DayOf(long us) => Math.DivRem(us + VietnamUs, DayUs).Quotient;

    public static long StartOfDay(long us) => (DayOf(us) * DayUs) - VietnamUs;

    /// <summary>Hour of the day in Viet Nam, 0–23.</summary>
    public static int HourOf(long us) => (int)((us + VietnamUs) % DayUs / HourUs);

    public static DateOnly Date(long us) => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays((int)DayOf(us));

    /// <summary>What a line adds.</summary>
    public static IEnumerable<Seen> Of(AuditLine line, LookPolicy policy)
    {
        var e = line.Entry;
        var persons = e.Persons ?? [];
        return e.Outcome == AccessOutcome.Denied ? [new Seen(e.AtUs, line.Id, "", SeenAs.Denied)]
            : e.Outcome == AccessOutcome.Failed || policy.OtherDoors.Contains(e.What) ? []
            : persons.Select(p => new Seen(e.AtUs, line.Id, p, AsWhat(e.Action, persons.Count, policy)));
    }

    public static SeenAs AsWhat(AuditAction action, int persons, LookPolicy policy) =>
        action is AuditAction.Create or AuditAction.Update or AuditAction.Delete ? SeenAs.Written : persons > policy.ListAbove ? SeenAs.Listed : SeenAs.Look;

    public void Add(IEnumerable<Seen> seen)
    {
        foreach (var one in seen)
        {
            var at = _seen.Count;
            while (at > 0 && _seen[at - 1].AtUs > one.AtUs)
            {
                at--;
            }

            if (at < _seen.Count)
            {
                // A line of another chain that is older than what was judged: what is counted step by step is counted anew.
                _hour.Forget();
                _day.Forget();
            }

            _seen.Insert(at, one);
            Index(one);
        }

        if (_seen.Count > 0 && _seen[^1].AtUs - _seen[0].AtUs > (Days + 2) * DayUs)
        {
            var from = _seen[^1].AtUs - (Days * DayUs);
            _seen.RemoveAll(s => s.AtUs < from);
            Index();
        }
    }

    /// <summary>Different people looked at from an instant on, up to another, and the first line of them. Each call goes on where the last one stood, so that a line costs the same on a busy day.</summary>
    /// <param name="isDay">From the start of the day; else the last hour.</param>
    public (int Count, string First) Looks(long fromUs, long toUs, bool isDay)
    {
        if (_seen.Count == 0 || _seen[^1].AtUs > toUs)
        {
            var some = Since(fromUs, toUs, SeenAs.Look).ToList();
            return (Different(some), some.Count == 0 ? "" : some[0].Line);
        }

        return (isDay ? _day : _hour).Count(_seen, fromUs);
    }

    /// <summary>Those of this kind from an instant on, up to another.</summary>
    public IEnumerable<Seen> Since(long fromUs, long toUs, SeenAs kind)
    {
        var first = _seen.Count;
        while (first > 0 && _seen[first - 1].AtUs >= fromUs)
        {
            first--;
        }

        return _seen.Skip(first).TakeWhile(s => s.AtUs <= toUs).Where(s => s.As == kind);
    }

    /// <summary>Different people looked at on an average day before this one, and in the busiest hour of an average day; 0 when too few days say so.</summary>
    public (int InDay, int InHour) Usual(long us)
    {
        var today = DayOf(us);
        if (_usual is not { } usual || usual.Day != today)
        {
            var days = Before(us).GroupBy(s => DayOf(s.AtUs)).Select(day => (
                InDay: Different(day),
                InHour: day.GroupBy(s => HourOf(s.AtUs)).Max(Different))).ToList();
            _usual = usual = days.Count < LeastDays ? (today, 0, 0) : (today, (int)Math.Ceiling(days.Average(d => d.InDay)), (int)Math.Ceiling(days.Average(d => d.InHour)));
        }

        return (usual.InDay, usual.InHour);
    }

    /// <summary>Earlier days with a look in hours of which this holds.</summary>
    /// <param name="isHour">The same at each call.</param>
    public int DaysWith(long us, Func<int, bool> isHour)
    {
        var today = DayOf(us);
        if (_hours is not { } known || known.Day != today)
        {
            _hours = known = (today, Before(us).Where(s => isHour(HourOf(s.AtUs))).Select(s => DayOf(s.AtUs)).Distinct().Count());
        }

        return known.Count;
    }

    /// <summary>The looks at one person of the last 30 days; none when something was written about them.</summary>
    public IReadOnlyList<Seen> OnlyLookedAt(string person, long us)
    {
        var all = _ofPerson.GetValueOrDefault(person, []).Where(s => s.AtUs <= us && s.AtUs > us - (Days * DayUs)).OrderBy(s => s.AtUs).ToList();
        return all.Exists(s => s.As == SeenAs.Written) ? [] : [.. all.Where(s => s.As == SeenAs.Look)];
    }

    public static int Different(IEnumerable<Seen> seen) => seen.Select(s => s.Person).Distinct(StringComparer.Ordinal).Count();

    private void Index()
    {
        _ofPerson.Clear();
        _hour.Forget();
        _day.Forget();
        _seen.ForEach(Index);
    }

    /// <summary>Of looks at one person the first of each minute says all that is asked about them.</summary>
    private void Index(Seen one)
    {
        if (!_ofPerson.TryGetValue(one.Person, out var known))
        {
            _ofPerson[one.Person] = known = [];
        }

        if (known.Count == 0 || known[^1].As != one.As || known[^1].AtUs / MinuteUs != one.AtUs / MinuteUs || one.AtUs < known[^1].AtUs)
        {
            known.Add(one);
        }
    }

    private IEnumerable<Seen> Before(long us)
    {
        var (from, to) = (StartOfDay(us) - (Days * DayUs), StartOfDay(us));
        return _seen.Where(s => s.As == SeenAs.Look && s.AtUs >= from && s.AtUs < to);
    }
}

/// <summary>Different people in a stretch of a list whose beginning only moves on: entries come in at the end and go out at the beginning, each once.</summary>
internal sealed class RecentLooks
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private int _first, _next;
    private long _from = long.MinValue;

    public void Forget()
    {
        _counts.Clear();
        (_first, _next, _from) = (0, 0, long.MinValue);
    }

    /// <param name="seen">Oldest first; what was counted before stands unchanged at its beginning.</param>
    public (int Count, string First) Count(List<Seen> seen, long fromUs)
    {
        if (fromUs < _from || _next > seen.Count)
        {
            Forget();
        }

        _from = fromUs;
        for (; _next < seen.Count; _next++)
        {
            if (seen[_next].As == SeenAs.Look)
            {
                _counts[seen[_next].Person] = _counts.GetValueOrDefault(seen[_next].Person) + 1;
            }
        }

        for (; _first < _next && (seen[_first].AtUs < fromUs || seen[_first].As != SeenAs.Look); _first++)
        {
            if (seen[_first].As == SeenAs.Look && --_counts[seen[_first].Person] == 0)
            {
                _counts.Remove(seen[_first].Person);
            }
        }

        return (_counts.Count, _first < seen.Count ? seen[_first].Line : "");
    }
}
