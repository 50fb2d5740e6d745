using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Kernel;
using Mach.Registry.Ledgers;
using Mach.Registry.Practitioners;
using Mach.Registry.Units.Pages;
using Mach.Store;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
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

    internal static async Task<IResult> Show(
        FacilityDirectory directory, RegistryBooks books, RecordStore store, ICommunes communes, HttpContext http, string code, string? date, long? blocked, CancellationToken ct)
    {
        await directory.LoadAsync(ct);
        if (directory.Find(code) is not { } facility)
        {
            return TypedResults.NotFound();
        }

        var history = await store.HistoryAsync("Organization", facility.OrganizationId, 20, null, ct);
        var day = UnitQuery.Day(date) ?? books.Today();
        var state = await books.CurrentAsync(ct);
        var facts = state.Facilities.Of(code);
        var changes = await books.ChangesAsync(facts.SelectMany(f => (long[])[f.OpenedBy, f.ClosedBy ?? f.OpenedBy]), ct);
        var view = FacilityView.Read(state.Facilities, code, day, long.MaxValue - 1);
        return UiModule.Page<FacilityPage>(new
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
            Communes = communes.All,
            History = (IReadOnlyList<FacilityVersion>)[.. history.Where(v => !v.IsDeleted).Select(FacilityVersion.Read)],
            MayDecide = http.User.HasRole(Roles.DataOfficer),
        });
    }

    /// <summary>Confirms or renames; a confirmed facility is active from then on.</summary>
    internal static async Task<IResult> Decide(
        FacilityDirectory directory, ICommunes communes, HttpContext http, string code,
        [FromForm] string name, [FromForm] string? tier, [FromForm] string? communeCode, CancellationToken ct)
    {
        await directory.LoadAsync(ct);
        if (directory.Find(code) is not { } facility)
        {
            return TypedResults.NotFound();
        }

        var clean = VietnameseText.Compose(name.Trim());
        if (clean.Length is 0 or > 255)
        {
            return TypedResults.Redirect($"/facilities/{Uri.EscapeDataString(code)}?error=name");
        }

        var commune = communes.Find(communeCode);
        await directory.DecideAsync(
            facility with
            {
                Name = clean,
                Status = FacilityStatus.Active,
                Tier = tier is "specialised" or "basic" or "initial" ? tier : null,
                CommuneCode = commune?.Code,
                FormerProvince = commune?.FormerProvince ?? facility.FormerProvince,
            },
            http.User.AccountName(),
            ct);
        return TypedResults.Redirect($"/facilities/{Uri.EscapeDataString(code)}");
    }
}
