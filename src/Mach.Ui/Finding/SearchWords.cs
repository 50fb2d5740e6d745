using Mach.Kernel;

namespace Mach.Ui.Finding;

/// <summary>What was typed, held against names: beginnings of words in any order, with or without tones, or initials.</summary>
public sealed class SearchWords
{
    private readonly string _phrase;
    private readonly string[] _words;

    public SearchWords(string text)
    {
        _phrase = VietnameseText.Fold(text);
        _words = _phrase.Split([' ', ',', '.', '(', ')'], StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Nothing was typed that a name could have.</summary>
    public bool IsEmpty => _words.Length == 0;

    /// <summary>0 = not meant; the whole name 8, its first words 7, its beginning 6, beginnings of its words 4, initials 2.</summary>
    /// <param name="folded">The name, folded.</param>
    public int Rank(string folded)
    {
        if (IsEmpty)
        {
            return 0;
        }

        if (folded == _phrase)
        {
            return 8;
        }

        if (folded.StartsWith(_phrase, StringComparison.Ordinal))
        {
            return folded[_phrase.Length] == ' ' ? 7 : 6;
        }

        return Array.TrueForAll(_words, word => Begins(folded, word)) ? 4 : _words is [{ Length: > 1 } only] && Initials(folded).Contains(only, StringComparison.Ordinal) ? 2 : 0;
    }

    private static bool Begins(string folded, string word)
    {
        for (var at = folded.IndexOf(word, StringComparison.Ordinal); at >= 0; at = folded.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            if (at == 0 || !char.IsLetterOrDigit(folded[at - 1]))
            {
                return true;
            }
        }

        return false;
    }

    private static string Initials(string folded) => string.Concat(folded.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w[0]));
}
