using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Mach.FhirApi;

/// <summary>What form of answer a client takes. Source: http://hl7.org/fhir/R4/http.html#mime-type, #general.</summary>
internal static class Negotiation
{
    /// <exception cref="FhirProblem">406: it takes none that we have.</exception>
    public static void Check(HttpRequest request, string? format)
    {
        if (!string.IsNullOrEmpty(format))
        {
            CheckFormat(format);
            return;
        }

        if (request.Headers.Accept.Count == 0)
        {
            return;
        }

        var accepted = request.GetTypedHeaders().Accept;
        if (accepted.Count > 0 && !accepted.Any(Takes))
        {
            throw NotAcceptable();
        }
    }

    /// <param name="format">Value of <c>_format</c>: a short name, or a media type with its parameters.</param>
    /// <exception cref="FhirProblem">406.</exception>
    public static void CheckFormat(string format)
    {
        // An unescaped "+" of "application/fhir+json" arrives as a blank; both are meant alike.
        var name = format.Trim();
        var isKnown = name.Equals("json", StringComparison.OrdinalIgnoreCase)
            || (MediaTypeHeaderValue.TryParse(name.Split(';') is [var type, .. var rest] ? string.Join(';', [type.Trim().Replace(' ', '+'), .. rest]) : name, out var parsed) && parsed.MediaType.Value is not ("*/*" or "application/*") && Takes(parsed));
        if (!isKnown)
        {
            throw NotAcceptable();
        }
    }

    /// <exception cref="FhirProblem">400: neither true nor false.</exception>
    public static bool IsPretty(string value) => value is "true" or "" || (value == "false" ? false : throw new FhirProblem(400, "invalid", "_pretty is true or false.", "_pretty"));

    /// <exception cref="FhirProblem">400: handling is neither lenient nor strict.</exception>
    public static bool IsLenient(HttpRequest request)
    {
        foreach (var part in request.Headers["Prefer"].ToString().Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("handling=", StringComparison.OrdinalIgnoreCase))
            {
                return part[9..].Trim('"').ToLowerInvariant() switch
                {
                    "lenient" => true,
                    "strict" => false,
                    _ => throw new FhirProblem(400, "invalid", "Prefer: handling is lenient or strict."),
                };
            }
        }

        return false;
    }

    private static bool Takes(MediaTypeHeaderValue accepted)
    {
        if (accepted.Quality == 0)
        {
            return false;
        }

        var version = accepted.Parameters.FirstOrDefault(p => p.Name.Equals("fhirVersion", StringComparison.OrdinalIgnoreCase))?.Value;
        return (version is not { HasValue: true } || version.Value.AsSpan().Trim('"') is "4.0" or "4.0.1")
            && accepted.MediaType.Value?.ToLowerInvariant() is "application/fhir+json" or "application/json" or "text/json" or "*/*" or "application/*";
    }

    private static FhirProblem NotAcceptable() =>
        new(406, "not-supported", "Only JSON of FHIR R4 is given: application/fhir+json; fhirVersion=4.0.");
}
