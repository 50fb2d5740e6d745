using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Kernel;
using Mach.Registry.Forms;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;
using Mach.Registry.Units.Pages;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
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

    /// <summary>What the page of one practitioner is made of.</summary>
    internal sealed record Sources(RegistryBooks Books, IFacilityDirectory Facilities, IFacilityRights Rights);

    /// <summary>What is asked of the page of one practitioner.</summary>
    /// <param name="Id">Id of the Practitioner resource: a personal number has no place in addresses.</param>
    /// <param name="Date">Day of the licence states.</param>
    /// <param name="Service">With <paramref name="Facility"/>: whether this may be done there.</param>
    internal sealed record Asked(string Id, string? Date, string? Service, string? Facility);

    internal static async Task<IResult> Show(Sources from, HttpContext http, [AsParameters] Asked asked, CancellationToken ct) => await PageAsync(from, http, asked, null, ct);

    /// <param name="typed">The form of a licence as it was sent, with what is wrong with it; null = a fresh one.</param>
    private static async Task<IResult> PageAsync(Sources from, HttpContext http, Asked query, FormText? typed, CancellationToken ct)
    {
        var books = from.Books;
        var (id, service, facility) = (query.Id, query.Service, query.Facility);
        var day = UnitQuery.Day(query.Date) ?? books.Today();
        var registry = await books.CurrentAsync(ct);
        var ledger = registry.Practitioners;
        if (Subject(ledger, id) is not { } subject || PractitionerView.Read(ledger, subject, day, long.MaxValue - 1) is not { } person)
        {
            return TypedResults.NotFound();
        }

        var facts = ledger.Of(subject);
        var changes = await books.ChangesAsync(facts.SelectMany(f => (long[])[f.OpenedBy, f.ClosedBy ?? f.OpenedBy]), ct);
        var asked = service is { Length: > 0 } && facility is { Length: > 0 };
        var form = typed ?? LicenceEdit.Fresh(day, registry.Number);
        var page = UiModule.Page<PractitionerPage>(new
        {
            Person = person,
            ResourceId = id,
            Date = day,
            Names = (IReadOnlyDictionary<string, string>)person.Posts.Select(p => p.Facility).Distinct().ToDictionary(c => c, c => from.Facilities.Find(c)?.Name ?? c),
            Service = service ?? "",
            Facility = facility ?? "",
            Obstacles = asked ? await from.Rights.AskAsync(service!.Trim(), facility!.Trim().ToUpperInvariant(), subject, day, null, ct) : null,
            History = (IReadOnlyList<HistoryLine>)[.. facts.OrderByDescending(f => f.OpenedBy).ThenBy(f => f.Aspect, StringComparer.Ordinal).Select(f => new HistoryLine(f.Aspect, Said(f), f.From, f.To, changes.GetValueOrDefault(f.OpenedBy), f.ClosedBy is { } c ? changes.GetValueOrDefault(c) : null))],
            MayEdit = http.User.MayEditRegistry(),
            Form = form,
        });
        page.StatusCode = form.IsGood ? null : form.Problems.ContainsKey("") ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest;
        return page;
    }

    /// <summary>
    /// Suspends or revokes a licence since a day, or lifts that, by a decision that is named. Wrong fields are said beside them (400); a change of the same licence by somebody else meanwhile
    /// is said (409). Either way nothing is written and what was typed stays in the form.
    /// </summary>
    internal static async Task<IResult> Withhold(Sources from, HttpContext http, string id, CancellationToken ct)
    {
        var (books, form) = (from.Books, await FormText.ReadAsync(http, ct));
        var ledger = (await books.CurrentAsync(ct)).Practitioners;
        if (Subject(ledger, id) is not { } subject)
        {
            return TypedResults.NotFound();
        }

        var problems = new List<Problem>();
        if (LicenceEdit.Read(form, ledger, subject, problems) is not { } edit)
        {
            return await PageAsync(from, http, new Asked(id, form["shown"], null, null), form.With(problems), ct);
        }

        Fact? between = null;
        await books.ChangeAsync(
            new ChangeNote("edit", http.User.AccountName(), form["why"], "practitioner:" + id),
            draft =>
            {
                between = edit.ChangedSince(draft.State.Practitioners);
                if (between is null)
                {
                    draft.Practitioners.State(edit.Statement);
                }
            },
            ct);
        if (between is null)
        {
            return TypedResults.Redirect($"/practitioners/{id}?date={UnitQuery.Iso(edit.Statement.From)}");
        }

        // Sent again, the form has seen this change.
        var told = form.With([await Disagreement.OfAsync(books, Ledger.LastChange(between), Changes.AspectWords.Of(between.Aspect), ct)]);
        return await PageAsync(from, http, new Asked(id, form["shown"], null, null), told.SeenBy((await books.CurrentAsync(ct)).Number), ct);
    }

    /// <summary>A fact's value as a person reads it.</summary>
    private static string Said(Fact fact)
    {
        IEnumerable<string> parts = fact.Aspect switch
        {
            _ when fact.Aspect.StartsWith(PractitionerAspects.LicencePrefix, StringComparison.Ordinal) && LicenceTerms.Read(fact.Value) is var terms => [terms.Title, string.Join(", ", terms.Scope), terms.Issuer],
            _ when fact.Aspect.StartsWith(PractitionerAspects.PostPrefix, StringComparison.Ordinal) && PostTerms.Read(fact.Value) is var post => [post.Role, post.Department, post.Hours],
            _ when fact.Aspect.StartsWith(PractitionerAspects.LicenceStatePrefix, StringComparison.Ordinal) => [Words.T.Find("licence-" + fact.Value) ?? fact.Value],
            PractitionerAspects.Born => [Dates.ShowFhir(fact.Value)],
            _ => [fact.Value],
        };
        return string.Join(" · ", parts.Where(p => p.Length > 0));
    }

    private static string? Subject(Ledger ledger, string id) => ledger.Subjects.FirstOrDefault(s => PractitionerBodies.Id(s) == id);

    private static bool Has(PractitionerView person, string[] words)
    {
        var text = " " + VietnameseText.Fold(person.Name) + " " + string.Join(' ', person.Licences.Select(l => l.Number.ToLowerInvariant())) + " " + person.Id;
        return Array.TrueForAll(words, w => text.Contains(" " + w, StringComparison.Ordinal));
    }
}
