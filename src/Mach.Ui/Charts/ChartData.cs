namespace Mach.Ui.Charts;

/// <summary>One value of a line.</summary>
/// <param name="X">On the axis that the chart's ticks are on: days as <see cref="ChartScale"/> counts them, or months of age.</param>
/// <param name="Y">The value.</param>
/// <param name="Text">What is said of it: value, unit, day, place.</param>
/// <param name="Href">Where it came from.</param>
/// <param name="Second">A second value below the first, joined with it by a bar: the diastolic pressure.</param>
/// <param name="IsOutside">Outside what is usual: drawn in another shape too.</param>
public sealed record ChartPoint(double X, double Y, string Text, string? Href = null, double? Second = null, bool IsOutside = false);

/// <summary>Values that belong together, in the order of X.</summary>
/// <param name="Low">The usual lies above; null = open.</param>
/// <param name="High">The usual lies below; null = open.</param>
/// <param name="IsReference">A curve to hold others against: drawn thin, without points, with its name at its end.</param>
/// <param name="IsCloud">Points that do not follow each other: no line joins them.</param>
public sealed record ChartLine(string Name, string? Unit, IReadOnlyList<ChartPoint> Points, double? Low = null, double? High = null, bool IsReference = false, bool IsCloud = false);

/// <summary>Bars under the curve: one medicine and when its supply lasted.</summary>
public sealed record ChartLane(string Name, IReadOnlyList<(double From, double To, string Text)> Bars);

/// <summary>Something that happened, drawn over the whole height: a stay in hospital, a surgery.</summary>
public sealed record ChartMark(double From, double To, string Text);

/// <summary>Where a labelled line of an axis stands.</summary>
public sealed record ChartTick(double At, string Label);
