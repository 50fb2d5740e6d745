using Mach.Kernel;

namespace Mach.Chart.Flowsheets;

/// <summary>Names of rows in addresses.</summary>
internal static class FlowsheetKey
{
    /// <summary>Letters, digits and single hyphens: "0110101|mmol/L" → "0110101-mmol-l".</summary>
    public static string Of(string text)
    {
        var words = new string([.. VietnameseText.Fold(text).Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? "-" : string.Join('-', words);
    }
}
