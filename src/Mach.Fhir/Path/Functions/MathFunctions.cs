namespace Mach.Fhir.Path.Functions;

/// <summary>Numbers: http://hl7.org/fhirpath/N1/#math-1. What has no real result is empty.</summary>
internal static class MathFunctions
{
    public static readonly Dictionary<string, FunctionEntry> All = new(StringComparer.Ordinal)
    {
        ["abs"] = new(Absolute, 0, 0),
        ["ceiling"] = new((in call) => Whole(call, decimal.Ceiling), 0, 0),
        ["floor"] = new((in call) => Whole(call, decimal.Floor), 0, 0),
        ["truncate"] = new((in call) => Whole(call, decimal.Truncate), 0, 0),
        ["round"] = new(Round, 0, 1),
        ["sqrt"] = new((in call) => Call.Of(call.Number() is { } number ? Real(Math.Sqrt((double)number)) : null), 0, 0),
        ["exp"] = new((in call) => Call.Of(call.Number() is { } number ? Real(Math.Exp((double)number)) : null), 0, 0),
        ["ln"] = new((in call) => Call.Of(call.Number() is { } number ? Real(Math.Log((double)number)) : null), 0, 0),
        ["log"] = new((in call) => Call.Of(call.Number() is { } number && call.Number(0) is { } radix ? Logarithm(number, radix) : null), 1, 1),
        ["power"] = new(Power, 1, 1),
    };

    private static Values Absolute(in Call call) => call.Single switch
    {
        { SystemValue: int number } => Call.Of(number == int.MinValue ? null : Math.Abs(number)),
        { SystemValue: PathQuantity quantity } => Call.Of(quantity with { Value = Math.Abs(quantity.Value) }),
        _ => Call.Of(call.Number() is { } number ? Math.Abs(number) : null),
    };

    private static Values Whole(in Call call, Func<decimal, decimal> round) => Call.Of(call.Number() is { } number ? Numbers.Integer(round(number)) : null);

    /// <summary>Halves go away from zero.</summary>
    private static Values Round(in Call call)
    {
        if (call.Number() is not { } number)
        {
            return default;
        }

        var precision = call.Arguments > 0 ? call.Integer(0) ?? 0 : 0;
        return precision < 0 ? throw new FhirPathException("round() takes no negative precision.", call.Position)
            : Call.Of(Math.Round(number, Math.Min(precision, 28), MidpointRounding.AwayFromZero));
    }

    private static decimal? Logarithm(decimal number, decimal radix) => number > 0 && radix > 0 && radix != 1 ? Real(Math.Log((double)number) / Math.Log((double)radix)) : null;

    /// <summary>An Integer to a whole power stays one.</summary>
    private static Values Power(in Call call)
    {
        if (call.Single is not { } node || call.Number() is not { } number || call.Argument(0).Single(call.Position) is not { } argument || call.Number(0) is not { } exponent)
        {
            return default;
        }

        var isWhole = node.SystemValue is int && argument.SystemValue is int && exponent >= 0;
        if (exponent == decimal.Truncate(exponent) && Math.Abs(exponent) <= 1000 && Exact(number, (int)exponent) is { } exact)
        {
            return Call.Of(isWhole ? Numbers.Integer(exact) : exact);
        }

        return Call.Of(isWhole ? null : Real(Math.Pow((double)number, (double)exponent)));
    }

    private static decimal? Exact(decimal number, int exponent)
    {
        try
        {
            var result = 1m;
            for (var i = 0; i < Math.Abs(exponent); i++)
            {
                result *= number;
            }

            return exponent >= 0 ? result : result == 0 ? null : 1 / result;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>Null for what is no number, or larger than a decimal holds.</summary>
    private static decimal? Real(double value) => Math.Abs(value) < 7.9e28 ? (decimal)value : null;
}
