using System.Globalization;
using Mach.Indicators.Asking;
using Mach.Indicators.Definitions;
using Mach.Ui;

namespace Mach.Indicators.Pages;

/// <summary>Numbers as they are read: 1.234,5 in Vietnamese, 1,234.5 in English; in files with a point and nothing else.</summary>
internal static class Shown
{
    private static readonly NumberFormatInfo Vi = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "." }, En = new() { NumberDecimalSeparator = ".", NumberGroupSeparator = "," };

    public static string Number(decimal value, int digits = 0) => value.ToString("N" + digits, Texts.IsEnglish ? En : Vi);

    /// <summary>Large amounts in millions and billions, for tiles.</summary>
    public static string Short(decimal value, int digits)
    {
        var size = Math.Abs(value);
        return size >= 1_000_000_000 ? Number(value / 1_000_000_000, 1) + " " + Words.T["billion"] : size >= 10_000_000 ? Number(value / 1_000_000, 1) + " " + Words.T["million"] : Number(value, digits);
    }

    public static string Value(Indicator indicator, Parts parts, bool isSmall, bool isShort = false) =>
        isSmall ? "< " + indicator.Min.ToString(CultureInfo.InvariantCulture)
        : parts.Value(indicator) is not { } value ? "–"
        : isShort ? Short(value, indicator.Digits) : Number(value, indicator.Digits);

    public static string Plain(decimal? value, int digits) => value is { } v ? decimal.Round(v, Math.Max(digits, 2), MidpointRounding.AwayFromZero).ToString("0.######", CultureInfo.InvariantCulture) : "";

    public static string Percent(decimal part) => Number(part * 100, 1) + " %";

    /// <summary>Change against a year before; null where there is nothing to compare.</summary>
    public static decimal? Change(Indicator indicator, Parts now, Parts before) => now.Value(indicator) is { } a && before.Value(indicator) is { } b && b != 0 ? (a - b) / Math.Abs(b) : null;

    /// <summary>good, bad or nothing, by what is better.</summary>
    public static string? Kind(Indicator indicator, decimal? change) =>
        change is null or 0 || indicator.Better == "none" ? null : (indicator.Better == "up") == (change > 0) ? "good" : "bad";
}
