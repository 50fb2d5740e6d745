using Mach.Kernel;

namespace Mach.Vietnam.Terminology;

/// <summary>How well a line answers what was typed: a code before names, a whole name before its beginning, whole words before begun ones, categories and short names first.</summary>
internal sealed class Icd10Ranking(string text, string[] words)
{
    private const int Step = 1000;

    /// <summary>Words that open many Vietnamese names and say nothing about the disease.</summary>
    private static readonly string[] Openings = ["benh ly ", "benh ", "hoi chung "];

    private readonly string _phrase = string.Join(' ', words);
    private readonly string? _toned = VietnameseText.HasDiacritics(text) ? Lower(text) : null;

    /// <param name="line">" code code-without-dot \t vi \t en \n".</param>
    public int ByWords(string line, Func<int, Icd10Code> at, int place)
    {
        var parts = line.TrimEnd('\n').Split('\t');
        var code = parts[0].Trim().Split(' ');
        if (words.Length == 1 && code.Any(c => c.StartsWith(words[0], StringComparison.Ordinal)))
        {
            return (code.Contains(words[0]) ? 20 : 18) * Step - code[0].Length;
        }

        var level = Math.Max(Level(parts[1]), Level(parts[2]));
        var tone = _toned is not null && Lower(at(place).Vi).Contains(_toned, StringComparison.Ordinal) ? 1 : 0;
        return ((level + tone) * Step) + Shortness(code[0], parts[1].Length);
    }

    public int ByInitials(string initials, Icd10Code code)
    {
        // "Bệnh lý", "Bệnh".
        var name = words[0].StartsWith('b') ? initials : initials.StartsWith("bl" + words[0], StringComparison.Ordinal) ? initials[2..] : initials.StartsWith('b') ? initials[1..] : initials;
        var level = name == words[0] ? 12 : name.StartsWith(words[0], StringComparison.Ordinal) ? 9 : 4;
        return (level * Step) + Shortness(code.Code, code.Vi.Length);
    }

    private int Level(string name)
    {
        var plain = name.TrimStart();
        var core = Openings.FirstOrDefault(o => plain.StartsWith(o, StringComparison.Ordinal)) is { } opening ? plain[opening.Length..] : plain;
        if (core.TrimEnd() == _phrase || plain.TrimEnd() == _phrase)
        {
            return 16;
        }

        if (core.StartsWith(_phrase + " ", StringComparison.Ordinal) || plain.StartsWith(_phrase + " ", StringComparison.Ordinal))
        {
            return 14;
        }

        return name.Contains($" {_phrase} ", StringComparison.Ordinal) ? 10
            : words.All(w => name.Contains($" {w} ", StringComparison.Ordinal)) ? 8
            : core.StartsWith(_phrase, StringComparison.Ordinal) ? 7
            : name.Contains(" " + _phrase, StringComparison.Ordinal) ? 5
            : words.All(w => name.Contains(" " + w, StringComparison.Ordinal)) ? 2 : 0;
    }

    private static int Shortness(string code, int length) => Math.Max(0, 500 - length) + (code.Length == 3 ? 200 : 0);

    private static string Lower(string name) => VietnameseText.Compose(name).Trim().ToLowerInvariant();
}
