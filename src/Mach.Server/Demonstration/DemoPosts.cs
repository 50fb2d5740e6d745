using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Access;
using Mach.Access.Authority;
using Mach.Demo;
using Mach.Fhir.Search;
using Mach.Store;
using Mach.Vietnam;

namespace Mach.Server.Demonstration;

/// <summary>Where the people behind the demonstration's sign-ins work today, whose record is their own, and for whom they act. Made once; what was changed on a page since stays.</summary>
internal sealed class DemoPosts(Workplaces workplaces, RecordStore store, TimeProvider clock)
{
    private const string By = "demo";

    /// <summary>The ward of the nurse, and how many people lie there.</summary>
    public const string Ward = "khoa-noi-25001";
    private const int Beds = 4;

    /// <param name="province">Null where there is none: posts then, and no person.</param>
    public async Task EnsureAsync(Province? province, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if ((await workplaces.PostsAsync(DemoAccounts.Rotating, ct)).Count == 0)
        {
            await workplaces.AddPostAsync(By, DemoAccounts.Rotating, DemoAccounts.FacilityCode, null, [Roles.Doctor], byRota: false, now, null, ct);
            var helping = await workplaces.AddPostAsync(By, DemoAccounts.Rotating, DemoAccounts.SatelliteCode, null, [Roles.Doctor], byRota: true, now, null, ct);
            await workplaces.AddShiftAsync(By, helping, now, now.AddHours(24), ct);
        }

        if ((await workplaces.PostsAsync(DemoAccounts.Nurse, ct)).Count == 0)
        {
            await workplaces.AddPostAsync(By, DemoAccounts.Nurse, DemoAccounts.FacilityCode, Ward, [Roles.Nurse], byRota: false, now, null, ct);
        }

        if (province is not null && await store.ReadAsync("Location", Ward, ct) is null)
        {
            await FillWardAsync(now, ct);
        }

        if (province?.Family is { } family && (await workplaces.IdentityAsync(DemoAccounts.Person, ct)).Person is null
            && await FindAsync(family.Mother, ct) is { } mother && await FindAsync(family.Child, ct) is { } child)
        {
            await workplaces.IdentifyAsync(By, DemoAccounts.Person, null, mother, ct);
            await workplaces.AddProxyAsync(By, DemoAccounts.Person, child, ProxyKind.Parent, "Giấy khai sinh (trình diễn)", null, ct);
        }
    }

    /// <summary>Those who were at the hospital last lie on the ward since yesterday: a dossier names its wards by the hospital's codes, and ward rules ask for a bed.</summary>
    private async Task FillWardAsync(DateTimeOffset now, CancellationToken ct)
    {
        var organization = "Organization/cskcb-" + DemoAccounts.FacilityCode;
        var query = SearchQuery.Parse("Encounter", [new("service-provider", organization), new("_sort", "-date")]) with { Count = Beds * 10 };
        var people = (await store.SearchAsync(query, ct)).Matches.Select(m => (string?)JsonNode.Parse(m.Body.Span)!["subject"]?["reference"]).OfType<string>().Distinct(StringComparer.Ordinal).Take(Beds).ToList();
        var ward = new JsonObject
        {
            ["resourceType"] = "Location",
            ["id"] = Ward,
            ["status"] = "active",
            ["name"] = "Khoa Nội tổng hợp (trình diễn)",
            ["mode"] = "instance",
            ["managingOrganization"] = new JsonObject { ["reference"] = organization },
        };
        await store.CommitAsync(new Commit
        {
            Actor = By,
            Writes = [Write(ward), .. people.Select((person, i) => Write(new JsonObject
            {
                ["resourceType"] = "Encounter",
                ["id"] = $"{Ward}-giuong-{i + 1}",
                ["status"] = "in-progress",
                ["class"] = new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v3-ActCode", ["code"] = "IMP" },
                ["subject"] = new JsonObject { ["reference"] = person },
                ["period"] = new JsonObject { ["start"] = now.AddDays(-1).ToOffset(TimeSpan.FromHours(7)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture) },
                ["location"] = new JsonArray(new JsonObject { ["location"] = new JsonObject { ["reference"] = "Location/" + Ward }, ["status"] = "active" }),
                ["serviceProvider"] = new JsonObject { ["reference"] = organization },
            }))],
        }, ct);
    }

    private static Write Write(JsonObject body) => new(WriteKind.Put, (string)body["resourceType"]!, (string)body["id"]!, JsonSerializer.SerializeToUtf8Bytes(body));

    private async Task<string?> FindAsync(string citizenNumber, CancellationToken ct)
    {
        var key = Systems.NationalId + "|" + citizenNumber;
        return (await store.FindByIdentifierAsync("Patient", [key], ct)).TryGetValue(key, out var found) ? found[0].Id : null;
    }
}
