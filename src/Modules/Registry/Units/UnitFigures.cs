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

/// <summary>Figures of a day by any boundary; every boundary has the same totals. Pure.</summary>
internal sealed class UnitFigures(UnitMap map, Ledger facilities, long knownAt)
{
    public FigureTable Ask(FigureQuestion question)
    {
        var placing = new UnitPlacing(map, question);
        var (day, sources) = Sources(question.Date);
        var lines = new SortedDictionary<string, Figure[]>(StringComparer.Ordinal) { [""] = Nothing() };
        foreach (var source in sources)
        {
            foreach (var (unit, part, isExact) in Split(RowOf(placing, source), source.Amount))
            {
                Add(lines, unit, source.What, part, isExact);
            }
        }

        var communes = Communes(day);
        var names = communes.Select(u => map.MeasureFact(u.Id, "population", day)).OfType<Fact>().Select(f => f.Aspect[Aspects.Measure("population", "").Length..]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return new FigureTable(InOrder(lines.Where(l => l.Key.Length > 0).Select(l => Line(placing, l.Key, l.Value))), Line(placing, "", lines[""]), day, [.. names], communes.Count(u => map.Measure(u.Id, "population", day) is null));
    }

    /// <summary>
    /// What the lines of a table are made of by another boundary: under the id of each line's unit the units that have a part of it, with that part. The parts of a line sum to it, to the last
    /// digit. Where either side knows the place of an amount, it is placed there; only where both part it, the parts of the one are carried on into the other.
    /// </summary>
    public ILookup<string, FigureLine> Parts(FigureQuestion question, Boundary beside)
    {
        var (one, other) = (new UnitPlacing(map, question), new UnitPlacing(map, question with { Boundary = beside, Level = UnitLevel.Commune }));
        var cells = new Dictionary<string, SortedDictionary<string, Figure[]>>(StringComparer.Ordinal);
        foreach (var source in Sources(question.Date).All)
        {
            var (row, column) = (RowOf(one, source), RowOf(other, source));
            foreach (var (unit, amount, isExact) in Split(row, source.Amount))
            {
                var parts = row.Count > 1 && column.Count > 1 ? other.Row(unit, one.Day, source.By) : column;
                foreach (var (part, share, isWhole) in Split(parts, amount))
                {
                    Add(cells.TryGetValue(unit, out var line) ? line : cells[unit] = new(StringComparer.Ordinal), part, source.What, share, isExact && isWhole);
                }
            }
        }

        return cells.Where(c => c.Key.Length > 0).SelectMany(c => InOrder(c.Value.Select(p => Line(other, p.Key, p.Value))).Select(line => (c.Key, line))).ToLookup(c => c.Key, c => c.line, StringComparer.Ordinal);
    }

    private enum What { Population, Area, Stations, Facilities }

    /// <summary>An amount that is known of a unit on a day; of a station where it stands is looked up by boundary.</summary>
    private sealed record Source(What What, string Unit, DateOnly Date, decimal Amount)
    {
        public ShareBy By => What == What.Area ? ShareBy.Area : ShareBy.Population;
    }

    /// <returns>Day: the one whose population and area they are.</returns>
    private (DateOnly Day, IReadOnlyList<Source> All) Sources(DateOnly date)
    {
        var day = MeasuresOf(date);
        IEnumerable<Source> Measures(What what, string name) => Communes(day).Where(u => map.Measure(u.Id, name, day) is not null).Select(u => new Source(what, u.Id, day, map.Measure(u.Id, name, day)!.Value));
        return (day,
        [
            .. Measures(What.Population, "population"),
            .. Measures(What.Area, "area"),
            .. map.All(date).Where(u => u.Type is "station" or "station-point").Select(u => new Source(What.Stations, u.Id, date, 1)),
            .. Facilities(date),
        ]);
    }

    private List<Unit> Communes(DateOnly day) => [.. map.All(day).Where(u => u.Level == UnitLevel.Commune)];

    /// <summary>The day itself when any commune has a population on it, else the first day on which one has: older figures are not in the register.</summary>
    private DateOnly MeasuresOf(DateOnly date)
    {
        var starts = map.Ids.SelectMany(map.FactsOf).Where(f => f.Aspect.StartsWith(Aspects.Measure("population", ""), StringComparison.Ordinal)).ToList();
        return starts.Count == 0 || starts.Exists(f => f.Holds(date)) ? date : starts.Min(f => f.From) is var first && first > date ? first : date;
    }

    private IEnumerable<Source> Facilities(DateOnly date)
    {
        foreach (var code in facilities.Subjects)
        {
            if (FacilityView.Read(facilities, code, date, knownAt) is { IsOpen: true } facility)
            {
                yield return new Source(What.Facilities, facility.CommuneCode is { } commune ? map.HolderOf(commune, date) ?? "" : "", date, 1);
            }
        }
    }

    private static IReadOnlyList<CrosswalkCell> RowOf(UnitPlacing placing, Source source) =>
        source.What == What.Stations ? placing.RowOfStation(source.Unit) : placing.Row(source.Unit, source.Date, source.By);

    /// <summary>An amount by a row's shares, to the last digit.</summary>
    private static IEnumerable<(string Unit, decimal Part, bool IsWhole)> Split(IReadOnlyList<CrosswalkCell> row, decimal amount)
    {
        var given = new Dictionary<string, (decimal Exact, decimal Estimated)>(StringComparer.Ordinal);
        Crosswalk.Give(row, amount, given);
        return given.Select(g => (g.Key, g.Value.Exact + g.Value.Estimated, row.Count == 1));
    }

    private static Figure[] Nothing() => new Figure[4];

    private static void Add(SortedDictionary<string, Figure[]> lines, string unit, What what, decimal amount, bool isExact) =>
        (lines.TryGetValue(unit, out var line) ? line : lines[unit] = Nothing())[(int)what] += isExact ? new Figure(amount, 0) : new Figure(0, amount);

    private static FigureLine Line(UnitPlacing placing, string id, Figure[] figures) => new(
        id.Length == 0 ? null : placing.UnitOf(id), id.Length == 0 ? "" : placing.ParentOf(id), figures[(int)What.Population], figures[(int)What.Area], figures[(int)What.Stations], figures[(int)What.Facilities]);

    private static FigureLine[] InOrder(IEnumerable<FigureLine> lines) =>
        [.. lines.OrderBy(l => l.Unit?.Code ?? "", StringComparer.Ordinal).ThenBy(l => l.Parent, StringComparer.Ordinal).ThenBy(l => l.Unit?.Id, StringComparer.Ordinal)];
}
