using System.Text.Json.Nodes;
using Mach.Kernel;
using Mach.Registry.Facilities;
using Mach.Vietnam;

namespace Mach.Registry.Practitioners;

/// <summary>The resources of a practitioner: Practitioner with licences as qualifications, one PractitionerRole for each post.</summary>
internal static class PractitionerBodies
{
    /// <summary>Number of a practice licence (GPHN, CCHN).</summary>
    public const string LicenceSystem = Systems.Own + "/sid/practice-licence";

    private const string LicenceStateUrl = Systems.Own + "/StructureDefinition/licence-state";
    private const string ScopeSystem = Systems.Own + "/CodeSystem/technical-service";

    public static IEnumerable<(string Type, string Id, byte[] Body)> Write(PractitionerView person, DateOnly today)
    {
        yield return ("Practitioner", Id(person.Id), Json.Bytes(Practitioner(person)));
        foreach (var post in person.Posts)
        {
            yield return ("PractitionerRole", RoleId(person.Id, post), Json.Bytes(Role(person, post, today)));
        }
    }

    public static string Id(string personalId) => "nhn-" + Ids.Derive("practitioner", personalId);

    private static string RoleId(string personalId, PostView post) => "vt-" + Ids.Derive("practitioner-role", personalId, post.Facility, post.From.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

    private static JsonObject Practitioner(PractitionerView person)
    {
        var words = person.Name.Split(' ');
        var qualifications = new JsonArray();
        foreach (var licence in person.Licences)
        {
            qualifications.Add(Json.Without(new JsonObject
            {
                ["extension"] = new JsonArray(new JsonObject { ["url"] = LicenceStateUrl, ["valueCode"] = licence.State.ToString().ToLowerInvariant() }),
                ["identifier"] = new JsonArray(Json.Identifier(LicenceSystem, licence.Number)),
                ["code"] = new JsonObject { ["text"] = licence.Title.Length > 0 ? licence.Title : "Giấy phép hành nghề" },
                ["period"] = Period(licence.Issued, licence.Expiry),
                ["issuer"] = licence.Issuer.Length > 0 ? new JsonObject { ["display"] = licence.Issuer } : null,
            }));
        }

        return Json.Without(new JsonObject
        {
            ["resourceType"] = "Practitioner",
            ["id"] = Id(person.Id),
            ["identifier"] = new JsonArray([Json.Identifier(Systems.NationalId, person.Id), .. person.Licences.Select(l => Json.Identifier(LicenceSystem, l.Number))]),
            ["active"] = person.Licences.Any(l => l.State is LicenceState.Valid or LicenceState.Expiring),
            ["name"] = new JsonArray(Json.Without(new JsonObject
            {
                ["text"] = person.Name,
                ["family"] = words[0],
                ["given"] = words.Length > 1 ? new JsonArray([.. words[1..].Select(w => (JsonNode)w)]) : null,
            })),
            ["gender"] = person.Sex,
            ["birthDate"] = person.Born,
            ["qualification"] = qualifications.Count > 0 ? qualifications : null,
        });
    }

    private static JsonObject Role(PractitionerView person, PostView post, DateOnly today)
    {
        var scopes = person.Licences.Where(l => l.State is LicenceState.Valid or LicenceState.Expiring).SelectMany(l => l.Scope).Where(s => s != "*").Distinct(StringComparer.Ordinal)
            .Select(s => (JsonNode)new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = ScopeSystem, ["code"] = s }) }).ToArray();
        return Json.Without(new JsonObject
        {
            ["resourceType"] = "PractitionerRole",
            ["id"] = RoleId(person.Id, post),
            ["active"] = post.Holds(today),
            ["period"] = Period(post.From, post.To == DateOnly.MaxValue ? post.To : post.To.AddDays(-1)),
            ["practitioner"] = Json.Reference("Practitioner", Id(person.Id)),
            ["organization"] = Json.Reference("Organization", FacilityBodies.Id(post.Facility)),
            ["code"] = post.Role.Length > 0 ? new JsonArray(new JsonObject { ["text"] = post.Role }) : null,
            ["specialty"] = scopes.Length > 0 ? new JsonArray(scopes) : null,
            ["location"] = new JsonArray(Json.Reference("Location", FacilityBodies.Id(post.Facility))),
            ["availabilityExceptions"] = post.Hours.Length > 0 ? post.Hours : null,
        });
    }

    private static JsonObject? Period(DateOnly from, DateOnly last)
    {
        var period = new JsonObject();
        if (from != DateOnly.MinValue)
        {
            period["start"] = from.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        }

        if (last != DateOnly.MaxValue)
        {
            period["end"] = last.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        }

        return period.Count > 0 ? period : null;
    }
}
