using System.Collections.Concurrent;

namespace Mach.Fhir.Units;

/// <summary>Units of measure: reads UCUM's case-sensitive codes and converts between those of the same kind.</summary>
/// <remarks>
/// Source: https://ucum.org/ucum. Two choices: mol stands for itself and not for 6.02·10²³, so that amounts and pure numbers stay apart;
/// arbitrary units ([IU], [arb'U]) and logarithmic ones ([pH], dB) convert only to multiples of themselves.
/// </remarks>
public static class Ucum
{
    /// <summary>Data names a few hundred units; strange ones beyond this many are read each time.</summary>
    private const int MaxKnown = 4096;

    private static readonly ConcurrentDictionary<string, Unit?> Known = new(StringComparer.Ordinal);

    /// <summary>Whether the text is a unit: "mg/dL", "10*3/uL", "mm[Hg]", "{score}".</summary>
    public static bool IsValid(string unit) => Find(unit) is not null;

    /// <summary>In base units, which are named in a fixed order: 90 mg/dL is 900 g.m-3. False when the text is no unit.</summary>
    /// <param name="canonical">The nearest double to the exact value, so that equal quantities are equal whatever their units.</param>
    public static bool TryCanonical(decimal value, string unit, out double canonical, out string canonicalUnit)
    {
        (canonical, canonicalUnit) = (0, "");
        if (Find(unit) is not { } known)
        {
            return false;
        }

        canonical = known.ToBase(Ratio.Of(value)).ToDouble();
        canonicalUnit = known.Canonical;
        return double.IsFinite(canonical);
    }

    /// <summary>As with a decimal; numbers that no decimal holds are multiplied as they are, infinities stay what they are.</summary>
    public static bool TryCanonical(double value, string unit, out double canonical, out string canonicalUnit)
    {
        (canonical, canonicalUnit) = (0, "");
        if (double.IsNaN(value) || Find(unit) is not { } known)
        {
            return false;
        }

        // The shortest decimal that reads as this double is the number that was meant.
        if (Math.Abs(value) is 0 or (> 1e-12 and < 1e15))
        {
            return TryCanonical((decimal)value, unit, out canonical, out canonicalUnit);
        }

        canonical = (value + known.Offset.ToDouble()) * known.Factor.ToDouble();
        canonicalUnit = known.Canonical;
        return !double.IsNaN(canonical) && double.IsFinite(canonical) == double.IsFinite(value);
    }

    /// <summary>False when a text is no unit, when the two are not of one kind, or when the number is too large.</summary>
    public static bool TryConvert(decimal value, string from, string to, out decimal converted)
    {
        converted = value;
        return from == to ? IsValid(from)
            : Find(from) is { } source && Find(to) is { } target && source.Canonical == target.Canonical && target.FromBase(source.ToBase(Ratio.Of(value))).TryDecimal(out converted);
    }

    /// <summary>Exactly, without rounding; false when the two cannot be compared.</summary>
    internal static bool TryCompare(decimal left, string leftUnit, decimal right, string rightUnit, out int order)
    {
        order = left.CompareTo(right);
        if (leftUnit == rightUnit)
        {
            return true;
        }

        if (Find(leftUnit) is not { } a || Find(rightUnit) is not { } b || a.Canonical != b.Canonical)
        {
            return false;
        }

        order = a.ToBase(Ratio.Of(left)).CompareTo(b.ToBase(Ratio.Of(right)));
        return true;
    }

    /// <summary>Which of two units of one kind is the smaller; null when they are not of one kind.</summary>
    internal static string? Finer(string left, string right) =>
        Find(left) is { } a && Find(right) is { } b && a.Canonical == b.Canonical ? (a.Factor.CompareTo(b.Factor) <= 0 ? left : right) : null;

    internal static Unit? Find(string unit)
    {
        if (Known.TryGetValue(unit, out var known))
        {
            return known;
        }

        known = UnitParser.Parse(unit);
        if (Known.Count < MaxKnown)
        {
            Known.TryAdd(unit, known);
        }

        return known;
    }
}
