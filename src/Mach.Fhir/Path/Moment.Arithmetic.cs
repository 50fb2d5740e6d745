namespace Mach.Fhir.Path;

public sealed partial record Moment
{
    /// <summary>Later by a time, or earlier by a negative one; null when that is beyond the years 1–9999.</summary>
    /// <exception cref="FhirPathException">The quantity is no time, or not one that can be added to this.</exception>
    /// <remarks>
    /// Source: http://hl7.org/fhirpath/N1/#datetime-arithmetic. Fractions count for seconds only; months end on the last day they have;
    /// a time finer than what is known is first turned into what is known, with 365 days a year and 30 days a month; times of day go round.
    /// </remarks>
    internal Moment? Add(PathQuantity time)
    {
        if (CalendarUnits.Of(time) is not { } unit)
        {
            throw new FhirPathException("Only a time can be added to a date or a time: " + time);
        }

        try
        {
            if (Kind != MomentKind.Time)
            {
                return AddTo(Amount(time.Value, unit), unit);
            }

            return unit.Level >= MomentPrecision.Hour
                ? this with { Local = DateTime.MinValue + Wrapped(Local.TimeOfDay.Ticks + Ticks(Amount(time.Value, unit), unit)) }
                : throw new FhirPathException("Days and more cannot be added to a time of day.");
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            return null;
        }
    }

    private Moment AddTo(decimal amount, CalendarUnit unit)
    {
        // A finer unit than what is known: as days, then as what is known.
        var days = unit.Level <= MomentPrecision.Month ? 0 : Ticks(amount, unit) / (decimal)TimeSpan.TicksPerDay;
        var moved = (Precision, unit.Level) switch
        {
            (_, MomentPrecision.Year) => Local.AddYears((int)amount),
            (MomentPrecision.Year, MomentPrecision.Month) => Local.AddYears((int)(amount / 12)),
            (_, MomentPrecision.Month) => Local.AddMonths((int)amount),
            (MomentPrecision.Year, _) => Local.AddYears((int)(days / 365)),
            (MomentPrecision.Month, _) => Local.AddMonths((int)(days / 30)),
            (MomentPrecision.Day, _) => Local.AddDays((double)decimal.Truncate(days)),
            (MomentPrecision.Hour, > MomentPrecision.Hour) => Local.AddTicks(Whole(Ticks(amount, unit), TimeSpan.TicksPerHour)),
            (MomentPrecision.Minute, > MomentPrecision.Minute) => Local.AddTicks(Whole(Ticks(amount, unit), TimeSpan.TicksPerMinute)),
            _ => Local.AddTicks(Ticks(amount, unit)),
        };

        return this with { Local = moved, FractionDigits = Precision == MomentPrecision.Second && moved.Ticks % TimeSpan.TicksPerSecond != 0 ? Math.Max(FractionDigits, 3) : FractionDigits };
    }

    private static decimal Amount(decimal value, CalendarUnit unit) => unit.Level == MomentPrecision.Second ? value : decimal.Truncate(value);

    private static long Ticks(decimal amount, CalendarUnit unit) => (long)(amount * unit.Ticks);

    private static long Whole(long ticks, long unit) => ticks / unit * unit;

    private static TimeSpan Wrapped(long ticks) => new(((ticks % TimeSpan.TicksPerDay) + TimeSpan.TicksPerDay) % TimeSpan.TicksPerDay);
}

/// <param name="Level">The part of a date that it counts; weeks count days.</param>
/// <param name="Ticks">Its length; 0 for years and months, which have no fixed one.</param>
/// <param name="Ucum">The definite duration that is about as long.</param>
internal sealed record CalendarUnit(string Name, MomentPrecision Level, long Ticks, string Ucum);

/// <summary>The words that stand for times in FHIRPath.</summary>
/// <remarks>Source: http://hl7.org/fhirpath/N1/#time-valued-quantities.</remarks>
internal static class CalendarUnits
{
    private static readonly CalendarUnit[] All =
    [
        new("year", MomentPrecision.Year, 0, "a"),
        new("month", MomentPrecision.Month, 0, "mo"),
        new("week", MomentPrecision.Day, TimeSpan.TicksPerDay * 7, "wk"),
        new("day", MomentPrecision.Day, TimeSpan.TicksPerDay, "d"),
        new("hour", MomentPrecision.Hour, TimeSpan.TicksPerHour, "h"),
        new("minute", MomentPrecision.Minute, TimeSpan.TicksPerMinute, "min"),
        new("second", MomentPrecision.Second, TimeSpan.TicksPerSecond, "s"),
        new("millisecond", MomentPrecision.Second, TimeSpan.TicksPerMillisecond, "ms"),
    ];

    /// <summary>"day" or "days"; null for other words.</summary>
    public static CalendarUnit? Find(string word)
    {
        foreach (var unit in All)
        {
            if (word == unit.Name || (word.Length == unit.Name.Length + 1 && word[^1] == 's' && word.StartsWith(unit.Name, StringComparison.Ordinal)))
            {
                return unit;
            }
        }

        return null;
    }

    /// <summary>The calendar unit of a quantity, also when it is written as the definite one; null when it is no time.</summary>
    public static CalendarUnit? Of(PathQuantity quantity) => Array.Find(All, u => quantity.Unit == (quantity.IsCalendar ? u.Name : u.Ucum));
}
