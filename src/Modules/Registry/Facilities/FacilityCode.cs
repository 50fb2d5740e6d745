namespace Mach.Registry.Facilities;

internal static class FacilityCode
{
    /// <summary>Five letters or digits (QĐ 384/2019: two of the province, three of the facility).</summary>
    public static bool IsValid(string? code) => code is { Length: 5 } && code.All(char.IsAsciiLetterOrDigit);
}
