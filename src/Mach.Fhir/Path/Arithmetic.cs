namespace Mach.Fhir.Path;

/// <summary>The operators of numbers, texts, quantities and times.</summary>
/// <remarks>Source: http://hl7.org/fhirpath/N1/#math. What has no result (overflow, division by zero) is empty.</remarks>
internal static class Arithmetic
{
    public static object? Apply(string operation, object left, object right, Frame frame, int position)
    {
        try
        {
            return (operation, left, right) switch
            {
                ("+", string a, string b) => Concatenate(a, b, frame),
                ("+", Moment a, PathQuantity b) => a.Add(b),
                ("-", Moment a, PathQuantity b) => a.Add(b with { Value = -b.Value }),
                (_, PathQuantity or int or decimal or long, PathQuantity or int or decimal or long) => left is PathQuantity || right is PathQuantity ? Quantities(operation, left, right) : NumbersOf(operation, left, right),
                _ => null,
            } ?? (IsDefined(operation, left, right) ? null : throw new FhirPathException($"{operation} is not defined for {TypeSpecifier.NameOf(left)} and {TypeSpecifier.NameOf(right)}.", position));
        }
        catch (Exception e) when (e is OverflowException or DivideByZeroException)
        {
            return null;
        }
    }

    public static string Concatenate(string left, string right, Frame frame)
    {
        frame.CheckText((long)left.Length + right.Length);
        return left + right;
    }

    private static bool IsDefined(string operation, object left, object right) =>
        (left is Moment && right is PathQuantity && operation is "+" or "-")
        || (left is PathQuantity or int or long or decimal && right is PathQuantity or int or long or decimal && (operation is not ("div" or "mod") || (left is not PathQuantity && right is not PathQuantity)));

    private static object? NumbersOf(string operation, object left, object right)
    {
        if (left is int a && right is int b)
        {
            switch (operation)
            {
                case "+":
                    return checked(a + b);
                case "-":
                    return checked(a - b);
                case "*":
                    return checked(a * b);
                case "div":
                    return b == 0 ? null : checked(a / b);
                case "mod":
                    return b == 0 ? null : b == -1 ? 0 : a % b;
            }
        }

        _ = Numbers.TryDecimal(left, out var x);
        _ = Numbers.TryDecimal(right, out var y);
        return operation switch
        {
            "+" => x + y,
            "-" => x - y,
            "*" => x * y,
            "/" => y == 0 ? null : x / y,
            "div" => y == 0 ? null : Numbers.Integer(decimal.Truncate(x / y)),
            _ => y == 0 ? null : x % y,
        };
    }

    private static PathQuantity? Quantities(string operation, object left, object right)
    {
        var a = left as PathQuantity ?? new PathQuantity(Numbers.TryDecimal(left, out var x) ? x : 0, "1");
        var b = right as PathQuantity ?? new PathQuantity(Numbers.TryDecimal(right, out var y) ? y : 0, "1");
        return operation switch
        {
            "+" => PathQuantity.Add(a, b),
            "-" => PathQuantity.Add(a, b with { Value = -b.Value }),
            "*" => PathQuantity.Multiply(a, b),
            "/" => PathQuantity.Divide(a, b),
            _ => null,
        };
    }
}
