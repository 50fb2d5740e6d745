using System.Text.Json;
using Mach.Fhir.Definitions;
using Mach.FhirApi.Operations;
using Mach.FhirApi.Terminology;

namespace Mach.FhirApi.Interactions;

/// <summary>The TerminologyCapabilities: which code systems are here, and what can be asked about them.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/terminologycapabilities.html; which operations there are is asked of <see cref="OperationList"/>.</remarks>
internal static class TerminologyStatement
{
    public const string Type = "TerminologyCapabilities";

    public static void Write(Utf8JsonWriter json, FhirCall call, DateTimeOffset started, string version)
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, Type);
        Capabilities.WriteInstance(json, call, started, version);
        json.WriteStartArray("codeSystem"u8);
        WriteSystem(json, BuiltIn.Icd10, null);
        foreach (var url in CodeSystems.Urls.Order(StringComparer.Ordinal))
        {
            // Of the others only some codes are known.
            if (url != BuiltIn.Icd10 && CodeSystems.Find(url) is { IsComplete: true } system)
            {
                WriteSystem(json, url, system.Version);
            }
        }

        json.WriteEndArray();
        json.WriteStartObject("expansion"u8);
        json.WriteBoolean("hierarchical"u8, false);
        json.WriteBoolean("paging"u8, true);
        json.WriteBoolean("incomplete"u8, false);
        json.WriteStartArray("parameter"u8);
        foreach (var name in (string[])["count", "displayLanguage", "filter", "includeDesignations", "offset", "url", "valueSet"])
        {
            json.WriteStartObject();
            json.WriteString("name"u8, name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("textFilter"u8, "A filter finds codes that begin so, and names that have words beginning with each of its words; tones and case do not matter.");
        json.WriteEndObject();
        json.WriteString("codeSearch"u8, "explicit"u8);
        json.WriteStartObject("validateCode"u8);
        json.WriteBoolean("translations"u8, OperationList.All.Any(o => o.Name == "translate"));
        json.WriteEndObject();
        json.WriteStartObject("closure"u8);
        json.WriteBoolean("translation"u8, OperationList.All.Any(o => o.Name == "closure"));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSystem(Utf8JsonWriter json, string url, string? version)
    {
        json.WriteStartObject();
        json.WriteString("uri"u8, url);
        if (version is not null)
        {
            json.WriteStartArray("version"u8);
            json.WriteStartObject();
            json.WriteString("code"u8, version);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteBoolean("subsumption"u8, OperationList.All.Any(o => o.Name == "subsumes"));
        json.WriteEndObject();
    }
}
