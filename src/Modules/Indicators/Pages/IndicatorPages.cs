using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Indicators.Asking;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Indicators.Pages;

/// <summary>All indicators at a glance, and one with its parts.</summary>
internal static class IndicatorPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/indicators", Overview).WithName("ind-overview").RequireAuthorization(Policies.ReadIndicators);
        routes.MapGet("/indicators/{code}", Show).WithName("ind-indicator").RequireAuthorization(Policies.ReadIndicators);
    }

    internal static async Task<IResult> Overview(Overview overview, Counter counter, Recount recount, IFacilityDirectory facilities, TimeProvider clock, HttpContext http, string? period, CancellationToken ct)
    {
        var (scope, today) = (Scope.Of(http), Dates.Today(clock));
        var days = string.IsNullOrEmpty(period) ? Period.YearOf(today) : Period.Parse(period);
        if (days is null || !days.IsWholeMonths)
        {
            return Wrong(Words.T.Format(days is null ? "wrong-period" : "wrong-months", period));
        }

        var page = UiModule.Page<OverviewPage>(new
        {
            Scope = scope,
            Period = days,
            Today = today,
            Glances = scope.IsNothing ? [] : await overview.AskAsync(days.From, days.To, scope.Facility, ct),
            Senders = scope.IsNothing ? [] : await overview.SendersAsync(today, scope.Facility, ct),
            Facilities = facilities,
            SeesPeople = SeesPeople(http),
            Counted = await counter.PlaceAsync(ct),
            Recounted = await recount.LastAsync(ct),
        });
        return page;
    }

    internal static async Task<IResult> Show(DefinitionBook book, Asker asker, TimeProvider clock, HttpContext http, string code, CancellationToken ct)
    {
        var asked = http.Request.Query;
        var today = Dates.Today(clock);
        if (await book.FindAsync(code, null, ct) is not { } indicator)
        {
            return TypedResults.NotFound();
        }

        if (IndicatorQuery.Read(asked["period"], asked["from"], asked["to"], asked["by"], asked["map"], today, out var problem) is not { } query)
        {
            return Wrong(problem!);
        }

        var scope = Scope.Of(http);
        var question = new Question(indicator, query.Period.From, query.Period.To, query.By, query.BoundaryOf(today), scope.Facilities);
        var months = question with { By = Grouping.Month, From = new DateOnly(query.Period.To.Year, query.Period.To.Month, 1).AddMonths(-23) };
        return UiModule.Page<IndicatorPage>(new
        {
            Scope = scope,
            Query = query,
            Answer = await asker.AskAsync(question, ct),
            Before = await asker.AskAsync(question with { By = Grouping.None, From = query.Period.Before.From, To = query.Period.Before.To }, ct),
            Months = await asker.AskAsync(months, ct),
            History = await book.HistoryAsync(code, ct),
            SeesPeople = SeesPeople(http),
            MayDefine = http.User.HasRole(Roles.DataOfficer),
        });
    }

    /// <summary>Who may open the records behind a number sees small ones too.</summary>
    internal static bool SeesPeople(HttpContext http) => http.User.HasRole(Roles.DataOfficer) || http.User.HasRole(Roles.Doctor);

    internal static IResult Wrong(string problem)
    {
        var page = UiModule.Page<WrongPage>(new { Problem = problem });
        page.StatusCode = StatusCodes.Status400BadRequest;
        return page;
    }
}
