using Mach.Contracts.Registry;
using Mach.Registry.Facilities;
using Mach.Registry.Ledgers;

namespace Mach.Registry.Units;

/// <summary>One cell of a table by a boundary.</summary>
/// <param name="Exact">Known to lie in the unit.</param>
/// <param name="Estimated">Came by splitting a larger unit's amount by shares.</param>
public readonly record struct Figure(decimal Exact, decimal Estimated)
{
    public decimal Amount => Exact + Estimated;
    public bool IsEstimated => Estimated != 0;

    public static Figure operator +(Figure a, Figure b) => new(a.Exact + b.Exact, a.Estimated + b.Estimated);
}

/// <summary>One line of a table by a boundary.</summary>
/// <param name="Unit">Null for what belongs to no unit of the boundary, and for the total.</param>
/// <param name="Area">km².</param>
public sealed record FigureLine(Unit? Unit, string Parent, Figure Population, Figure Area, Figure Stations, Figure Facilities)
{
    /// <summary>People per km², made anew from both; null without an area.</summary>
    public decimal? Density => Area.Amount > 0 ? Population.Amount / Area.Amount : null;
    public bool IsDensityEstimated => Population.IsEstimated || Area.IsEstimated;
    public bool IsEmpty => Population.Amount == 0 && Area.Amount == 0 && Stations.Amount == 0 && Facilities.Amount == 0;

    internal static FigureLine Sum(IEnumerable<FigureLine> lines) => lines.Aggregate(
        new FigureLine(null, "", default, default, default, default),
        (sum, l) => sum with { Population = sum.Population + l.Population, Area = sum.Area + l.Area, Stations = sum.Stations + l.Stations, Facilities = sum.Facilities + l.Facilities });
}

/// <summary>Population, area, stations and facilities of one day under the units of a boundary.</summary>
/// <param name="Elsewhere">What belongs to no unit of the boundary, such as facilities whose commune is not known.</param>
/// <param name="MeasuresOf">The day whose population and area were taken: the day itself, or the first that has any.</param>
/// <param name="Sources">Names of the sources of population.</param>
/// <param name="Without">Units of that day without a known population.</param>
public sealed record FigureTable(IReadOnlyList<FigureLine> Lines, FigureLine Elsewhere, DateOnly MeasuresOf, IReadOnlyList<string> Sources, int Without)
{
    public FigureLine Total => FigureLine.Sum([.. Lines, Elsewhere]);
}

/// <summary>What a table is asked for.</summary>
/// <param name="Date">Day of the figures.</param>
/// <param name="Boundary">A day's units, or a named set; not at the event, since all figures are of one day.</param>
/// <param name="Level">Level of the lines; where a day has no units of the level, the next one above stands.</param>
public sealed record FigureQuestion(DateOnly Date, Boundary Boundary, UnitLevel Level = UnitLevel.Commune);

/// <summary>Figures of a day by any boundary; every boundary has the same totals. Pure, for one use.</summary>
internal sealed class UnitFigures(UnitMap map, Ledger facilities, long knownAt)
{
    private readonly Dictionary<(string, DateOnly, ShareBy), IReadOnlyList<CrosswalkCell>> _placed = [];
    private FigureQuestion _question = null!;
    private DateOnly? _target;

    public FigureTable Ask(FigureQuestion question)
    {
        _question = question;
        _placed.Clear();
        _target = question.Boundary switch
        {
            Boundary.DateBoundary on => on.Date,
            Boundary.NamedBoundary { Name: Boundary.FormerCommunes } => UnitMap.Merger.AddDays(-1),
            Boundary.NamedBoundary { Name: Boundary.PresentCommunes } => UnitMap.Merger,
            Boundary.NamedBoundary { Name: Boundary.FormerProvinces } => null,
            _ => throw new ArgumentException($"Figures of one day have no boundary '{question.Boundary}'.", nameof(question)),
        };
        var day = MeasuresOf(question.Date);
        var communes = map.All(day).Where(u => u.Level == UnitLevel.Commune).ToList();
        var population = Regroup(Measures(communes, "population", day), ShareBy.Population);
        var area = Regroup(Measures(communes, "area", day), ShareBy.Area);
        var stations = Regroup(map.All(question.Date).Where(u => u.Type is "station" or "station-point").Select(u => Standing(u.Id)), ShareBy.Population);
        var places = Regroup(Facilities(), ShareBy.Population);
        Figure Of(Dictionary<string, Figure> table, string unit) => table.GetValueOrDefault(unit);
        FigureLine Line(string id, Unit? unit) => new(unit, unit is null ? "" : ParentOf(id), Of(population, id), Of(area, id), Of(stations, id), Of(places, id));
        var lines = population.Keys.Union(area.Keys).Union(stations.Keys).Union(places.Keys).Where(id => id.Length > 0)
            .Select(id => Line(id, Known(id))).OrderBy(l => l.Unit!.Code ?? "", StringComparer.Ordinal).ThenBy(l => l.Parent, StringComparer.Ordinal).ThenBy(l => l.Unit!.Id, StringComparer.Ordinal);
        var sources = communes.Select(u => map.MeasureFact(u.Id, "population", day)).OfType<Fact>().Select(f => f.Aspect[Aspects.Measure("population", "").Length..]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return new FigureTable([.. lines], Line("", null), day, [.. sources], communes.Count(u => map.Measure(u.Id, "population", day) is null));
    }

    /// <summary>The day itself when any commune has a population on it, else the first day on which one has: older figures are not in the register.</summary>
    private DateOnly MeasuresOf(DateOnly date)
    {
        var starts = map.Ids.SelectMany(map.FactsOf).Where(f => f.Aspect.StartsWith(Aspects.Measure("population", ""), StringComparison.Ordinal)).ToList();
        return starts.Count == 0 || starts.Exists(f => f.Holds(date)) ? date : starts.Min(f => f.From) is var first && first > date ? first : date;
    }

    private IEnumerable<UnitAmount> Measures(List<Unit> communes, string what, DateOnly day) =>
        communes.Where(u => map.Measure(u.Id, what, day) is not null).Select(u => new UnitAmount(u.Id, day, map.Measure(u.Id, what, day)!.Value));

    /// <summary>One station: where it stood on the day of the boundary when it was there, else where it stands carried over by shares.</summary>
    private UnitAmount Standing(string station) =>
        _target is { } day && map.Find(station, day) is not null && map.Ancestors(station, Hierarchies.Administrative, day).FirstOrDefault(u => u.Level == UnitLevel.Commune) is { } commune
            ? new UnitAmount(commune.Id, day, 1)
            : new UnitAmount(station, _question.Date, 1);

    private IEnumerable<UnitAmount> Facilities()
    {
        foreach (var code in facilities.Subjects)
        {
            if (FacilityView.Read(facilities, code, _question.Date, knownAt) is { IsOpen: true } facility)
            {
                yield return new UnitAmount(facility.CommuneCode is { } commune ? map.HolderOf(commune, _question.Date) ?? "" : "", _question.Date, 1);
            }
        }
    }

    /// <summary>Amounts by unit of the boundary; under "" what belongs to none.</summary>
    private Dictionary<string, Figure> Regroup(IEnumerable<UnitAmount> amounts, ShareBy by)
    {
        var lines = new Dictionary<string, (decimal Exact, decimal Estimated)>(StringComparer.Ordinal);
        foreach (var (unit, date, amount) in amounts)
        {
            if (!_placed.TryGetValue((unit, date, by), out var row))
            {
                _placed[(unit, date, by)] = row = [.. Crosswalk.Collect(map.Place(unit, date, _question.Boundary, by).Select(c => c with { To = Above(c.To) }))];
            }

            Crosswalk.Give(row.Count > 0 ? row : [new CrosswalkCell(unit, "", 1, ShareBasis.Whole)], amount, lines);
        }

        return lines.ToDictionary(l => l.Key, l => new Figure(l.Value.Exact, l.Value.Estimated), StringComparer.Ordinal);
    }

    /// <summary>The unit of the asked level that a unit of the boundary lies in.</summary>
    private string Above(string unit)
    {
        if (_target is not { } day || _question.Level == UnitLevel.Commune)
        {
            return unit;
        }

        var above = map.Ancestors(unit, Hierarchies.Administrative, day);
        return (above.FirstOrDefault(u => u.Level == _question.Level) ?? above.FirstOrDefault(u => u.Level < _question.Level))?.Id ?? unit;
    }

    private string ParentOf(string unit)
    {
        var day = _target ?? UnitMap.Merger.AddDays(-1);
        return string.Join(" · ", map.Ancestors(unit, Hierarchies.Administrative, day).Select(u => u.Name));
    }

    private Unit? Known(string unit) => map.Find(unit, _target ?? UnitMap.Merger.AddDays(-1)) ?? new Unit { Id = unit, Name = unit, Type = "", From = DateOnly.MinValue, To = DateOnly.MaxValue };
}
