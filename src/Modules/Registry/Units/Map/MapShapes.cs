using System.Globalization;
using System.Text;
using System.Text.Json;
using Mach.Contracts.Registry;

namespace Mach.Registry.Units.Map;

/// <summary>One unit on the map: an SVG path, and whether it is its real shape or a cell around its centre.</summary>
public sealed record MapPiece(string Unit, string Name, string Path, bool IsReal, string Group, double X, double Y);

/// <summary>The map of a day as SVG paths. Units with a shape show it; the others are cells of the points nearest to their centres, within the hull of all centres. Pure.</summary>
internal static class MapShapes
{
    /// <summary>Width of the drawing, in its own units; the height follows from the land.</summary>
    public const double Width = UnitDrawing.Width;
    /// <summary>How far the hull lies outside the outermost centres, degrees.</summary>
    private const double Margin = 0.05;

    /// <summary>The communes of a day. A day before the merger shows the cells of the units of 2025 that took the old ones up, since old centres are not known.</summary>
    public static (IReadOnlyList<MapPiece> Pieces, double Height) Draw(UnitMap map, DateOnly date)
    {
        var units = map.All(date).Where(u => u.Level == UnitLevel.Commune && HasPlace(map, u.Id, date)).ToList();
        if (units.Count == 0)
        {
            date = UnitMap.Merger;
            units = [.. map.All(date).Where(u => u.Level == UnitLevel.Commune && HasPlace(map, u.Id, date))];
        }

        if (units.Count == 0)
        {
            return ([], Width);
        }

        var rings = units.ToDictionary(u => u.Id, u => map.Fact(u.Id, Aspects.Shape, date) is { } shape ? Rings(shape.Value) : null, StringComparer.Ordinal);
        var centres = units.ToDictionary(u => u.Id, u => map.Fact(u.Id, Aspects.Centre, date) is { } centre ? Centre(centre.Value) : Middle(rings[u.Id]!), StringComparer.Ordinal);
        var hull = Cells.Hull([.. centres.Values], Margin);
        List<(double X, double Y)> corners = [.. hull, .. rings.Values.OfType<List<(double, double)[]>>().SelectMany(r => r.SelectMany(p => p))];
        var (left, right, bottom, top) = (corners.Min(p => p.X), corners.Max(p => p.X), corners.Min(p => p.Y), corners.Max(p => p.Y));
        var squeeze = Math.Cos((bottom + top) / 2 * Math.PI / 180);
        var scale = Width / ((right - left) * squeeze);
        (double X, double Y) Place((double X, double Y) p) => ((p.X - left) * squeeze * scale, (top - p.Y) * scale);
        var pieces = units.ConvertAll(u =>
        {
            var shape = rings[u.Id] ?? [Cells.Of(centres[u.Id], centres.Values, hull)];
            var (x, y) = Place(centres[u.Id]);
            return new MapPiece(u.Id, u.Name, Path(shape, Place), rings[u.Id] is not null, map.Ancestors(u.Id, Hierarchies.FormerProvince, date) is [var former, ..] ? former.Id : "", x, y);
        });
        return (pieces, (top - bottom) * scale);
    }

    private static bool HasPlace(UnitMap map, string unit, DateOnly date) => map.Fact(unit, Aspects.Shape, date) is not null || map.Fact(unit, Aspects.Centre, date) is not null;

    private static string Path(List<(double X, double Y)[]> rings, Func<(double X, double Y), (double X, double Y)> place)
    {
        var path = new StringBuilder();
        foreach (var ring in rings)
        {
            for (var i = 0; i < ring.Length; i++)
            {
                var (x, y) = place(ring[i]);
                path.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{x:0.#} {y:0.#}");
            }

            path.Append('Z');
        }

        return path.ToString();
    }

    private static (double X, double Y) Centre(string text)
    {
        var parts = text.Split(' ');
        return (double.Parse(parts[1], CultureInfo.InvariantCulture), double.Parse(parts[0], CultureInfo.InvariantCulture));
    }

    private static (double X, double Y) Middle(List<(double X, double Y)[]> rings) => (rings[0].Average(p => p.X), rings[0].Average(p => p.Y));

    private static List<(double X, double Y)[]> Rings(string geometry)
    {
        using var json = JsonDocument.Parse(geometry);
        var coordinates = json.RootElement.GetProperty("coordinates");
        var polygons = json.RootElement.GetProperty("type").GetString() == "Polygon" ? [coordinates] : coordinates.EnumerateArray().ToArray();
        return [.. polygons.SelectMany(p => p.EnumerateArray()).Select(ring => ring.EnumerateArray().Select(p => (p[0].GetDouble(), p[1].GetDouble())).ToArray())];
    }
}
