using System.Text.RegularExpressions;

namespace Mach.FhirApi.Writing;

/// <summary>href and src of the links and pictures of a narrative.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#trules, http://hl7.org/fhir/R4/narrative.html.</remarks>
internal static partial class NarrativeLinks
{
    /// <summary>The narrative with links replaced that are keys of <paramref name="entries"/>; null when there is none.</summary>
    public static string? Replace(string div, Dictionary<string, string> entries)
    {
        var changed = false;
        var result = Link().Replace(div, match =>
        {
            if (!entries.TryGetValue(match.Groups[2].Value, out var place))
            {
                return match.Value;
            }

            changed = true;
            return match.Groups[1].Value + place + match.Groups[3].Value;
        });
        return changed ? result : null;
    }

    [GeneratedRegex("""(\b(?:href|src)\s*=\s*["'])([^"'<>]*)(["'])""", RegexOptions.CultureInvariant)]
    private static partial Regex Link();
}
