namespace Mach.Access;

/// <summary>Runs of keys that lie side by side, of one key pressed again and again, or of letters and digits in their order: fingers going for a walk, and no password.</summary>
internal static class KeyWalks
{
    /// <summary>Shorter ones stand in ordinary words ("were", "tre").</summary>
    private const int Shortest = 4;

    private static readonly string[] Rows = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

    /// <summary>The text without its walks.</summary>
    public static string Without(string text)
    {
        var kept = new System.Text.StringBuilder(text.Length);
        for (var start = 0; start < text.Length;)
        {
            var end = start + 1;
            while (end < text.Length && Follows(text[end - 1], text[end]))
            {
                end++;
            }

            if (end - start < Shortest)
            {
                kept.Append(text, start, end - start);
            }

            start = end;
        }

        return kept.ToString();
    }

    private static bool Follows(char one, char next) => one == next || InOrder(one, next) || SideBySide(one, next);

    private static bool InOrder(char one, char next) => char.IsAsciiLetterOrDigit(one) && char.IsAsciiLetterOrDigit(next) && Math.Abs(one - next) == 1;

    private static bool SideBySide(char one, char next) =>
        Place(one) is { } a && Place(next) is { } b && Math.Abs(a.Row - b.Row) <= 1 && Math.Abs(a.Column - b.Column) <= 1;

    private static (int Row, int Column)? Place(char key)
    {
        for (var row = 0; row < Rows.Length; row++)
        {
            if (Rows[row].IndexOf(key, StringComparison.Ordinal) is var column and >= 0)
            {
                return (row, column);
            }
        }

        return null;
    }
}
