using System.Text;

namespace Mach.Chart.Reading;

/// <summary>The words of a FHIR narrative without its markup: received XHTML is never put into a page.</summary>
internal static class Narrative
{
    /// <summary>Text of the div, a line per block or break; null when there is none.</summary>
    public static string? Plain(string? xhtml)
    {
        if (xhtml is null)
        {
            return null;
        }

        var text = new StringBuilder(xhtml.Length);
        var at = 0;
        while (at < xhtml.Length)
        {
            var open = xhtml.IndexOf('<', at);
            if (open < 0)
            {
                text.Append(xhtml, at, xhtml.Length - at);
                break;
            }

            text.Append(xhtml, at, open - at);
            var close = xhtml.IndexOf('>', open);
            if (close < 0)
            {
                break;
            }

            var tag = xhtml.AsSpan(open + 1, close - open - 1).Trim('/').Trim();
            if (tag.StartsWith("br", StringComparison.OrdinalIgnoreCase) || tag is "p" or "li" or "tr")
            {
                text.Append('\n');
            }

            at = close + 1;
        }

        return System.Net.WebUtility.HtmlDecode(text.ToString()).Trim();
    }
}
