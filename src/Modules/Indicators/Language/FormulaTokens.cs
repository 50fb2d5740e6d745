using System.Globalization;

namespace Mach.Indicators.Language;

internal enum TokenKind { End, Name, Number, Text, Sign }

internal readonly record struct Token(TokenKind Kind, string Text, int At, decimal Number = 0);

/// <summary>Cuts an expression into names, numbers, texts in single quotes, and signs.</summary>
internal static class FormulaTokens
{
    /// <summary>Longer is no expression that somebody wrote.</summary>
    public const int MostCharacters = 2_000;

    private static readonly string[] Signs = ["<=", ">=", "!=", "<>", "=", "<", ">", "(", ")", ",", "+", "-", "*", "/"];

    public static IReadOnlyList<Token> Read(string text)
    {
        if (text.Length > MostCharacters)
        {
            throw new FormulaException(MostCharacters, $"Biểu thức dài quá {MostCharacters} ký tự.", $"The expression is longer than {MostCharacters} characters.");
        }

        var tokens = new List<Token>();
        for (var at = 0; at < text.Length;)
        {
            var c = text[at];
            if (char.IsWhiteSpace(c))
            {
                at++;
            }
            else if (char.IsAsciiLetter(c) || c == '_')
            {
                tokens.Add(new Token(TokenKind.Name, Take(text, ref at, static c => char.IsAsciiLetterOrDigit(c) || c == '_', out var start), start));
            }
            else if (char.IsAsciiDigit(c))
            {
                var digits = Take(text, ref at, static c => char.IsAsciiDigit(c) || c == '.', out var start);
                tokens.Add(decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                    ? new Token(TokenKind.Number, digits, start, number)
                    : throw new FormulaException(start, $"'{digits}' không phải số.", $"'{digits}' is no number."));
            }
            else if (c == '\'')
            {
                tokens.Add(Quoted(text, ref at));
            }
            else
            {
                var sign = Signs.FirstOrDefault(s => string.CompareOrdinal(text, at, s, 0, s.Length) == 0)
                    ?? throw new FormulaException(at, $"Không dùng được ký tự '{c}'.", $"The character '{c}' cannot be used.");
                tokens.Add(new Token(TokenKind.Sign, sign, at));
                at += sign.Length;
            }
        }

        tokens.Add(new Token(TokenKind.End, "", text.Length));
        return tokens;
    }

    private static string Take(string text, ref int at, Func<char, bool> belongs, out int start)
    {
        start = at;
        while (at < text.Length && belongs(text[at]))
        {
            at++;
        }

        return text[start..at];
    }

    private static Token Quoted(string text, ref int at)
    {
        var start = at;
        var value = new System.Text.StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '\'')
            {
                value.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '\'')
            {
                value.Append(text[at++]);
            }
            else
            {
                at++;
                return new Token(TokenKind.Text, value.ToString(), start);
            }
        }

        throw new FormulaException(start, "Chuỗi thiếu dấu nháy đóng.", "The text is not closed by a quote.");
    }
}
