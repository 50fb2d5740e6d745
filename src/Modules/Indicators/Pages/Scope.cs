using Mach.Access.Authority;
using Mach.Indicators.Asking;
using Mach.Indicators.Definitions;
using Microsoft.AspNetCore.Http;

namespace Mach.Indicators.Pages;

/// <summary>Whose numbers a caller may see: of the place where they act now, or of all. The same on pages, in files and for programs.</summary>
/// <param name="Facility">The only one; null with <paramref name="IsEverywhere"/> = all of them, without = none.</param>
public sealed record Scope(bool IsEverywhere, string? Facility)
{
    internal static Scope Of(HttpContext http) => http.Workplace() is { } place ? new(place.IsEverywhere, place.Facility) : new(false, null);

    public bool IsNothing => !IsEverywhere && Facility is null;

    /// <summary>For questions: null = everywhere.</summary>
    public IReadOnlyList<string>? Facilities => IsEverywhere ? null : Facility is null ? [] : [Facility];

    public bool Sees(string facility) => IsEverywhere || facility == Facility;

    /// <summary>A value of so few rows that it may tell of somebody: it is said to be small, nothing else.</summary>
    public static bool IsSmall(Indicator indicator, Parts parts, bool seesPeople) => IsSmall(indicator, parts.Rows, seesPeople);

    public static bool IsSmall(Indicator indicator, long rows, bool seesPeople) => !seesPeople && indicator.Min > 0 && rows > 0 && rows < indicator.Min;
}
