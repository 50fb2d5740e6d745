using System.Text;
using System.Text.Json;
using Mach.Fhir.Units;

namespace Mach.Fhir.Path;

/// <summary>~: order, case, blanks and the last digits do not matter.</summary>
/// <remarks>Source: http://hl7.org/fhirpath/N1/#equivalence.</remarks>
internal static class Equivalence
{
    public static bool Equivalent(in Values left, in Values right, Frame frame)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        var used = new bool[right.Count];
        for (var i = 0; i < left.Count; i++)
        {
            var found = false;
            for (var j = 0; j < used.Length && !found; j++)
            {
                frame.Count(1);
                if (!used[j] && Equivalent(left[i], right[j], frame.Context.Offset))
                {
                    used[j] = found = true;
                }
            }

            if (!found)
            {
                return false;
            }
        }

        return true;
    }

    private static bool Equivalent(FhirNode left, FhirNode right, TimeSpan offset)
    {
        var (a, b) = (left.SystemValue, right.SystemValue);
        if (a is null || b is null)
        {
            return a is null && b is null && Equivalent(left.Json, right.Json);
        }

        if (Numbers.TryDecimal(a, out var x) && Numbers.TryDecimal(b, out var y))
        {
            return Equivalent(x, y);
        }

        return (a, b) switch
        {
            (string s, string t) => Normal(s) == Normal(t),
            (bool p, bool q) => p == q,
            (Moment m, Moment n) => (m.Kind == MomentKind.Time) == (n.Kind == MomentKind.Time) && m.Precision == n.Precision && Moment.Compare(m, n, offset) == 0,
            _ => Comparison.TryQuantities(a, b, out var q1, out var q2) && Equivalent(q1, q2),
        };
    }

    /// <summary>To the places of the less precise one.</summary>
    private static bool Equivalent(decimal left, decimal right)
    {
        var places = Math.Min(Numbers.Places(left), Numbers.Places(right));
        return Math.Round(left, places, MidpointRounding.AwayFromZero) == Math.Round(right, places, MidpointRounding.AwayFromZero);
    }

    /// <summary>In the coarser of the two units.</summary>
    private static bool Equivalent(PathQuantity left, PathQuantity right)
    {
        var (a, b) = (left.UcumUnit, right.UcumUnit);
        if (a == b)
        {
            return Equivalent(left.Value, right.Value);
        }

        return Ucum.Finer(a, b) is { } finer
            && Ucum.TryConvert(left.Value, a, finer == a ? b : a, out var x)
            && Ucum.TryConvert(right.Value, b, finer == a ? b : a, out var y)
            && Equivalent(x, y);
    }

    private static bool Equivalent(JsonElement left, JsonElement right)
    {
        if (left.ValueKind != right.ValueKind)
        {
            return false;
        }

        switch (left.ValueKind)
        {
            case JsonValueKind.Object:
                return left.GetPropertyCount() == right.GetPropertyCount()
                    && left.EnumerateObject().All(p => right.TryGetProperty(p.Name, out var other) && Equivalent(p.Value, other));
            case JsonValueKind.Array:
                var rest = right.EnumerateArray().ToList();
                return left.GetArrayLength() == rest.Count
                    && left.EnumerateArray().All(item => rest.FindIndex(other => Equivalent(item, other)) is var at and >= 0 && Remove(rest, at));
            case JsonValueKind.String:
                return Normal(left.GetString()!) == Normal(right.GetString()!);
            case JsonValueKind.Number:
                return left.TryGetDecimal(out var a) && right.TryGetDecimal(out var b) ? Equivalent(a, b) : JsonElement.DeepEquals(left, right);
            default:
                return true;
        }
    }

    private static bool Remove(List<JsonElement> items, int at)
    {
        items.RemoveAt(at);
        return true;
    }

    /// <summary>Lower case, one blank for any run of white space.</summary>
    private static string Normal(string text)
    {
        var normal = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c))
            {
                normal.Append(char.ToLowerInvariant(c));
            }
            else if (normal.Length == 0 || normal[^1] != ' ')
            {
                normal.Append(' ');
            }
        }

        return normal.ToString();
    }
}
