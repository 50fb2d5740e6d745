using System.Globalization;
using Mach.Fhir.Units;

namespace Mach.Fhir.Path;

/// <summary>A System.Quantity.</summary>
/// <param name="Unit">A UCUM code, '1' for none; or a calendar word in the singular.</param>
/// <param name="IsCalendar">The unit is a word: a calendar month is not 30.4375 days.</param>
public sealed record PathQuantity(decimal Value, string Unit, bool IsCalendar = false)
{
    /// <summary>As a literal: "5 'mg'", "3 days".</summary>
    public override string ToString() =>
        Numbers.Write(Value) + (IsCalendar ? string.Create(CultureInfo.InvariantCulture, $" {Unit}{(Value == 1 ? "" : "s")}") : $" '{Unit}'");

    /// <summary>Null when the two cannot be compared: other dimension, unknown unit, or a calendar year or month with a definite duration.</summary>
    /// <remarks>Source: http://hl7.org/fhirpath/N1/#equals and #time-valued-quantities.</remarks>
    internal static int? Compare(PathQuantity left, PathQuantity right)
    {
        if (left.Unit == right.Unit && left.IsCalendar == right.IsCalendar)
        {
            return left.Value.CompareTo(right.Value);
        }

        if (left.IsCalendar && right.IsCalendar)
        {
            return CompareCalendar(left, right);
        }

        return (left.IsCalendar && left.Unit is "year" or "month") || (right.IsCalendar && right.Unit is "year" or "month") ? null : CompareUcum(left, right);
    }

    /// <summary>As <see cref="Compare"/>, with calendar words taken for the durations that are about as long.</summary>
    internal static int? CompareUcum(PathQuantity left, PathQuantity right) =>
        Ucum.TryCompare(left.Value, left.UcumUnit, right.Value, right.UcumUnit, out var order) ? order : null;

    /// <summary>Sum in the finer of the two units; null when they have no common one.</summary>
    internal static PathQuantity? Add(PathQuantity left, PathQuantity right)
    {
        if (left.Unit == right.Unit && left.IsCalendar == right.IsCalendar)
        {
            return left with { Value = left.Value + right.Value };
        }

        return Ucum.Finer(left.UcumUnit, right.UcumUnit) is { } unit && Ucum.TryConvert(left.Value, left.UcumUnit, unit, out var a) && Ucum.TryConvert(right.Value, right.UcumUnit, unit, out var b)
            ? new PathQuantity(a + b, unit)
            : null;
    }

    internal static PathQuantity Multiply(PathQuantity left, PathQuantity right) =>
        new(left.Value * right.Value, left.UcumUnit == "1" ? right.UcumUnit : right.UcumUnit == "1" ? left.UcumUnit : left.UcumUnit + "." + Grouped(right.UcumUnit));

    internal static PathQuantity? Divide(PathQuantity left, PathQuantity right)
    {
        if (right.Value == 0)
        {
            return null;
        }

        // Units of one kind cancel, so that g/mg is a number.
        if (Ucum.TryConvert(right.Value, right.UcumUnit, left.UcumUnit, out var divisor) && divisor != 0)
        {
            return new PathQuantity(left.Value / divisor, "1");
        }

        var unit = right.UcumUnit == "1" ? left.UcumUnit : (left.UcumUnit == "1" ? "" : left.UcumUnit) + "/" + Grouped(right.UcumUnit);
        return new PathQuantity(left.Value / right.Value, unit);
    }

    internal string UcumUnit => IsCalendar ? CalendarUnits.Find(Unit)!.Ucum : Unit;

    private static string Grouped(string unit) => unit.AsSpan().ContainsAny('.', '/') ? "(" + unit + ")" : unit;

    /// <summary>Years in months, weeks and less in ticks; between the two kinds a year has 365 days and a month 30.</summary>
    private static int? CompareCalendar(PathQuantity left, PathQuantity right)
    {
        var (a, b) = (CalendarUnits.Find(left.Unit)!, CalendarUnits.Find(right.Unit)!);
        return a.Ticks == 0 && b.Ticks == 0
            ? Months(left, a).CompareTo(Months(right, b))
            : Ticks(left, a).CompareTo(Ticks(right, b));
    }

    private static decimal Months(PathQuantity quantity, CalendarUnit unit) => quantity.Value * (unit.Level == MomentPrecision.Year ? 12 : 1);

    private static decimal Ticks(PathQuantity quantity, CalendarUnit unit) =>
        quantity.Value * (unit.Ticks > 0 ? unit.Ticks : TimeSpan.TicksPerDay * (unit.Level == MomentPrecision.Year ? 365 : 30));
}
