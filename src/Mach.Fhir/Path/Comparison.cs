using System.Diagnostics.CodeAnalysis;

namespace Mach.Fhir.Path;

/// <summary>The order of two values.</summary>
/// <remarks>Source: http://hl7.org/fhirpath/N1/#comparison.</remarks>
internal static class Comparison
{
    /// <summary>Null when one is empty, or when the order cannot be told.</summary>
    /// <exception cref="FhirPathException">There are several items, or the types have no order with each other.</exception>
    public static int? Compare(in Values left, in Values right, Frame frame, int position)
    {
        var (a, b) = (left.Single(position), right.Single(position));
        if (a is null || b is null)
        {
            return null;
        }

        return (a.SystemValue, b.SystemValue) switch
        {
            (int x, int y) => x.CompareTo(y),
            (string x, string y) => string.CompareOrdinal(x, y),
            (Moment x, Moment y) when (x.Kind == MomentKind.Time) == (y.Kind == MomentKind.Time) => Moment.Compare(x, y, frame.Context.Offset),
            // A Quantity without a value, or with a comparator, has no place in an order; that is no mistake of the expression.
            (null, _) when a.IsPrimitive || a.IsQuantity => null,
            (_, null) when b.IsPrimitive || b.IsQuantity => null,
            ({ } x, { } y) when Numbers.TryDecimal(x, out var p) && Numbers.TryDecimal(y, out var q) => p.CompareTo(q),
            ({ } x, { } y) when TryQuantities(x, y, out var p, out var q) => PathQuantity.Compare(p, q),
            _ => throw new FhirPathException($"There is no order between {Name(a)} and {Name(b)}.", position),
        };
    }

    /// <summary>Numbers count as quantities of unit 1 beside a quantity.</summary>
    public static bool TryQuantities(object left, object right, [NotNullWhen(true)] out PathQuantity? a, [NotNullWhen(true)] out PathQuantity? b)
    {
        a = left as PathQuantity ?? (right is PathQuantity && Numbers.TryDecimal(left, out var x) ? new PathQuantity(x, "1") : null);
        b = right as PathQuantity ?? (left is PathQuantity && Numbers.TryDecimal(right, out var y) ? new PathQuantity(y, "1") : null);
        return a is not null && b is not null;
    }

    public static string Name(FhirNode node) => node.Type?.Name ?? TypeSpecifier.NameOf(node.SystemValue);
}
