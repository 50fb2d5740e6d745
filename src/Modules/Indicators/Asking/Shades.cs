namespace Mach.Indicators.Asking;

/// <summary>One shade of a map.</summary>
/// <param name="Number">1 the lightest … 5.</param>
public sealed record Shade(int Number, double Least, double Most, int Units);

/// <summary>Values of places in five shades, each of as many places; equal values have the same.</summary>
public static class Shades
{
    private const int Most = 5;

    /// <returns>The shade of each place, and the shades there are.</returns>
    public static (IReadOnlyDictionary<string, int> Of, IReadOnlyList<Shade> All) Part(IReadOnlyDictionary<string, double> values)
    {
        var sorted = values.Values.Order().ToList();
        // By the first place of a value among all, so that equals do not fall on both sides of an edge.
        var of = values.ToDictionary(v => v.Key, v => 1 + Math.Min(Most - 1, sorted.BinarySearchFirst(v.Value) * Most / sorted.Count), StringComparer.Ordinal);
        return (of, [.. of.GroupBy(o => o.Value).OrderBy(g => g.Key).Select(g => new Shade(g.Key, g.Min(o => values[o.Key]), g.Max(o => values[o.Key]), g.Count()))]);
    }

    private static int BinarySearchFirst(this List<double> sorted, double value)
    {
        var (low, high) = (0, sorted.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
