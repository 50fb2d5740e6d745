using System.Globalization;

namespace Mach.Registry.Units.Pages;

/// <summary>The day and the moment of knowledge that a page is asked for, from its address.</summary>
/// <param name="Date">Day by law.</param>
/// <param name="KnownOn">Day in Vietnam at whose end it is known; null = now.</param>
public sealed record UnitQuery(DateOnly Date, DateOnly? KnownOn)
{
    /// <summary>The slider's first month.</summary>
    public static readonly DateOnly FirstMonth = new(2024, 1, 1);

    public DateTimeOffset? KnownAt => KnownOn is { } day ? new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(7)).AddTicks(-10) : null;

    /// <summary>Places on the slider: months since <see cref="FirstMonth"/>.</summary>
    public int Month => Math.Max(0, ((Date.Year - FirstMonth.Year) * 12) + Date.Month - FirstMonth.Month);

    /// <param name="date">ISO or dd/MM/yyyy; wins over the slider.</param>
    /// <param name="month">Months since <see cref="FirstMonth"/>: the first day of that month.</param>
    public static UnitQuery Read(string? date, int? month, string? known, DateOnly today) =>
        new(Day(date) ?? (month is >= 0 and < 1200 ? FirstMonth.AddMonths(month.Value) : today), Day(known));

    public static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text?.Trim(), ["yyyy-MM-dd", "dd/MM/yyyy", "d/M/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    public static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The part of an address that keeps day and knowledge.</summary>
    public string Suffix => "?date=" + Iso(Date) + (KnownOn is { } known ? "&known=" + Iso(known) : "");
}
