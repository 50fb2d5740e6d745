using System.Buffers;
using System.Text;

namespace Mach.Kernel;

/// <summary>Vietnamese letters without ICU: the same answer on every machine (docs/adr/0002).</summary>
public static class VietnameseText
{
    private const int StackChars = 256;

    /// <summary>
    /// Lower case, no diacritics, đ→d, every run of white space (no-break spaces too) one blank, trimmed.
    /// Works on composed, decomposed and half-composed input. "Nguyễn  Thị Đào" → "nguyen thi dao".
    /// Zero-width characters are dropped.
    /// </summary>
    public static string Fold(ReadOnlySpan<char> text)
    {
        char[]? rented = null;
        var buffer = text.Length <= StackChars ? stackalloc char[StackChars] : (rented = ArrayPool<char>.Shared.Rent(text.Length));
        var length = 0;
        var blank = false;
        foreach (var c in text)
        {
            var folded = c is >= 'a' and <= 'z' ? c : VietnameseLetters.Fold(c);
            if (folded == '\0')
            {
                continue;
            }

            if (folded == ' ')
            {
                blank = length > 0;
                continue;
            }

            if (blank)
            {
                buffer[length++] = ' ';
                blank = false;
            }

            buffer[length++] = folded;
        }

        var result = new string(buffer[..length]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented, clearArray: true);
        }

        return result;
    }

    /// <summary>
    /// Canonical composition (NFC) of Vietnamese letters by an own table; other characters stay as they are.
    /// More forgiving than NFC: a tone typed before the shape ("a" + acute + circumflex) is composed too, because keyboards write both orders.
    /// </summary>
    public static string Compose(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var first = text.AsSpan().IndexOfAnyInRange('\u0300', '\u036F');
        if (first < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var i = 0;
        while (i < text.Length)
        {
            if (VietnameseLetters.TrySplit(text[i], out var letter))
            {
                i = ComposeLetter(text, i, letter, result);
            }
            else
            {
                result.Append(text[i++]);
            }
        }

        return result.ToString();
    }

    /// <summary>True when the text carries at least one Vietnamese diacritic (composed or combining) or đ.</summary>
    public static bool HasDiacritics(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c >= '\u00C0' && (VietnameseLetters.IsMarked(c) || VietnameseLetters.IsTone(c) || VietnameseLetters.IsShape(c)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The word without its tone, and the tone as a combining mark (a blank when it has none): "hoà" and "hòa" are both "hoa" and a grave. Of several tones the last one.</summary>
    /// <param name="word">Composed.</param>
    public static (string Letters, char Tone) SplitTone(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        var tone = ' ';
        var letters = string.Create(word.Length, word, (chars, from) =>
        {
            for (var i = 0; i < chars.Length; i++)
            {
                chars[i] = VietnameseLetters.TrySplit(from[i], out var parts) && VietnameseLetters.TryJoin(parts.Base, parts.Shape, ' ', out var bare) ? bare : from[i];
            }
        });
        foreach (var c in word)
        {
            if (VietnameseLetters.TrySplit(c, out var parts) && parts.Tone != ' ')
            {
                tone = parts.Tone;
            }
        }

        return (letters, tone);
    }

    /// <summary>Takes the marks after a vowel as long as they make a Vietnamese letter; returns the place after them.</summary>
    private static int ComposeLetter(string text, int at, (char Base, char Shape, char Tone) letter, StringBuilder result)
    {
        var whole = text[at];
        for (at++; at < text.Length; at++)
        {
            var mark = text[at];
            if (VietnameseLetters.IsTone(mark) && letter.Tone == ' ')
            {
                letter.Tone = mark;
            }
            else if (VietnameseLetters.IsShape(mark) && letter.Shape == ' ' && VietnameseLetters.TryJoin(letter.Base, mark, letter.Tone, out _))
            {
                letter.Shape = mark;
            }
            else
            {
                break;
            }

            VietnameseLetters.TryJoin(letter.Base, letter.Shape, letter.Tone, out whole);
        }

        result.Append(whole);
        return at;
    }
}
