using System.Globalization;
using Mach.Access;
using Mach.Access.Web;
using Mach.Contracts.Registry;
using Mach.Indicators.Definitions;
using Mach.Indicators.Pages;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Indicators.Plans;

/// <summary>Plan against actual, and the plan itself. Only counts and sums are planned: the plan of a rate has no parts.</summary>
internal static class PlanPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/indicators/{code}/plan", Show).WithName("ind-plan").RequireAuthorization(Policies.ReadIndicators);
        routes.MapGet("/indicators/{code}/plan/edit", Edit).WithName("ind-plan-form").RequireAuthorization(Policies.DecideData);
        routes.MapPost("/indicators/{code}/plan/edit", Save).WithName("ind-plan-save").RequireAuthorization(Policies.DecideData);
    }

    internal static async Task<IResult> Show(DefinitionBook definitions, PlanReport report, TimeProvider clock, HttpContext http, string code, string? until, CancellationToken ct)
    {
        if (await definitions.FindAsync(code, null, ct) is not { IsRate: false } indicator)
        {
            return TypedResults.NotFound();
        }

        var today = Dates.Today(clock);
        if (DayOf(until, today) is not { } day)
        {
            return IndicatorPages.Wrong(Words.T.Format("wrong-until", until));
        }

        var scope = Scope.Of(http);
        return UiModule.Page<PlanPage>(new { Indicator = indicator, Table = await report.AskAsync(indicator, day, scope.Facilities, ct), Today = today, SeesPeople = IndicatorPages.SeesPeople(http), MayEdit = http.User.HasRole(Roles.DataOfficer) });
    }

    internal static async Task<IResult> Edit(DefinitionBook definitions, PlanBook book, TimeProvider clock, string code, int? year, CancellationToken ct)
    {
        if (await definitions.FindAsync(code, null, ct) is not { IsRate: false } indicator)
        {
            return TypedResults.NotFound();
        }

        var of = year is > 1990 and < 2200 ? year.Value : Dates.Today(clock).Year;
        var plan = await book.ReadAsync(code, of, ct);
        return Form(indicator, of, PlanSheet.Write(plan), Mark(plan), "", [], null);
    }

    /// <summary>act=try says what would change; act=keep keeps it. When somebody else changed the plan in between it is said (409), and what was typed stays.</summary>
    internal static async Task<IResult> Save(DefinitionBook definitions, PlanBook book, IFacilityDirectory facilities, HttpContext http, string code, CancellationToken ct)
    {
        if (await definitions.FindAsync(code, null, ct) is not { IsRate: false } indicator)
        {
            return TypedResults.NotFound();
        }

        var typed = await http.Request.FormAsync(ct);
        var (text, shown, why) = (typed["plan"].ToString(), typed["shown"].ToString(), typed["why"].ToString().Trim());
        var year = int.TryParse(typed["year"], NumberStyles.None, CultureInfo.InvariantCulture, out var y) && y is > 1990 and < 2200 ? y : 0;
        var (plan, problems) = PlanSheet.Read(text, facilities);
        var isKept = typed["act"] == "keep";
        problems.AddRange(year == 0 ? [Words.T.Format("plan-no-year", typed["year"].ToString())] : []);
        problems.AddRange(isKept && why.Length is < 5 or > 255 ? [Words.T["plan-no-reason"]] : []);
        if (problems.Count > 0)
        {
            return Form(indicator, year, text, shown, why, problems, null, StatusCodes.Status400BadRequest);
        }

        var now = await book.ReadAsync(code, year, ct);
        if (!isKept)
        {
            var before = now.ToDictionary(p => p.Place, p => p.Value, StringComparer.Ordinal);
            var changes = plan.Keys.Union(before.Keys).Order(StringComparer.Ordinal).Select(k => (Place: k, Before: before.TryGetValue(k, out var b) ? b : (decimal?)null, After: plan.TryGetValue(k, out var a) ? a : (decimal?)null)).Where(c => c.Before != c.After).ToList();
            return Form(indicator, year, text, shown, why, [], changes);
        }

        return await book.WriteAsync(code, year, plan, shown, http.User.AccountName(), why, ct) >= 0
            ? TypedResults.Redirect($"/indicators/{code}/plan?until={year}-12-31")
            : Form(indicator, year, text, Mark(now), why, [Words.T["plan-overtaken"]], null, StatusCodes.Status409Conflict);
    }

    private static string Mark(IReadOnlyList<PlanEntry> plan) => PlanBook.Mark(plan.ToDictionary(p => p.Place, p => p.Value, StringComparer.Ordinal));

    /// <summary>Today when nothing is asked; a day of the future counts to its year's end.</summary>
    internal static DateOnly? DayOf(string? text, DateOnly today) =>
        string.IsNullOrEmpty(text) ? today : Period.Parse(text) is { } period ? period.To : Period.Parse(text + ".." + text)?.To;

    private static RazorComponentResult<PlanEditPage> Form(Indicator indicator, int year, string text, string shown, string why, IReadOnlyList<string> problems, IReadOnlyList<(string Place, decimal? Before, decimal? After)>? changes, int? status = null)
    {
        var page = UiModule.Page<PlanEditPage>(new { Indicator = indicator, Year = year, Text = text, Seen = shown, Why = why, Problems = problems, Changes = changes });
        page.StatusCode = status;
        return page;
    }
}
