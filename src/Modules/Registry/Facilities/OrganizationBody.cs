using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mach.Contracts.Registry;
using Mach.Vietnam;

namespace Mach.Registry.Facilities;

/// <summary>The Organization resource of a facility: the same facts as its row, for everybody who reads FHIR.</summary>
internal static class OrganizationBody
{
    private const string Extension = Systems.Own + "/StructureDefinition/";

    public static byte[] Write(FacilityView facility)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("resourceType", "Organization");
        json.WriteString("id", FacilityBodies.Id(facility.Code));
        WriteExtensions(json, facility);
        json.WriteStartArray("identifier");
        json.WriteStartObject();
        json.WriteString("system", Systems.FacilityCode);
        json.WriteString("value", facility.Code);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteBoolean("active", facility.IsOpen);
        json.WriteStartArray("type");
        json.WriteStartObject();
        json.WriteStartArray("coding");
        json.WriteStartObject();
        json.WriteString("system", "http://terminology.hl7.org/CodeSystem/organization-type");
        json.WriteString("code", "prov");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("name", facility.Name);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteExtensions(Utf8JsonWriter json, FacilityView facility)
    {
        json.WriteStartArray("extension");
        WriteExtension(json, "facility-status", facility.Status == FacilityStatus.Provisional ? "provisional" : "active");
        WriteExtension(json, "facility-tier", facility.Tier);
        WriteExtension(json, "former-province", facility.FormerProvince);
        WriteExtension(json, "commune-code", facility.CommuneCode);
        json.WriteEndArray();
    }

    private static void WriteExtension(Utf8JsonWriter json, string name, string? value)
    {
        if (value is null)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("url", Extension + name);
        json.WriteString("valueString", value);
        json.WriteEndObject();
    }
}
