using System.Text.Json;

namespace Mach.Fhir.Path;

/// <summary>= and what is made of it.</summary>
/// <remarks>Source: http://hl7.org/fhirpath/N1/#equality.</remarks>
internal static class Equality
{
    /// <summary>Null when one is empty, or when a part cannot be told equal.</summary>
    public static bool? Equal(in Values left, in Values right, Frame frame)
    {
        if (left.IsEmpty || right.IsEmpty)
        {
            return null;
        }

        if (left.Count != right.Count)
        {
            return false;
        }

        bool? result = true;
        for (var i = 0; i < left.Count; i++)
        {
            switch (Equal(left[i], right[i], frame.Context.Offset))
            {
                case false:
                    return false;
                case null:
                    result = null;
                    break;
            }
        }

        frame.Count(left.Count);
        return result;
    }

    public static bool? Equal(FhirNode left, FhirNode right, TimeSpan offset)
    {
        if (left.IsJsonText && right.IsJsonText)
        {
            return left.Json.ValueEquals(right.Json.GetString());
        }

        if (left.IsJsonText && right.IsSystem)
        {
            return right.SystemValue is string text && left.Json.ValueEquals(text);
        }

        if (right.IsJsonText && left.IsSystem)
        {
            return left.SystemValue is string text && right.Json.ValueEquals(text);
        }

        var (a, b) = (left.SystemValue, right.SystemValue);
        if (a is not null && b is not null)
        {
            return EqualValues(left, right, a, b, offset);
        }

        if ((a is null && left.IsPrimitive) || (b is null && right.IsPrimitive))
        {
            return null;
        }

        return a is null && b is null && DeepEqual(left, right);
    }

    /// <summary>A hash that goes with <see cref="Equal(FhirNode, FhirNode, TimeSpan)"/>; values that can be equal in several forms share one.</summary>
    public static int Hash(FhirNode node) => node.SystemValue switch
    {
        string text => string.GetHashCode(text, StringComparison.Ordinal),
        bool value => value ? 1 : 2,
        int value => ((decimal)value).GetHashCode(),
        long value => ((decimal)value).GetHashCode(),
        decimal value => value.GetHashCode(),
        Moment => 3,
        PathQuantity => 4,
        _ => HashProperties(node.Json),
    };

    private static bool? EqualValues(FhirNode left, FhirNode right, object a, object b, TimeSpan offset)
    {
        if (a is string first)
        {
            return b is string second && first == second;
        }

        if (Numbers.TryDecimal(a, out var x) && Numbers.TryDecimal(b, out var y))
        {
            return x == y;
        }

        switch (a, b)
        {
            case (bool p, bool q):
                return p == q;
            case (Moment m, Moment n):
                return (m.Kind == MomentKind.Time) != (n.Kind == MomentKind.Time) ? false : Moment.Compare(m, n, offset) is { } order ? order == 0 : null;
            default:
                if (Comparison.TryQuantities(a, b, out var q1, out var q2))
                {
                    return PathQuantity.Compare(q1, q2) is { } quantityOrder ? quantityOrder == 0 : !left.IsSystem && !right.IsSystem && DeepEqual(left, right) ? true : null;
                }

                return false;
        }
    }

    private static bool DeepEqual(FhirNode left, FhirNode right) =>
        left.Json.ValueKind == JsonValueKind.Object && right.Json.ValueKind == JsonValueKind.Object && JsonElement.DeepEquals(left.Json, right.Json);

    private static int HashProperties(JsonElement json)
    {
        var hash = 5;
        if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in json.EnumerateObject())
            {
                hash += string.GetHashCode(property.Name, StringComparison.Ordinal) ^ (property.Value.ValueKind == JsonValueKind.String ? string.GetHashCode(property.Value.GetString(), StringComparison.Ordinal) : (int)property.Value.ValueKind);
            }
        }

        return hash;
    }
}

/// <summary>Items by =, where "cannot be told" counts as different.</summary>
internal sealed class NodeComparer(TimeSpan offset) : IEqualityComparer<FhirNode>
{
    public bool Equals(FhirNode? x, FhirNode? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && (Equality.Equal(x, y, offset) ?? AreAlikeWithoutValue(x, y)));

    /// <summary>Primitives that have extensions only are one item of a set when these are the same.</summary>
    private static bool AreAlikeWithoutValue(FhirNode x, FhirNode y) =>
        x.SystemValue is null && y.SystemValue is null && x.Shadow.ValueKind == JsonValueKind.Object && y.Shadow.ValueKind == JsonValueKind.Object && JsonElement.DeepEquals(x.Shadow, y.Shadow);

    public int GetHashCode(FhirNode obj) => Equality.Hash(obj);
}
