using Mach.Fhir.Search;

namespace Mach.Store.Search;

/// <summary>Where in an index of interval starts the answers to date clauses can stand. Wider than the clauses, never narrower: the recheck decides.</summary>
/// <param name="From">Least start.</param>
/// <param name="To">Start must be below.</param>
/// <param name="EndsAfter">End must be above.</param>
internal readonly record struct DateBounds(long From, long To, long EndsAfter)
{
    public static readonly DateBounds All = new(long.MinValue, long.MaxValue, long.MinValue);

    /// <summary>Width of the starts, microseconds; the greatest number when a side is open.</summary>
    public long Length => From == long.MinValue || To == long.MaxValue ? long.MaxValue : To - From;

    /// <summary>Intervals of any length.</summary>
    public const long AnyLength = long.MaxValue;

    /// <param name="values">All of these must hold.</param>
    /// <param name="longest">Greatest length of the intervals in the list, microseconds.</param>
    public static DateBounds Of(IEnumerable<DateValue> values, long longest)
    {
        var bounds = All;
        foreach (var value in values)
        {
            var one = Of(value, longest);
            bounds = new DateBounds(Math.Max(bounds.From, one.From), Math.Min(bounds.To, one.To), Math.Max(bounds.EndsAfter, one.EndsAfter));
        }

        return bounds;
    }

    private static DateBounds Of(DateValue value, long longest)
    {
        var (low, high) = value.Range;
        var reachesHigh = longest == AnyLength ? long.MinValue : high - longest;
        var reachesLow = longest == AnyLength ? long.MinValue : low - longest;
        return value.Prefix switch
        {
            DatePrefix.Eq => new DateBounds(low, high, low),
            DatePrefix.Gt => All with { From = reachesHigh, EndsAfter = high },
            DatePrefix.Ge => All with { From = Math.Min(low, reachesHigh), EndsAfter = low },
            DatePrefix.Lt or DatePrefix.Eb => All with { To = low },
            DatePrefix.Le => All with { To = high },
            DatePrefix.Sa => All with { From = high },
            DatePrefix.Ap => new DateBounds(reachesLow, high, low),
            _ => All,
        };
    }
}
