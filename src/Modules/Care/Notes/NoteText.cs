using System.Text.Json;

namespace Mach.Care.Notes;

/// <summary>What stands in a note, by key of its section.</summary>
public sealed record NoteText(IReadOnlyDictionary<string, string> Sections)
{
    /// <summary>Longest text of one section, characters: fifty pages.</summary>
    public const int Longest = 100_000;

    public static NoteText Empty { get; } = new(new Dictionary<string, string>());

    /// <summary>Nothing stands in it.</summary>
    public bool IsBlank => Sections.Values.All(string.IsNullOrWhiteSpace);

    /// <summary>Two texts for one place wait for somebody to decide.</summary>
    public bool HasMark => Sections.Values.Any(TextMerge.HasMark);

    public string this[string section] => Sections.GetValueOrDefault(section, "");

    /// <summary>Brings two states together that began from one; nothing typed is lost (<see cref="TextMerge"/>). A section that was not sent is as it was.</summary>
    internal static NoteText Merge(NoteText began, NoteText mine, NoteText theirs) => new(
        theirs.Sections.Keys.Union(mine.Sections.Keys, StringComparer.Ordinal).ToDictionary(k => k, k => TextMerge.Merge(began[k], mine.Sections.GetValueOrDefault(k, began[k]), theirs[k]), StringComparer.Ordinal));

    public bool Says(NoteText other) => Sections.Keys.Union(other.Sections.Keys, StringComparer.Ordinal).All(k => this[k] == other[k]);

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(Sections);

    internal static NoteText Parse(ReadOnlySpan<byte> json) => new(JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? []);

    /// <summary>Only the sections of the template, lines ended by \n, no character that XML cannot hold; what is too long or no section is refused by null.</summary>
    internal static NoteText? Read(NoteTemplate template, IEnumerable<KeyValuePair<string, string>> given)
    {
        var sections = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, text) in given)
        {
            if (text is not { Length: <= Longest } || !template.Sections.Any(s => s.Key == key))
            {
                return null;
            }

            sections[key] = Clean(text);
        }

        return new(sections);
    }

    /// <remarks>Source: https://www.w3.org/TR/xml/#charsets.</remarks>
    private static string Clean(string text)
    {
        var plain = text.Contains('\r', StringComparison.Ordinal) ? text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n') : text;
        return plain.Any(IsBad) ? string.Concat(plain.Where(c => !IsBad(c))) : plain;
    }

    private static bool IsBad(char c) => c is < ' ' and not '\n' and not '\t' or '\uFFFE' or '\uFFFF';
}
