namespace Mach.Contracts.Registry;

public enum ShareBy { Population, Area }

/// <summary>What a share rests on.</summary>
public enum ShareBasis
{
    /// <summary>The whole unit passed over; nothing is estimated.</summary>
    Whole,
    /// <summary>A published share of population or area.</summary>
    Measured,
    /// <summary>No share is published: equal parts are assumed until a better one is entered.</summary>
    Assumed,
}

/// <summary>One cell of a crosswalk.</summary>
/// <param name="Share">Above 0, at most 1.</param>
public readonly record struct CrosswalkCell(string From, string To, decimal Share, ShareBasis Basis);

/// <summary>
/// How the units of one map pass into those of another: the matrix S, rows sum to 1, X_new = Sᵀ·X_old.
/// Chained changes multiply: S = S₁·S₂. Immutable.
/// </summary>
public sealed class Crosswalk
{
    private readonly SortedDictionary<string, CrosswalkCell[]> _rows = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A share is not above 0, a cell is given twice, or a row does not sum to 1 (within 1e-9; the rounding goes to its last cell).</exception>
    public Crosswalk(IEnumerable<CrosswalkCell> cells)
    {
        foreach (var row in cells.GroupBy(c => c.From, StringComparer.Ordinal))
        {
            var sorted = row.OrderBy(c => c.To, StringComparer.Ordinal).ToArray();
            var before = sorted[..^1].Sum(c => c.Share);
            if (sorted.Any(c => c.Share <= 0) || Math.Abs(before + sorted[^1].Share - 1) > 1e-9m)
            {
                throw new ArgumentException($"The shares of {row.Key} are {string.Join(" + ", sorted.Select(c => c.Share))}; each must be above 0 and they must sum to 1.", nameof(cells));
            }

            if (sorted.DistinctBy(c => c.To, StringComparer.Ordinal).Count() < sorted.Length)
            {
                throw new ArgumentException($"A share of {row.Key} is given twice for one unit.", nameof(cells));
            }

            sorted[^1] = sorted[^1] with { Share = 1 - before };
            _rows.Add(row.Key, sorted);
        }
    }

    public IEnumerable<CrosswalkCell> Cells => _rows.Values.SelectMany(r => r);

    public IReadOnlyCollection<string> FromUnits => _rows.Keys;

    /// <summary>Where the unit went; empty when the map does not have it.</summary>
    public IReadOnlyList<CrosswalkCell> Row(string from) => _rows.TryGetValue(from, out var row) ? row : [];

    /// <summary>S₁·S₂. A unit that the second map does not know stays itself.</summary>
    public Crosswalk Then(Crosswalk next)
    {
        var cells = new List<CrosswalkCell>();
        foreach (var row in _rows.Values)
        {
            cells.AddRange(Collect(row.SelectMany(c => next.Row(c.To) is { Count: > 0 } onward
                ? onward.Select(n => new CrosswalkCell(c.From, n.To, c.Share * n.Share, Weaker(c.Basis, n.Basis)))
                : [c])));
        }

        return new Crosswalk(cells);
    }

    /// <summary>Sᵀ·X. Each amount is given away to the last digit, so that totals stay.</summary>
    public UnitTable Carry(IEnumerable<KeyValuePair<string, decimal>> amounts)
    {
        var lines = new SortedDictionary<string, (decimal Exact, decimal Estimated)>(StringComparer.Ordinal);
        decimal elsewhere = 0;
        foreach (var (unit, amount) in amounts)
        {
            if (!_rows.TryGetValue(unit, out var row))
            {
                elsewhere += amount;
                continue;
            }

            Give(row, amount, lines);
        }

        return new UnitTable([.. lines.Select(l => new UnitLine(l.Key, l.Value.Exact, l.Value.Estimated))], elsewhere);
    }

    /// <summary>Adds an amount to the lines by a row's shares; the last cell takes what rounding leaves.</summary>
    public static void Give(IReadOnlyList<CrosswalkCell> row, decimal amount, IDictionary<string, (decimal Exact, decimal Estimated)> lines)
    {
        var rest = amount;
        for (var i = 0; i < row.Count; i++)
        {
            var part = i == row.Count - 1 ? rest : decimal.Round(amount * row[i].Share, 6);
            rest -= part;
            lines.TryGetValue(row[i].To, out var line);
            lines[row[i].To] = row.Count == 1 ? (line.Exact + part, line.Estimated) : (line.Exact, line.Estimated + part);
        }
    }

    /// <summary>Cells of one row with the same target become one.</summary>
    public static IEnumerable<CrosswalkCell> Collect(IEnumerable<CrosswalkCell> cells) =>
        cells.GroupBy(c => c.To, StringComparer.Ordinal).Select(g => g.First() with { Share = g.Sum(c => c.Share), Basis = g.Max(c => c.Basis) });

    private static ShareBasis Weaker(ShareBasis a, ShareBasis b) => a > b ? a : b;
}
