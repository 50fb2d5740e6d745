using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Ui;
using static Mach.Chart.Words;

namespace Mach.Chart.Ips;

/// <summary>
/// Writes the International Patient Summary: a document Bundle of FHIR R4 whose references all resolve inside. The same content at the same time gives the same bytes.
/// </summary>
/// <param name="server">Address of the FHIR server, without a slash at its end: what the resources' addresses begin with.</param>
/// <remarks>Source: http://hl7.org/fhir/uv/ips/STU1.1, http://hl7.org/fhir/R4/documents.html.</remarks>
internal sealed class IpsDocument(IpsContent content, string server, DateTimeOffset at)
{
    private const string Loinc = "http://loinc.org", Absent = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public byte[] Write()
    {
        var entries = new JsonArray();
        var composition = new JsonObject
        {
            ["resourceType"] = "Composition",
            ["language"] = Texts.IsEnglish ? "en" : "vi",
            ["status"] = "final",
            ["type"] = Concept(Loinc, "60591-5"),
            ["subject"] = To(Person),
            ["date"] = Instant(),
            ["author"] = new JsonArray(To(Made("author"))),
            ["title"] = T["Ips.Title"],
            ["confidentiality"] = "N",
            ["section"] = new JsonArray([.. content.Sections.Where(s => s.Lines.Count > 0 || s.Title != "Ips.Vitals").Select(Section)]),
        };
        Add(entries, Made("composition"), composition);
        Add(entries, $"{server}/{Person}", IpsBody.Closed(content.Patient, Resolve));
        Add(entries, Made("author"), new JsonObject { ["resourceType"] = "Device", ["deviceName"] = new JsonArray(new JsonObject { ["name"] = "Mạch", ["type"] = "user-friendly-name" }) });
        foreach (var section in content.Sections.Where(s => s.Lines.Count == 0 && s.Absent is not null))
        {
            Add(entries, Made(section.Code), Nothing(section.Absent!.Value));
        }

        foreach (var reference in content.Sections.SelectMany(s => s.Lines).Select(l => l.Reference).Concat(content.Bodies.Keys).Distinct(StringComparer.Ordinal).Where(content.Bodies.ContainsKey))
        {
            Add(entries, $"{server}/{reference}", Whole(IpsBody.Closed(content.Bodies[reference], Resolve)));
        }

        var bundle = new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["identifier"] = new JsonObject { ["system"] = "urn:ietf:rfc:3986", ["value"] = Named(entries.ToJsonString(Json)) },
            ["type"] = "document",
            ["timestamp"] = Instant(),
            ["entry"] = entries,
        };
        return Encoding.UTF8.GetBytes(bundle.ToJsonString(Json));
    }

    private string Person => "Patient/" + content.Persons[0];

    private JsonObject Section(IpsSection section)
    {
        var written = new JsonObject { ["title"] = T[section.Title], ["code"] = Concept(Loinc, section.Code) };
        var lines = section.Lines.Where(l => content.Bodies.ContainsKey(l.Reference)).ToList();
        written["text"] = Narrative(lines.Count == 0 ? [T["Ips.Nothing"]] : lines.ConvertAll(l => l.Words));
        if (lines.Count > 0)
        {
            written["entry"] = new JsonArray([.. lines.Select(l => (JsonNode)To(l.Reference))]);
        }
        else if (section.Absent is not null)
        {
            written["entry"] = new JsonArray(To(Made(section.Code)));
        }
        else
        {
            written["emptyReason"] = Concept("http://terminology.hl7.org/CodeSystem/list-empty-reason", "unavailable");
        }

        return written;
    }

    /// <summary>Who is told of problems has to be told too that nothing is known of them, and that is not that there are none.</summary>
    private JsonObject Nothing((string Type, string Code) absent)
    {
        var said = new JsonObject { ["resourceType"] = absent.Type };
        switch (absent.Type)
        {
            case "MedicationStatement":
                said["status"] = "unknown";
                said["medicationCodeableConcept"] = Concept(Absent, absent.Code);
                said["subject"] = To(Person);
                said["_effectiveDateTime"] = new JsonObject { ["extension"] = new JsonArray(new JsonObject { ["url"] = "http://hl7.org/fhir/StructureDefinition/data-absent-reason", ["valueCode"] = "unknown" }) };
                break;
            default:
                said["clinicalStatus"] = Status(absent.Type);
                said["code"] = Concept(Absent, absent.Code);
                said[absent.Type == "AllergyIntolerance" ? "patient" : "subject"] = To(Person);
                break;
        }

        return said;
    }

    /// <summary>What the record counts as a problem or an allergy now is active, where the sender did not say how it stands.</summary>
    private static JsonObject Whole(JsonObject body)
    {
        if (body["resourceType"]?.GetValue<string>() is "Condition" or "AllergyIntolerance" && !body.ContainsKey("clinicalStatus"))
        {
            body["clinicalStatus"] = Status(body["resourceType"]!.GetValue<string>());
        }

        return body;
    }

    private static JsonObject Status(string type) => Concept("http://terminology.hl7.org/CodeSystem/" + (type == "Condition" ? "condition-clinical" : "allergyintolerance-clinical"), "active");

    private string? Resolve(string reference)
    {
        var target = reference.StartsWith(server + "/", StringComparison.Ordinal) ? reference[(server.Length + 1)..] : reference;
        var version = target.IndexOf("/_history/", StringComparison.Ordinal);
        target = version < 0 ? target : target[..version];
        return target.StartsWith("Patient/", StringComparison.Ordinal) && content.Persons.Contains(target[8..]) ? Person : content.Bodies.ContainsKey(target) ? target : null;
    }

    private static JsonObject Narrative(IEnumerable<string> lines) => new()
    {
        ["status"] = "generated",
        ["div"] = $"<div xmlns=\"http://www.w3.org/1999/xhtml\"><ul>{string.Concat(lines.Select(l => $"<li>{Escaped(l)}</li>"))}</ul></div>",
    };

    private static string Escaped(string text) => string.Concat(text.Where(c => c >= ' ')).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static void Add(JsonArray entries, string address, JsonObject resource) => entries.Add(new JsonObject { ["fullUrl"] = address, ["resource"] = resource });

    private static JsonObject To(string reference) => new() { ["reference"] = reference };

    private static JsonObject Concept(string system, string code) => new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }) };

    /// <summary>The address of what is made for this document and stored nowhere.</summary>
    private string Made(string what) => Named($"{server}/{Person}#{what}");

    /// <summary>A UUID that follows from a text (RFC 9562 §5.8).</summary>
    private static string Named(string text)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return "urn:uuid:" + new Guid(bytes, bigEndian: true).ToString("D", CultureInfo.InvariantCulture);
    }

    private string Instant() => at.ToOffset(TimeSpan.FromHours(7)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
