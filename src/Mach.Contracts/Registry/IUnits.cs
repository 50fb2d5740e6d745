namespace Mach.Contracts.Registry;

/// <summary>Places and organisations in time: the administrative map, the health network and the other hierarchies, by law-time and as known at a moment.</summary>
public interface IUnits
{
    /// <summary>What the register knew at a moment; null = now. Immutable: the same moment answers the same for ever, whatever is corrected later.</summary>
    ValueTask<IUnitMap> AsKnownAsync(DateTimeOffset? knownAt, CancellationToken ct);
}

/// <summary>All of law-time as known at one moment. Answers from memory; safe for any number of callers.</summary>
public interface IUnitMap
{
    /// <summary>Null when there is no such unit on that day.</summary>
    Unit? Find(string id, DateOnly date);

    /// <summary>The unit of an official code on a day; null when none has it.</summary>
    Unit? FindByCode(string code, DateOnly date);

    /// <summary>All units of a day, in the order of their ids.</summary>
    IReadOnlyList<Unit> All(DateOnly date);

    /// <summary>Parent, grandparent and so on, nearest first. A parent that has ended (a former province) answers as it last was.</summary>
    IReadOnlyList<Unit> Ancestors(string id, string hierarchy, DateOnly date);

    /// <summary>Units right below, in the order of their ids.</summary>
    IReadOnlyList<Unit> Children(string id, string hierarchy, DateOnly date);

    /// <summary>
    /// The shares by which the units of one level pass from the map of a day to that of another, over all successions between.
    /// To an earlier day the shares are those of the parts in the whole, by the measure when it is known, else in equal parts.
    /// </summary>
    Crosswalk Between(DateOnly from, DateOnly to, UnitLevel level, ShareBy by = ShareBy.Population);

    /// <summary>Where one unit's amount of a day belongs on a boundary; one cell with share 1 is exact. Empty when it belongs nowhere.</summary>
    IReadOnlyList<CrosswalkCell> Place(string unit, DateOnly date, Boundary boundary, ShareBy by = ShareBy.Population);

    /// <summary>A table by a boundary. Rates are to be made anew from numerator and denominator; never regroup a rate.</summary>
    /// <exception cref="ArgumentException">The named boundary is not known.</exception>
    UnitTable Regroup(IEnumerable<UnitAmount> amounts, Boundary boundary, ShareBy by = ShareBy.Population);

    /// <summary>The communes of a day as a drawing; of a day before the merger those of 2025, since old centres are not known.</summary>
    UnitDrawing Draw(DateOnly date);

    /// <summary>A measure such as <c>population</c> or <c>area</c> (km²) of a unit on a day from a named source; null = what was stated last, whatever the source: a correction stands before what it corrects; of what was stated at once, the first by name of the source.</summary>
    decimal? Measure(string unit, string what, DateOnly date, string? source = null);
}

/// <summary>One unit of a drawing.</summary>
/// <param name="Path">SVG path.</param>
/// <param name="IsReal">Its shape; else a cell around its centre.</param>
public sealed record DrawnUnit(string Unit, string Name, string Path, bool IsReal);

/// <summary>Units as SVG paths over a field of <see cref="Width"/> by <paramref name="Height"/>.</summary>
public sealed record UnitDrawing(IReadOnlyList<DrawnUnit> Units, double Height)
{
    public const double Width = 1000;
}

/// <summary>The invented health network of the demonstration, and its satellite and insurance networks.</summary>
public interface IStationNetwork
{
    /// <summary>Adds 494 stations and points with their health centres; under the facilities that are known, satellites and insurance offices. Does nothing when they are there.</summary>
    Task LoadDemonstrationAsync(CancellationToken ct);
}
