namespace Mach.Indicators.Asking;

/// <summary>One part of a difference.</summary>
/// <param name="Own">What it added to the value of all by its own value: of a count all there is.</param>
/// <param name="Mix">Of a rate, what it added by having become a larger or smaller part of what the rate is of.</param>
public sealed record DifferenceLine(string Key, string Label, Parts Now, Parts Before, decimal Own, decimal Mix)
{
    public decimal Sum => Own + Mix;

    /// <summary>It had rows before and has none now, or the other way: what is missing explains nothing.</summary>
    public bool IsMissing => Now.Rows == 0 || Before.Rows == 0;
}

/// <summary>Takes the difference of two answers apart by their lines.</summary>
public static class Difference
{
    /// <summary>
    /// Of counts, each line adds its own difference. Of a rate R = Σ w·r, with w the share of a line of what is divided by, a line adds w̄ · (r₁ − r₀) by its own rate and (w₁ − w₀) · (r̄ − R̄) by
    /// its share; both together add up to the difference. Source: E. Kitagawa, Components of a difference between two rates, JASA 50 (1955).
    /// </summary>
    /// <returns>The largest first; empty for what does not add up: persons counted once.</returns>
    public static IReadOnlyList<DifferenceLine> Of(Answer now, Answer before)
    {
        var indicator = now.Question.Indicator;
        if (indicator.Of.Distinct || indicator.Per?.Distinct == true)
        {
            return [];
        }

        var (a, b) = (now.Lines.ToDictionary(l => l.Key, StringComparer.Ordinal), before.Lines.ToDictionary(l => l.Key, StringComparer.Ordinal));
        var pairs = a.Keys.Union(b.Keys).Select(k => (Key: k, (a.GetValueOrDefault(k) ?? b[k]).Label, Now: a.GetValueOrDefault(k)?.Parts ?? default, Before: b.GetValueOrDefault(k)?.Parts ?? default)).ToList();
        if (!indicator.IsRate)
        {
            return [.. pairs.Select(p => new DifferenceLine(p.Key, p.Label, p.Now, p.Before, (p.Now.Above - p.Before.Above) * indicator.Factor, 0)).OrderByDescending(l => Math.Abs(l.Sum)).ThenBy(l => l.Key, StringComparer.Ordinal)];
        }

        var (below1, below0) = (pairs.Sum(p => p.Now.Below ?? 0), pairs.Sum(p => p.Before.Below ?? 0));
        if (below1 == 0 || below0 == 0)
        {
            return [];
        }

        var mean = (pairs.Sum(p => p.Now.Above) / below1 + (pairs.Sum(p => p.Before.Above) / below0)) / 2;
        return [.. pairs.Select(p =>
        {
            var (w1, w0) = ((p.Now.Below ?? 0) / below1, (p.Before.Below ?? 0) / below0);
            // Where there is nothing to divide by, the rate is taken to be that of the other time: all that it did is that it came or went.
            var r1 = p.Now.Below > 0 ? p.Now.Above / p.Now.Below.Value : p.Before.Below > 0 ? p.Before.Above / p.Before.Below.Value : 0;
            var r0 = p.Before.Below > 0 ? p.Before.Above / p.Before.Below.Value : r1;
            return new DifferenceLine(p.Key, p.Label, p.Now, p.Before, (w1 + w0) / 2 * (r1 - r0) * indicator.Factor, (w1 - w0) * (((r1 + r0) / 2) - mean) * indicator.Factor);
        }).OrderByDescending(l => Math.Abs(l.Sum)).ThenBy(l => l.Key, StringComparer.Ordinal)];
    }
}
