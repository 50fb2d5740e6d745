using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Kernel;
using Mach.Registry.Ledgers;
using Mach.Registry.Units.Pages;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Mach.Registry.Practitioners.Pages;

/// <summary>The practitioners with their licence states on a day; one with posts, history and the question what may be done; suspending and revoking.</summary>
internal static class PractitionerPages
{
    private const int PerPage = 50;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/practitioners", List).WithName("reg-practitioners").RequireAuthorization(Policies.SignedIn);
        routes.MapGet("/practitioners/{id}", Show).WithName("reg-practitioner").RequireAuthorization(Policies.SignedIn);
        routes.MapPost("/practitioners/{id}/licence", Withhold).WithName("reg-licence-state").RequireAuthorization(Policies.EditRegistry);
    }

    internal static async Task<IResult> List(RegistryBooks books, string? q, string? state, string? date, int? page, CancellationToken ct)
    {
        var day = UnitQuery.Day(date) ?? books.Today();
        var ledger = (await books.CurrentAsync(ct)).Practitioners;
        var words = VietnameseText.Fold(q ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var all = ledger.Subjects.Select(s => PractitionerView.Read(ledger, s, day, long.MaxValue - 1)).OfType<PractitionerView>().Where(p => ledger.Of(p.Id).Any(f => f.IsOpen)).ToList();
        var found = all.Where(p => Has(p, words) && (string.IsNullOrEmpty(state) || p.Licences.Any(l => l.State.ToString().Equals(state, StringComparison.OrdinalIgnoreCase))))
            .OrderBy(p => VietnameseText.Fold(p.Name), StringComparer.Ordinal).ToList();
        var at = Math.Clamp(page ?? 1, 1, Math.Max(1, (found.Count + PerPage - 1) / PerPage));
        return UiModule.Page<PractitionerListPage>(new
        {
            Found = (IReadOnlyList<PractitionerView>)[.. found.Skip((at - 1) * PerPage).Take(PerPage)],
            Total = found.Count,
            PageNumber = at,
            Pages = (found.Count + PerPage - 1) / PerPage,
            Text = q ?? "",
            State = state ?? "",
            Date = day,
        });
    }

    /// <param name="id">Id of the Practitioner resource: a personal number has no place in addresses.</param>
    internal static async Task<IResult> Show(RegistryBooks books, IFacilityDirectory facilities, IFacilityRights rights, HttpContext http, string id, string? date, string? service, string? facility, CancellationToken ct)
    {
        var day = UnitQuery.Day(date) ?? books.Today();
        var ledger = (await books.CurrentAsync(ct)).Practitioners;
        if (Subject(ledger, id) is not { } subject || PractitionerView.Read(ledger, subject, day, long.MaxValue - 1) is not { } person)
        {
            return TypedResults.NotFound();
        }

        var facts = ledger.Of(subject);
        var changes = await books.ChangesAsync(facts.SelectMany(f => (long[])[f.OpenedBy, f.ClosedBy ?? f.OpenedBy]), ct);
        var asked = service is { Length: > 0 } && facility is { Length: > 0 };
        return UiModule.Page<PractitionerPage>(new
        {
            Person = person,
            ResourceId = id,
            Date = day,
            Names = (IReadOnlyDictionary<string, string>)person.Posts.Select(p => p.Facility).Distinct().ToDictionary(c => c, c => facilities.Find(c)?.Name ?? c),
            Service = service ?? "",
            Facility = facility ?? "",
            Obstacles = asked ? await rights.AskAsync(service!.Trim(), facility!.Trim().ToUpperInvariant(), subject, day, null, ct) : null,
            History = (IReadOnlyList<HistoryLine>)[.. facts.OrderByDescending(f => f.OpenedBy).ThenBy(f => f.Aspect, StringComparer.Ordinal).Select(f => new HistoryLine(f.Aspect, f.Value, f.From, f.To, changes.GetValueOrDefault(f.OpenedBy), f.ClosedBy is { } c ? changes.GetValueOrDefault(c) : null))],
            MayEdit = http.User.MayEditRegistry(),
        });
    }

    /// <summary>Suspends or revokes a licence since a day, or lifts that, by a decision that is named.</summary>
    internal static async Task<IResult> Withhold(
        RegistryBooks books, HttpContext http, string id, [FromForm] string licence, [FromForm] string state, [FromForm] string from, [FromForm] string? to, [FromForm] string why, CancellationToken ct)
    {
        var subject = Subject((await books.CurrentAsync(ct)).Practitioners, id);
        var end = UnitQuery.Day(to)?.AddDays(1) ?? DateOnly.MaxValue;
        if (subject is null)
        {
            return TypedResults.NotFound();
        }

        if (state is not ("suspended" or "revoked" or "valid") || UnitQuery.Day(from) is not { } day || why.Trim().Length == 0 || end <= day)
        {
            return TypedResults.Redirect($"/practitioners/{id}?error=licence");
        }

        await books.ChangeAsync(
            new ChangeNote("edit", http.User.AccountName(), why.Trim(), "practitioner:" + id),
            draft =>
            {
                if (draft.Practitioners.Now(subject, PractitionerAspects.LicencePrefix + licence).Count > 0)
                {
                    draft.Practitioners.State(new Statement(subject, PractitionerAspects.LicenceStatePrefix + licence, state == "valid" ? null : state, day, end));
                }
            },
            ct);
        return TypedResults.Redirect($"/practitioners/{id}?date={UnitQuery.Iso(day)}");
    }

    private static string? Subject(Ledger ledger, string id) => ledger.Subjects.FirstOrDefault(s => PractitionerBodies.Id(s) == id);

    private static bool Has(PractitionerView person, string[] words)
    {
        var text = " " + VietnameseText.Fold(person.Name) + " " + string.Join(' ', person.Licences.Select(l => l.Number.ToLowerInvariant())) + " " + person.Id;
        return Array.TrueForAll(words, w => text.Contains(" " + w, StringComparison.Ordinal));
    }
}
