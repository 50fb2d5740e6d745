using Mach.Indicators.Definitions;

namespace Mach.Indicators.Asking;

/// <summary>How far values go by chance alone.</summary>
public static class Limits
{
    /// <summary>Of values as they are expected, one in twenty lies outside the inner limits of a funnel, one in five hundred outside the outer.</summary>
    public const double Inner = 1.96, Outer = 3.09;

    /// <summary>Mean moving range to three standard deviations: 3 ÷ 1.128.</summary>
    private const double Range = 2.66;
    private const int LeastMonths = 12;

    /// <summary>Limits of single values in the order of time: mean ± 2.66 · the mean difference of neighbours (individuals chart; W. Shewhart; D. Wheeler, Understanding Variation, 2000).</summary>
    /// <returns>Null for fewer than twelve; never below nothing, which no number here is.</returns>
    public static (double Low, double Mean, double High)? OfMonths(IReadOnlyList<double> values)
    {
        if (values.Count < LeastMonths)
        {
            return null;
        }

        var (mean, range) = (values.Average(), values.Zip(values.Skip(1), (a, b) => Math.Abs(b - a)).Average());
        return (Math.Max(0, mean - (Range * range)), mean, mean + (Range * range));
    }

    /// <summary>Whether chance has a known size: what is divided and what divides are counts, not sums of days or money.</summary>
    public static bool HasFunnel(Indicator indicator) => indicator is { Per: { Value: "", Distinct: false }, Of: { Value: "", Distinct: false } };

    /// <summary>What is divided is part of what divides: it cannot be more than all of it.</summary>
    public static bool IsShare(Indicator indicator) => indicator.Per is { } per && per.View == indicator.Of.View && (per.Where.Length == 0 || indicator.Of.Where.StartsWith(per.Where, StringComparison.Ordinal));

    /// <summary>
    /// Limits around what all together reach, for a place where so many stand below the line: p ± z · √(p(1 − p) ÷ n) for a share, r ± z · √(r ÷ n) for counts beside each other.
    /// Source: D. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24 (2005).
    /// </summary>
    /// <param name="all">All together as a part of one, before the factor.</param>
    public static (double Low, double High) OfPlace(double all, double below, double z, bool isShare)
    {
        var width = z * Math.Sqrt(all * (isShare ? Math.Max(0, 1 - all) : 1) / below);
        return (Math.Max(0, all - width), isShare ? Math.Min(1, all + width) : all + width);
    }
}
