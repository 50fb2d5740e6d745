using System.Globalization;
using Mach.Access;
using Mach.Access.Web;
using Mach.Contracts.Registry;
using Mach.Indicators.Asking;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;
using Mach.Indicators.Pages;
using Mach.Indicators.Subscriptions;
using Mach.Kernel;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Indicators.Quality;

/// <summary>One line of two visits of one person on one day.</summary>
/// <param name="Name">Empty when the caller may not read the person.</param>
public sealed record TwiceLine(DateOnly Day, string Patient, string Name, string Encounter);

/// <summary>Which findings an inbox shows.</summary>
/// <param name="State">open, explained, gone or all.</param>
/// <param name="Rule">Code of a check; empty = all.</param>
public sealed record InboxQuery(string State, string Rule, bool IsMine);

/// <summary>The inbox of what does not look right, one finding, and what the director sees in the morning. Each caller sees their place alone.</summary>
internal static class QualityPages
{
    /// <summary>More than ten exceptions are none.</summary>
    public const int MostExceptions = 10;
    /// <summary>Of one check, so that one trouble of many facilities does not hide the others.</summary>
    private const int MostOfOne = 3;
    private const int MostShown = 200, LongestWhy = 255;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/indicators/morning", Morning).WithName("ind-morning").RequireAuthorization(Policies.ReadIndicators);
        routes.MapGet("/indicators/quality", Inbox).WithName("ind-quality").RequireAuthorization(Policies.ReadIndicators);
        routes.MapPost("/indicators/quality", Examine).WithName("ind-examine").RequireAuthorization(Policies.DecideData);
        routes.MapGet("/indicators/quality/{finding}", Show).WithName("ind-finding").RequireAuthorization(Policies.ReadIndicators);
        routes.MapPost("/indicators/quality/{finding}", Take).WithName("ind-settle").RequireAuthorization(Policies.ReadIndicators);
    }

    internal static async Task<IResult> Morning(FindingBook findings, SubscriptionBook subscriptions, Overview overview, DefinitionBook book, Counter counter, Accounts accounts, IFacilityDirectory facilities, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var (scope, today) = (Scope.Of(http), Dates.Today(clock));
        var views = await ViewsAsync(findings, book, accounts, facilities, today, http, scope, ct);
        var open = Ranked(views.Where(v => v.Step.IsOpen)).ToList();
        var shown = Limited(open).ToList();
        var period = Period.YearOf(today);
        var glances = scope.IsNothing ? [] : await overview.AskAsync(period.From, period.To, scope.Facility, ct);
        return UiModule.Page<MorningPage>(new
        {
            Scope = scope,
            Today = today,
            Period = period,
            Shown = shown,
            More = open.Count - shown.Count,
            Overdue = open.Count(v => v.IsOverdue),
            Glances = CodeList.Morning.Select(code => glances.FirstOrDefault(g => g.Indicator.Code == code)).OfType<Glance>().ToList(),
            SeesPeople = IndicatorPages.SeesPeople(http),
            Counted = await counter.PlaceAsync(ct),
            Reports = await subscriptions.NewAsync(http.User.AccountName(), ct),
            Facilities = facilities,
        });
    }

    internal static async Task<IResult> Inbox(FindingBook findings, DefinitionBook book, Accounts accounts, IFacilityDirectory facilities, TimeProvider clock, HttpContext http, string? state, string? check, string? mine, CancellationToken ct)
    {
        var query = new InboxQuery(string.IsNullOrEmpty(state) ? "open" : state, check ?? "", mine == "on");
        if (query.State is not ("open" or "explained" or "gone" or "all") || (query.Rule.Length > 0 && !CheckRule.Shipped.Any(r => r.Code == query.Rule)))
        {
            return IndicatorPages.Wrong(Words.T["finding-no-filter"]);
        }

        var (scope, today) = (Scope.Of(http), Dates.Today(clock));
        var views = await ViewsAsync(findings, book, accounts, facilities, today, http, scope, ct);
        var chosen = Ranked(views.Where(v => (query.Rule.Length == 0 || v.Rule.Code == query.Rule) && (!query.IsMine || v.Step.Owner == http.User.AccountName()) && query.State switch
        {
            "open" => v.Step.IsOpen,
            "explained" => v.Step.Act == FindingAct.Explained,
            "gone" => v.Step.Act == FindingAct.Gone,
            _ => true,
        })).ToList();
        return UiModule.Page<InboxPage>(new
        {
            Scope = scope,
            Query = query,
            Lines = chosen.Take(MostShown).ToList(),
            More = Math.Max(0, chosen.Count - MostShown),
            Open = views.Count(v => v.Step.IsOpen),
            Overdue = views.Count(v => v.IsOverdue),
            Counts = views.Where(v => v.Step.IsOpen).GroupBy(v => v.Rule.Code).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal),
            MayExamine = http.User.HasRole(Roles.DataOfficer) && scope.IsEverywhere,
        });
    }

    /// <summary>Checks now, not only in ten minutes.</summary>
    internal static async Task<IResult> Examine(Examiner examiner, HttpContext http, CancellationToken ct)
    {
        if (!Scope.Of(http).IsEverywhere)
        {
            return Results.Forbid();
        }

        await examiner.RunAsync(ct);
        return TypedResults.LocalRedirect("/indicators/quality");
    }

    internal static Task<IResult> Show(FindingBook findings, Examiner examiner, DefinitionBook book, Drill drill, Accounts accounts, IFacilityDirectory facilities, TimeProvider clock, HttpContext http, string finding, CancellationToken ct) =>
        PageAsync(findings, examiner, book, drill, accounts, facilities, clock, http, finding, null, StatusCodes.Status200OK, ct);

    /// <summary>act: given (owner: account; due: date as typed), explained, opened; seen: number of the last step on the page; why: needed to explain.</summary>
    internal static async Task<IResult> Take(FindingBook findings, Examiner examiner, DefinitionBook book, Drill drill, Accounts accounts, IFacilityDirectory facilities, TimeProvider clock, HttpContext http, string finding, CancellationToken ct)
    {
        var typed = await http.Request.FormAsync(ct);
        var (scope, today, why) = (Scope.Of(http), Dates.Today(clock), typed["why"].ToString().Trim());
        if (FindingKey.Parse(finding) is not { } key || !Sees(scope, key.Place))
        {
            return TypedResults.NotFound();
        }

        FindingAct? act = typed["act"].ToString() switch { "given" => FindingAct.Given, "explained" => FindingAct.Explained, "opened" => FindingAct.Opened, _ => null };
        if (act is not { } wanted || !int.TryParse(typed["seen"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen))
        {
            return IndicatorPages.Wrong(Words.T["finding-no-act"]);
        }

        if (!MaySettle(http))
        {
            return Results.Forbid();
        }

        Task<IResult> AgainAsync(string problem, int status) => PageAsync(findings, examiner, book, drill, accounts, facilities, clock, http, finding, Words.T[problem], status, ct);
        if (why.Length > LongestWhy || (wanted == FindingAct.Explained && why.Length < 5))
        {
            return await AgainAsync("finding-no-reason", StatusCodes.Status400BadRequest);
        }

        var owner = typed["owner"].ToString();
        var due = typed["due"].ToString() is { Length: > 0 } text ? TypedDate.Read(text, today).Date : null;
        var day = due is { Day: > 0 } known ? new DateOnly(known.Year, known.Month, known.Day) : (DateOnly?)null;
        if (wanted == FindingAct.Given && (day is null || day < today || !(await OwnersAsync(accounts, key.Place, ct)).Any(o => o.Name == owner)))
        {
            return await AgainAsync(day is null || day < today ? "finding-no-day" : "finding-no-owner", StatusCodes.Status400BadRequest);
        }

        return await findings.TakeAsync(key, wanted, seen, http.User.AccountName(), owner, wanted == FindingAct.Given ? day : null, why, ct)
            ? TypedResults.LocalRedirect("/indicators/quality/" + key.Address)
            : await AgainAsync("finding-overtaken", StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> PageAsync(FindingBook findings, Examiner examiner, DefinitionBook book, Drill drill, Accounts accounts, IFacilityDirectory facilities, TimeProvider clock, HttpContext http, string finding, string? problem, int status, CancellationToken ct)
    {
        var (scope, today) = (Scope.Of(http), Dates.Today(clock));
        if (FindingKey.Parse(finding) is not { } key || !Sees(scope, key.Place) || await findings.StepsAsync(key, ct) is not { Count: > 0 } steps)
        {
            return TypedResults.NotFound();
        }

        var names = await NamesAsync(accounts, ct);
        var wording = new FindingWording(await IndicatorsAsync(book, ct), facilities, names, today, IndicatorPages.SeesPeople(http));
        if (wording.Of(steps[^1]) is not { } view)
        {
            return TypedResults.NotFound();
        }

        var (twice, hidden) = view.Rule.Kind == "duplicate" ? await TwiceAsync(examiner, drill, http, key, ct) : ([], 0);
        var page = UiModule.Page<FindingPage>(new
        {
            View = view,
            History = steps.Select(s => wording.Of(s)!).Reverse().ToList(),
            Names = (Func<string, string>)(name => name.Length == 0 ? Words.T["finding-program"] : names.GetValueOrDefault(name) ?? name),
            Owners = MaySettle(http) ? await OwnersAsync(accounts, key.Place, ct) : [],
            MaySettle = MaySettle(http),
            Twice = twice,
            Hidden = hidden,
            Today = today,
            Problem = problem,
        });
        page.StatusCode = status;
        return page;
    }

    private static async Task<(IReadOnlyList<TwiceLine> Seen, int Hidden)> TwiceAsync(Examiner examiner, Drill drill, HttpContext http, FindingKey key, CancellationToken ct)
    {
        var rows = await examiner.TwiceAsync(key.Place, key.Month, MostShown, ct);
        var readable = (await drill.View(http).ReadManyAsync([.. rows.SelectMany(r => new[] { ("Encounter", r.Id), ("Patient", r.Patient) }).Distinct()], ct)).Where(r => !r.IsDeleted).ToDictionary(r => (r.Type, r.Id));
        var seen = rows.Where(r => readable.ContainsKey(("Encounter", r.Id)) && readable.ContainsKey(("Patient", r.Patient))).ToList();
        return ([.. seen.Select(r => new TwiceLine(r.Day, r.Patient, Drill.Name(readable[("Patient", r.Patient)]), r.Id))], rows.Count - seen.Count);
    }

    private static async Task<List<FindingView>> ViewsAsync(FindingBook findings, DefinitionBook book, Accounts accounts, IFacilityDirectory facilities, DateOnly today, HttpContext http, Scope scope, CancellationToken ct)
    {
        if (scope.IsNothing)
        {
            return [];
        }

        var wording = await WordingAsync(book, accounts, facilities, today, http, ct);
        return [.. (await findings.LastsAsync(scope.Facility, ct)).Where(s => Sees(scope, s.Key.Place)).Select(wording.Of).OfType<FindingView>()];
    }

    /// <summary>What is over time first, then by the weight of the check, then by how much of the whole number is in doubt.</summary>
    internal static IEnumerable<FindingView> Ranked(IEnumerable<FindingView> views) =>
        views.OrderByDescending(v => v.IsOverdue && v.Rule.Level < 3).ThenBy(v => v.Rule.Level).ThenByDescending(v => Math.Abs(v.Step.Effect)).ThenBy(v => v.Step.Due).ThenBy(v => v.Step.Key.Address, StringComparer.Ordinal);

    private static IEnumerable<FindingView> Limited(IEnumerable<FindingView> ranked)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        return ranked.Where(v => (counts[v.Rule.Code] = counts.GetValueOrDefault(v.Rule.Code) + 1) <= MostOfOne).Take(MostExceptions);
    }

    private static bool MaySettle(HttpContext http) => http.User.HasRole(Roles.DataOfficer) || http.User.HasRole(Roles.Director);

    private static bool Sees(Scope scope, string place) => scope.IsEverywhere || (scope.Facility is { } own && own == place);

    internal static async Task<FindingWording> WordingAsync(DefinitionBook book, Accounts accounts, IFacilityDirectory facilities, DateOnly today, HttpContext http, CancellationToken ct) =>
        new(await IndicatorsAsync(book, ct), facilities, await NamesAsync(accounts, ct), today, IndicatorPages.SeesPeople(http));

    private static async Task<Dictionary<string, Indicator>> IndicatorsAsync(DefinitionBook book, CancellationToken ct) => (await book.CurrentAsync(ct)).ToDictionary(i => i.Code, StringComparer.Ordinal);

    private static async Task<Dictionary<string, string>> NamesAsync(Accounts accounts, CancellationToken ct) => (await accounts.ListAsync(ct)).ToDictionary(a => a.Name, a => a.DisplayName, StringComparer.Ordinal);

    /// <summary>Directors and data officers of the whole, and of the place.</summary>
    private static async Task<IReadOnlyList<Account>> OwnersAsync(Accounts accounts, string place, CancellationToken ct) =>
        [.. (await accounts.ListAsync(ct)).Where(a => !a.Disabled && (a.Roles.Contains(Roles.DataOfficer) || a.Roles.Contains(Roles.Director)) && (a.Facility is null || a.Facility == place)).OrderBy(a => a.DisplayName, StringComparer.Ordinal)];
}
