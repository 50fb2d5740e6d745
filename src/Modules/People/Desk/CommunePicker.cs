using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.People.Desk;

/// <summary>Communes while a clerk types, and what the form says of one when it is sent.</summary>
internal static class CommunePicker
{
    private const int Shown = 8, Longest = 100;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/people/communes", Handle).WithName("ppl-communes").RequireAuthorization(Policies.FindPerson);

    /// <param name="q">Beginnings of words without tones or with them, initials, a code; a name of today or of an earlier map.</param>
    internal static async Task<JsonHttpResult<IReadOnlyList<CommuneSuggestion>>> Handle(string? q, ICommuneHistory communes, HttpContext http, CancellationToken ct)
    {
        await communes.RefreshAsync(ct);
        http.Response.Headers.CacheControl = "private, max-age=60";
        var text = (q ?? "").Trim();
        return TypedResults.Json(text.Length > Longest ? [] : communes.Suggest(text, Shown));
    }

    /// <summary>The form with the code that its commune stands for: as picked, by the name typed when that means one, or by the address.</summary>
    public static Typed Settle(Typed typed, ICommuneHistory communes)
    {
        var name = typed.CommuneName?.Trim() ?? "";
        var code = communes.Today(typed.Commune, null);
        if (name.Length > 0 && (code is null || Named(communes, code)?.Name != name))
        {
            // What stands in the field is what counts: a code picked before it was typed over does not.
            code = communes.Today(null, name) ?? Meant(communes.Suggest(name, 2), name);
        }

        else if (name.Length == 0)
        {
            code ??= communes.Today(null, typed.Address);
        }

        return code is null ? typed with { Commune = null } : typed with { Commune = code, CommuneName = Named(communes, code)?.Name ?? name };
    }

    /// <summary>The address with its commune at the end, unless it names one itself.</summary>
    public static string? Address(Typed typed, ICommuneHistory communes)
    {
        var written = string.IsNullOrWhiteSpace(typed.Address) ? null : typed.Address.Trim();
        return typed.Commune is not { } code || Named(communes, code) is not { } commune || communes.Today(null, written) is not null ? written
            : written is null ? commune.Name : $"{written}, {commune.Name}";
    }

    /// <summary>The only one, or the only one of today that has just this name without its type.</summary>
    private static string? Meant(IReadOnlyList<CommuneSuggestion> found, string name)
    {
        bool IsNamed(CommuneSuggestion commune) => commune.FormerName is null && VietnameseText.Fold(commune.Name).EndsWith(" " + VietnameseText.Fold(name), StringComparison.Ordinal);
        return found is [var only] ? only.Code : found is [var first, var second] && IsNamed(first) && !IsNamed(second) ? first.Code : null;
    }

    private static CommuneSuggestion? Named(ICommuneHistory communes, string code) => communes.Suggest(code, 1) is [var found] && found.Code == code ? found : null;
}
