using System.Globalization;
using System.Text;

namespace Mach.Fhir.Path;

/// <summary>Cuts an expression into tokens.</summary>
/// <remarks>Source: http://hl7.org/fhirpath/N1/#lexical-elements and the grammar of the same document.</remarks>
internal ref struct Lexer
{
    private readonly string _text;
    private int _at;

    private Lexer(string text) => _text = text;

    private readonly char Next => _at < _text.Length ? _text[_at] : '\0';

    /// <exception cref="FhirPathException">A character or a literal that the language does not have.</exception>
    public static List<Token> Read(string expression)
    {
        var lexer = new Lexer(expression);
        var tokens = new List<Token>();
        while (true)
        {
            lexer.SkipSpace();
            if (lexer._at == expression.Length)
            {
                tokens.Add(new Token(TokenKind.End, "", lexer._at));
                return tokens;
            }

            tokens.Add(lexer.ReadToken());
        }
    }

    private Token ReadToken()
    {
        var start = _at;
        switch (Next)
        {
            case '\'':
                return new Token(TokenKind.Text, Quoted('\''), start);
            case '`' or '"':
                return new Token(TokenKind.Delimited, Quoted(Next), start);
            case >= '0' and <= '9':
                return new Token(TokenKind.Number, Number(), start);
            case '@':
                _at++;
                return Moment(start);
            case '%':
                _at++;
                return new Token(TokenKind.Variable, Variable(start), start);
            case '$':
                _at++;
                return new Token(TokenKind.Special, Name(start), start);
            case var c when IsNameStart(c):
                return new Token(TokenKind.Name, Name(start), start);
            default:
                return Symbol();
        }
    }

    private Token Symbol()
    {
        var length = _text.AsSpan(_at) is ['<' or '>' or '!', '=', ..] or ['!', '~', ..] ? 2 : 1;
        if (length == 1 && !".()[]{},+-*/&|<>=~".Contains(Next))
        {
            throw new FhirPathException($"The language has no '{Next}'.", _at);
        }

        _at += length;
        return new Token(TokenKind.Symbol, _text.Substring(_at - length, length), _at - length);
    }

    private void SkipSpace()
    {
        while (_at < _text.Length)
        {
            var rest = _text.AsSpan(_at);
            if (rest[0] is ' ' or '\t' or '\r' or '\n')
            {
                _at++;
            }
            else if (rest.StartsWith("//"))
            {
                var end = rest.IndexOfAny('\r', '\n');
                _at = end < 0 ? _text.Length : _at + end;
            }
            else if (rest.StartsWith("/*"))
            {
                var end = rest[2..].IndexOf("*/");
                _at = end >= 0 ? _at + end + 4 : throw new FhirPathException("The comment does not end.", _at);
            }
            else
            {
                return;
            }
        }
    }

    private string Name(int start)
    {
        var from = _at;
        if (!IsNameStart(Next))
        {
            throw new FhirPathException("A name is missing.", start);
        }

        while (IsNameStart(Next) || char.IsAsciiDigit(Next))
        {
            _at++;
        }

        return _text[from.._at];
    }

    /// <summary>%vs-name and %ext-name are written without quotes as well: http://hl7.org/fhir/R4/fhirpath.html#variables.</summary>
    private string Variable(int start)
    {
        if (Next is '\'' or '`' or '"')
        {
            return Quoted(Next);
        }

        var name = Name(start);
        if (name is "vs" or "ext" && Next == '-')
        {
            var from = _at;
            while (Next == '-' || IsNameStart(Next) || char.IsAsciiDigit(Next))
            {
                _at++;
            }

            name += _text[from.._at];
        }

        return name;
    }

    private string Number()
    {
        var from = _at;
        SkipDigits();
        if (Next == '.' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1]))
        {
            _at++;
            SkipDigits();
        }

        return _text[from.._at];
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Next))
        {
            _at++;
        }
    }

    private Token Moment(int start)
    {
        var from = _at;
        if (Next == 'T')
        {
            _at++;
            SkipTime();
            return new Token(TokenKind.Time, _text[(from + 1).._at], start);
        }

        if (!SkipPart("dddd"))
        {
            throw new FhirPathException("A date begins with four digits.", start);
        }

        _ = SkipPart("-dd") && SkipPart("-dd");
        if (Next != 'T')
        {
            return new Token(TokenKind.Date, _text[from.._at], start);
        }

        _at++;
        if (SkipTime() && !SkipPart("Z"))
        {
            _ = SkipPart("+dd:dd") || SkipPart("-dd:dd");
        }

        return new Token(TokenKind.DateTime, _text[from.._at], start);
    }

    private bool SkipTime()
    {
        if (!SkipPart("dd"))
        {
            return false;
        }

        if (SkipPart(":dd") && SkipPart(":dd") && SkipPart(".d"))
        {
            SkipDigits();
        }

        return true;
    }

    /// <param name="shape">d stands for a digit.</param>
    private bool SkipPart(ReadOnlySpan<char> shape)
    {
        if (_at + shape.Length > _text.Length)
        {
            return false;
        }

        for (var i = 0; i < shape.Length; i++)
        {
            var c = _text[_at + i];
            if (shape[i] == 'd' ? !char.IsAsciiDigit(c) : c != shape[i])
            {
                return false;
            }
        }

        _at += shape.Length;
        return true;
    }

    private string Quoted(char quote)
    {
        var start = _at++;
        var text = new StringBuilder();
        while (_at < _text.Length && _text[_at] != quote)
        {
            text.Append(_text[_at] == '\\' ? Escape() : _text[_at++]);
        }

        if (_at == _text.Length)
        {
            throw new FhirPathException("The text does not end.", start);
        }

        _at++;
        return text.ToString();
    }

    private char Escape()
    {
        var start = _at++;
        var c = Next;
        _at++;
        switch (c)
        {
            case '\'' or '"' or '`' or '\\' or '/':
                return c;
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u' when _at + 4 <= _text.Length && ushort.TryParse(_text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                _at += 4;
                return (char)code;
            default:
                throw new FhirPathException("The text has an escape that the language does not have.", start);
        }
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';
}
