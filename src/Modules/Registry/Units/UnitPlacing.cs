using Mach.Contracts.Registry;

namespace Mach.Registry.Units;

/// <summary>Where what is known of a unit on a day lies by one boundary, at the level of its lines. Pure, for one use.</summary>
internal sealed class UnitPlacing
{
    private readonly Dictionary<(string, DateOnly, ShareBy), IReadOnlyList<CrosswalkCell>> _placed = [];
    private readonly UnitMap _map;
    private readonly FigureQuestion _question;
    private readonly DateOnly? _target;

    /// <exception cref="ArgumentException">Figures of one day have no such boundary.</exception>
    public UnitPlacing(UnitMap map, FigureQuestion question)
    {
        (_map, _question) = (map, question);
        _target = question.Boundary switch
        {
            Boundary.DateBoundary on => on.Date,
            Boundary.NamedBoundary { Name: Boundary.FormerCommunes } => UnitMap.Merger.AddDays(-1),
            Boundary.NamedBoundary { Name: Boundary.PresentCommunes } => UnitMap.Merger,
            Boundary.NamedBoundary { Name: Boundary.FormerProvinces } => null,
            _ => throw new ArgumentException($"Figures of one day have no boundary '{question.Boundary}'.", nameof(question)),
        };
    }

    /// <summary>A day on which the units of the boundary are there.</summary>
    public DateOnly Day => _target ?? UnitMap.Merger.AddDays(-1);

    /// <summary>The units of the boundary with their shares, 1 in all; one cell to "" where there is none.</summary>
    public IReadOnlyList<CrosswalkCell> Row(string unit, DateOnly date, ShareBy by)
    {
        if (!_placed.TryGetValue((unit, date, by), out var row))
        {
            row = [.. Crosswalk.Collect(_map.Place(unit, date, _question.Boundary, by).Select(c => c with { To = Above(c.To) }))];
            _placed[(unit, date, by)] = row = row.Count > 0 ? row : [new CrosswalkCell(unit, "", 1, ShareBasis.Whole)];
        }

        return row;
    }

    /// <summary>The same of a station: by where it stood on the day of the boundary when it was there, else by where it stands, carried over by shares.</summary>
    public IReadOnlyList<CrosswalkCell> RowOfStation(string station) =>
        _target is { } day && _map.Find(station, day) is not null && _map.Ancestors(station, Hierarchies.Administrative, day).FirstOrDefault(u => u.Level == UnitLevel.Commune) is { } commune
            ? Row(commune.Id, day, ShareBy.Population)
            : Row(station, _question.Date, ShareBy.Population);

    /// <summary>Names of the units above it, small ones first.</summary>
    public string ParentOf(string unit) => string.Join(" · ", _map.Ancestors(unit, Hierarchies.Administrative, Day).Select(u => u.Name));

    public Unit UnitOf(string unit) => _map.Find(unit, Day) ?? new Unit { Id = unit, Name = unit, Type = "", From = DateOnly.MinValue, To = DateOnly.MaxValue };

    /// <summary>The unit of the asked level that a unit of the boundary lies in.</summary>
    private string Above(string unit)
    {
        if (_target is not { } day || _question.Level == UnitLevel.Commune)
        {
            return unit;
        }

        var above = _map.Ancestors(unit, Hierarchies.Administrative, day);
        return (above.FirstOrDefault(u => u.Level == _question.Level) ?? above.FirstOrDefault(u => u.Level < _question.Level))?.Id ?? unit;
    }
}
