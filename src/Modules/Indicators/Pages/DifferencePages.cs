using Mach.Access;
using Mach.Indicators.Asking;
using Mach.Indicators.Definitions;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Indicators.Pages;

/// <summary>Why a number is another one than before: who did it, by what they did and by how large a part they are.</summary>
internal static class DifferencePages
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/indicators/{code}/difference", Show).WithName("ind-difference").RequireAuthorization(Policies.ReadIndicators);

    /// <summary>period, by: as on the indicator's page; beside: the days to compare with, a year before when it is not given.</summary>
    internal static async Task<IResult> Show(DefinitionBook book, Asker asker, TimeProvider clock, HttpContext http, string code, string? beside, CancellationToken ct)
    {
        var (asked, today) = (http.Request.Query, Dates.Today(clock));
        if (await book.FindAsync(code, null, ct) is not { } indicator)
        {
            return TypedResults.NotFound();
        }

        if (IndicatorQuery.Read(asked["period"], null, null, asked["by"], asked["map"], today, out var problem) is not { } query)
        {
            return IndicatorPages.Wrong(problem!);
        }

        var other = string.IsNullOrEmpty(beside) ? query.Period.Before : Period.Parse(beside);
        if (other is null)
        {
            return IndicatorPages.Wrong(Words.T.Format("wrong-period", beside));
        }

        var scope = Scope.Of(http);
        // Months of two times are never the same ones.
        var by = query.By == Grouping.Month ? Grouping.Facility : query.By;
        var question = new Question(indicator, query.Period.From, query.Period.To, by, query.BoundaryOf(today), scope.Facilities);
        return UiModule.Page<DifferencePage>(new
        {
            Scope = scope,
            Query = query with { By = by },
            Beside = other,
            Today = today,
            Now = await asker.AskAsync(question, ct),
            Before = await asker.AskAsync(question with { From = other.From, To = other.To }, ct),
            SeesPeople = IndicatorPages.SeesPeople(http),
        });
    }
}
