using Mach.Access;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Chart.Find;

/// <summary>Find a person from the box on every page: the whole page, or the suggestions while one types.</summary>
internal static class FindPeople
{
    private const int PageSize = 20;
    private const int Suggested = 8;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/people", Handle).RequireAuthorization(Policies.FindPerson).WithName("chart-find-people");

    /// <summary>An empty query shows how to search; nothing is listed without a question.</summary>
    internal static async Task<IResult> Handle(string? q, string? cursor, HttpRequest request, PersonFinder finder, CancellationToken ct)
    {
        if (request.IsFragment())
        {
            return UiModule.Page<PeopleSuggestions>(new { Text = q ?? "", Found = await finder.FindAsync(q, null, Suggested, ct) });
        }

        return UiModule.Page<PeoplePage>(new { Text = q ?? "", Found = await finder.FindAsync(q, cursor, PageSize, ct), IsFirst = cursor is null });
    }
}
