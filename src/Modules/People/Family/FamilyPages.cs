using Mach.Access;
using Mach.Access.Audit;
using Mach.Contracts.People;
using Mach.Kernel;
using Mach.People.Desk;
using Mach.People.Index;
using Mach.People.Matching;
using Mach.People.Search;
using Mach.Store;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Mach.People.Family;

/// <summary>Somebody is looked for to be linked.</summary>
/// <param name="Who">Name, citizen number, insurance number or card, or the id of a Patient.</param>
/// <param name="Kind">What the one looked for is to the person: MTH, FTH, GUARD, SPS or CHILD.</param>
/// <param name="Birth">As typed; empty when unknown.</param>
public sealed record KinSearch(string Who, string Kind, string Birth);

/// <summary>A person's family and household: see, link, take away, take back; and the list of links that wait.</summary>
internal static class FamilyPages
{
    private const int PerPage = 20, Shown = 8;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/people/{id}/family", Show).WithName("ppl-family").RequireAuthorization(Policies.FindPerson);
        routes.MapPost("/people/{id}/family", Change).WithName("ppl-family-change").RequireAuthorization(Policies.FindPerson);
        routes.MapGet("/questions/family", List).WithName("ppl-family-waiting").RequireAuthorization(Policies.DecideData);
    }

    /// <summary>404 for an unknown person; 403 with a page that says why for a confidential one. The opening stands in the access log before anything is shown.</summary>
    internal static async Task<IResult> Show(string id, FamilyReader reader, FamilySearch search, FamilyGate gate, HttpContext http, CancellationToken ct)
    {
        if (await gate.IsHiddenAsync(http, id, ct))
        {
            return FamilyGate.Refuse(http);
        }

        if (await reader.ReadAsync(id, ct) is not { } family)
        {
            return TypedResults.NotFound();
        }

        family = family.Without(await gate.HiddenAsync(http, family.Ids, ct));
        await gate.OpenedAsync(http, id, ct);
        http.Audit().ShowPersons(family.Ids);
        var (who, asked, birth) = (http.Request.Query["who"].ToString().Trim(), http.Request.Query["kind"].ToString(), http.Request.Query["birth"].ToString().Trim());
        var kind = asked is Kinds.Child || Kinds.Kept.Contains(asked) ? asked : Kinds.Mother;
        var found = who.Length == 0 ? [] : await search.FindAsync(id, new KinSearch(who, kind, birth), Shown, ct);
        var hidden = await gate.HiddenAsync(http, found.Select(f => f.Id), ct);
        http.Audit().ShowPersons(found.Select(f => f.Id).Where(f => !hidden.Contains(f)));
        return UiModule.Page<FamilyPage>(new { Family = family, Search = new KinSearch(who, kind, birth), Found = (IReadOnlyList<CandidateLine>)[.. found.Select(f => hidden.Contains(f.Id) ? f.Hide() : f)], Refused = (string?)http.Request.Query["refused"], Done = (string?)http.Request.Query["done"] });
    }

    /// <summary>303 back to the page, with what was refused and why; 400 for what no form of ours sends, 404 for people who are not there or not of this family.</summary>
    /// <param name="act">link or remove.</param>
    /// <param name="patient">Whose relative; with <paramref name="relative"/> of a link that exists.</param>
    /// <param name="kind">MTH, FTH, GUARD, SPS; CHILD when the patient is the parent.</param>
    internal static async Task<IResult> Change(
        string id, HttpContext http, FamilyLinks family, FamilyGate gate, IPersonLinks links, [FromForm] string? act, [FromForm] string? patient, [FromForm] string? relative, [FromForm] string? kind, [FromForm] string? why, CancellationToken ct)
    {
        if (act is not ("link" or "remove") || patient is null || relative is null || (kind != Kinds.Child && !Kinds.Kept.Contains(kind ?? "")))
        {
            return TypedResults.BadRequest();
        }

        if (await gate.IsHiddenAsync(http, id, ct))
        {
            return FamilyGate.Refuse(http);
        }

        var own = await links.LinkedAsync(id, ct);
        if (!own.Contains(patient) && !own.Contains(relative))
        {
            return TypedResults.NotFound();
        }

        var reason = (why ?? "").Trim();
        if (act == "remove" && reason.Length == 0)
        {
            return Back(id, "refused=why");
        }

        if (kind == Kinds.Child)
        {
            // Of a child the parent is kept: mother or father by the parent's own sex.
            var parent = await family.SexOfAsync(patient, ct);
            if (parent is not ("female" or "male"))
            {
                return parent is null ? TypedResults.NotFound() : Back(id, "refused=sex");
            }

            (patient, relative, kind) = (relative, patient, parent == "female" ? Kinds.Mother : Kinds.Father);
        }

        var wanted = new KinWanted(patient, relative, kind!, http.User.AccountName(), reason);
        var outcome = act == "link" ? await family.LinkAsync(wanted, ct) : await family.RemoveAsync(wanted, ct);
        return outcome switch
        {
            KinOutcome.Done => Back(id, act == "link" ? "done=linked" : "done=removed"),
            KinOutcome.Unknown => TypedResults.NotFound(),
            _ => Back(id, "refused=" + outcome.ToString().ToLowerInvariant()),
        };
    }

    internal static async Task<IResult> List(HttpContext http, KinTable table, RecordStore store, int? page, CancellationToken ct)
    {
        var at = Math.Clamp(page ?? 1, 1, 1_000_000);
        var (rows, total) = await table.WaitingAsync(PerPage, (at - 1) * PerPage, ct);
        var names = (await store.As(Sight.Everything, http.Audit()).ReadManyAsync([.. rows.SelectMany(r => new[] { r.Patient, r.Relative }).Distinct().Select(i => ("Patient", i))], ct)).ToDictionary(p => p.Id, p => p.IsDeleted ? "" : PatientView.Read(p.Body).Name, StringComparer.Ordinal);
        return UiModule.Page<FamilyListPage>(new { Rows = rows, Names = (IReadOnlyDictionary<string, string>)names, Total = total, PageNumber = at, PageSize = PerPage });
    }

    private static RedirectHttpResult Back(string id, string query) => TypedResults.Redirect($"/people/{Uri.EscapeDataString(id)}/family?{query}");
}

/// <summary>What the one at the screen may see of a family, and the line that says it was seen.</summary>
internal sealed class FamilyGate(IPersonLinks links, IPersonConfidentiality confidentiality, AccessLog log)
{
    /// <summary>The person is confidential and this one may not see them; that it was tried stands in the access log.</summary>
    public async Task<bool> IsHiddenAsync(HttpContext http, string person, CancellationToken ct)
    {
        if ((await confidentiality.HiddenFromAsync(http.User, await links.LinkedAsync(person, ct), ct)).Count == 0)
        {
            return false;
        }

        await log.RecordDenialAsync(http, "family-open", person, "confidential", ct);
        return true;
    }

    public ValueTask<IReadOnlySet<string>> HiddenAsync(HttpContext http, IEnumerable<string> people, CancellationToken ct) =>
        confidentiality.HiddenFromAsync(http.User, [.. people.Distinct(StringComparer.Ordinal)], ct);

    public Task OpenedAsync(HttpContext http, string person, CancellationToken ct) => log.RecordAsync(http, "family-open", person, ct);

    public static IResult Refuse(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return UiModule.Page<Mach.Ui.Pages.ConfidentialPage>(new { });
    }
}

/// <summary>Looks for somebody of a family: by number, by the id of the record, or by name with what the person's own record says of the home.</summary>
internal sealed class FamilySearch(RecordStore store, PersonMatcher matcher, FactsMaker facts, TimeProvider clock)
{
    public async Task<IReadOnlyList<CandidateLine>> FindAsync(string person, KinSearch search, int count, CancellationToken ct)
    {
        var number = new Typed { Citizen = search.Who, Card = search.Who }.Sought(Dates.Today(clock));
        var keys = new[] { PatientKeys.National(number.NationalId ?? ""), PatientKeys.InsuranceNumber(search.Who.ToUpperInvariant()) is { } insured ? PatientKeys.Insurance(insured) : "" }.Where(k => k.Length > 0).ToList();
        var holders = (await store.FindByIdentifierAsync("Patient", keys, ct)).Values.SelectMany(v => v).ToList();
        if (holders.Count == 0 && search.Who.Length <= 64 && !search.Who.Contains(' ') && await store.ReadAsync("Patient", search.Who, ct) is { IsDeleted: false } named)
        {
            holders.Add(named);
        }

        if (holders.Count > 0)
        {
            return [.. holders.Where(h => h.Id != person).DistinctBy(h => h.Id).Take(count).Select(h => Line(h.Id, PatientFacts(h)))];
        }

        if (await store.ReadAsync("Patient", person, ct) is not { IsDeleted: false } own)
        {
            return [];
        }

        var self = PatientView.Read(own.Body);
        var sought = new Typed { Name = search.Who, Birth = search.Birth }.Sought(Dates.Today(clock)) with
        {
            Address = self.Address,
            Phones = self.Phones,
            Gender = search.Kind switch { Kinds.Mother => "female", Kinds.Father => "male", _ => "unknown" },
        };
        var found = await matcher.FindAsync(facts.Make(sought), ct);
        return [.. found.Where(f => f.Patient != person).Take(count).Select(f => Line(f.Patient, f.Facts))];
    }

    private PersonFacts PatientFacts(StoredResource stored) => Profiles.PatientFacts.Read(facts, stored.Body);

    private static CandidateLine Line(string id, PersonFacts f) => new(id, f.Name, f.Birth, f.Sex, f.Commune, f.Place, "", 0, [], null);
}
