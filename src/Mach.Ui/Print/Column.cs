namespace Mach.Ui.Print;

/// <summary>Where in its room a line of text stands.</summary>
public enum Side
{
    Left,
    Middle,
    Right,
}

/// <summary>A paragraph of one look.</summary>
/// <param name="Label">Said before the text, on its first line, in grey.</param>
public readonly record struct Phrase(string Text, Look Look, string? Label = null, Side Side = Side.Left);

/// <summary>Paragraphs below each other in a part of the width.</summary>
/// <param name="X">From the left of the column, in points.</param>
public readonly record struct Cell(double X, double Width, IReadOnlyList<Phrase> Paragraphs);

/// <summary>A column of a table.</summary>
/// <param name="Share">Of the width; the shares of a table count together as the whole.</param>
public readonly record struct TableColumn(string Title, double Share, Side Side = Side.Left);

/// <summary>Builds a document from top to bottom. Everything becomes lines of text, so that a page can break between any two that do not belong together.</summary>
/// <param name="width">In points.</param>
public sealed class Column(double width)
{
    private const double Gap = 10, RowRoom = 2.5, Few = 6;
    private static readonly Look TitleLook = new(10.5, IsBold: true), HeadLook = new(7.5, Tone: Tone.Grey);
    private readonly List<Strip> _strips = [];

    /// <summary>In points.</summary>
    public double Width { get; } = width;

    internal IReadOnlyList<Strip> Strips => _strips;

    /// <summary>The title of a part, with a line below; stands with what follows it.</summary>
    public void Title(string text, string? aside = null)
    {
        var title = new Phrase(text, TitleLook);
        Row(aside is null ? [new(0, Width, [title])] : [new(0, Width * 0.6, [title]), new(Width * 0.6, Width * 0.4, [new(aside, HeadLook, Side: Side.Right)])], before: 10, withNext: true);
        _strips.Add(new(4, [new LineMark(0, 1.5, Width, Tone.Black)]) { WithNext = true });
    }

    /// <param name="before">Room above it, in points.</param>
    /// <param name="withNext">It stands on the page of what follows.</param>
    public void Paragraph(Phrase words, double before = 0, bool withNext = false) => Row([new(0, Width, [words])], before, withNext);

    /// <summary>Short facts side by side, row by row.</summary>
    public void Grid(IReadOnlyList<Phrase> facts, int columns)
    {
        var each = (Width - (Gap * (columns - 1))) / columns;
        foreach (var row in facts.Chunk(columns))
        {
            Row([.. row.Select((fact, i) => new Cell(i * (each + Gap), each, [fact]))], before: 1.5);
        }
    }

    /// <summary>A table whose head is said again on each page that it goes on; nothing at all without rows.</summary>
    public void Table(IReadOnlyList<TableColumn> columns, IEnumerable<IReadOnlyList<Phrase[]>> rows)
    {
        var (all, x) = (columns.Sum(c => c.Share), 0.0);
        var places = new List<(double X, double Width)>();
        foreach (var column in columns)
        {
            places.Add((x, (column.Share / all * (Width + Gap)) - Gap));
            x += places[^1].Width + Gap;
        }

        var head = Join(Lines([.. columns.Select((c, i) => new Cell(places[i].X, places[i].Width, [new(c.Title, HeadLook, Side: c.Side)]))]));
        var isFirst = true;
        foreach (var row in rows)
        {
            var lines = Lines([.. row.Select((words, i) => new Cell(places[i].X, places[i].Width, [.. words.Select(w => w with { Side = columns[i].Side })]))]);
            if (lines.Count == 0)
            {
                continue;
            }

            if (isFirst)
            {
                _strips.Add(head with { WithNext = true });
                isFirst = false;
            }

            lines[0] = new Strip(lines[0].Height + RowRoom, [new LineMark(0, 0, Width, Tone.Grey), .. lines[0].Marks.Select(m => m.Moved(0, RowRoom))]);
            lines[^1] = lines[^1] with { Height = lines[^1].Height + RowRoom };
            Add(lines, before: 0, withNext: false, again: head);
        }
    }

    /// <summary>Cells beside each other, as high as the highest.</summary>
    public void Row(IReadOnlyList<Cell> cells, double before = 0, bool withNext = false) => Add(Lines(cells), before, withNext, null);

    /// <summary>The end of a paper: in one piece, and never alone on a page.</summary>
    /// <param name="after">Room below it, for a hand and a stamp.</param>
    public void End(IReadOnlyList<Cell> cells, double before, double after)
    {
        for (var i = Math.Max(0, _strips.Count - 3); i < _strips.Count; i++)
        {
            _strips[i] = _strips[i] with { WithNext = true };
        }

        var end = Join(Lines(cells));
        _strips.Add(end with { Height = end.Height + after, Before = before });
    }

    private void Add(List<Strip> lines, double before, bool withNext, Strip? again)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            // Few lines stay together; of many, the first and the last two.
            var together = i < lines.Count - 1 && (lines.Count <= Few || i == 0 || i == lines.Count - 2);
            _strips.Add(lines[i] with { Before = i == 0 ? before : 0, WithNext = together || (withNext && i == lines.Count - 1), Again = again });
        }
    }

    private static Strip Join(List<Strip> lines)
    {
        var (marks, y) = (new List<Mark>(), 0.0);
        foreach (var line in lines)
        {
            marks.AddRange(line.Marks.Select(m => m.Moved(0, y)));
            y += line.Height;
        }

        return new(y, marks);
    }

    /// <summary>One strip per line of text, with that line of each cell.</summary>
    private static List<Strip> Lines(IReadOnlyList<Cell> cells)
    {
        var height = cells.SelectMany(c => c.Paragraphs).Max(p => p.Look.LineHeight);
        var lines = new List<List<Mark>>();
        foreach (var cell in cells)
        {
            var at = 0;
            foreach (var words in cell.Paragraphs)
            {
                foreach (var marks in Set(words, cell))
                {
                    if (at == lines.Count)
                    {
                        lines.Add([]);
                    }

                    lines[at++].AddRange(marks);
                }
            }
        }

        return [.. lines.Select(marks => new Strip(height, marks))];
    }

    private static IEnumerable<IReadOnlyList<Mark>> Set(Phrase words, Cell cell)
    {
        var label = words.Label is null ? "" : Look.Clean(words.Label);
        var labelLook = words.Look with { IsBold = false, Tone = Tone.Grey };
        var indent = label.Length == 0 ? 0 : labelLook.Width(label) + words.Look.Width(" ");
        var lines = Wrapping.Lines(words.Text, words.Look, cell.Width, indent);
        for (var i = 0; i < Math.Max(lines.Count, label.Length > 0 ? 1 : 0); i++)
        {
            var marks = new List<Mark>();
            if (i == 0 && label.Length > 0)
            {
                marks.Add(new WordsMark(cell.X, words.Look.Ascent, label, labelLook));
            }

            if (i < lines.Count && lines[i].Length > 0)
            {
                var rest = cell.Width - words.Look.Width(lines[i]);
                var x = words.Side switch { Side.Right => rest, Side.Middle => rest / 2, _ => i == 0 ? indent : 0 };
                marks.Add(new WordsMark(cell.X + x, words.Look.Ascent, lines[i], words.Look));
            }

            yield return marks;
        }
    }
}
