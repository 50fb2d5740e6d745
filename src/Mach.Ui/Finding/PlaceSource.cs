using Mach.Kernel;
using Mach.Ui.Frame;
using Microsoft.AspNetCore.Authorization;

namespace Mach.Ui.Finding;

/// <summary>Pages of the product that the caller may open; all of them while nothing is typed.</summary>
internal sealed class PlaceSource(IAuthorizationService authorization) : ISearchSource
{
    public int Place => 20;

    public async ValueTask<SearchGroup?> FindAsync(SearchAsked asked, CancellationToken ct)
    {
        var words = new SearchWords(asked.Text);
        var found = new List<(int Rank, SearchHit Hit)>();
        foreach (var (key, href, policy) in asked.Text.Length == 0 ? Places.All : [.. Places.All, .. Places.Further])
        {
            var (name, what) = (Words.T["Nav." + key], Words.T.Find("Door." + key));
            var rank = asked.Text.Length == 0 ? 1 : Math.Max(words.Rank(VietnameseText.Fold(name)), Math.Min(1, words.Rank(VietnameseText.Fold(what ?? ""))));
            if (rank > 0 && (await authorization.AuthorizeAsync(asked.Http.User, null, policy)).Succeeded)
            {
                found.Add((rank, new SearchHit(href, name) { Under = what }));
            }
        }

        return found.Count == 0 ? null : new SearchGroup(Words.T["Find.Places"], [.. found.OrderByDescending(f => f.Rank).Select(f => f.Hit).Take(asked.Text.Length == 0 ? found.Count : SearchAsked.Shown)]);
    }
}
