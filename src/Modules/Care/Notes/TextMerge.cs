using System.Text;

namespace Mach.Care.Notes;

/// <summary>
/// Brings two texts together that began from the same one. Nothing that was typed on either side is lost: what only one side changed is taken, paragraph by paragraph and within
/// one sentence by sentence; where both changed the same sentence, both stand one after another with a mark between. Sentences are never mixed word by word: that could say
/// what nobody wrote ("không sốt" and "có ho" must not become "không ho").
/// </summary>
/// <remarks>Source: docs/adr/0022-notes.md. Pure.</remarks>
internal static class TextMerge
{
    /// <summary>Stands as a paragraph of its own between two texts for the same place.</summary>
    public const string Mark = "⟦viết cùng lúc ở nơi khác⟧";

    /// <summary>How the parts of a text are told apart, and what is done where both sides changed the same ones.</summary>
    private sealed record Level(Func<string, List<string>> Split, Func<IReadOnlyList<string>, string> Join, Func<IReadOnlyList<string>, IReadOnlyList<string>, IReadOnlyList<string>, IReadOnlyList<string>?> Both);

    private static readonly Level Paragraphs = new(static text => [.. text.Split('\n')], static lines => string.Join('\n', lines), BothParagraphs);

    private static readonly Level Sentences = new(Cut, string.Concat, BothSentences);

    /// <param name="began">What both began from.</param>
    /// <param name="mine">As it is sent now.</param>
    /// <param name="theirs">As it was saved meanwhile.</param>
    public static string Merge(string began, string mine, string theirs) => Merge(Paragraphs, Plain(began), Plain(mine), Plain(theirs))!;

    /// <summary>True where somebody has to decide between two texts.</summary>
    public static bool HasMark(string text) => text.Contains(Mark, StringComparison.Ordinal);

    private static string Plain(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    private static string? Merge(Level level, string began, string mine, string theirs)
    {
        if (mine == theirs || theirs == began)
        {
            return mine;
        }

        if (mine == began)
        {
            return theirs;
        }

        var pieces = level.Split(began);
        var merged = Apply(level, pieces, TextEdits.Of(pieces, level.Split(mine)), TextEdits.Of(pieces, level.Split(theirs)));
        return merged is null ? null : level.Join(merged);
    }

    /// <summary>Null when the level leaves a place that both changed to the one above it.</summary>
    private static List<string>? Apply(Level level, List<string> pieces, IReadOnlyList<Edit> mine, IReadOnlyList<Edit> theirs)
    {
        var result = new List<string>();
        var (at, m, t) = (0, 0, 0);
        while (m < mine.Count || t < theirs.Count)
        {
            // The place grows for as long as an edit of either side reaches into it.
            var isMineFirst = t == theirs.Count || (m < mine.Count && (mine[m].Start, mine[m].End).CompareTo((theirs[t].Start, theirs[t].End)) <= 0);
            var first = isMineFirst ? mine[m] : theirs[t];
            var (start, end, fromMine, fromTheirs) = (first.Start, first.End, m, t);
            if (isMineFirst)
            {
                m++;
            }
            else
            {
                t++;
            }

            while (true)
            {
                if (m < mine.Count && Touches(mine[m], start, end))
                {
                    end = Math.Max(end, mine[m++].End);
                }
                else if (t < theirs.Count && Touches(theirs[t], start, end))
                {
                    end = Math.Max(end, theirs[t++].End);
                }
                else
                {
                    break;
                }
            }

            result.AddRange(pieces[at..start]);
            at = end;
            var (ofMine, ofTheirs) = (Side(pieces, mine, fromMine, m, start, end), Side(pieces, theirs, fromTheirs, t, start, end));
            var both = m == fromMine ? ofTheirs : t == fromTheirs ? ofMine : Same(ofMine, ofTheirs) ? ofMine : level.Both(pieces[start..end], ofMine, ofTheirs);
            if (both is null)
            {
                return null;
            }

            result.AddRange(both);
        }

        result.AddRange(pieces[at..]);
        return result;
    }

    /// <summary>Edits meet when they change the same piece, or put something into the same gap. What is put in beside a changed piece stands beside it.</summary>
    private static bool Touches(Edit edit, int start, int end) => start == end ? edit.Start == start && edit.End == end : edit.Start < end && (edit.Start > start || edit.End > start);

    /// <summary>What one side made of the pieces from <paramref name="start"/> to before <paramref name="end"/>.</summary>
    private static List<string> Side(List<string> pieces, IReadOnlyList<Edit> edits, int from, int to, int start, int end)
    {
        var side = new List<string>();
        var at = start;
        for (var i = from; i < to; i++)
        {
            side.AddRange(pieces[at..edits[i].Start]);
            side.AddRange(edits[i].Now);
            at = edits[i].End;
        }

        side.AddRange(pieces[at..end]);
        return side;
    }

    private static IReadOnlyList<string> BothParagraphs(IReadOnlyList<string> began, IReadOnlyList<string> mine, IReadOnlyList<string> theirs)
    {
        var (before, my, their) = (string.Join('\n', began), string.Join('\n', mine), string.Join('\n', theirs));
        // Who took a paragraph away did not know what the other was writing in it.
        if (IsBlank(my) || my.Length == 0)
        {
            return theirs;
        }

        if (IsBlank(their))
        {
            return mine;
        }

        if (my.Contains(their, StringComparison.Ordinal))
        {
            return mine;
        }

        if (their.Contains(my, StringComparison.Ordinal))
        {
            return theirs;
        }

        if (IsBlank(before))
        {
            return [.. theirs, .. mine];
        }

        return Merge(Sentences, before, my, their) is { } merged ? merged.Split('\n') : [.. mine, Mark, .. theirs];
    }

    /// <summary>Two sentences put into the same gap both stand there; one sentence that both changed is for people to decide.</summary>
    private static IReadOnlyList<string>? BothSentences(IReadOnlyList<string> began, IReadOnlyList<string> mine, IReadOnlyList<string> theirs)
    {
        var (my, their) = (string.Concat(mine), string.Concat(theirs));
        return began.Count > 0 ? null
            : my.StartsWith(their, StringComparison.Ordinal) ? mine
            : their.StartsWith(my, StringComparison.Ordinal) ? theirs
            : [.. theirs, .. (char.IsWhiteSpace(my[0]) ? mine : [" ", .. mine])];
    }

    private static bool Same(List<string> one, List<string> other) => one.SequenceEqual(other, StringComparer.Ordinal);

    private static bool IsBlank(string text) => string.IsNullOrWhiteSpace(text);

    /// <summary>Sentences with the blanks before them; a full stop within a number ends none.</summary>
    internal static List<string> Cut(string text)
    {
        var pieces = new List<string>();
        var piece = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            piece.Append(text[i]);
            if (text[i] == '\n' || (text[i] is '.' or ';' or '!' or '?' && (i + 1 == text.Length || char.IsWhiteSpace(text[i + 1]))))
            {
                pieces.Add(piece.ToString());
                piece.Clear();
            }
        }

        if (piece.Length > 0)
        {
            pieces.Add(piece.ToString());
        }

        return pieces;
    }
}
