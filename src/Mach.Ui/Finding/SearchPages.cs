using Mach.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Ui.Finding;

/// <summary>One question to all sources: people, pages, places and facilities, codes.</summary>
internal static class SearchPages
{
    private const int Longest = 400;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/search", Handle).RequireAuthorization(Policies.SignedIn).WithName("ui-search");

    /// <summary>The groups alone for the dialog; else the page, or where only one source found something, straight its own page, which shows more of it.</summary>
    internal static async Task<IResult> Handle(string? q, HttpContext http, IEnumerable<ISearchSource> sources, CancellationToken ct)
    {
        var text = (q ?? "").Trim();
        var asked = new SearchAsked(text.Length > Longest ? text[..Longest] : text, http);
        var groups = new List<SearchGroup>();
        foreach (var source in sources.OrderBy(s => s.Place))
        {
            if (await source.FindAsync(asked, ct) is { } group)
            {
                groups.Add(group);
            }
        }

        return http.Request.IsFragment() ? UiModule.Page<SearchChoices>(new { asked.Text, Groups = groups })
            : asked.Text.Length > 0 && groups is [{ Page: { } page }] ? TypedResults.LocalRedirect(page)
            : UiModule.Page<SearchPage>(new { asked.Text, Groups = groups });
    }
}
