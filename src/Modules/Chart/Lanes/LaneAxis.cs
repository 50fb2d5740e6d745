namespace Mach.Chart.Lanes;

/// <summary>A stretch of time on the axis: of days with something in them, or an empty one drawn narrow.</summary>
/// <param name="From">Days as <see cref="Ui.Charts.ChartScale"/> counts them.</param>
/// <param name="X">Where it begins, 0–1.</param>
/// <param name="Width">Of the axis, 0–1.</param>
public sealed record AxisPart(double From, double To, double X, double Width, bool IsEmpty);

/// <summary>An axis on which long empty times take little room.</summary>
public sealed class LaneAxis
{
    /// <summary>An empty time longer than this share of what is shown is drawn narrow.</summary>
    private const double LongestEmpty = 0.25;
    /// <summary>Width of an empty time.</summary>
    private const double Narrow = 0.03;
    /// <summary>Left empty beside what there is, so that nothing stands on an edge: share of what is shown.</summary>
    private const double Margin = 0.01;

    private LaneAxis(IReadOnlyList<AxisPart> parts) => Parts = parts;

    public IReadOnlyList<AxisPart> Parts { get; }

    public double From => Parts[0].From;

    public double To => Parts[^1].To;

    /// <param name="spans">Where something is; in any order, may overlap.</param>
    public static LaneAxis Of(double from, double to, IEnumerable<(double From, double To)> spans)
    {
        if (!(to > from))
        {
            to = from + 1;
        }

        var (gap, margin) = ((to - from) * LongestEmpty, (to - from) * Margin);
        var cuts = new List<(double From, double To)>();
        var reached = from;
        foreach (var span in spans.Select(s => (From: Math.Max(s.From, from), To: Math.Min(s.To, to))).Where(s => s.To >= s.From).OrderBy(s => s.From))
        {
            if (span.From - reached > gap)
            {
                cuts.Add((reached + margin, span.From - margin));
            }

            reached = Math.Max(reached, span.To);
        }

        if (to - reached > gap)
        {
            cuts.Add((reached + margin, to));
        }

        return new(Lay(from, to, cuts));
    }

    /// <summary>Place of a day, 0–1; outside of the axis: its nearer end.</summary>
    public double X(double day)
    {
        foreach (var part in Parts)
        {
            if (day <= part.To)
            {
                return part.X + (Math.Clamp((day - part.From) / (part.To - part.From), 0, 1) * part.Width);
            }
        }

        return 1;
    }

    /// <summary>The day at a place, 0–1.</summary>
    public double Day(double x)
    {
        var part = Parts.FirstOrDefault(p => x <= p.X + p.Width) ?? Parts[^1];
        return part.From + (Math.Clamp((x - part.X) / part.Width, 0, 1) * (part.To - part.From));
    }

    private static List<AxisPart> Lay(double from, double to, List<(double From, double To)> cuts)
    {
        var shown = to - from - cuts.Sum(c => c.To - c.From);
        var room = 1 - (cuts.Count * Narrow);
        var parts = new List<AxisPart>();
        var (at, x) = (from, 0.0);
        void Add(double end, bool isEmpty)
        {
            if (end > at)
            {
                var width = isEmpty ? Narrow : (end - at) / shown * room;
                parts.Add(new(at, end, x, width, isEmpty));
                (at, x) = (end, x + width);
            }
        }

        foreach (var cut in cuts)
        {
            Add(cut.From, isEmpty: false);
            Add(cut.To, isEmpty: true);
        }

        Add(to, isEmpty: false);
        return parts;
    }
}
