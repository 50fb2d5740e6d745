using System.Text;
using System.Text.Json.Nodes;

namespace Mach.Store.Tests;

/// <summary>Small invented resources.</summary>
internal static class Sample
{
    public const string Identity = "http://fhir.ehealth.gov.vn/core/sid/national_id";

    public static Write Patient(string id, string name = "Nguyễn Thị Hương", string? cccd = null, bool isNew = false)
    {
        var identifier = cccd is null ? "" : $$""","identifier":[{"system":"{{Identity}}","value":"{{cccd}}"}]""";
        return Put("Patient", id, $$"""{"resourceType":"Patient","id":"{{id}}"{{identifier}},"name":[{"text":"{{name}}"}],"gender":"female","birthDate":"1965-07-12"}""", isNew);
    }

    public static Write Observation(string id, string patient, string value = "5.6", string day = "2025-07-01", string? encounter = null, bool isNew = false)
    {
        var visit = encounter is null ? "" : $$""","encounter":{"reference":"Encounter/{{encounter}}"}""";
        return Put("Observation", id, $$$"""
            {"resourceType":"Observation","id":"{{{id}}}","meta":{"source":"urn:mach:dossier:25001:{{{id}}}#XML4-1"},"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"15074-8"}],"text":"Glucose"},"subject":{"reference":"Patient/{{{patient}}}"}{{{visit}}},"effectiveDateTime":"{{{day}}}T08:30:00+07:00","valueQuantity":{"value":{{{value}}},"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"}}
            """, isNew);
    }

    public static Write Encounter(string id, string patient, string organization = "cskcb-25001", bool isNew = false) => Put("Encounter", id, $$$"""
        {"resourceType":"Encounter","id":"{{{id}}}","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"subject":{"reference":"Patient/{{{patient}}}"},"period":{"start":"2025-07-01T08:00:00+07:00","end":"2025-07-01T09:00:00+07:00"},"serviceProvider":{"reference":"Organization/{{{organization}}}"}}
        """, isNew);

    public static Write Put(string type, string id, string body, bool isNew = false) => new(WriteKind.Put, type, id, Encoding.UTF8.GetBytes(body.Trim()), KnownNew: isNew);

    public static Write Delete(string type, string id) => new(WriteKind.Delete, type, id, default);

    public static Commit Commit(params Write[] writes) => new() { Writes = writes, Actor = "test" };

    public static string Text(ReadOnlyMemory<byte> body) => Encoding.UTF8.GetString(body.Span);

    public static JsonNode Json(StoredResource resource)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        resource.WriteTo(output);
        return JsonNode.Parse(output.WrittenSpan)!;
    }
}
