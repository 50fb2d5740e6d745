namespace Mach.Fhir.Units;

/// <summary>Reads UCUM expressions, case-sensitive.</summary>
/// <remarks>Source: https://ucum.org/ucum §§2–12, the grammar of terms; special units stand alone (§22).</remarks>
internal ref struct UnitParser
{
    /// <summary>Longer texts are no units; it also bounds the nesting.</summary>
    private const int MaxLength = 200;

    /// <summary>No unit has more; larger ones would only cost.</summary>
    private const int MaxExponent = 99;

    private readonly string _text;
    private int _at;

    private UnitParser(string text) => _text = text;

    private readonly bool IsEnd => _at == _text.Length;

    private readonly char Next => _at < _text.Length ? _text[_at] : '\0';

    /// <summary>Null when the text is not a unit.</summary>
    public static Unit? Parse(string text)
    {
        if (text.Length is 0 or > MaxLength)
        {
            return null;
        }

        var parser = new UnitParser(text);
        var unit = parser.MainTerm();
        return parser.IsEnd ? unit : null;
    }

    /// <summary>A term may begin with a stroke: "/min".</summary>
    private Unit? MainTerm()
    {
        if (Next != '/')
        {
            return Term();
        }

        return Rest(Unit.One);
    }

    private Unit? Term() => Component() is { } first ? Rest(first) : null;

    /// <summary>Strokes and dots bind alike, from left to right: a/b.c is (a/b).c.</summary>
    private Unit? Rest(Unit left)
    {
        while (Next is '.' or '/')
        {
            var sign = Next == '.' ? 1 : -1;
            _at++;
            if (Component() is not { } right || !left.IsProper || !right.IsProper)
            {
                return null;
            }

            left = left.Times(right, sign);
            if (left.Powers.Any(p => Math.Abs(p.Exponent) > MaxExponent))
            {
                return null;
            }
        }

        return left;
    }

    private Unit? Component()
    {
        Unit? unit;
        switch (Next)
        {
            case '(':
                _at++;
                unit = MainTerm();
                return unit is not null && Next == ')' && _at++ >= 0 ? unit : null;
            case '{':
                return Annotation() ? Unit.One : null;
            case >= '0' and <= '9' when !IsPowerOfTen():
                return Number();
            default:
                unit = Simple();
                return unit is not null && (Next != '{' || Annotation()) ? unit : null;
        }
    }

    private readonly bool IsPowerOfTen() => _text.AsSpan(_at).StartsWith("10*") || _text.AsSpan(_at).StartsWith("10^");

    private Unit? Number()
    {
        var start = _at;
        while (char.IsAsciiDigit(Next))
        {
            _at++;
        }

        return _at - start <= 18 && long.Parse(_text.AsSpan(start, _at - start), System.Globalization.CultureInfo.InvariantCulture) is var number and > 0
            ? Unit.One.Scaled(Ratio.Of(number))
            : null;
    }

    private bool Annotation()
    {
        var end = _text.IndexOf('}', _at);
        if (end < 0 || _text.AsSpan(_at + 1, end - _at - 1).ContainsAnyExceptInRange('!', 'z'))
        {
            return false;
        }

        _at = end + 1;
        return true;
    }

    private Unit? Simple()
    {
        var start = _at;
        if (IsPowerOfTen())
        {
            _at += 3;
        }
        else
        {
            SkipSymbol();
        }

        return _at > start && UnitAtoms.Find(_text[start.._at]) is { } unit && Exponent() is var exponent and not 0 && (exponent == 1 || unit.IsProper)
            ? (exponent == 1 ? unit : unit.Power(exponent))
            : null;
    }

    /// <summary>Letters and marks up to a digit, a sign or a delimiter; anything in square brackets.</summary>
    private void SkipSymbol()
    {
        while (!IsEnd && Next is not ('.' or '/' or '(' or ')' or '{' or '}' or '+' or '-' or ' ' or (>= '0' and <= '9')))
        {
            var close = Next == '[' ? _text.IndexOf(']', _at) : _at;
            if (close < 0)
            {
                return;
            }

            _at = close + 1;
        }
    }

    /// <summary>1 when there is none, 0 when it is not one.</summary>
    private int Exponent()
    {
        var sign = Next == '-' ? -1 : 1;
        var signed = Next is '-' or '+';
        _at += signed ? 1 : 0;
        var (start, value) = (_at, 0);
        while (char.IsAsciiDigit(Next) && value <= MaxExponent)
        {
            value = (value * 10) + (Next - '0');
            _at++;
        }

        return _at == start ? (signed ? 0 : 1) : value > MaxExponent ? 0 : value * sign;
    }
}
