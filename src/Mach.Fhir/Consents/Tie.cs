using System.Text.Json;
using Mach.Fhir.Search;
using Mach.Kernel;

namespace Mach.Fhir.Consents;

/// <summary>What ties a person to a facility, a ward or a practitioner by one resource, while it stands as it is.</summary>
/// <param name="Facility">Code of the facility; null for wards and practitioners.</param>
/// <param name="Other">Id of the Location or Practitioner; null for facilities.</param>
/// <param name="At">When it began, UTC microseconds; <see cref="Always"/> = it counts as long as it stands.</param>
public sealed record Tie(TieKinds Kind, string? Facility, string? Other, long At)
{
    public const long Always = long.MaxValue;

    private const int Most = 100;

    /// <summary>The ties that a resource makes; what is planned only, refused, revoked or over makes none.</summary>
    public static IReadOnlyList<Tie> Of(JsonElement resource) => TypeOf(resource) switch
    {
        "Patient" => [.. Organizations(resource, "managingOrganization", TieKinds.Registration, Always), .. Practitioners(resource, "generalPractitioner")],
        "EpisodeOfCare" when Status(resource, "active", "onhold", "waitlist", "planned") => [.. Organizations(resource, "managingOrganization", TieKinds.Registration, Always), .. Practitioners(resource, "careManager")],
        "ServiceRequest" when Status(resource, "active", "on-hold", "completed") => [.. Organizations(resource, "performer", TieKinds.Referral, Date(resource, "authoredOn"))],
        "Task" when Status(resource, "requested", "received", "accepted", "ready", "in-progress", "on-hold", "completed") =>
            [.. Organizations(resource, "owner", TieKinds.Referral, Date(resource, "authoredOn")), .. Status(resource, "completed") ? [] : Practitioners(resource, "owner")],
        "CareTeam" when Status(resource, "active") => [.. Items(resource, "participant").SelectMany(p => Practitioners(p, "member"))],
        "Appointment" when Status(resource, "booked", "arrived", "checked-in") => [.. Items(resource, "participant").SelectMany(p => Practitioners(p, "actor"))],
        "Encounter" when Status(resource, "arrived", "triaged", "in-progress", "onleave") =>
        [
            .. Items(resource, "location").Where(l => Text(l, "status") is null or "active" or "reserved").SelectMany(l => References(l, "location", "Location")).Select(id => new Tie(TieKinds.Ward, null, id, Always)),
            .. Items(resource, "participant").SelectMany(p => Practitioners(p, "individual")),
        ],
        _ => [],
    };

    private static IEnumerable<Tie> Organizations(JsonElement element, string name, TieKinds kind, long at) =>
        References(element, name, "Organization").Select(id => new Tie(kind, IndexExtractor.FacilityCode(id), null, at));

    private static IEnumerable<Tie> Practitioners(JsonElement element, string name) =>
        References(element, name, "Practitioner").Select(id => new Tie(TieKinds.Team, null, id, Always));

    /// <summary>Of one reference or several.</summary>
    private static IEnumerable<string> References(JsonElement element, string name, string type)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value))
        {
            return [];
        }

        var all = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Take(Most) : Enumerable.Repeat(value, 1);
        return [.. all.Select(r => Text(r, "reference") is { } text && LocalReference.TryParse(text, out var target, out var id) && target == type ? id : null).OfType<string>().Distinct()];
    }

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray().Take(Most) : [];

    private static bool Status(JsonElement resource, params ReadOnlySpan<string> allowed) => Text(resource, "status") is { } status && allowed.Contains(status);

    private static long Date(JsonElement resource, string name) => resource.TryGetProperty(name, out var value) && DateRange.TryRead(value, out var range) ? range.Low : long.MinValue;

    private static string TypeOf(JsonElement resource) => Text(resource, "resourceType") ?? "";

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
