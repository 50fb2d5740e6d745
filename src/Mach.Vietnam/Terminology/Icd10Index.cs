using System.Text;

namespace Mach.Vietnam.Terminology;

/// <summary>
/// The codes and folded names as one run of bytes, a line each, searched by scanning: about two megabytes, which the
/// vector instructions of the processor read in a fraction of a millisecond; a table of words would be larger and hardly faster.
/// </summary>
internal sealed class Icd10Index
{
    private const int MostWords = 12;
    private readonly byte[] _text, _initials;
    private readonly int[] _textStarts, _initialStarts;
    private readonly Func<int, Icd10Code> _at;

    public Icd10Index(int count, Func<int, Icd10Code> at)
    {
        _at = at;
        var (text, initials) = (new StringBuilder(1 << 20), new StringBuilder(1 << 18));
        (_textStarts, _initialStarts) = (new int[count + 1], new int[count + 1]);
        var textBytes = 0;
        for (var place = 0; place < count; place++)
        {
            var (code, vi, en) = at(place);
            var line = $" {code.ToLowerInvariant()} {code.Replace(".", "", StringComparison.Ordinal).ToLowerInvariant()} \t{Words(vi)}\t{Words(en)}\n";
            text.Append(line);
            textBytes += Encoding.UTF8.GetByteCount(line);
            _textStarts[place + 1] = textBytes;
            initials.Append(Icd10Words.Initials(vi)).Append('\n');
            _initialStarts[place + 1] = initials.Length;
        }

        _text = Encoding.UTF8.GetBytes(text.ToString());
        _initials = Encoding.Latin1.GetBytes(initials.ToString());
    }

    /// <summary>Places, best first; none for a text without letters and digits.</summary>
    public IReadOnlyList<int> Search(string text)
    {
        var words = Icd10Words.Of(text);
        if (words.Length is 0 or > MostWords)
        {
            return [];
        }

        var found = new HashSet<int>(Candidates(_text, _textStarts, Encoding.UTF8.GetBytes(" " + words.MaxBy(w => w.Length)), wordsOf: words));
        var byInitials = words.Length == 1 && words[0].Length is > 1 and < 12 && words[0].All(char.IsAsciiLetter)
            ? Candidates(_initials, _initialStarts, Encoding.Latin1.GetBytes(words[0]), wordsOf: null).Where(p => !found.Contains(p)).ToArray()
            : [];
        var ranking = new Icd10Ranking(text, words);
        return [.. found.Select(place => (Place: place, Rank: ranking.ByWords(Line(place), _at, place)))
            .Concat(byInitials.Select(place => (Place: place, Rank: ranking.ByInitials(InitialsOf(place), _at(place)))))
            .OrderByDescending(hit => hit.Rank).ThenBy(hit => hit.Place).Select(hit => hit.Place)];
    }

    /// <summary>The lines with the needle (each once) and, when words are given, with each of them at the beginning of a word.</summary>
    private static List<int> Candidates(byte[] bytes, int[] starts, byte[] needle, string[]? wordsOf)
    {
        var others = wordsOf?.Select(w => Encoding.UTF8.GetBytes(" " + w)).ToArray() ?? [];
        var places = new List<int>();
        for (var from = 0; from < bytes.Length;)
        {
            var hit = bytes.AsSpan(from).IndexOf(needle);
            if (hit < 0)
            {
                break;
            }

            var place = Array.BinarySearch(starts, from + hit);
            place = place < 0 ? ~place - 1 : place;
            var line = bytes.AsSpan(starts[place]..starts[place + 1]);
            if (HasAll(line, others))
            {
                places.Add(place);
            }

            from = starts[place + 1];
        }

        return places;
    }

    private static bool HasAll(ReadOnlySpan<byte> line, byte[][] words)
    {
        foreach (var word in words)
        {
            if (line.IndexOf(word) < 0)
            {
                return false;
            }
        }

        return true;
    }

    private string Line(int place) => Encoding.UTF8.GetString(_text.AsSpan(_textStarts[place].._textStarts[place + 1]));

    private string InitialsOf(int place) => Encoding.Latin1.GetString(_initials.AsSpan(_initialStarts[place]..(_initialStarts[place + 1] - 1)));

    private static string Words(string name) => $" {string.Join(' ', Icd10Words.Of(name))} ";
}
