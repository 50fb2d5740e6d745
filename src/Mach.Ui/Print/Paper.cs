namespace Mach.Ui.Print;

/// <summary>An A4 page and what stands on each of them beside its content. Lengths in points.</summary>
/// <param name="Title">Of the document, as readers of PDF name it.</param>
/// <param name="Running">Who and what, at the top of the second page and those after it.</param>
/// <param name="Foot">Where and when it was printed, at the bottom of every page.</param>
/// <param name="PageOf">"Page {0} of {1}".</param>
/// <param name="Language">BCP 47.</param>
/// <param name="At">When it was printed; the only time that the file holds.</param>
public sealed record Paper(string Title, string Running, string Foot, string PageOf, string Language, DateTimeOffset At)
{
    internal const double Width = 595.28, Height = 841.89;
    private const double Left = 51, Right = 42.5, Top = 51, Bottom = 51;
    private static readonly Look Small = new(7.5, Tone: Tone.Grey);

    /// <summary>Width of what is printed on it.</summary>
    public const double Room = Width - Left - Right;

    /// <summary>The pages with everything on them.</summary>
    internal List<IReadOnlyList<Mark>> Pages(Column content)
    {
        var bodies = Pagination.Pages(content.Strips, Height - Top - Bottom);
        return [.. bodies.Select((body, i) => (IReadOnlyList<Mark>)[.. Around(i + 1, bodies.Count), .. body.Select(m => m.Moved(Left, Top))])];
    }

    private IEnumerable<Mark> Around(int page, int pages)
    {
        var number = Look.Clean(string.Format(System.Globalization.CultureInfo.InvariantCulture, PageOf, page, pages));
        var room = Room - Small.Width(number) - 12;
        if (page > 1)
        {
            yield return new WordsMark(Left, Top - 18, Wrapping.Lines(Running, Small, Room).FirstOrDefault() ?? "", Small);
            yield return new LineMark(Left, Top - 13, Room, Tone.Grey);
        }

        yield return new LineMark(Left, Height - Bottom + 11, Room, Tone.Grey);
        foreach (var (line, i) in Wrapping.Lines(Foot, Small, room).Take(2).Select((line, i) => (line, i)))
        {
            yield return new WordsMark(Left, Height - Bottom + 22 + (i * Small.LineHeight), line, Small);
        }

        yield return new WordsMark(Left + Room - Small.Width(number), Height - Bottom + 22, number, Small);
    }
}
