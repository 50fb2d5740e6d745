using System.Text;
using Mach.Kernel;

namespace Mach.Ui.Print;

/// <summary>How dark something is printed.</summary>
public enum Tone
{
    Black,
    Grey,
    /// <summary>What must not be overlooked; text says it, the colour repeats it.</summary>
    Red,
}

/// <summary>How words look.</summary>
/// <param name="Size">In points.</param>
public readonly record struct Look(double Size, bool IsBold = false, Tone Tone = Tone.Black)
{
    private const char Unknown = '\uFFFD';

    /// <summary>From one baseline to the next, in points.</summary>
    internal double LineHeight => Size * 1.35;

    /// <summary>From the top of a line to its baseline, in points.</summary>
    internal double Ascent => Size * 1.02;

    /// <summary>In points. The text is <see cref="Clean"/>.</summary>
    internal double Width(ReadOnlySpan<char> text)
    {
        var width = 0.0;
        foreach (var letter in text)
        {
            width += FontOf(letter).Width(letter);
        }

        return width * Size;
    }

    /// <summary>The text cut where the font changes.</summary>
    internal IEnumerable<(FontFile Font, string Text)> Runs(string text)
    {
        var start = 0;
        for (var i = 1; i <= text.Length; i++)
        {
            if (i == text.Length || FontOf(text[i]) != FontOf(text[start]))
            {
                yield return (FontOf(text[start]), text[start..i]);
                start = i;
            }
        }
    }

    /// <summary>The text as it can be set: tones composed, lines kept, other control characters gone, a sign in place of what no font has.</summary>
    internal static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in VietnameseText.Compose(text).EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '\n': clean.Append('\n'); break;
                case '\t' or 0xA0 or 0x202F or 0x2009: clean.Append(' '); break;
                case < ' ' or 0x7F or 0xAD or 0xFEFF or (>= 0x200B and <= 0x200F): break;
                case > 0xFFFF: clean.Append(Unknown); break;
                case var code: clean.Append(FontFile.Regular.Has((char)code) || FontFile.Signs.Has((char)code) ? (char)code : Unknown); break;
            }
        }

        return clean.ToString();
    }

    private FontFile FontOf(char letter) => !FontFile.Regular.Has(letter) ? FontFile.Signs : IsBold ? FontFile.Bold : FontFile.Regular;
}
