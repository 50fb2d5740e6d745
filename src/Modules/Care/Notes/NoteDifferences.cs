namespace Mach.Care.Notes;

/// <summary>A piece of a text against another.</summary>
/// <param name="Change">-1 was there, 1 is there now, 0 stayed.</param>
public readonly record struct DifferencePiece(string Text, int Change);

/// <summary>Versions of a note against each other, for people to read.</summary>
internal static class NoteDifferences
{
    /// <summary>Sections of either, in their order; those that are the same in both are left out.</summary>
    public static IReadOnlyList<(string Title, IReadOnlyList<DifferencePiece> Pieces)> Of(IReadOnlyList<(string? Key, string Title, string Text)> before, IReadOnlyList<(string? Key, string Title, string Text)> after)
    {
        var titles = after.Select(s => s.Title).Concat(before.Select(s => s.Title)).Distinct(StringComparer.Ordinal);
        static string TextOf(IEnumerable<(string? Key, string Title, string Text)> sections, string title) => string.Join('\n', sections.Where(s => s.Title == title).Select(s => s.Text));
        return [.. titles.Select(t => (t, Was: TextOf(before, t), Is: TextOf(after, t))).Where(s => s.Was != s.Is).Select(s => (s.t, (IReadOnlyList<DifferencePiece>)Pieces(s.Was, s.Is)))];
    }

    private static List<DifferencePiece> Pieces(string before, string after)
    {
        var (was, now) = (TextMerge.Cut(before), TextMerge.Cut(after));
        var pieces = new List<DifferencePiece>();
        var at = 0;
        foreach (var edit in TextEdits.Of(was, now))
        {
            pieces.AddRange(was[at..edit.Start].Select(s => new DifferencePiece(s, 0)));
            pieces.AddRange(was[edit.Start..edit.End].Select(s => new DifferencePiece(s, -1)));
            pieces.AddRange(edit.Now.Select(s => new DifferencePiece(s, 1)));
            at = edit.End;
        }

        pieces.AddRange(was[at..].Select(s => new DifferencePiece(s, 0)));
        return pieces;
    }
}
