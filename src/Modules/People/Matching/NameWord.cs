using System.Text;
using Mach.Kernel;

namespace Mach.People.Matching;

/// <summary>One word of a name.</summary>
/// <param name="Spelled">Lower case with its marks, the tone last, so that "hoà" and "hòa" are the same: "hoa" + grave.</param>
/// <param name="Folded">Letters only.</param>
internal readonly record struct NameWord(string Spelled, string Folded)
{
    public bool IsMarked => Spelled.Length != Folded.Length || Spelled != Folded;

    public static NameWord Read(string word)
    {
        var (letters, tone) = VietnameseText.SplitTone(TypedLetters.Read(VietnameseText.Compose(word.ToLowerInvariant())));
        letters = WithOneI(letters);
        return new NameWord(tone == ' ' ? letters : letters + tone, VietnameseText.Fold(letters));
    }

    /// <summary>"Lý" and "Lí", "Quý" and "Quí" are spellings of one name: a last y behind a consonant is an i.</summary>
    private static string WithOneI(string letters) =>
        letters.Length >= 2 && letters[^1] == 'y' && (!IsVowel(letters[^2]) || letters.EndsWith("quy", StringComparison.Ordinal)) ? letters[..^1] + "i" : letters;

    private static bool IsVowel(char c) => "aăâeêioôơuưy".Contains(c, StringComparison.Ordinal);
}

/// <summary>A person's name as words, in the order of the paper: family, middle, given.</summary>
internal sealed class PersonName
{
    private static readonly char[] Between = [' ', '\t', '\u00A0', '.', ',', '-', '\'', '’', '/'];

    private PersonName(IReadOnlyList<NameWord> words, string? mother) => (Words, Mother) = (words, mother);

    public IReadOnlyList<NameWord> Words { get; }

    /// <summary>Of a newborn that has no name yet ("CON BÀ …"): the mother's name. Then <see cref="Words"/> is empty.</summary>
    public string? Mother { get; }

    /// <summary>Written without any marks: then marks say nothing.</summary>
    public bool IsToneless { get; private init; }

    public static PersonName Read(string? text)
    {
        var composed = VietnameseText.Compose((text ?? "").Trim());
        if (MotherOf(composed) is { } mother)
        {
            return new PersonName([], mother);
        }

        var words = composed.Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(NameWord.Read).Where(w => w.Folded.Length > 0).ToArray();
        return new PersonName(words, null) { IsToneless = !words.Any(w => w.IsMarked) };
    }

    /// <summary>The words without marks in alphabetical order: one text for a name in any order.</summary>
    public string Sorted()
    {
        var text = new StringBuilder();
        foreach (var word in Words.Select(w => w.Folded).Order(StringComparer.Ordinal))
        {
            text.Append(text.Length > 0 ? " " : "").Append(word);
        }

        return text.ToString();
    }

    /// <summary>"Con bà Nguyễn Thị Hoa", "CB: Nguyễn Thị Hoa", "Bé của Nguyễn Thị Hoa", also with a number of birth: the name behind it.</summary>
    private static string? MotherOf(string text)
    {
        var folded = VietnameseText.Fold(text);
        foreach (var beginning in new[] { "con ba ", "con chi ", "con me ", "con cua ", "be con ba ", "cb ", "cb: ", "be cua ", "con ba: ", "tre so sinh con ba ", "ss con ba " })
        {
            if (folded.StartsWith(beginning, StringComparison.Ordinal))
            {
                var words = beginning.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
                return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Skip(words).Where(w => !w.Any(char.IsAsciiDigit) && w is not ("(" or ")")));
            }
        }

        return null;
    }
}
