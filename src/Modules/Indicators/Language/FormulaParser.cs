using Mach.Indicators.Facts;

namespace Mach.Indicators.Language;

/// <summary>
/// Reads: <c>or</c>, <c>and</c>, <c>not</c>; <c>= != &lt; &lt;= &gt; &gt;=</c>, <c>in (…)</c>, <c>between … and …</c>; <c>+ - * /</c>; names of columns, numbers, 'texts';
/// and the functions of <see cref="FormulaFunctions"/>. <c>and</c> binds closer than <c>or</c>.
/// </summary>
internal sealed class FormulaParser(string text, FactView view)
{
    private const int Deepest = 60;
    private readonly IReadOnlyList<Token> _tokens = FormulaTokens.Read(text);
    private int _next;
    private int _depth;

    private Token Now => _tokens[_next];

    public Formula Whole()
    {
        var formula = Or();
        return Now.Kind == TokenKind.End ? formula : throw new FormulaException(Now.At, $"Thừa '{Now.Text}'.", $"'{Now.Text}' is too much.");
    }

    private Formula Or()
    {
        Deeper();
        var left = And();
        while (Word("or", out var at))
        {
            var (a, b) = (Truth(left, at).IsTrue, Truth(And(), at).IsTrue);
            left = Formula.OfTruth(f => a(f) || b(f));
        }

        _depth--;
        return left;
    }

    private Formula And()
    {
        var left = Not();
        while (Word("and", out var at))
        {
            var (a, b) = (Truth(left, at).IsTrue, Truth(Not(), at).IsTrue);
            left = Formula.OfTruth(f => a(f) && b(f));
        }

        return left;
    }

    private Formula Not()
    {
        if (!Word("not", out var at))
        {
            return Comparison();
        }

        Deeper();
        var inner = Truth(Not(), at).IsTrue;
        _depth--;
        return Formula.OfTruth(f => !inner(f));
    }

    private void Deeper()
    {
        if (++_depth > Deepest)
        {
            throw new FormulaException(Now.At, $"Lồng quá {Deepest} tầng.", $"Nested deeper than {Deepest}.");
        }
    }

    private Formula Comparison()
    {
        var left = Sum();
        if (Word("in", out var at))
        {
            return In(left, at);
        }

        if (Word("between", out at))
        {
            var low = Sum();
            Need("and");
            var high = Sum();
            return Formula.OfTruth(Both(Compare(left, low, ">=", at).IsTrue, Compare(left, high, "<=", at).IsTrue));
        }

        if (Now is { Kind: TokenKind.Sign, Text: "=" or "!=" or "<>" or "<" or "<=" or ">" or ">=" } sign)
        {
            _next++;
            return Compare(left, Sum(), sign.Text, sign.At);
        }

        return left;
    }

    private static Func<Fact, bool> Both(Func<Fact, bool> a, Func<Fact, bool> b) => f => a(f) && b(f);

    private Formula In(Formula left, int at)
    {
        Need("(");
        var tests = new List<Func<Fact, bool>>();
        do
        {
            tests.Add(Compare(left, Sum(), "=", at).IsTrue);
        }
        while (Sign(",", out _));
        Need(")");
        var all = tests.ToArray();
        return Formula.OfTruth(f => Array.Exists(all, test => test(f)));
    }

    private static Formula Compare(Formula a, Formula b, string sign, int at)
    {
        if (a.Kind != b.Kind || a.Kind == FormulaKind.Truth)
        {
            throw new FormulaException(at, $"Không so được {Formula.Vi(a.Kind)} với {Formula.Vi(b.Kind)}.", $"{Formula.En(a.Kind)} cannot be compared with {Formula.En(b.Kind)}.");
        }

        Func<int, bool> holds = sign switch
        {
            "=" => static c => c == 0,
            "!=" or "<>" => static c => c != 0,
            "<" => static c => c < 0,
            "<=" => static c => c <= 0,
            ">" => static c => c > 0,
            _ => static c => c >= 0,
        };
        var (na, nb, ta, tb) = (a.Number, b.Number, a.Text, b.Text);
        return a.Kind == FormulaKind.Number
            ? Formula.OfTruth(f => na(f) is { } x && nb(f) is { } y && holds(x.CompareTo(y)))
            : Formula.OfTruth(f => ta(f) is { } x && tb(f) is { } y && holds(string.CompareOrdinal(x, y)));
    }

    private Formula Sum()
    {
        var left = Product();
        while (Now is { Kind: TokenKind.Sign, Text: "+" or "-" } sign)
        {
            _next++;
            left = Arithmetic(left, Product(), sign.Text, sign.At);
        }

        return left;
    }

    private Formula Product()
    {
        var left = Unary();
        while (Now is { Kind: TokenKind.Sign, Text: "*" or "/" } sign)
        {
            _next++;
            left = Arithmetic(left, Unary(), sign.Text, sign.At);
        }

        return left;
    }

    private static Formula Arithmetic(Formula a, Formula b, string sign, int at)
    {
        var (x, y) = (Numeric(a, at).Number, Numeric(b, at).Number);
        return Formula.OfNumber(sign switch
        {
            "+" => f => x(f) + y(f),
            "-" => f => x(f) - y(f),
            "*" => f => x(f) * y(f),
            _ => f => y(f) is { } d && d != 0 ? x(f) / d : null,
        });
    }

    private Formula Unary()
    {
        if (!Sign("-", out var at))
        {
            return Primary();
        }

        var inner = Numeric(Primary(), at).Number;
        return Formula.OfNumber(f => -inner(f));
    }

    private Formula Primary()
    {
        var token = Now;
        _next++;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return Formula.OfNumber(_ => token.Number);
            case TokenKind.Text:
                return Formula.OfText(_ => token.Text);
            case TokenKind.Name when Now is { Kind: TokenKind.Sign, Text: "(" }:
                return FormulaFunctions.Make(token, Arguments());
            case TokenKind.Name:
                return Column(token);
            case TokenKind.Sign when token.Text == "(":
                var inner = Or();
                Need(")");
                return inner;
            default:
                throw new FormulaException(token.At, token.Kind == TokenKind.End ? "Biểu thức chưa hết." : $"Không hiểu '{token.Text}'.", token.Kind == TokenKind.End ? "The expression ends too early." : $"'{token.Text}' is not understood here.");
        }
    }

    private List<Formula> Arguments()
    {
        Need("(");
        var arguments = new List<Formula>();
        if (Sign(")", out _))
        {
            return arguments;
        }

        do
        {
            arguments.Add(Or());
        }
        while (Sign(",", out _));
        Need(")");
        return arguments;
    }

    private Formula Column(Token name)
    {
        if (!view.Index.TryGetValue(name.Text, out var column))
        {
            var known = string.Join(", ", view.Columns.Select(c => c.Name));
            throw new FormulaException(name.At, $"Bảng '{view.Name}' không có cột '{name.Text}'. Có: {known}.", $"The view '{view.Name}' has no column '{name.Text}'. It has: {known}.");
        }

        return view.Columns[column].Kind == ColumnKind.Number ? Formula.OfNumber(f => f.Number(column)) : Formula.OfText(f => f.Text(column));
    }

    private static Formula Truth(Formula formula, int at) => formula.Kind == FormulaKind.Truth ? formula
        : throw new FormulaException(at, $"Hai bên 'and', 'or', 'not' phải là đúng hoặc sai, không phải {Formula.Vi(formula.Kind)}.", $"'and', 'or' and 'not' take true or false, not {Formula.En(formula.Kind)}.");

    private static Formula Numeric(Formula formula, int at) => formula.Kind == FormulaKind.Number ? formula
        : throw new FormulaException(at, $"Phép tính cần số, không phải {Formula.Vi(formula.Kind)}.", $"Arithmetic takes numbers, not {Formula.En(formula.Kind)}.");

    private bool Word(string word, out int at)
    {
        at = Now.At;
        return Now is { Kind: TokenKind.Name } && Now.Text == word && Step();
    }

    private bool Sign(string sign, out int at)
    {
        at = Now.At;
        return Now is { Kind: TokenKind.Sign } && Now.Text == sign && Step();
    }

    private bool Step()
    {
        _next++;
        return true;
    }

    private void Need(string what)
    {
        if (!(Now.Kind is TokenKind.Sign or TokenKind.Name) || Now.Text != what)
        {
            throw new FormulaException(Now.At, $"Cần '{what}' ở đây.", $"'{what}' is needed here.");
        }

        _next++;
    }
}
