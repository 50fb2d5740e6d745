using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Mach.Fhir.Path.Functions;

/// <summary>Regular expressions of matches and replaceMatches: anywhere in the text, case-sensitive, the point takes line ends too.</summary>
/// <remarks>Source: http://hl7.org/fhirpath/N1/#matchesregex--string--boolean.</remarks>
internal static class Patterns
{
    /// <summary>Patterns stand in rules, so there are few; strange ones beyond this many are read each time.</summary>
    private const int MaxKnown = 256;

    /// <summary>For patterns that need backtracking; the others take linear time.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);

    private static readonly ConcurrentDictionary<string, Regex> Known = new(StringComparer.Ordinal);

    public static bool IsMatch(string text, string pattern, int position)
    {
        try
        {
            return Find(pattern, position).IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw TooSlow(position);
        }
    }

    public static string Replace(string text, string pattern, string substitution, int position)
    {
        try
        {
            return Find(pattern, position).Replace(text, substitution);
        }
        catch (RegexMatchTimeoutException)
        {
            throw TooSlow(position);
        }
    }

    private static Regex Find(string pattern, int position)
    {
        if (Known.TryGetValue(pattern, out var known))
        {
            return known;
        }

        try
        {
            known = Make(pattern);
        }
        catch (ArgumentException e)
        {
            throw new FhirPathException("Not a regular expression: " + e.Message, position);
        }

        if (Known.Count < MaxKnown)
        {
            Known.TryAdd(pattern, known);
        }

        return known;
    }

    private static Regex Make(string pattern)
    {
        const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.Singleline;
        try
        {
            return new Regex(pattern, Options | RegexOptions.NonBacktracking, Timeout);
        }
        catch (NotSupportedException)
        {
            // Look-around, back references, or more states than the linear engine takes.
            return new Regex(pattern, Options, Timeout);
        }
    }

    private static FhirPathException TooSlow(int position) => new("The regular expression takes too long.", position);
}
