using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi.Writing;

/// <summary>What a client wants back from a write: Prefer: return=…</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#ops, RFC 7240 §4.2. An unknown wish is ignored, as RFC 7240 §2 asks.</remarks>
internal enum Preference { Unsaid, Minimal, Representation, Outcome }

internal static class Preferences
{
    public static Preference Of(HttpRequest request)
    {
        foreach (var part in request.Headers["Prefer"].ToString().Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("return=", StringComparison.OrdinalIgnoreCase))
            {
                return part[7..].Trim('"').ToLowerInvariant() switch
                {
                    "minimal" => Preference.Minimal,
                    "representation" => Preference.Representation,
                    "operationoutcome" => Preference.Outcome,
                    _ => Preference.Unsaid,
                };
            }
        }

        return Preference.Unsaid;
    }
}
