using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mach.Kernel;

namespace Mach.Fhir.Labels;

/// <summary>One entry of the table of words.</summary>
/// <param name="Words">As the table has them, with tones.</param>
/// <param name="Since">Day since which they count.</param>
/// <param name="Source">Why they are delicate.</param>
public sealed record SensitiveWord(DataLabels Label, string Words, DateOnly Since, string Source);

/// <summary>
/// Words that make a text delicate where no code says what it is about: whole words, whatever their case, with or without tones. The table is data
/// (sensitivity-words.tsv); a file of the same form takes its place where the house has its own.
/// </summary>
public sealed class SensitiveWords
{
    private readonly FrozenDictionary<string, DataLabels> _phrases;
    private readonly FrozenDictionary<string, DataLabels>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly int _longest;

    private SensitiveWords(IReadOnlyList<SensitiveWord> entries, string version, string check)
    {
        (Entries, Version, Check) = (entries, version, check);
        var phrases = new Dictionary<string, DataLabels>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var phrase = Plain(entry.Words);
            phrases[phrase] = phrases.GetValueOrDefault(phrase) | entry.Label;
        }

        _phrases = phrases.ToFrozenDictionary(StringComparer.Ordinal);
        _lookup = _phrases.GetAlternateLookup<ReadOnlySpan<char>>();
        _longest = phrases.Keys.Select(p => p.Count(' ') + 1).DefaultIfEmpty(0).Max();
    }

    /// <summary>In the order of the table.</summary>
    public IReadOnlyList<SensitiveWord> Entries { get; }

    /// <summary>The day that the table gives itself.</summary>
    public string Version { get; }

    /// <summary>Changes with every letter of the table.</summary>
    internal string Check { get; }

    /// <summary>The labels of the words in a text.</summary>
    public DataLabels In(string text)
    {
        var plain = Plain(text);
        var found = DataLabels.None;
        for (var start = 0; start < plain.Length; start++)
        {
            var end = start;
            for (var words = 0; words < _longest && end < plain.Length; words++)
            {
                end = plain.IndexOf(' ', end + (words == 0 ? 0 : 1)) is var blank and >= 0 ? blank : plain.Length;
                if (_lookup.TryGetValue(plain.AsSpan(start..end), out var labels))
                {
                    found |= labels;
                }
            }

            start = plain.IndexOf(' ', start) is var next and >= 0 ? next : plain.Length;
        }

        return found;
    }

    /// <summary>Lines of label, words, day, source, separated by tabs; <c>#</c> begins a remark, and <c># version</c> names the table's day.</summary>
    /// <exception cref="FormatException">A line is none of these; the message says which, and what is missing.</exception>
    public static SensitiveWords Parse(string table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var (entries, version, number) = (new List<SensitiveWord>(), "", 0);
        foreach (var line in table.Split('\n').Select(l => l.TrimEnd('\r')))
        {
            number++;
            if (line.StartsWith("# version\t", StringComparison.Ordinal))
            {
                version = line["# version\t".Length..].Trim();
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                entries.Add(Entry(line) ?? throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Table of delicate words, line {number}: label, words, day (yyyy-MM-dd) and source are expected, separated by tabs.")));
            }
        }

        return new(entries, version, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(table)))[..12]);
    }

    private static SensitiveWord? Entry(string line) =>
        line.Split('\t') is [var label, var words, var since, var source] && Enum.TryParse<DataLabels>(label, out var known) && Enum.IsDefined(known) && known is not (DataLabels.None or DataLabels.All)
        && Plain(words).Length > 0 && DateOnly.TryParseExact(since, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && source.Length > 0
            ? new(known, words, day, source) : null;

    /// <summary>Letters and digits alone, lower case without tones, a blank between words.</summary>
    private static string Plain(string text)
    {
        var folded = VietnameseText.Fold(text);
        if (!folded.AsSpan().ContainsAnyExcept(WordCharacters))
        {
            return folded;
        }

        return string.Join(' ', string.Create(folded.Length, folded, static (chars, from) =>
        {
            for (var i = 0; i < chars.Length; i++)
            {
                chars[i] = char.IsLetterOrDigit(from[i]) ? from[i] : ' ';
            }
        }).Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static readonly System.Buffers.SearchValues<char> WordCharacters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789 ");
}
