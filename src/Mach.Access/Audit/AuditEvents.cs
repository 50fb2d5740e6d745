using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mach.Access.Audit;

/// <summary>
/// Lines of the trail as AuditEvents of FHIR R4, made when they are asked for and kept nowhere. They follow the patterns of IHE BALP 1.1: for reads and changes the client is where the data goes,
/// for queries where the question comes from; a person who uses a client is an agent of their own. A line that names one person carries the profile; BALP wants an event for each person,
/// and a line stays one event.
/// </summary>
/// <remarks>Source: https://profiles.ihe.net/ITI/BALP/1.1.4/content.html; http://hl7.org/fhir/R4/auditevent.html.</remarks>
public static class AuditEvents
{
    /// <summary>meta.source of what is made of the trail; AuditEvents that programs wrote have it not.</summary>
    public const string Source = "urn:mach:audit-trail";

    /// <summary>Systems of account names and client ids, of doors, of roles.</summary>
    public const string Accounts = "urn:mach:account", Doors = "urn:mach:door", RoleNames = "urn:mach:role";

    private const string Balp = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";
    private const string Dicom = "http://dicom.nema.org/resources/ontology/DCM";
    private const string Terms = "http://terminology.hl7.org/CodeSystem/";
    private const string RestType = Terms + "audit-event-type", Rest = "http://hl7.org/fhir/restful-interaction";
    private const string SourceRole = "110153", DestinationRole = "110152";

    /// <summary>What is a proof of who somebody is, and no access to data: DICOM 110114.</summary>
    internal static readonly IReadOnlyList<string> SignIns = ["sign-in", "sign-in-second", "passkey-sign-in", "provider-sign-in", "portal-token", "acc-oauth-token", "pin-switch", "step-up", "sign-out"];

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line as JSON without line breaks.</summary>
    /// <param name="server">Base address of this service, the agent that answered.</param>
    public static ReadOnlyMemory<byte> Write(AuditLine line, string server)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            Write(json, line, server);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>0 done, 4 failed, 8 refused. Source: http://hl7.org/fhir/R4/valueset-audit-event-outcome.html.</summary>
    public static string Outcome(AccessOutcome outcome) => outcome switch { AccessOutcome.Ok => "0", AccessOutcome.Failed => "4", _ => "8" };

    private static void Write(Utf8JsonWriter json, AuditLine line, string server)
    {
        var e = line.Entry;
        var isSignIn = SignIns.Contains(e.What);
        var interaction = Interaction(e);
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "AuditEvent"u8);
        json.WriteString("id"u8, line.Id);
        json.WriteStartObject("meta"u8);
        json.WriteString("lastUpdated"u8, Instant(line.At));
        json.WriteString("source"u8, Source);
        if (Profile(e, isSignIn) is { } profile)
        {
            json.WriteStartArray("profile"u8);
            json.WriteStringValue(Balp + profile);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        Coding(json, "type"u8, isSignIn ? Dicom : RestType, isSignIn ? "110114" : "rest");
        json.WriteStartArray("subtype"u8);
        Coding(json, default, isSignIn ? Dicom : Rest, isSignIn ? e.What == "sign-out" ? "110123" : "110122" : interaction);
        Coding(json, default, Doors, e.What);
        json.WriteEndArray();
        json.WriteString("action"u8, AuditTables.Letter(e.Action));
        json.WriteString("recorded"u8, Instant(line.At));
        json.WriteString("outcome"u8, Outcome(e.Outcome));
        if (e.Detail is { Length: > 0 } detail)
        {
            json.WriteString("outcomeDesc"u8, detail);
        }

        WriteAgents(json, e, server);
        json.WriteStartObject("source"u8);
        if (e.Facility is not null)
        {
            json.WriteString("site"u8, e.Facility);
        }

        json.WriteStartObject("observer"u8);
        json.WriteString("display"u8, "Mạch " + line.Chain);
        json.WriteEndObject();
        json.WriteStartArray("type"u8);
        Coding(json, default, Terms + "security-source-type", "4");
        json.WriteEndArray();
        json.WriteEndObject();
        WriteEntities(json, e);
        json.WriteEndObject();
    }

    private static void WriteAgents(Utf8JsonWriter json, AuditEntry e, string server)
    {
        // BALP: what is read flows to the client; what is sent or asked flows from it.
        var reads = e.Action == AuditAction.Read;
        var isPerson = e.Kind == AuditActor.Person;
        json.WriteStartArray("agent"u8);
        json.WriteStartObject();
        Concept(json, "type"u8, Dicom, reads ? DestinationRole : SourceRole);
        Who(json, isPerson ? null : e.Actor, isPerson ? e.Session is null ? "browser" : "browser, session " + e.Session : null);
        json.WriteBoolean("requestor"u8, !isPerson);
        json.WriteStartObject("network"u8);
        json.WriteString("address"u8, e.Address ?? "localhost");
        json.WriteString("type"u8, e.Address is null ? "1"u8 : "2"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject();
        Concept(json, "type"u8, Dicom, reads ? SourceRole : DestinationRole);
        Who(json, null, "Mạch");
        json.WriteBoolean("requestor"u8, false);
        json.WriteStartObject("network"u8);
        json.WriteString("address"u8, server);
        json.WriteString("type"u8, "5"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        if (isPerson)
        {
            WriteUser(json, e);
        }

        json.WriteEndArray();
    }

    private static void WriteUser(Utf8JsonWriter json, AuditEntry e)
    {
        json.WriteStartObject();
        Concept(json, "type"u8, Terms + "v3-ParticipationType", "IRCP");
        if (e.Roles is { Count: > 0 } roles)
        {
            json.WriteStartArray("role"u8);
            foreach (var role in roles)
            {
                Concept(json, default, RoleNames, role);
            }

            json.WriteEndArray();
        }

        Who(json, e.Actor, null);
        json.WriteString("name"u8, e.Actor);
        json.WriteBoolean("requestor"u8, true);
        if (e.Purpose is not null)
        {
            json.WriteStartArray("purposeOfUse"u8);
            Concept(json, default, Terms + "v3-ActReason", e.Purpose);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteEntities(Utf8JsonWriter json, AuditEntry e)
    {
        json.WriteStartArray("entity"u8);
        json.WriteStartObject();
        if (e.Action == AuditAction.Execute)
        {
            Coding(json, "type"u8, Terms + "audit-entity-type", "2");
            Coding(json, "role"u8, Terms + "object-role", "24");
            // The values of a query are kept nowhere: the names of its parameters stand for it, and a keyed hash tells whether two were the same.
            var query = string.Join('&', (e.Query ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => name + "="));
            json.WriteString("description"u8, Text(e.Door) + (e.QueryHash is null ? "" : " #" + e.QueryHash));
            json.WriteBase64String("query"u8, Encoding.UTF8.GetBytes(Text(e.Door) + (query.Length == 0 ? "" : "?" + query)));
        }
        else
        {
            json.WriteStartObject("what"u8);
            if (IsReference(e.Resource))
            {
                json.WriteString("reference"u8, e.Resource);
            }

            json.WriteString("display"u8, Text(e.Door) + (e.Resource is null || IsReference(e.Resource) ? "" : " " + e.Resource));
            json.WriteEndObject();
            Coding(json, "type"u8, Terms + "audit-entity-type", "2");
            Coding(json, "role"u8, Terms + "object-role", "4");
        }

        json.WriteEndObject();
        foreach (var person in e.Persons ?? [])
        {
            json.WriteStartObject();
            json.WriteStartObject("what"u8);
            json.WriteString("reference"u8, "Patient/" + person);
            json.WriteEndObject();
            Coding(json, "type"u8, Terms + "audit-entity-type", "1");
            Coding(json, "role"u8, Terms + "object-role", "1");
            json.WriteEndObject();
        }

        json.WriteEndArray();

        string Text(string? door) => door is { Length: > 0 } ? door : e.What;
    }

    /// <summary>Profiles are of what went well; a refusal follows the same form without them.</summary>
    private static string? Profile(AuditEntry e, bool isSignIn) => isSignIn || e.Outcome != AccessOutcome.Ok || e.Persons is { Count: > 1 } || !HasProfile(e) ? null
        : (e.Persons is { Count: 1 } ? "Patient" : "") + e.Action switch
        {
            AuditAction.Create => "Create",
            AuditAction.Read => "Read",
            AuditAction.Update => "Update",
            AuditAction.Delete => "Delete",
            _ => "Query",
        };

    /// <summary>Histories, operations and Bundles are none of BALP's interactions.</summary>
    private static bool HasProfile(AuditEntry e) => Interaction(e) is "read" or "vread" or "search" or "search-type" or "search-system" or "create" or "update" or "patch" or "delete";

    /// <summary>Source: http://hl7.org/fhir/R4/valueset-type-restful-interaction.html.</summary>
    private static string Interaction(AuditEntry e)
    {
        var what = e.What.AsSpan();
        return what.StartsWith("fhir-search-system") ? "search-system" : what.StartsWith("fhir-search") ? "search-type"
            : what.StartsWith("fhir-history-") ? e.What[5..] : what.StartsWith("fhir-vread") ? "vread" : what.StartsWith("fhir-patch") ? "patch" : what.StartsWith("fhir-bundle") ? "batch"
            : e.Action switch
            {
                AuditAction.Create => "create",
                AuditAction.Read => "read",
                AuditAction.Update => "update",
                AuditAction.Delete => "delete",
                _ => e.What.Contains("find", StringComparison.Ordinal) || e.What.Contains("search", StringComparison.Ordinal) || e.What.Contains("match", StringComparison.Ordinal) ? "search" : "operation",
            };
    }

    private static bool IsReference(string? resource) => resource is not null && char.IsAsciiLetterUpper(resource[0]) && resource.Count(c => c == '/') == 1 && !resource.Contains('*', StringComparison.Ordinal)
        && resource[..resource.IndexOf('/', StringComparison.Ordinal)].All(char.IsAsciiLetter);

    private static void Who(Utf8JsonWriter json, string? account, string? display)
    {
        json.WriteStartObject("who"u8);
        if (account is not null)
        {
            json.WriteStartObject("identifier"u8);
            json.WriteString("system"u8, Accounts);
            json.WriteString("value"u8, account);
            json.WriteEndObject();
        }

        if (display is not null)
        {
            json.WriteString("display"u8, display);
        }

        json.WriteEndObject();
    }

    private static void Coding(Utf8JsonWriter json, ReadOnlySpan<byte> name, string system, string code)
    {
        Start(json, name);
        json.WriteString("system"u8, system);
        json.WriteString("code"u8, code);
        json.WriteEndObject();
    }

    private static void Concept(Utf8JsonWriter json, ReadOnlySpan<byte> name, string system, string code)
    {
        Start(json, name);
        json.WriteStartArray("coding"u8);
        Coding(json, default, system, code);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Start(Utf8JsonWriter json, ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            json.WriteStartObject();
        }
        else
        {
            json.WriteStartObject(name);
        }
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
