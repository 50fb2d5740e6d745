namespace Mach.Ui.Print;

/// <summary>One thing on paper. All lengths in points, from the upper left corner.</summary>
internal abstract record Mark(double X, double Y)
{
    public Mark Moved(double x, double y) => this with { X = X + x, Y = Y + y };
}

/// <summary>Words whose baseline is at <see cref="Mark.Y"/>.</summary>
internal sealed record WordsMark(double X, double Y, string Text, Look Look) : Mark(X, Y);

/// <summary>A thin line from left to right.</summary>
internal sealed record LineMark(double X, double Y, double Length, Tone Tone) : Mark(X, Y);

/// <summary>A light field behind words.</summary>
internal sealed record FieldMark(double X, double Y, double Width, double Height) : Mark(X, Y);

/// <summary>A slice of a document that no page break goes through; its marks count from its upper left corner.</summary>
/// <param name="Height">In points.</param>
internal sealed record Strip(double Height, IReadOnlyList<Mark> Marks)
{
    /// <summary>Room above it, which it does not need at the top of a page.</summary>
    public double Before { get; init; }

    /// <summary>Stands on the page of the strip after it.</summary>
    public bool WithNext { get; init; }

    /// <summary>What is said again above it when it begins a page: the head of its table.</summary>
    public Strip? Again { get; init; }
}
