using System.Text;
using Mach.Kernel;

namespace Mach.People.Matching;

/// <summary>
/// Reads a word as it was meant when the typing program was off: "nguyeenx" (Telex) and "nguye6n4" (VNI) are Nguyễn.
/// A word that is Vietnamese as it stands is left alone, and so is one that becomes none.
/// </summary>
/// <remarks>Source: the rules of the Telex and VNI input methods, as Vietnamese keyboards have them.</remarks>
internal static class TypedLetters
{
    private const string TelexTones = "fsrxj", VniTones = "21345";

    /// <param name="word">One word, lower case, composed.</param>
    public static string Read(string word)
    {
        var folded = VietnameseText.Fold(word);
        if (Syllables.IsOne(folded))
        {
            return word;
        }

        var meant = word.Any(char.IsAsciiDigit) ? FromVni(word) : FromTelex(word);
        return meant is not null && Syllables.IsOne(VietnameseText.Fold(meant)) ? meant : word;
    }

    private static string? FromTelex(string word)
    {
        var letters = new StringBuilder(word.Length);
        var tone = -1;
        foreach (var c in word)
        {
            if (TelexTones.IndexOf(c, StringComparison.Ordinal) is >= 0 and var mark && HasVowel(letters))
            {
                tone = mark;
            }
            else if (c == 'w')
            {
                if (!Shape(letters, 'w'))
                {
                    letters.Append('ư');
                }
            }
            else if (c is 'a' or 'e' or 'o' && letters.ToString().LastIndexOf(c) is >= 0 and var at)
            {
                letters[at] = c switch { 'a' => 'â', 'e' => 'ê', _ => 'ô' };
            }
            else if (c == 'd' && letters.Length > 0 && letters[0] == 'd')
            {
                letters[0] = 'đ';
            }
            else
            {
                letters.Append(c);
            }
        }

        return WithTone(letters, tone);
    }

    private static string? FromVni(string word)
    {
        var letters = new StringBuilder(word.Length);
        var tone = -1;
        foreach (var c in word)
        {
            if (VniTones.IndexOf(c, StringComparison.Ordinal) is >= 0 and var mark)
            {
                tone = mark;
            }
            else if (c == '9' && letters.Length > 0 && letters[0] == 'd')
            {
                letters[0] = 'đ';
            }
            else if (c is '6' or '7' or '8')
            {
                Shape(letters, c);
            }
            else if (char.IsAsciiDigit(c))
            {
                return null;
            }
            else
            {
                letters.Append(c);
            }
        }

        return WithTone(letters, tone);
    }

    /// <summary>Telex w: horn on u and o, breve on a. VNI 6 circumflex, 7 horn, 8 breve. On the last letters that can have it.</summary>
    private static bool Shape(StringBuilder letters, char mark)
    {
        var done = false;
        for (var i = letters.Length - 1; i >= 0; i--)
        {
            var shaped = (letters[i], mark) switch
            {
                ('o', 'w' or '7') => 'ơ',
                ('u', 'w' or '7') => 'ư',
                ('a', 'w' or '8') => 'ă',
                ('a', '6') => 'â',
                ('e', '6') => 'ê',
                ('o', '6') => 'ô',
                _ => '\0',
            };
            if (shaped == '\0')
            {
                if (done)
                {
                    break;
                }

                continue;
            }

            letters[i] = shaped;
            done = true;
            // "uow" is ươ, but the a of "uaw" and everything else takes one mark.
            if (shaped != 'ơ')
            {
                break;
            }
        }

        return done;
    }

    /// <summary>Puts the tone as a combining mark behind the last vowel; where exactly does not matter to who compares.</summary>
    private static string? WithTone(StringBuilder letters, int tone)
    {
        if (tone >= 0)
        {
            var at = letters.Length - 1;
            while (at >= 0 && !IsVowel(letters[at]))
            {
                at--;
            }

            if (at < 0)
            {
                return null;
            }

            letters.Insert(at + 1, "\u0300\u0301\u0309\u0303\u0323"[tone]);
        }

        return VietnameseText.Compose(letters.ToString());
    }

    private static bool HasVowel(StringBuilder letters)
    {
        for (var i = 0; i < letters.Length; i++)
        {
            if (IsVowel(letters[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsVowel(char c) => "aăâeêioôơuưy".Contains(c, StringComparison.Ordinal);
}
