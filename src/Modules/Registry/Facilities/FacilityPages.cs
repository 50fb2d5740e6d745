using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Kernel;
using Mach.Registry.Forms;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;
using Mach.Registry.Practitioners;
using Mach.Registry.Units.Pages;
using Mach.Store;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Registry.Facilities;

/// <summary>Lists the facilities, and lets a data officer confirm or rename one.</summary>
internal static class FacilityPages
{
    private const int PerPage = 50;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/facilities", List).WithName("reg-facilities").RequireAuthorization(Policies.SignedIn);
        routes.MapGet("/facilities/{code}", Show).WithName("reg-facility").RequireAuthorization(Policies.SignedIn);
        routes.MapPost("/facilities/{code}", Decide).WithName("reg-decide-facility").RequireAuthorization(Policies.DecideData);
    }

    internal static async Task<IResult> List(FacilityDirectory directory, string? q, string? status, int? page, CancellationToken ct)
    {
        await directory.LoadAsync(ct);
        var all = directory.All;
        var wanted = VietnameseText.Fold(q ?? "");
        var found = all
            .Where(f => wanted.Length == 0 || f.Code.Contains(wanted, StringComparison.OrdinalIgnoreCase) || VietnameseText.Fold(f.Name).Contains(wanted, StringComparison.Ordinal))
            .Where(f => status is not ("provisional" or "active") || (f.Status == FacilityStatus.Provisional) == (status == "provisional"))
            .OrderBy(f => f.Status == FacilityStatus.Provisional ? 0 : 1).ThenBy(f => f.Code, StringComparer.Ordinal)
            .ToList();
        var at = Math.Clamp(page ?? 1, 1, Math.Max(1, (found.Count + PerPage - 1) / PerPage));
        return UiModule.Page<FacilityListPage>(new
        {
            Found = (IReadOnlyList<Facility>)[.. found.Skip((at - 1) * PerPage).Take(PerPage)],
            Total = found.Count,
            Waiting = all.Count(f => f.Status == FacilityStatus.Provisional),
            Query = q ?? "",
            Status = status ?? "",
            PageNumber = at,
            PageSize = PerPage,
        });
    }

    internal static async Task<IResult> Show(Sources from, HttpContext http, string code, string? date, long? blocked, CancellationToken ct) =>
        await PageAsync(from, http, code, UnitQuery.Day(date), blocked, null, ct);

    /// <summary>What the page of one facility is made of.</summary>
    internal sealed record Sources(FacilityDirectory Directory, RegistryBooks Books, RecordStore Store, ICommunes Communes);

    /// <param name="typed">The form as it was sent, with what is wrong with it; null = as it is known.</param>
    private static async Task<IResult> PageAsync(Sources from, HttpContext http, string code, DateOnly? date, long? blocked, FormText? typed, CancellationToken ct)
    {
        var (directory, books) = (from.Directory, from.Books);
        await directory.LoadAsync(ct);
        if (directory.Find(code) is not { } facility)
        {
            return TypedResults.NotFound();
        }

        var history = await from.Store.HistoryAsync("Organization", facility.OrganizationId, 20, null, ct);
        var day = date ?? books.Today();
        var state = await books.CurrentAsync(ct);
        var facts = state.Facilities.Of(code);
        var changes = await books.ChangesAsync(facts.SelectMany(f => (long[])[f.OpenedBy, f.ClosedBy ?? f.OpenedBy]), ct);
        var view = FacilityView.Read(state.Facilities, code, day, long.MaxValue - 1);
        var form = typed ?? FacilityDecision.Show(facility, state.Number);
        var page = UiModule.Page<FacilityPage>(new
        {
            View = view,
            CoreName = view?.Core is { } core ? directory.Find(core)?.Name : null,
            OfficeName = view?.InsuranceOffice is { } office ? state.Units.Value(office, Units.Aspects.Name, day, long.MaxValue - 1) : null,
            Blocked = blocked,
            MayEdit = http.User.MayEditRegistry(),
            Date = day,
            People = (IReadOnlyList<PractitionerView>)[.. state.Practitioners.Subjects.Select(s => PractitionerView.Read(state.Practitioners, s, day, long.MaxValue - 1)).OfType<PractitionerView>()
                .Where(p => p.Posts.Any(post => post.Facility == code && post.Holds(day)))],
            Facts = (IReadOnlyList<HistoryLine>)[.. facts.OrderByDescending(f => f.OpenedBy).ThenBy(f => f.Aspect, StringComparer.Ordinal)
                .Select(f => new HistoryLine(f.Aspect, f.Value, f.From, f.To, changes.GetValueOrDefault(f.OpenedBy), f.ClosedBy is { } c ? changes.GetValueOrDefault(c) : null))],
            Facility = facility,
            Form = form,
            Communes = from.Communes.All,
            History = (IReadOnlyList<FacilityVersion>)[.. history.Where(v => !v.IsDeleted).Select(FacilityVersion.Read)],
            MayDecide = http.User.HasRole(Roles.DataOfficer),
        });
        page.StatusCode = form.IsGood ? null : form.Problems.ContainsKey("") ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest;
        return page;
    }

    /// <summary>
    /// Confirms or renames; a confirmed facility is active from then on. Wrong fields are said beside them (400); what somebody else made of the same fields meanwhile is said (409). Either way
    /// nothing is written and what was typed stays in the form.
    /// </summary>
    internal static async Task<IResult> Decide(Sources from, HttpContext http, string code, CancellationToken ct)
    {
        var form = await FormText.ReadAsync(http, ct);
        await from.Directory.LoadAsync(ct);
        if (from.Directory.Find(code) is null)
        {
            return TypedResults.NotFound();
        }

        var problems = new List<Problem>();
        if (FacilityDecision.Read(form, code, from.Communes, problems) is not { } decision)
        {
            return await PageAsync(from, http, code, null, null, form.With(problems), ct);
        }

        if (await from.Directory.DecideAsync(decision, http.User.AccountName(), ct) is not { } between)
        {
            return TypedResults.Redirect($"/facilities/{Uri.EscapeDataString(code)}");
        }

        // Sent again, the form has seen this change.
        var told = form.With([await Disagreement.OfAsync(from.Books, Ledger.LastChange(between), Changes.AspectWords.Of(between.Aspect), ct)]);
        return await PageAsync(from, http, code, null, null, told.SeenBy((await from.Books.CurrentAsync(ct)).Number), ct);
    }
}
