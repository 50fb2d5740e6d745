namespace Mach.Ui;

/// <summary>What stands in the disc beside a name.</summary>
public static class Initials
{
    /// <summary>First letters of the family and the given name in capitals ("Nguyễn Thị Hạnh" → NH), one letter of a single word, "?" of nothing.</summary>
    public static string Of(string? name)
    {
        var words = (name ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words.Length switch { 0 => "?", 1 => First(words[0]), _ => First(words[0]) + First(words[^1]) };
    }

    // A letter with its tone may be two characters.
    private static string First(string word) => System.Globalization.StringInfo.GetNextTextElement(word).ToUpperInvariant();
}
