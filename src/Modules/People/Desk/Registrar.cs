using System.Text.Json.Nodes;
using Mach.Contracts.People;
using Mach.Fhir.Search;
using Mach.Kernel;
using Mach.People.Index;
using Mach.People.Matching;
using Mach.People.Profiles;
using Mach.People.Search;
using Mach.Store;
using Mach.Vietnam;

namespace Mach.People.Desk;

/// <param name="Id">The Patient; null when somebody has to look first.</param>
/// <param name="IsNew">It was made now.</param>
/// <param name="Known">Who it may be instead, when nothing was made.</param>
internal sealed record Registered(string? Id, bool IsNew, IReadOnlyList<Found> Known);

/// <summary>
/// Registers a person at a desk. Who is certainly known is not made again; who is probably known is asked about first. Two desks that register one person at once make one:
/// the look for doubles is guarded inside the commit, so that whoever comes second looks again.
/// </summary>
internal sealed class Registrar(RecordStore store, PersonMatcher matcher, FactsMaker facts)
{
    private const int Attempts = 10;

    /// <param name="acknowledged">Patients that the clerk has seen and declared to be others.</param>
    /// <exception cref="CommitConflictException">The desks of the province get into each other's way without end.</exception>
    public async Task<Registered> RegisterAsync(PersonSought sought, IReadOnlyCollection<string> acknowledged, string actor, CancellationToken ct)
    {
        await facts.RefreshAsync(ct);
        for (var attempt = 1; ; attempt++)
        {
            var guard = await GuardAsync(sought, ct);
            var known = (await matcher.FindAsync(facts.Make(sought), ct)).Where(f => f.Judgement.Grade != Grade.Apart && !acknowledged.Contains(f.Patient)).ToList();
            if (known.Count > 0)
            {
                var certain = known.Where(f => f.Judgement.Grade == Grade.Link).ToList();
                return new Registered(certain.Count == 1 ? certain[0].Patient : null, false, known);
            }

            try
            {
                return new Registered(await CreateAsync(sought, guard, actor, ct), true, []);
            }
            catch (CommitConflictException) when (attempt < Attempts)
            {
                // Another desk was quicker, perhaps with the same person: look again.
            }
        }
    }

    /// <summary>Nobody born in that year may appear between the look and the commit; without a year, nobody of that family name.</summary>
    private async Task<IReadOnlyList<Guard>> GuardAsync(PersonSought sought, CancellationToken ct)
    {
        var pair = sought.BirthDate is { Length: >= 4 } birth ? KeyValuePair.Create("birthdate", birth[..4]) : KeyValuePair.Create("name", sought.Name.Split(' ')[0]);
        var query = SearchQuery.Parse("Patient", [pair], lenient: false, store.Catalog);
        return [(await store.MatchAsync(query, ct)).Guard];
    }

    private async Task<string> CreateAsync(PersonSought sought, IReadOnlyList<Guard> guards, string actor, CancellationToken ct)
    {
        var id = Ids.New();
        var body = Body(id, sought);
        var person = PatientFacts.Read(facts, body);
        var claims = new List<UniqueClaim>();
        if (person.CitizenNumber is { } citizen)
        {
            claims.Add(new UniqueClaim(PatientKeys.National(citizen), "Patient", id));
        }

        claims.AddRange(person.InsuranceNumbers.Select(number => new UniqueClaim(PatientKeys.Insurance(number), "Patient", id)));
        await store.CommitAsync(
            new Commit
            {
                Writes = [new Write(WriteKind.Put, "Patient", id, body, 0)],
                Actor = actor,
                Claims = claims,
                Guards = guards,
                Rows = [.. Profile.Rows(id, 1, person, null)],
            },
            ct);
        return id;
    }

    private static byte[] Body(string id, PersonSought sought)
    {
        var claim = new PersonClaim
        {
            Facility = "",
            MaLk = "",
            Source = Systems.Own + "/desk",
            NationalId = sought.NationalId,
            InsuranceCards = sought.InsuranceCards,
            Name = sought.Name,
            BirthDate = PartialDate.TryParseFhir(sought.BirthDate, out var birth) ? birth : null,
            Gender = sought.Gender,
            Phone = sought.Phones is [var phone, ..] ? Vietnam.Identity.PhoneNumber.Normalise(phone) ?? phone : null,
            Address = sought.Address,
            CommuneCode = sought.CommuneCode,
        };
        var root = JsonNode.Parse(GoldenPatient.Create(id, claim, new HashSet<string>(), out _))!.AsObject();
        foreach (var (system, value) in new[] { (Systems.CitizenId, sought.OldCard), (Systems.Passport, sought.Passport), (PatientFacts.BirthCertificate, sought.BirthCertificate) })
        {
            if (value is not null)
            {
                root["identifier"] ??= new JsonArray();
                root["identifier"]!.AsArray().Add((JsonNode)new JsonObject { ["system"] = system, ["value"] = value });
            }
        }

        if (sought.MotherName is { } mother)
        {
            var relationship = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v3-RoleCode", ["code"] = "MTH" }) };
            root["contact"] = new JsonArray(new JsonObject { ["relationship"] = new JsonArray(relationship), ["name"] = new JsonObject { ["text"] = VietnameseText.Compose(mother) } });
        }

        if (sought.BirthOrder > 0)
        {
            root["multipleBirthInteger"] = sought.BirthOrder;
        }

        // FHIR knows no empty arrays.
        if (root["identifier"] is JsonArray { Count: 0 })
        {
            root.Remove("identifier");
        }

        return GoldenPatient.Bytes(root);
    }
}
