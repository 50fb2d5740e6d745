using Mach.Kernel;

namespace Mach.Fhir.Search;

/// <summary>What counts as the same text in a search, for rows, queries and the recheck alike.</summary>
internal static class SearchText
{
    /// <summary>Only so many words of one text begin a match; the rest of a longer text is not searched.</summary>
    public const int MaxWords = 16;

    /// <summary>The same for the words of a person's name, which are indexed in pairs.</summary>
    public const int MaxNameWords = 8;

    /// <summary>Index rows hold so many characters; longer query texts are found by these and rechecked.</summary>
    public const int MaxChars = 64;

    /// <summary>Greatest code point: "prefix" + this is above every text that begins with the prefix, in UTF-8 order.</summary>
    public const string Last = "\U0010FFFF";

    /// <summary>Vietnamese fold with punctuation as blanks: "Xóm 3, xã Tân-Lập" → "xom 3 xa tan lap".</summary>
    public static string Fold(ReadOnlySpan<char> text)
    {
        var folded = VietnameseText.Fold(text);
        var plain = true;
        foreach (var c in folded)
        {
            plain &= char.IsLetterOrDigit(c) || c == ' ' || char.IsSurrogate(c);
        }

        if (plain)
        {
            return folded;
        }

        var buffer = new char[folded.Length];
        var length = 0;
        foreach (var c in folded)
        {
            if (char.IsLetterOrDigit(c) || char.IsSurrogate(c))
            {
                buffer[length++] = c;
            }
            else if (length > 0 && buffer[length - 1] != ' ')
            {
                buffer[length++] = ' ';
            }
        }

        return new string(buffer, 0, length).TrimEnd(' ');
    }

    /// <summary>Digits of a telephone number as dialled inside the country: "+84 912.345.678" → "0912345678". Text without digits stays.</summary>
    public static string Phone(string text)
    {
        Span<char> digits = stackalloc char[Math.Min(text.Length, 64)];
        var length = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c) && length < digits.Length)
            {
                digits[length++] = c;
            }
        }

        if (length == 0)
        {
            return text;
        }

        var number = digits[..length];
        var abroad = text.AsSpan().TrimStart().StartsWith("+84", StringComparison.Ordinal) || (length >= 11 && number.StartsWith("84"));
        return abroad ? string.Concat("0", number[2..]) : new string(number);
    }

    /// <summary>Index rows of addresses hold so many characters.</summary>
    public const int MaxUriChars = 200;

    /// <summary>An address for an index row; longer ones are found by their beginning and rechecked.</summary>
    public static string CutUri(string uri) => uri.Length <= MaxUriChars ? uri : uri[..(char.IsHighSurrogate(uri[MaxUriChars - 1]) ? MaxUriChars - 1 : MaxUriChars)];

    /// <summary>A text for an index row, cut to <see cref="MaxChars"/> without splitting a surrogate pair.</summary>
    public static string Cut(string text)
    {
        if (text.Length <= MaxChars)
        {
            return text;
        }

        return char.IsHighSurrogate(text[MaxChars - 1]) ? text[..(MaxChars - 1)] : text[..MaxChars];
    }
}
