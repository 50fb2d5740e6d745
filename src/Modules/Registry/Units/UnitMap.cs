using System.Globalization;
using Mach.Contracts.Registry;
using Mach.Registry.Facilities;
using Mach.Registry.Ledgers;

namespace Mach.Registry.Units;

/// <summary>The units of all of law-time as known at one moment, held by subject and day.</summary>
internal sealed class UnitMap : IUnitMap
{
    /// <summary>The last day of the old map and the first of the new one. Source: 202/2025/QH15 art. 2; 1676/NQ-UBTVQH15.</summary>
    public static readonly DateOnly Merger = new(2025, 7, 1);

    private readonly Dictionary<string, Fact[]> _facts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Parent, string Aspect), List<Fact>> _children = [];
    private readonly Dictionary<string, List<Fact>> _codes = new(StringComparer.Ordinal);
    private readonly SuccessionChain _chain;

    /// <param name="facilities">Facilities stand in the hierarchies too, as units of level facility; null = without them.</param>
    public UnitMap(Ledger units, Ledger successions, long knownAt, Ledger? facilities = null)
    {
        foreach (var subject in units.Subjects)
        {
            Fact[] known = [.. units.Of(subject).Where(f => f.KnownAt(knownAt)).OrderBy(f => f.From).ThenBy(f => f.Aspect, StringComparer.Ordinal)];
            if (known.Length > 0)
            {
                _facts.Add(subject, known);
                Index(known);
            }
        }

        foreach (var code in facilities?.Subjects ?? [])
        {
            Fact[] known = [.. FacilityUnits.Of(facilities!.Of(code).Where(f => f.KnownAt(knownAt)), commune => HolderOf(commune, DateOnly.MaxValue)).OrderBy(f => f.From).ThenBy(f => f.Aspect, StringComparer.Ordinal)];
            if (known.Length > 0)
            {
                _facts.Add(known[0].Subject, known);
                Index([.. known.Where(f => f.Aspect != Aspects.Exists)]);
            }
        }

        Successions = [.. successions.All.Where(f => f.KnownAt(knownAt)).Select(Succession.Read).OrderBy(s => s.Date).ThenBy(s => s.Event, StringComparer.Ordinal).ThenBy(s => s.From, StringComparer.Ordinal).ThenBy(s => s.To, StringComparer.Ordinal)];
        _chain = new SuccessionChain(Successions, this);
    }

    public IReadOnlyList<Succession> Successions { get; }

    public IEnumerable<string> Ids => _facts.Keys;

    public Unit? Find(string id, DateOnly date)
    {
        if (Fact(id, Aspects.Exists, date) is not { } life || Fact(id, Aspects.Type, date) is not { } type)
        {
            return null;
        }

        return new Unit { Id = id, Code = life.Value.Length > 0 ? life.Value : null, Name = Fact(id, Aspects.Name, date)?.Value ?? id, Type = type.Value, From = life.From, To = life.To };
    }

    public Unit? FindByCode(string code, DateOnly date) =>
        _codes.TryGetValue(code, out var facts) && facts.Find(f => f.Holds(date)) is { } life ? Find(life.Subject, date) : null;

    public IReadOnlyList<Unit> All(DateOnly date) => [.. _facts.Keys.Select(id => Find(id, date)).OfType<Unit>()];

    public IReadOnlyList<Unit> Ancestors(string id, string hierarchy, DateOnly date)
    {
        var found = new List<Unit>();
        var seen = new HashSet<string>(StringComparer.Ordinal) { id };
        while (Fact(id, Aspects.Parent(hierarchy), date) is { } parent && seen.Add(parent.Value) && FindOrBygone(parent.Value, date) is { } unit)
        {
            found.Add(unit);
            id = unit.Id;
        }

        return found;
    }

    public IReadOnlyList<Unit> Children(string id, string hierarchy, DateOnly date) =>
        _children.TryGetValue((id, Aspects.Parent(hierarchy)), out var facts)
            ? [.. facts.Where(f => f.Holds(date)).Select(f => Find(f.Subject, date)).OfType<Unit>().OrderBy(u => u.Id, StringComparer.Ordinal)]
            : [];

    /// <summary>The units that head a hierarchy on a day: others hang under them, and they under none. In the order of their ids.</summary>
    public IReadOnlyList<Unit> Roots(string hierarchy, DateOnly date) =>
        [.. _children.Where(c => c.Key.Aspect == Aspects.Parent(hierarchy) && c.Value.Exists(f => f.Holds(date))).Select(c => c.Key.Parent).Order(StringComparer.Ordinal)
            .Where(id => Fact(id, Aspects.Parent(hierarchy), date) is null).Select(id => FindOrBygone(id, date)).OfType<Unit>()];

    public Crosswalk Between(DateOnly from, DateOnly to, UnitLevel level, ShareBy by = ShareBy.Population) =>
        new(All(from).Where(u => u.Level == level).SelectMany(u => _chain.Carry(u.Id, from, to, by)));

    public IReadOnlyList<CrosswalkCell> Place(string unit, DateOnly date, Boundary boundary, ShareBy by = ShareBy.Population)
    {
        if (DayOfLife(unit, date) is not { } day)
        {
            return [];
        }

        if (boundary is Boundary.NamedBoundary { Name: Boundary.FormerProvinces })
        {
            return FormerProvince(unit, day, by);
        }

        var target = boundary switch
        {
            Boundary.DateBoundary on => on.Date,
            Boundary.NamedBoundary { Name: Boundary.FormerCommunes } => Merger.AddDays(-1),
            Boundary.NamedBoundary { Name: Boundary.PresentCommunes } => Merger,
            Boundary.NamedBoundary named => throw new ArgumentException($"There is no named boundary '{named.Name}'. Known: {string.Join(", ", Boundary.Names)}.", nameof(boundary)),
            _ => date,
        };
        var place = Find(unit, day) is { Level: UnitLevel.Health or UnitLevel.Facility } ? Ancestors(unit, Hierarchies.Administrative, day).FirstOrDefault(u => u.Level == UnitLevel.Commune)?.Id ?? unit : unit;
        var cells = _chain.Carry(place, DayOfLife(place, day) ?? day, target, by);
        return cells.All(c => Fact(c.To, Aspects.Exists, target) is not null) ? [.. cells.Select(c => c with { From = unit })] : [];
    }

    public UnitTable Regroup(IEnumerable<UnitAmount> amounts, Boundary boundary, ShareBy by = ShareBy.Population)
    {
        var placed = new Dictionary<(string, DateOnly), IReadOnlyList<CrosswalkCell>>();
        var lines = new SortedDictionary<string, (decimal Exact, decimal Estimated)>(StringComparer.Ordinal);
        decimal elsewhere = 0;
        foreach (var (unit, date, amount) in amounts)
        {
            if (!placed.TryGetValue((unit, date), out var row))
            {
                placed[(unit, date)] = row = Place(unit, date, boundary, by);
            }

            if (row.Count == 0)
            {
                elsewhere += amount;
                continue;
            }

            Crosswalk.Give(row, amount, lines);
        }

        return new UnitTable([.. lines.Select(l => new UnitLine(l.Key, l.Value.Exact, l.Value.Estimated))], elsewhere);
    }

    public UnitDrawing Draw(DateOnly date)
    {
        var (pieces, height) = Map.MapShapes.Draw(this, date);
        return new([.. pieces.Select(p => new DrawnUnit(p.Unit, p.Name, p.Path, p.IsReal))], height);
    }

    public decimal? Measure(string unit, string what, DateOnly date, string? source = null) =>
        MeasureFact(unit, what, date, source) is { } fact ? Amount(fact) : null;

    /// <summary>The fact that <see cref="Measure"/> answers from; its aspect ends with the name of the source.</summary>
    public Fact? MeasureFact(string unit, string what, DateOnly date, string? source = null)
    {
        var prefix = Aspects.Measure(what, source ?? "");
        return FactsOf(unit).Where(f => f.Holds(date) && (source is null ? f.Aspect.StartsWith(prefix, StringComparison.Ordinal) : f.Aspect == prefix))
            .OrderByDescending(f => f.OpenedBy).ThenBy(f => f.Aspect, StringComparer.Ordinal).FirstOrDefault();
    }

    public static decimal Amount(Fact measure) => decimal.Parse(measure.Value, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>The unit that has the code on a day, or that had or will have it: a code that was stated for all time is older than its unit.</summary>
    public string? HolderOf(string code, DateOnly date) => FindByCode(code, date)?.Id ?? (_codes.TryGetValue(code, out var facts) ? facts[^1].Subject : null);

    /// <summary>All that is known of a unit, in order of law-time.</summary>
    public IReadOnlyList<Fact> FactsOf(string unit) => _facts.TryGetValue(unit, out var facts) ? facts : [];

    public Fact? Fact(string unit, string aspect, DateOnly date)
    {
        if (_facts.TryGetValue(unit, out var facts))
        {
            foreach (var fact in facts)
            {
                if (fact.Aspect == aspect && fact.Holds(date))
                {
                    return fact;
                }
            }
        }

        return null;
    }

    /// <summary>The unit on the day, or as it was nearest to it: a former province goes on to head its hierarchy.</summary>
    public Unit? FindOrBygone(string id, DateOnly date) => Find(id, date) ?? (DayOfLife(id, date) is { } day ? Find(id, day) : null);

    /// <summary>The day itself when the unit is there on it, else the nearest day of its life; null when it is not known at all.</summary>
    private DateOnly? DayOfLife(string unit, DateOnly date)
    {
        var lives = FactsOf(unit).Where(f => f.Aspect == Aspects.Exists).ToList();
        return lives.Count == 0 ? null
            : lives.Exists(f => f.Holds(date)) ? date
            : lives.FindLast(f => f.To <= date) is { } before ? before.To.AddDays(-1)
            : lives[0].From;
    }

    private IReadOnlyList<CrosswalkCell> FormerProvince(string unit, DateOnly day, ShareBy by)
    {
        foreach (var id in (string[])[unit, .. Ancestors(unit, Hierarchies.Administrative, day).Select(u => u.Id)])
        {
            if (Fact(id, Aspects.Parent(Hierarchies.FormerProvince), day) is { } parent)
            {
                return [new CrosswalkCell(unit, parent.Value, 1, ShareBasis.Whole)];
            }
        }

        var before = Merger.AddDays(-1);
        var cells = new List<CrosswalkCell>();
        foreach (var cell in Place(unit, day, Boundary.AsOf(before), by))
        {
            if (((Unit?[])[Find(cell.To, before), .. Ancestors(cell.To, Hierarchies.Administrative, before)]).FirstOrDefault(u => u?.Level == UnitLevel.Province) is not { } province)
            {
                return [];
            }

            cells.Add(cell with { To = province.Id });
        }

        return [.. Crosswalk.Collect(cells)];
    }

    private void Index(Fact[] facts)
    {
        foreach (var fact in facts)
        {
            if (fact.Aspect.StartsWith(Aspects.ParentPrefix, StringComparison.Ordinal))
            {
                (_children.TryGetValue((fact.Value, fact.Aspect), out var list) ? list : _children[(fact.Value, fact.Aspect)] = []).Add(fact);
            }
            else if (fact.Aspect == Aspects.Exists && fact.Value.Length > 0)
            {
                (_codes.TryGetValue(fact.Value, out var list) ? list : _codes[fact.Value] = []).Add(fact);
            }
        }
    }
}
