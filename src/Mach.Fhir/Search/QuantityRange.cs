using System.Text.Json;
using Mach.Fhir.Units;

namespace Mach.Fhir.Search;

/// <summary>The numbers that a Quantity, Money, Range or plain number stands for.</summary>
/// <param name="Low">Least; minus infinity for "less than".</param>
/// <param name="High">Greatest; infinity for "more than".</param>
/// <param name="System">Of the unit; null when it says none.</param>
/// <param name="Code">Code of the unit, or currency; null when it says none.</param>
/// <param name="Unit">As shown to people; null when it says none.</param>
internal readonly record struct QuantityRange(double Low, double High, string? System, string? Code, string? Unit)
{
    /// <summary>The system of UCUM units.</summary>
    public const string UcumSystem = "http://unitsofmeasure.org";

    /// <summary>False for anything without a number.</summary>
    public static bool TryRead(JsonElement element, out QuantityRange range)
    {
        range = default;
        switch (element.ValueKind)
        {
            case JsonValueKind.Number:
                var number = element.GetDouble();
                range = new QuantityRange(number, number, null, null, null);
                return double.IsFinite(number);
            case JsonValueKind.Object when element.TryGetProperty("value"u8, out var value):
                return value.ValueKind == JsonValueKind.Number && TryQuantity(element, value.GetDouble(), out range);
            case JsonValueKind.Object:
                return TryEnds(element, out range);
            default:
                return false;
        }
    }

    /// <summary>In UCUM's base units; false when the unit is not one that can be converted.</summary>
    public bool TryCanonical(out string unit, out double low, out double high)
    {
        (unit, low, high) = ("", 0, 0);
        return System == UcumSystem && Code is not null && CanonicalUnits.TryConvert(Code, Low, High, out unit, out low, out high);
    }

    private static bool TryQuantity(JsonElement element, double value, out QuantityRange range)
    {
        var comparator = Text(element, "comparator"u8);
        range = new QuantityRange(
            comparator is "<" or "<=" ? double.NegativeInfinity : value,
            comparator is ">" or ">=" ? double.PositiveInfinity : value,
            Text(element, "system"u8),
            Text(element, "code"u8) ?? Text(element, "currency"u8),
            Text(element, "unit"u8));
        return double.IsFinite(value);
    }

    private static bool TryEnds(JsonElement element, out QuantityRange range)
    {
        QuantityRange from = default, to = default;
        var low = element.TryGetProperty("low"u8, out var first) && first.ValueKind == JsonValueKind.Object && TryRead(first, out from);
        var high = element.TryGetProperty("high"u8, out var last) && last.ValueKind == JsonValueKind.Object && TryRead(last, out to);
        var unit = low ? from : to;
        range = new QuantityRange(low ? from.Low : double.NegativeInfinity, high ? to.High : double.PositiveInfinity, unit.System, unit.Code, unit.Unit);
        return (low || high) && range.Low <= range.High;
    }

    private static string? Text(JsonElement element, ReadOnlySpan<byte> name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>Keys of number rows, beside the parameter's number.</summary>
internal static class QuantityKeys
{
    /// <summary>Open ends stand here: the databases' numbers have no infinity that both engines order alike.</summary>
    public const double Infinite = 1e308;

    /// <summary>The number as sent, whatever its unit.</summary>
    public const string AnyUnit = "";

    /// <summary>The number in canonical units.</summary>
    public static string Canonical(string unit) => "=" + unit;

    /// <summary>Values that are more than one number, at their least.</summary>
    public static string Wide(string key) => key + "~";

    public static double Bounded(double value) => Math.Clamp(value, -Infinite, Infinite);
}

/// <summary>Numbers in UCUM's base units.</summary>
internal static class CanonicalUnits
{
    /// <summary>Both ends in base units; false when the text is no unit of UCUM.</summary>
    public static bool TryConvert(string unit, double low, double high, out string canonical, out double canonicalLow, out double canonicalHigh)
    {
        canonicalHigh = 0;
        if (!Ucum.TryCanonical(low, unit, out canonicalLow, out canonical))
        {
            return false;
        }

        canonicalHigh = canonicalLow;
        return low == high || Ucum.TryCanonical(high, unit, out canonicalHigh, out _);
    }
}
