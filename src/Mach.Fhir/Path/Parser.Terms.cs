using System.Globalization;

namespace Mach.Fhir.Path;

internal sealed partial class Parser
{
    private Expr Term()
    {
        var token = Next;
        switch (token.Kind)
        {
            case TokenKind.Symbol when token.Text == "(":
                _at++;
                var inner = Expression();
                Expect(")");
                return inner;
            case TokenKind.Symbol when token.Text == "{":
                _at++;
                Expect("}");
                return new LiteralExpr(default, token.Position);
            case TokenKind.Text:
                _at++;
                return Literal(token.Text, token);
            case TokenKind.Number:
                _at++;
                return Number(token);
            case TokenKind.Date or TokenKind.DateTime or TokenKind.Time:
                _at++;
                var kind = token.Kind switch { TokenKind.Date => MomentKind.Date, TokenKind.DateTime => MomentKind.DateTime, _ => MomentKind.Time };
                return Moment.TryParse(token.Text, kind, out var moment) ? Literal(moment, token) : throw new FhirPathException($"'{token.Text}' is no date or time.", token.Position);
            case TokenKind.Variable:
                _at++;
                return VariableExpr.Constant(token.Text) is { } text ? Literal(text, token) : new VariableExpr(token.Text, token.Position);
            case TokenKind.Name when token.Text is "true" or "false":
                _at++;
                return Literal(token.Text == "true", token);
            default:
                return Invocation(null);
        }
    }

    private static LiteralExpr Literal(object value, Token token) => new(new Values(FhirNode.OfSystem(value)), token.Position);

    /// <summary>A number, or a quantity when a unit follows.</summary>
    private LiteralExpr Number(Token token)
    {
        var isWhole = !token.Text.Contains('.', StringComparison.Ordinal);
        if (!decimal.TryParse(token.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            throw new FhirPathException("The number is too large.", token.Position);
        }

        if (Next.Kind == TokenKind.Text)
        {
            return Literal(new PathQuantity(number, _tokens[_at++].Text), token);
        }

        if (Next.Kind == TokenKind.Name && CalendarUnits.Find(Next.Text) is { } unit)
        {
            _at++;
            return Literal(new PathQuantity(number, unit.Name, true), token);
        }

        return Literal(isWhole ? Numbers.Integer(number) ?? number : number, token);
    }
}
