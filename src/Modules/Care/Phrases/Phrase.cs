using Mach.Care.Writing;
using Mach.Kernel;

namespace Mach.Care.Phrases;

/// <summary>A text that <c>.name</c> becomes while one writes.</summary>
/// <param name="Name">Without the dot: letters and digits, compared without tones.</param>
/// <param name="Text">With <c>{…}</c> for what is known of the person, and <c>___</c> for blanks.</param>
/// <param name="Number">Of one's own; 0 = comes with the program.</param>
public sealed record Phrase(string Name, string Text, long Number)
{
    public const int LongestName = 20, LongestText = 2000;

    /// <summary>From Data/phrases.tsv.</summary>
    public static IReadOnlyList<Phrase> Shipped { get; } = [.. Table.Rows("phrases.tsv").Select(c => new Phrase(c[0], c[1], 0))];

    /// <summary>The name as it is kept; null when it is none.</summary>
    internal static string? NameOf(string typed)
    {
        var name = VietnameseText.Fold(typed.Trim().TrimStart('.'));
        return name.Length is > 0 and <= LongestName && name.All(char.IsAsciiLetterOrDigit) ? name : null;
    }

    /// <summary>All that an account has: its own, and those of the program whose names it has not taken.</summary>
    internal static IReadOnlyList<Phrase> Together(IReadOnlyList<Phrase> own) =>
        [.. own.Concat(Shipped.Where(s => !own.Any(o => o.Name == s.Name))).OrderBy(p => p.Name, StringComparer.Ordinal)];
}
