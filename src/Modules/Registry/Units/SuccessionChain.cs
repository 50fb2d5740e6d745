using Mach.Contracts.Registry;

namespace Mach.Registry.Units;

/// <summary>Carries a unit over the succession events between two days, forward or back. Pure.</summary>
internal sealed class SuccessionChain
{
    private readonly List<Step> _steps;
    private readonly UnitMap _map;

    public SuccessionChain(IEnumerable<Succession> successions, UnitMap map)
    {
        _map = map;
        _steps = [.. successions.GroupBy(s => (s.Date, s.Event)).OrderBy(g => g.Key.Date).ThenBy(g => g.Key.Event, StringComparer.Ordinal)
            .Select(g => new Step(g.Key.Date, g.ToLookup(s => s.From, StringComparer.Ordinal), g.ToLookup(s => s.To, StringComparer.Ordinal)))];
    }

    /// <summary>The row of S for a unit from the map of one day to that of another; the unit itself where nothing happened to it.</summary>
    public IReadOnlyList<CrosswalkCell> Carry(string unit, DateOnly from, DateOnly to, ShareBy by)
    {
        List<CrosswalkCell> row = [new(unit, unit, 1, ShareBasis.Whole)];
        var forward = to > from;
        foreach (var step in forward ? _steps.Where(s => s.Date > from && s.Date <= to) : _steps.Where(s => s.Date > to && s.Date <= from).Reverse())
        {
            if (row.Exists(c => forward ? step.ByFrom.Contains(c.To) : step.ByTo.Contains(c.To)))
            {
                row = [.. Crosswalk.Collect(row.SelectMany(c => (forward ? Forward(step, c.To, by) : Back(step, c.To, by))
                    .Select(n => new CrosswalkCell(unit, n.Unit, c.Share * n.Share, c.Basis > n.Basis ? c.Basis : n.Basis))))];
            }
        }

        return row;
    }

    /// <summary>Shares of one unit's parts in an event, 1 in all. Unpublished shares part equally what the published ones leave; what no arm takes stays with the unit.</summary>
    internal static IReadOnlyList<(string Unit, decimal Share, ShareBasis Basis)> Parts(string unit, IReadOnlyList<Succession> arms, ShareBy by)
    {
        if (arms.Count == 0)
        {
            return [(unit, 1, ShareBasis.Whole)];
        }

        if (arms.Count == 1 && arms[0].Share(by) is null or 1)
        {
            return [(arms[0].To, 1, ShareBasis.Whole)];
        }

        var published = arms.Sum(a => a.Share(by) ?? 0);
        var unknown = arms.Count(a => a.Share(by) is null);
        var rest = Math.Max(0, 1 - published);
        var parts = arms.Select(a => a.Share(by) is { } share ? (a.To, share, ShareBasis.Measured) : (a.To, rest / unknown, ShareBasis.Assumed)).Where(p => p.Item2 > 0).ToList();
        if (unknown == 0 && rest > 1e-9m)
        {
            parts.Add((unit, rest, ShareBasis.Measured));
        }

        var total = parts.Sum(p => p.Item2);
        return [.. parts.Select(p => (p.Item1, p.Item2 / total, p.Item3))];
    }

    private static IReadOnlyList<(string Unit, decimal Share, ShareBasis Basis)> Forward(Step step, string unit, ShareBy by) =>
        Parts(unit, [.. step.ByFrom[unit]], by);

    /// <summary>The parts of a unit by where they came from: each source weighs its measure times the share that passed; equal measures where one is unknown.</summary>
    private List<(string Unit, decimal Share, ShareBasis Basis)> Back(Step step, string unit, ShareBy by)
    {
        var before = step.Date.AddDays(-1);
        var sources = step.ByTo[unit].Select(s => s.From).Distinct(StringComparer.Ordinal).ToList();
        if (!sources.Contains(unit) && _map.Fact(unit, Aspects.Exists, before) is not null && Remains(step, unit, by))
        {
            sources.Add(unit);
        }

        if (sources.Count < 2)
        {
            return sources.Count == 0 ? [(unit, 1, ShareBasis.Whole)] : [(sources[0], 1, ShareBasis.Whole)];
        }

        var what = by == ShareBy.Population ? "population" : "area";
        var measures = sources.ConvertAll(s => _map.Measure(s, what, before));
        var known = measures.TrueForAll(m => m > 0);
        var parts = sources.Select((s, i) => Forward(step, s, by).First(p => p.Unit == unit) is var part
            ? (Unit: s, Weight: part.Share * (known ? measures[i]!.Value : 1), Basis: !known || part.Basis == ShareBasis.Assumed ? ShareBasis.Assumed : ShareBasis.Measured)
            : default).ToList();
        var total = parts.Sum(p => p.Weight);
        return parts.ConvertAll(p => (p.Unit, p.Weight / total, p.Basis));
    }

    private static bool Remains(Step step, string unit, ShareBy by) => Forward(step, unit, by).Any(p => p.Unit == unit);

    private sealed record Step(DateOnly Date, ILookup<string, Succession> ByFrom, ILookup<string, Succession> ByTo);
}
