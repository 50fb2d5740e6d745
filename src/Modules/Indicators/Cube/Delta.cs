using Mach.Indicators.Definitions;
using Mach.Indicators.Facts;

namespace Mach.Indicators.Cube;

/// <summary>What changed facts change of the cells: minus what they gave, plus what they give.</summary>
internal sealed class Delta
{
    /// <summary>Stands for all facilities among the states of distinct persons.</summary>
    public const string Everywhere = "*";

    public Dictionary<(int Measure, int Month, string Facility, string Commune, string Stratum), (long N, long V)> Cells { get; } = [];

    public Dictionary<(int Measure, int Month, string Facility), (long N, long V)> Months { get; } = [];

    public Dictionary<(int Measure, int Day, string Facility), (long N, long V)> Days { get; } = [];

    public Dictionary<(int Measure, short Span, int Since, string Person, string Facility), long> States { get; } = [];

    /// <param name="sign">1 = is counted from now on; -1 = no longer.</param>
    public void Add(Measure measure, Fact fact, int sign)
    {
        if (measure.Give(fact) is not var (value, stratum))
        {
            return;
        }

        if (measure.Spec.Distinct)
        {
            foreach (var span in fact.Person.Length == 0 ? [] : Spans.All)
            {
                foreach (var place in (string[])[fact.Facility, Everywhere])
                {
                    var key = (measure.Number, span, Spans.SinceOf(fact.Day, span), fact.Person, place);
                    States[key] = States.GetValueOrDefault(key) + sign;
                }
            }

            return;
        }

        Sum(Cells, (measure.Number, Spans.MonthOf(fact.Day), fact.Facility, fact.Commune, stratum), sign, sign * value);
        Sum(Months, (measure.Number, Spans.MonthOf(fact.Day), fact.Facility), sign, sign * value);
        Sum(Months, (measure.Number, Spans.MonthOf(fact.Day), Everywhere), sign, sign * value);
        Sum(Days, (measure.Number, fact.Day.DayNumber, fact.Facility), sign, sign * value);
    }

    /// <summary>Persons whose first fact of a span came, or whose last went.</summary>
    /// <param name="before">How many facts each had.</param>
    public void Turn(IReadOnlyDictionary<(int Measure, short Span, int Since, string Person, string Facility), long> before)
    {
        foreach (var (key, change) in States)
        {
            var had = before.GetValueOrDefault(key);
            var sign = (had + change > 0 ? 1 : 0) - (had > 0 ? 1 : 0);
            if (sign != 0)
            {
                Sum(Months, (key.Measure, Spans.CellOf(key.Since, key.Span), key.Facility), sign, sign * 100);
            }
        }
    }

    public static void Sum<TKey>(Dictionary<TKey, (long N, long V)> cells, TKey key, long n, long v)
        where TKey : notnull
    {
        var (hadN, hadV) = cells.GetValueOrDefault(key);
        cells[key] = (hadN + n, hadV + v);
    }
}
