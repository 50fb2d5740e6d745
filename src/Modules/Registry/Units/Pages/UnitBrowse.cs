using Mach.Contracts.Registry;
using Mach.Registry.Units.Map;

namespace Mach.Registry.Units.Pages;

/// <summary>What the browser of units shows; all of it stands in the address.</summary>
/// <param name="Text">Typed words.</param>
/// <param name="Level">province, district, commune, health, facility or insurance; for the list without a hierarchy.</param>
/// <param name="Hierarchy">One of <see cref="Hierarchies.All"/>; empty = the list of a level.</param>
/// <param name="Under">The unit whose children are shown; null = the heads of the hierarchy.</param>
/// <param name="Colour">population, density or stations; empty = former provinces.</param>
public sealed record UnitBrowse(UnitQuery Query, string Text, string Level, string Hierarchy, string? Under, string Colour)
{
    public static readonly IReadOnlyList<string> Levels = ["province", "district", "commune", "health", "facility", "insurance"];
    public static readonly IReadOnlyList<string> Colours = ["", "population", "density", "stations"];

    /// <summary>Choices that are not known fall back to the first view.</summary>
    internal static UnitBrowse Read(UnitQuery query, string? q, string? level, string? hierarchy, string? under, string? colour) => new(
        query, q ?? "", Levels.Contains(level) ? level! : "commune", Hierarchies.All.Contains(hierarchy) ? hierarchy! : "",
        Hierarchies.All.Contains(hierarchy) && !string.IsNullOrEmpty(under) ? under : null, Colours.Contains(colour) ? colour! : "");

    public UnitLevel Wanted => Level switch { "province" => UnitLevel.Province, "district" => UnitLevel.District, "health" => UnitLevel.Health, "facility" => UnitLevel.Facility, "insurance" => UnitLevel.Insurance, _ => UnitLevel.Commune };

    /// <summary>The address that shows the same.</summary>
    public string Link => "/units" + Query.Suffix
        + (Hierarchy.Length > 0 ? "&h=" + Hierarchy + (Under is null ? "" : "&under=" + Uri.EscapeDataString(Under)) : "&level=" + Level)
        + (Colour.Length > 0 ? "&colour=" + Colour : "") + (Text.Length > 0 ? "&q=" + Uri.EscapeDataString(Text) : "");

    /// <summary>Everything but the day, for the slider's form.</summary>
    public IEnumerable<(string Name, string Value)> Kept =>
        new[] { ("q", Text), ("level", Level), ("h", Hierarchy), ("under", Under ?? ""), ("colour", Colour), ("known", Query.KnownOn is { } k ? UnitQuery.Iso(k) : "") }.Where(p => p.Item2.Length > 0);
}

/// <summary>One class of the coloured map.</summary>
/// <param name="Number">1 (least) to 5; 0 = not known.</param>
public sealed record MapClass(int Number, decimal Least, decimal Most, int Units);

/// <summary>The map coloured by a measure: five classes with about as many units in each. Equal values are never parted.</summary>
public sealed record MapColours(IReadOnlyDictionary<string, (int Class, decimal Value)> Units, IReadOnlyList<MapClass> Classes)
{
    private const int Most = 5;
    public static readonly MapColours None = new(new Dictionary<string, (int, decimal)>(), []);

    internal static MapColours Of(UnitMap map, IReadOnlyList<MapPiece> pieces, string measure, DateOnly date)
    {
        if (measure.Length == 0)
        {
            return None;
        }

        var values = pieces.Select(p => (p.Unit, Value: ValueOf(map, p.Unit, measure, date))).Where(p => p.Value is not null).Select(p => (p.Unit, Value: p.Value!.Value)).OrderBy(p => p.Value).ToList();
        var found = new Dictionary<string, (int, decimal)>(StringComparer.Ordinal);
        var number = 0;
        var before = 0;
        for (var i = 0; i < values.Count; i++)
        {
            if (i == 0 || (values[i].Value != values[i - 1].Value && i * Most / values.Count > before))
            {
                (number, before) = (number + 1, i * Most / values.Count);
            }

            found[values[i].Unit] = (number, values[i].Value);
        }

        return new MapColours(found, [.. found.Values.GroupBy(v => v.Item1).OrderBy(g => g.Key).Select(g => new MapClass(g.Key, g.Min(v => v.Item2), g.Max(v => v.Item2), g.Count()))]);
    }

    private static decimal? ValueOf(UnitMap map, string unit, string measure, DateOnly date) => measure switch
    {
        "population" => map.Measure(unit, "population", date),
        "density" => map.Measure(unit, "area", date) is { } area and > 0 && map.Measure(unit, "population", date) is { } people ? decimal.Round(people / area) : null,
        _ => map.Children(unit, Hierarchies.Administrative, date).Count(u => u.Level == UnitLevel.Health),
    };
}
