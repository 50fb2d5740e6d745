using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Registry.Facilities;
using Mach.Registry.Forms;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;
using Mach.Registry.Units.Pages;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Registry.Networks;

/// <summary>Those under one parent on a day.</summary>
/// <param name="Depth">0 for a head of the hierarchy.</param>
public sealed record NetworkGroup(Unit Parent, int Depth, IReadOnlyList<NetworkMember> Members);

/// <summary>A facility or office with the days of its link.</summary>
/// <param name="Change">The change that stated it.</param>
public sealed record NetworkMember(Unit Unit, DateOnly From, DateOnly To, long Change);

/// <summary>Shows the satellite network and the insurance areas of a day, and lets officers state a link or an office.</summary>
internal static class NetworkPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/networks/{hierarchy}", Show).WithName("reg-network").RequireAuthorization(Policies.SignedIn);
        routes.MapPost("/networks/{hierarchy}", Link).WithName("reg-network-link").RequireAuthorization(Policies.EditRegistry);
        routes.MapPost("/networks/insurance/offices", Office).WithName("reg-insurance-office").RequireAuthorization(Policies.EditRegistry);
    }

    internal static async Task<IResult> Show(UnitRegistry units, RegistryBooks books, HttpContext http, string hierarchy, string? date, string? known, string? facility, CancellationToken ct)
    {
        if (!Network.Hierarchies.Contains(hierarchy))
        {
            return TypedResults.NotFound();
        }

        var query = UnitQuery.Read(date, null, known, books.Today());
        var form = FormText.Empty with { Values = new Dictionary<string, string> { ["facility"] = facility ?? "", ["from"] = UnitQuery.Iso(query.Date) } };
        return await PageAsync(units, books, http, hierarchy, query, form, FormText.Empty, ct);
    }

    /// <summary>States under which parent a facility is since a day; without a parent the link ends.</summary>
    internal static async Task<IResult> Link(UnitRegistry units, RegistryBooks books, HttpContext http, string hierarchy, CancellationToken ct)
    {
        if (!Network.Hierarchies.Contains(hierarchy))
        {
            return TypedResults.NotFound();
        }

        await units.SeedAsync(ct);
        var form = await FormText.ReadAsync(http, ct);
        var problems = new List<Problem>();
        var facility = form["facility"].ToUpperInvariant();
        Fact? between = null;
        var from = Day(form, "from", problems);
        var to = form["last"].Length == 0 ? DateOnly.MaxValue : UnitQuery.Day(form["last"])?.AddDays(1);
        problems.AddRange(to is null ? [FormText.NoDay("last")] : []);
        problems.AddRange(form["why"].Length is 0 or > 255 ? [FormText.NoReason] : []);
        if (problems.Count == 0)
        {
            await books.ChangeAsync(
                new ChangeNote("edit", http.User.AccountName(), form["why"], "facility:" + facility),
                draft =>
                {
                    between = Seen(form) is { } seen ? draft.State.Facilities.ChangedSince(facility, a => a == Network.AspectOf(hierarchy), seen) : null;
                    problems = [.. Network.Check(draft, hierarchy, facility, form["parent"], from, to!.Value)];
                    if (problems.Count == 0 && between is null)
                    {
                        Network.State(draft, hierarchy, facility, form["parent"], from, to.Value);
                    }
                },
                ct);
        }

        problems.AddRange(between is { } fact ? [await Disagreement.OfAsync(books, Ledger.LastChange(fact), Changes.AspectWords.Of(fact.Aspect), ct)] : []);
        return problems.Count > 0
            ? await PageAsync(units, books, http, hierarchy, new UnitQuery(UnitQuery.Day(form["from"]) ?? books.Today(), null), form.With(problems), FormText.Empty, ct)
            : TypedResults.Redirect($"/networks/{hierarchy}?date={UnitQuery.Iso(from)}");
    }

    /// <summary>States an office of social insurance since a day, or its new name or place.</summary>
    internal static async Task<IResult> Office(UnitRegistry units, RegistryBooks books, HttpContext http, CancellationToken ct)
    {
        await units.SeedAsync(ct);
        var form = await FormText.ReadAsync(http, ct);
        var problems = new List<Problem>();
        var id = Network.OfficeId(form["office"]);
        Fact? between = null;
        var from = Day(form, "since", problems);
        problems.AddRange(form["reason"].Length is 0 or > 255 ? [FormText.NoReason with { Where = "reason" }] : []);
        if (problems.Count == 0)
        {
            await books.ChangeAsync(
                new ChangeNote("edit", http.User.AccountName(), form["reason"], "unit:" + id),
                draft =>
                {
                    between = Seen(form) is { } seen ? draft.State.Units.ChangedSince(id, _ => true, seen) : null;
                    problems = [.. Network.CheckOffice(draft, form["office"], form["name"], form["above"], from)];
                    if (problems.Count == 0 && between is null)
                    {
                        Network.StateOffice(draft, form["office"], form["name"], form["above"], from);
                    }
                },
                ct);
        }

        problems.AddRange(between is { } fact ? [await Disagreement.OfAsync(books, Ledger.LastChange(fact), Changes.AspectWords.Of(fact.Aspect), ct)] : []);
        return problems.Count > 0
            ? await PageAsync(units, books, http, Hierarchies.Insurance, new UnitQuery(UnitQuery.Day(form["since"]) ?? books.Today(), null), FormText.Empty, form.With(problems), ct)
            : TypedResults.Redirect($"/networks/insurance?date={UnitQuery.Iso(from)}");
    }

    private static DateOnly Day(FormText form, string field, List<Problem> problems)
    {
        if (UnitQuery.Day(form[field]) is { } day)
        {
            return day;
        }

        problems.Add(FormText.NoDay(field));
        return default;
    }

    /// <summary>The last change that the sent page showed.</summary>
    private static long? Seen(FormText form) => long.TryParse(form["seen"], System.Globalization.CultureInfo.InvariantCulture, out var seen) ? seen : null;

    private static async Task<RazorComponentResult<NetworkPage>> PageAsync(UnitRegistry units, RegistryBooks books, HttpContext http, string hierarchy, UnitQuery query, FormText link, FormText office, CancellationToken ct)
    {
        var map = await units.MapAsync(query.KnownAt, ct);
        var page = UiModule.Page<NetworkPage>(new
        {
            Hierarchy = hierarchy,
            Query = query,
            Groups = (IReadOnlyList<NetworkGroup>)Groups(map, hierarchy, query.Date),
            Facilities = (IReadOnlyList<Unit>)[.. map.All(query.Date).Where(u => u.Type == FacilityUnits.Type)],
            Offices = (IReadOnlyList<Unit>)[.. map.All(query.Date).Where(u => u.Type == Network.OfficeType)],
            Link = link,
            Office = office,
            Seen = (await books.CurrentAsync(ct)).Number,
            MayEdit = http.User.MayEditRegistry(),
        });
        page.StatusCode = link.IsGood && office.IsGood ? null : link.Problems.ContainsKey("") || office.Problems.ContainsKey("") ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest;
        return page;
    }

    private static List<NetworkGroup> Groups(UnitMap map, string hierarchy, DateOnly date)
    {
        var groups = new List<NetworkGroup>();
        void Add(Unit parent, int depth)
        {
            var below = map.Children(parent.Id, hierarchy, date);
            if (below.Count > 0 || parent.Type == Network.OfficeType)
            {
                groups.Add(new NetworkGroup(parent, depth, [.. below.Where(u => u.Type == FacilityUnits.Type).Select(u => map.Fact(u.Id, Aspects.Parent(hierarchy), date) is { } f ? new NetworkMember(u, f.From, f.To, f.OpenedBy) : null!)]));
            }

            foreach (var unit in below)
            {
                Add(unit, depth + 1);
            }
        }

        var roots = map.Roots(hierarchy, date).Concat(hierarchy == Hierarchies.Insurance ? map.All(date).Where(u => u.Type == Network.OfficeType && map.Fact(u.Id, Aspects.Parent(hierarchy), date) is null) : []).DistinctBy(u => u.Id);
        foreach (var root in roots.OrderBy(u => u.Id, StringComparer.Ordinal))
        {
            Add(root, 0);
        }

        return groups;
    }
}
