using System.Globalization;
using System.Text.RegularExpressions;
using Mach.Chart.Record;

namespace Mach.Chart.Own;

/// <summary>How a result stands to the range that its laboratory gave.</summary>
internal enum RangeMeaning
{
    /// <summary>There is nothing to compare it with.</summary>
    Unknown,
    Within,
    Above,
    Below,
    /// <summary>The source calls it abnormal and does not say in which direction.</summary>
    Marked,
}

/// <summary>Compares a result with its own range: what the source says of it first, then its numbers. Nothing is said of what it means for the person.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/valueset-observation-interpretation.html.</remarks>
internal static partial class RangeMeanings
{
    public static RangeMeaning Of(ResultEvent result) => result.Flag switch
    {
        "H" or "HH" or "HU" or "HX" or ">" => RangeMeaning.Above,
        "L" or "LL" or "LU" or "LX" or "<" => RangeMeaning.Below,
        "N" or "NEG" => RangeMeaning.Within,
        { } flag when ResultEvent.IsAbnormal(flag) => RangeMeaning.Marked,
        _ => ByNumbers(result),
    };

    /// <summary>Only a plain number is compared: "120/80" and "&lt; 0.5" say more than one.</summary>
    private static RangeMeaning ByNumbers(ResultEvent result)
    {
        if (result.Number is not { } value || !Plain().IsMatch(result.Value) || result.Range is null)
        {
            return RangeMeaning.Unknown;
        }

        var (low, high) = Limits(result.Range);
        return (low, high) is (null, null) ? RangeMeaning.Unknown : value < low ? RangeMeaning.Below : value > high ? RangeMeaning.Above : RangeMeaning.Within;
    }

    /// <summary>"3.9 – 6.4", "3,9-6,4", "≤ 5", "≥ 60"; anything else has no limits.</summary>
    internal static (double? Low, double? High) Limits(string range)
    {
        if (Between().Match(range) is { Success: true } both && Number(both.Groups[1]) is { } low && Number(both.Groups[2]) is { } high && low < high)
        {
            return (low, high);
        }

        return OneSided().Match(range) is { Success: true } one && Number(one.Groups[2]) is { } limit
            ? one.Groups[1].Value == "≤" ? (null, limit) : (limit, null)
            : (null, null);
    }

    private static double? Number(Group text) =>
        double.TryParse(text.Value.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"^-?\d+(\.\d+)?$")]
    private static partial Regex Plain();

    [GeneratedRegex(@"^\s*(\d+(?:[.,]\d{1,2})?)\s*[-–]\s*(\d+(?:[.,]\d{1,2})?)\s*$")]
    private static partial Regex Between();

    [GeneratedRegex(@"^\s*([≤≥])\s*(\d+(?:[.,]\d{1,2})?)\s*$")]
    private static partial Regex OneSided();
}
