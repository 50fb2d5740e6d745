using System.Globalization;
using System.Text.Json;

namespace Mach.Fhir.Path;

/// <summary>Integers and decimals, as System types and as text.</summary>
internal static class Numbers
{
    public static string Write(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A JSON number; null when no decimal holds it.</summary>
    public static object? Read(JsonElement json, bool isInteger)
    {
        if (isInteger && json.TryGetInt32(out var integer))
        {
            return integer;
        }

        return json.TryGetDecimal(out var value) ? value : null;
    }

    /// <summary>The number of an integer or a decimal.</summary>
    public static bool TryDecimal(object? value, out decimal number)
    {
        number = value switch { int i => i, long l => l, decimal d => d, _ => 0 };
        return value is int or long or decimal;
    }

    /// <summary>An integer when it is one of 32 bits, else null: larger ones are no System.Integer.</summary>
    public static object? Integer(decimal value) => value is >= int.MinValue and <= int.MaxValue ? (int)value : null;

    /// <summary>Digits after the point, zeros at the end not counted.</summary>
    public static int Places(decimal value)
    {
        var places = 0;
        for (value = Math.Abs(value % 1); value != decimal.Truncate(value) && places < 28; places++)
        {
            value *= 10;
        }

        return places;
    }
}
