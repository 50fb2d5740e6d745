using Mach.Access;
using Mach.Care.Writing;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Care.Phrases;

/// <summary>Phrases: for the editor, filled in for one person; and the page where people keep their own.</summary>
internal static class PhrasePages
{
    /// <param name="Own">One's own, not the program's.</param>
    public sealed record Suggestion(string Name, string Text, bool Own);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/people/{id}/phrases", ForPersonAsync).RequireAuthorization(Policies.WriteRecord).WithName("care-phrases-person");
        routes.MapGet("/phrases", (HttpContext http, PhraseTable table, string? said, string? name, CancellationToken ct) => PageAsync(http, table, said, name, null, null, ct)).RequireAuthorization(Policies.WriteCare).WithName("care-phrases");
        routes.MapPost("/phrases", PutAsync).RequireAuthorization(Policies.WriteCare).WithName("care-phrase-put");
        routes.MapPost("/phrases/delete", DeleteAsync).RequireAuthorization(Policies.WriteCare).WithName("care-phrase-delete");
    }

    /// <summary>All phrases of the one at the screen with the person's latest values in them; 404 for a person whom they do not see.</summary>
    internal static async Task<IResult> ForPersonAsync(string id, HttpContext http, Desk desk, PhraseTable table, CancellationToken ct)
    {
        var writer = Writer.OfNotes(http);
        var (persons, refusal) = await desk.PersonsAsync(http, writer, id, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        var phrases = Phrase.Together(await table.OfAsync(writer!.Account, ct));
        var values = await PhraseValues.ReadAsync(desk.View(http), persons, phrases, Dates.Today(desk.Clock), ct);
        return TypedResults.Json(phrases.Select(p => new Suggestion(p.Name, PhraseValues.Fill(p.Text, values), p.Number > 0)).ToList());
    }

    private static async Task<IResult> PageAsync(HttpContext http, PhraseTable table, string? said, string? name, string? text, string? problem, CancellationToken ct)
    {
        var own = await table.OfAsync(http.User.AccountName(), ct);
        var page = UiModule.Page<PhrasesPage>(new { Own = own, Said = said, Name = name, Text = text ?? own.FirstOrDefault(p => p.Name == name)?.Text ?? (said is null ? Phrase.Shipped.FirstOrDefault(p => p.Name == name)?.Text : null), Problem = problem });
        page.StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
        return page;
    }

    internal static async Task<IResult> PutAsync(IFormCollection form, HttpContext http, PhraseTable table, CancellationToken ct)
    {
        var text = form["text"].ToString().Replace("\r\n", "\n", StringComparison.Ordinal).Trim();
        if (Phrase.NameOf(form["name"].ToString()) is not { } name)
        {
            return await PageAsync(http, table, null, form["name"], text, "Name", ct);
        }

        if (text.Length is 0 or > Phrase.LongestText)
        {
            return await PageAsync(http, table, null, name, text, "Text", ct);
        }

        return await table.PutAsync(http.User.AccountName(), name, text, ct) ? TypedResults.LocalRedirect("/phrases?said=kept&name=" + name) : await PageAsync(http, table, null, name, text, "Many", ct);
    }

    /// <summary>The page that follows holds the text, so that the one button puts it back.</summary>
    internal static async Task<IResult> DeleteAsync(IFormCollection form, HttpContext http, PhraseTable table, CancellationToken ct)
    {
        var name = Phrase.NameOf(form["name"].ToString()) ?? "";
        var text = await table.DeleteAsync(http.User.AccountName(), name, ct);
        return text is null ? TypedResults.LocalRedirect("/phrases") : UiModule.Page<PhrasesPage>(new { Own = await table.OfAsync(http.User.AccountName(), ct), Said = "deleted", Name = name, Text = text });
    }
}
