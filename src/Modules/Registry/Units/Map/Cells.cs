namespace Mach.Registry.Units.Map;

/// <summary>Plane geometry of the map: the hull of points, and the cell of what lies nearest to one of them.</summary>
internal static class Cells
{
    /// <summary>The convex hull (monotone chain), moved outwards by <paramref name="margin"/> from its middle.</summary>
    public static List<(double X, double Y)> Hull(IReadOnlyList<(double X, double Y)> points, double margin)
    {
        var sorted = points.Distinct().OrderBy(p => p.X).ThenBy(p => p.Y).ToList();
        if (sorted.Count < 3)
        {
            var (x, y) = sorted[0];
            return [(x - margin, y - margin), (x + margin, y - margin), (x + margin, y + margin), (x - margin, y + margin)];
        }

        var hull = Half(sorted);
        sorted.Reverse();
        hull.AddRange(Half(sorted));
        var (middleX, middleY) = (hull.Average(p => p.X), hull.Average(p => p.Y));
        return hull.ConvertAll(p =>
        {
            var (dx, dy) = (p.X - middleX, p.Y - middleY);
            var length = Math.Sqrt((dx * dx) + (dy * dy));
            return (p.X + (dx / length * margin), p.Y + (dy / length * margin));
        });
    }

    /// <summary>The part of the hull that is nearer to the centre than to any other.</summary>
    public static (double X, double Y)[] Of((double X, double Y) centre, IEnumerable<(double X, double Y)> others, List<(double X, double Y)> hull)
    {
        var cell = hull;
        foreach (var other in others.Where(o => o != centre))
        {
            cell = Nearer(cell, centre, other);
        }

        return [.. cell];
    }

    /// <summary>Sutherland–Hodgman against the line of equal distance.</summary>
    private static List<(double X, double Y)> Nearer(List<(double X, double Y)> cell, (double X, double Y) centre, (double X, double Y) other)
    {
        var (nx, ny) = (other.X - centre.X, other.Y - centre.Y);
        var limit = ((nx * (centre.X + other.X)) + (ny * (centre.Y + other.Y))) / 2;
        var kept = new List<(double X, double Y)>(cell.Count + 1);
        for (var i = 0; i < cell.Count; i++)
        {
            var (a, b) = (cell[i], cell[(i + 1) % cell.Count]);
            var (da, db) = ((nx * a.X) + (ny * a.Y) - limit, (nx * b.X) + (ny * b.Y) - limit);
            if (da <= 0)
            {
                kept.Add(a);
            }

            if ((da < 0 && db > 0) || (da > 0 && db < 0))
            {
                var t = da / (da - db);
                kept.Add((a.X + ((b.X - a.X) * t), a.Y + ((b.Y - a.Y) * t)));
            }
        }

        return kept;
    }

    private static List<(double X, double Y)> Half(List<(double X, double Y)> sorted)
    {
        var chain = new List<(double X, double Y)>();
        foreach (var point in sorted)
        {
            while (chain.Count >= 2 && Turn(chain[^2], chain[^1], point) <= 0)
            {
                chain.RemoveAt(chain.Count - 1);
            }

            chain.Add(point);
        }

        chain.RemoveAt(chain.Count - 1);
        return chain;
    }

    private static double Turn((double X, double Y) a, (double X, double Y) b, (double X, double Y) c) => ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
}
