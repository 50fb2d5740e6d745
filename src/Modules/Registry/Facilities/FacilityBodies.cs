using System.Text.Json.Nodes;
using Mach.Registry.Ledgers;
using Mach.Vietnam;

namespace Mach.Registry.Facilities;

/// <summary>The resources of a facility: Organization (who), Location (where, with beds), one HealthcareService for each approved service.</summary>
internal static class FacilityBodies
{
    private const string Extension = Systems.Own + "/StructureDefinition/";

    public static IEnumerable<(string Type, string Id, byte[] Body)> Write(FacilityView facility)
    {
        var id = Id(facility.Code);
        yield return ("Organization", id, OrganizationBody.Write(facility));
        yield return ("Location", id, Json.Bytes(Location(facility, id)));
        foreach (var service in facility.Services)
        {
            yield return ("HealthcareService", ServiceId(facility.Code, service), Json.Bytes(Service(facility.Code, service, active: facility.IsOpen)));
        }
    }

    /// <summary>Services that the facility had or will have, but not today: inactive.</summary>
    public static IEnumerable<(string Type, string Id, byte[] Body)> EndedServices(Ledger ledger, string code, FacilityView facility) =>
        ServicesEver(ledger, code).Except(facility.Services, StringComparer.Ordinal).Select(s => ("HealthcareService", ServiceId(code, s), Json.Bytes(Service(code, s, active: false))));

    /// <summary>All resources that the open facts of a facility call for.</summary>
    public static IEnumerable<(string Type, string Id)> IdsOf(Ledger ledger, string code) => ledger.Of(code).Any(f => f.IsOpen)
        ? [("Organization", Id(code)), ("Location", Id(code)), .. ServicesEver(ledger, code).Select(s => ("HealthcareService", ServiceId(code, s)))]
        : [];

    public static string Id(string code) => "cskcb-" + code.ToLowerInvariant();

    private static IEnumerable<string> ServicesEver(Ledger ledger, string code) =>
        ledger.Of(code).Where(f => f.IsOpen && f.Aspect.StartsWith(FacilityAspects.ServicePrefix, StringComparison.Ordinal)).Select(f => f.Aspect[FacilityAspects.ServicePrefix.Length..]).Distinct(StringComparer.Ordinal);

    private static string ServiceId(string facility, string service) => "dvkt-" + Kernel.Ids.Derive("healthcare-service", facility, service);

    private static JsonObject Location(FacilityView facility, string id)
    {
        var extensions = new JsonArray();
        foreach (var (name, beds) in new[] { ("beds-planned", facility.BedsPlanned), ("beds-real", facility.BedsReal) })
        {
            if (beds is { } number)
            {
                extensions.Add(new JsonObject { ["url"] = Extension + name, ["valueInteger"] = number });
            }
        }

        if (facility.CommuneCode is { } commune)
        {
            extensions.Add(new JsonObject { ["url"] = Extension + "commune-code", ["valueString"] = commune });
        }

        return Json.Without(new JsonObject
        {
            ["resourceType"] = "Location",
            ["id"] = id,
            ["extension"] = extensions.Count > 0 ? extensions : null,
            ["identifier"] = new JsonArray(Json.Identifier(Systems.FacilityCode, facility.Code)),
            ["status"] = facility.IsOpen ? "active" : "inactive",
            ["name"] = facility.Name,
            ["mode"] = "instance",
            ["managingOrganization"] = Json.Reference("Organization", id),
        });
    }

    private static JsonObject Service(string facility, string service, bool active) => new()
    {
        ["resourceType"] = "HealthcareService",
        ["id"] = ServiceId(facility, service),
        ["active"] = active,
        ["providedBy"] = Json.Reference("Organization", Id(facility)),
        ["type"] = new JsonArray(new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = Systems.ServiceCode, ["code"] = service }) }),
        ["location"] = new JsonArray(Json.Reference("Location", Id(facility))),
    };
}

/// <summary>Small pieces of FHIR JSON.</summary>
internal static class Json
{
    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Identifier(string system, string value) => new() { ["system"] = system, ["value"] = value };

    public static JsonObject Reference(string type, string id) => new() { ["reference"] = type + "/" + id };

    /// <summary>The object without its null properties.</summary>
    public static JsonObject Without(JsonObject body)
    {
        foreach (var name in body.Where(p => p.Value is null).Select(p => p.Key).ToList())
        {
            body.Remove(name);
        }

        return body;
    }

    public static byte[] Bytes(JsonObject body) => System.Text.Encoding.UTF8.GetBytes(body.ToJsonString(Plain));
}
