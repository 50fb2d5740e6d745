using Mach.Access;
using Mach.Registry.Ledgers;
using Mach.Ui;
using Mach.Vietnam.Terminology;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Registry.Catalogues.Pages;

/// <summary>Codes of a catalogue while one types, as of today.</summary>
internal static class CodeSuggestions
{
    private const int Shown = 8, Longest = 100;

    /// <param name="Name">In the language of the request where the list has it.</param>
    public sealed record Suggestion(string Code, string Name);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/catalogues/{name}/codes", Handle).WithName("reg-catalogue-codes").RequireAuthorization(Policies.SignedIn);

    /// <summary>Best first; nothing for an empty text. 404 for an unknown catalogue.</summary>
    internal static async Task<Results<JsonHttpResult<IReadOnlyList<Suggestion>>, NotFound>> Handle(string name, string? q, CatalogueService catalogues, RegistryBooks books, HttpContext http, CancellationToken ct)
    {
        if (!CatalogueNames.All.Contains(name))
        {
            return TypedResults.NotFound();
        }

        var text = (q ?? "").Trim();
        IReadOnlyList<Suggestion> found = text.Length is 0 or > Longest ? [] : [.. (await catalogues.SearchAsync(name, text, books.Today(), Shown, ct)).Select(e => new Suggestion(e.Code, NameOf(name, e.Code) ?? e.Name))];
        http.Response.Headers.CacheControl = "private, max-age=60";
        return TypedResults.Json(found);
    }

    private static string? NameOf(string catalogue, string code) => catalogue == CatalogueNames.Icd10 && Texts.IsEnglish ? Icd10List.Find(code)?.Name(english: true) : null;
}
