namespace Mach.Kernel;

/// <summary>
/// The 134 precomposed letters of Vietnamese (twelve vowels by five tones, six shaped vowels, đ; twice for case),
/// what they are made of, and what they fold to. Source: Unicode canonical decompositions of U+00C0–01B0 and U+1EA0–1EF9.
/// </summary>
internal static class VietnameseLetters
{
    internal const char Grave = '\u0300';
    internal const char Acute = '\u0301';
    internal const char HookAbove = '\u0309';
    internal const char Tilde = '\u0303';
    internal const char DotBelow = '\u0323';
    internal const char Circumflex = '\u0302';
    internal const char Breve = '\u0306';
    internal const char Horn = '\u031B';

    /// <summary>Tones in the column order of <see cref="Rows"/>.</summary>
    private const string Tones = "\u0300\u0301\u0309\u0303\u0323";

    /// <summary>Base letter, its shape mark (or a blank), the vowel without tone, then with each tone.</summary>
    private static readonly string[] Rows =
    [
        "a aàáảãạ", "a\u0306ăằắẳẵặ", "a\u0302âầấẩẫậ", "e eèéẻẽẹ", "e\u0302êềếểễệ", "i iìíỉĩị",
        "o oòóỏõọ", "o\u0302ôồốổỗộ", "o\u031Bơờớởỡợ", "u uùúủũụ", "u\u031Bưừứửữự", "y yỳýỷỹỵ",
        "A AÀÁẢÃẠ", "A\u0306ĂẰẮẲẴẶ", "A\u0302ÂẦẤẨẪẬ", "E EÈÉẺẼẸ", "E\u0302ÊỀẾỂỄỆ", "I IÌÍỈĨỊ",
        "O OÒÓỎÕỌ", "O\u0302ÔỒỐỔỖỘ", "O\u031BƠỜỚỞỠỢ", "U UÙÚỦŨỤ", "U\u031BƯỪỨỬỮỰ", "Y YỲÝỶỸỴ",
    ];

    /// <summary>Letters of other Latin alphabets that occur in names of foreigners; folded only, never composed. Ð (eth) is typed for Đ by old converters.</summary>
    private const string OtherLatin = "äåãçëïñöõøüÿýîûčćšžłßðƌɖēūīōā";
    private const string OtherLatinFolded = "aaaceinooouyyiuccszlsdddeuioa";

    private const int Size = 0x1F00;
    private static readonly char[] Folded = BuildFolded();
    private static readonly Dictionary<char, (char Base, char Shape, char Tone)> Parts = BuildParts();
    private static readonly Dictionary<(char Base, char Shape, char Tone), char> Wholes = Parts.ToDictionary(p => p.Value, p => p.Key);

    /// <summary>The folded form of one character: '\0' = drop, ' ' = white space.</summary>
    internal static char Fold(char c) => c < Size ? Folded[c] : FoldRare(c);

    internal static bool IsTone(char c) => Tones.Contains(c);

    internal static bool IsShape(char c) => c is Circumflex or Breve or Horn;

    /// <summary>Splits a precomposed vowel; a plain vowel comes back with no marks. False for every other character.</summary>
    internal static bool TrySplit(char c, out (char Base, char Shape, char Tone) parts) => Parts.TryGetValue(c, out parts);

    internal static bool TryJoin(char baseLetter, char shape, char tone, out char whole) => Wholes.TryGetValue((baseLetter, shape, tone), out whole);

    /// <summary>True for a precomposed letter with a shape or tone, and for đ.</summary>
    internal static bool IsMarked(char c) =>
        c is 'đ' or 'Đ' || (c >= '\u00C0' && Parts.TryGetValue(c, out var p) && (p.Shape != ' ' || p.Tone != ' '));

    private static Dictionary<char, (char, char, char)> BuildParts()
    {
        var parts = new Dictionary<char, (char, char, char)>();
        foreach (var row in Rows)
        {
            parts.Add(row[2], (row[0], row[1], ' '));
            for (var tone = 0; tone < Tones.Length; tone++)
            {
                parts.Add(row[3 + tone], (row[0], row[1], Tones[tone]));
            }
        }

        return parts;
    }

    private static char[] BuildFolded()
    {
        var map = new char[Size];
        for (var i = 0; i < Size; i++)
        {
            map[i] = FoldRare((char)i);
        }

        for (var i = 0; i < OtherLatin.Length; i++)
        {
            map[OtherLatin[i]] = OtherLatinFolded[i];
            map[char.ToUpperInvariant(OtherLatin[i])] = OtherLatinFolded[i];
        }

        foreach (var row in Rows)
        {
            foreach (var letter in row.AsSpan(2))
            {
                map[letter] = char.ToLowerInvariant(row[0]);
            }
        }

        map['đ'] = map['Đ'] = 'd';
        return map;
    }

    private static char FoldRare(char c) => c switch
    {
        >= '\u0300' and <= '\u036F' => '\0',
        '\u00AD' or '\uFEFF' or (>= '\u200B' and <= '\u200F') => '\0', // soft hyphen, byte order mark, zero-width characters
        _ => char.IsWhiteSpace(c) ? ' ' : char.ToLowerInvariant(c),
    };
}
