using Mach.Fhir.Path.Functions;

namespace Mach.Fhir.Path;

/// <summary>Makes an expression out of tokens.</summary>
/// <remarks>Source: http://hl7.org/fhirpath/N1/grammar.html; precedence: http://hl7.org/fhirpath/N1/#operator-precedence.</remarks>
internal sealed partial class Parser
{
    /// <summary>Parentheses, arguments and indexes within each other.</summary>
    private const int MaxNesting = 100;

    /// <summary>Levels of the expression; each takes some of the stack when evaluated.</summary>
    private const int MaxDepth = 1000;

    /// <summary>From the loosest to the tightest; those of one level bind from left to right.</summary>
    private static readonly string[][] Levels =
    [
        ["implies"],
        ["or", "xor"],
        ["and"],
        ["in", "contains"],
        ["=", "!=", "~", "!~"],
        ["<", "<=", ">", ">="],
        ["|"],
        ["is", "as"],
        ["+", "-", "&"],
        ["*", "/", "div", "mod"],
    ];

    /// <summary>Behind a dot they are names: Narrative has a div.</summary>
    private static readonly string[] Reserved = ["and", "or", "xor", "implies", "div", "mod", "true", "false"];

    private readonly List<Token> _tokens;
    private int _at;
    private int _nesting;

    private Parser(List<Token> tokens) => _tokens = tokens;

    private Token Next => _tokens[_at];

    public static Expr Parse(List<Token> tokens)
    {
        var parser = new Parser(tokens);
        var expression = parser.Expression();
        return parser.Next.Kind == TokenKind.End ? expression : throw parser.Unexpected();
    }

    private FhirPathException Unexpected() =>
        new(Next.Kind == TokenKind.End ? "The expression is not complete." : $"'{Next.Text}' does not belong here.", Next.Position);

    private Expr Expression()
    {
        if (++_nesting > MaxNesting)
        {
            throw new FhirPathException("The expression is nested too deep.", Next.Position);
        }

        var expression = Binary(0);
        _nesting--;
        return expression;
    }

    /// <summary>Operators of this level and tighter ones.</summary>
    private Expr Binary(int level)
    {
        var left = Sign();
        while (LevelOf(Next) is var found && found >= level)
        {
            var operation = Next;
            _at++;
            if (operation.Text is "is" or "as")
            {
                var type = Type();
                left = Checked(operation.Text == "is" ? new IsExpr(left, type, operation.Position) : new OfTypeExpr(left, type, operation.Position));
            }
            else
            {
                left = Checked(Operator(operation, left, Binary(found + 1)));
            }
        }

        return left;
    }

    private static int LevelOf(Token token) =>
        token.Kind is TokenKind.Symbol or TokenKind.Name ? Array.FindIndex(Levels, l => Array.IndexOf(l, token.Text) >= 0) : -1;

    private static Expr Operator(Token operation, Expr left, Expr right)
    {
        var position = operation.Position;
        return operation.Text switch
        {
            "implies" => new LogicExpr(Logic.Implies, left, right, position),
            "or" => new LogicExpr(Logic.Or, left, right, position),
            "xor" => new LogicExpr(Logic.Xor, left, right, position),
            "and" => new LogicExpr(Logic.And, left, right, position),
            "in" => new InExpr(left, right, position),
            "contains" => new InExpr(right, left, position),
            "=" => new EqualExpr(left, right, true, position),
            "!=" => new EqualExpr(left, right, false, position),
            "~" => new EquivalentExpr(left, right, true, position),
            "!~" => new EquivalentExpr(left, right, false, position),
            "|" => new UnionExpr(left, right, position),
            "&" => new ConcatenateExpr(left, right, position),
            "<" or "<=" or ">" or ">=" => new CompareExpr(operation.Text, left, right, position),
            _ => new ArithmeticExpr(operation.Text, left, right, position),
        };
    }

    private Expr Sign()
    {
        if (!Next.Is("-") && !Next.Is("+"))
        {
            return Postfix();
        }

        var sign = Next;
        _at++;
        if (++_nesting > MaxNesting)
        {
            throw new FhirPathException("The expression is nested too deep.", sign.Position);
        }

        var operand = Sign();
        _nesting--;
        return Checked(new SignExpr(operand, sign.Text == "-", sign.Position));
    }

    /// <summary>A term with what follows its dots, and indexes.</summary>
    private Expr Postfix()
    {
        var left = Term();
        while (true)
        {
            if (Next.Is("."))
            {
                _at++;
                left = Checked(Invocation(left));
            }
            else if (Next.Is("["))
            {
                var position = Next.Position;
                _at++;
                left = Checked(new IndexExpr(left, Expression(), position));
                Expect("]");
            }
            else
            {
                return left;
            }
        }
    }

    private static Expr Checked(Expr expression) =>
        expression.Depth <= MaxDepth ? expression : throw new FhirPathException("The expression is too deep.", expression.Position);

    private void Expect(string symbol)
    {
        if (!Next.Is(symbol))
        {
            throw Unexpected();
        }

        _at++;
    }

    /// <summary>A name or a function; behind a dot when there is a left side.</summary>
    private Expr Invocation(Expr? left)
    {
        var token = Next;
        if (token.Kind == TokenKind.Special)
        {
            _at++;
            return token.Text is "this" or "index" or "total" ? Joined(left, new SpecialExpr(token.Text, token.Position)) : throw new FhirPathException($"There is no ${token.Text}.", token.Position);
        }

        if (token.Kind is not (TokenKind.Name or TokenKind.Delimited) || (token.Kind == TokenKind.Name && left is null && Reserved.Contains(token.Text)))
        {
            throw Unexpected();
        }

        _at++;
        return Next.Is("(") ? Function(token, left) : Joined(left, new MemberExpr(token.Text, left is null, token.Position));
    }

    private static Expr Joined(Expr? left, Expr right) => left is null ? right : new DotExpr(left, right);

    private Expr Function(Token name, Expr? left)
    {
        Expect("(");
        if (name.Text is "is" or "as" or "ofType")
        {
            var type = Type();
            Expect(")");
            var operand = left ?? new FocusExpr(name.Position);
            return name.Text == "is" ? new IsExpr(operand, type, name.Position) : new OfTypeExpr(operand, type, name.Position);
        }

        var arguments = new List<Expr>();
        while (!Next.Is(")"))
        {
            if (arguments.Count > 0)
            {
                Expect(",");
            }

            arguments.Add(Expression());
        }

        Expect(")");
        return Special(name, left, arguments) ?? Joined(left, Plain(name, [.. arguments]));
    }

    /// <summary>Functions that are expressions of their own, because rules use them all the time.</summary>
    private static Expr? Special(Token name, Expr? left, List<Expr> arguments)
    {
        var position = name.Position;
        var operand = left ?? new FocusExpr(position);
        return (name.Text, arguments.Count) switch
        {
            ("exists", 0) => new AnyExpr(operand, true, position),
            ("exists", 1) => new AnyExpr(Joined(left, new WhereExpr(arguments[0], position)), true, position),
            ("empty", 0) => new AnyExpr(operand, false, position),
            ("count", 0) => new CountExpr(operand, position),
            ("not", 0) => new NotExpr(operand, position),
            ("where", 1) => Joined(left, new WhereExpr(arguments[0], position)),
            ("all", 1) => Joined(left, new AllExpr(arguments[0], position)),
            ("children", 0) => Joined(left, new ChildrenExpr(position)),
            ("hasValue", 0) => Joined(left, new HasValueExpr(position)),
            ("exists" or "empty" or "count" or "not" or "where" or "all" or "children" or "hasValue", _) => throw Arity(name),
            _ => null,
        };
    }

    private static FunctionExpr Plain(Token name, Expr[] arguments)
    {
        var entry = FunctionTable.Find(name.Text) ?? throw new FhirPathException($"There is no function {name.Text}().", name.Position);
        return arguments.Length >= entry.Least && arguments.Length <= entry.Most ? new FunctionExpr(entry.Run, arguments, name.Position) : throw Arity(name);
    }

    private static FhirPathException Arity(Token name) => new($"{name.Text}() takes another number of arguments.", name.Position);

    /// <summary>A type: a name, or two with a dot.</summary>
    private TypeSpecifier Type()
    {
        var first = TypeName();
        if (!Next.Is(".") || (first.Text is not ("FHIR" or "System")))
        {
            return TypeSpecifier.Of(null, first.Text, first.Position);
        }

        _at++;
        return TypeSpecifier.Of(first.Text, TypeName().Text, first.Position);
    }

    private Token TypeName()
    {
        var token = Next;
        if (token.Kind is not (TokenKind.Name or TokenKind.Delimited))
        {
            throw Unexpected();
        }

        _at++;
        return token;
    }
}
