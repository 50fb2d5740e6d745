using Mach.Access;
using Mach.Contracts.People;
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
    internal static async Task<IResult> Handle(string? q, string? cursor, HttpContext http, PersonFinder finder, IPersonConfidentiality confidentiality, CancellationToken ct)
    {
        var request = http.Request;
        async Task<FoundPersons> FindAsync(string? from, int count) => await HideAsync(await finder.FindAsync(q, from, count, ct), http, confidentiality, ct);
        if (request.IsFragment())
        {
            return UiModule.Page<PeopleSuggestions>(new { Text = q ?? "", Found = await FindAsync(null, Suggested) });
        }

        return UiModule.Page<PeoplePage>(new { Text = q ?? "", Found = await FindAsync(cursor, PageSize), IsFirst = cursor is null });
    }

    /// <summary>Those who are hidden from this one stand in the list without anything that tells who they are.</summary>
    private static async Task<FoundPersons> HideAsync(FoundPersons found, HttpContext http, IPersonConfidentiality confidentiality, CancellationToken ct)
    {
        var hidden = await confidentiality.HiddenFromAsync(http.User, [.. found.Rows.Select(r => r.Id)], ct);
        return hidden.Count == 0 ? found : found with { Rows = [.. found.Rows.Select(r => hidden.Contains(r.Id) ? r.Hide() : r)] };
    }
}
