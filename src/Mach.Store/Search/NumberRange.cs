using Mach.Fhir.Search;

namespace Mach.Store.Search;

/// <summary>Ranges of number rows that hold the answers to one comparison. A value that is an interval has a row at each end (see QuantityKeys).</summary>
internal static class NumberRange
{
    public static IEnumerable<PostingList> ListsOf(SearchParameter parameter, QuantityValue value, Func<short, string, long> hash)
    {
        var (key, wanted) = value.Canonical is { } canonical ? (QuantityKeys.Canonical(canonical.Unit), canonical.Value) : (QuantityKeys.AnyUnit, value);
        var margin = (Math.Abs(wanted.Value) + Math.Abs(wanted.High - wanted.Low)) * SearchMatcher.Slack * 4;
        var tenth = Math.Abs(wanted.Value) * 0.1;
        var (from, to) = wanted.Prefix switch
        {
            DatePrefix.Eq => (wanted.Low, wanted.High),
            DatePrefix.Gt or DatePrefix.Sa or DatePrefix.Ge => (Math.Min(wanted.Low, wanted.Value), double.PositiveInfinity),
            DatePrefix.Lt or DatePrefix.Eb or DatePrefix.Le => (double.NegativeInfinity, Math.Max(wanted.High, wanted.Value)),
            _ => (wanted.Value - tenth, wanted.Value + tenth),
        };
        yield return List(parameter, key, from - margin, to + margin, hash);
        if (wanted.Prefix == DatePrefix.Ap)
        {
            // An interval may reach over all that is asked for and have no end in it.
            yield return List(parameter, QuantityKeys.Wide(key), double.NegativeInfinity, double.PositiveInfinity, hash);
        }
    }

    private static PostingList List(SearchParameter parameter, string key, double from, double to, Func<short, string, long> hash) =>
        new(ListSql.Number, Position.OfNumber(Sortable(Math.Max(from, -double.MaxValue)), 0), Position.OfNumber(Sortable(Math.BitIncrement(Math.Min(to, 1.5e308))), 0), ("h", hash(parameter.Number, key)))
        {
            Parameter = parameter.Number,
            Source = parameter,
            Key = key,
        };

    /// <summary>A number whose order among whole numbers is that of the doubles.</summary>
    public static long Sortable(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value);
        return bits >= 0 ? bits : long.MinValue - bits;
    }

    public static double Number(long sortable) => BitConverter.Int64BitsToDouble(sortable >= 0 ? sortable : long.MinValue - sortable);
}
