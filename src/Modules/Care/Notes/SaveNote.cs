using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Mach.Access;
using Mach.Access.Audit;
using Mach.Care.Writing;
using Mach.Ui;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Care.Notes;

/// <summary>Saves a draft while it is written: by the page's script as JSON, and by its form where no script runs.</summary>
internal static class SaveNote
{
    private const int MostBytes = 1_500_000, LongestTab = 64;

    /// <summary>A page saves every few seconds while somebody types: one line tells of so long. Signing has its own.</summary>
    private static readonly TimeSpan AuditLineEach = TimeSpan.FromMinutes(5);

    /// <param name="Tab">The open page: letters, digits and hyphens; new with each opening.</param>
    /// <param name="Number">Of that page's savings, growing.</param>
    /// <param name="Base">Revision that the page began from.</param>
    /// <param name="Sections">What stands in each section.</param>
    /// <param name="Began">What stood there at <paramref name="Base"/>; only after an answer 409.</param>
    public sealed record Request([Required, StringLength(LongestTab)] string Tab, long Number, long Base, [Required] Dictionary<string, string> Sections, Dictionary<string, string>? Began);

    /// <param name="Sections">As they stand now; null when they are what was sent.</param>
    public sealed record Response(long Revision, IReadOnlyDictionary<string, string>? Sections);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/people/{id}/notes/{note}/draft", PutAsync).RequireAuthorization(Policies.WriteRecord).WithName("care-note-save").OneAuditLineIn(AuditLineEach).WithMetadata(new RequestSizeLimit(MostBytes));
        routes.MapGet("/people/{id}/notes/{note}/draft", GetAsync).RequireAuthorization(Policies.WriteRecord).WithName("care-note-state");
        routes.MapPost("/people/{id}/notes/{note}", PostAsync).RequireAuthorization(Policies.WriteRecord).WithName("care-note-save-form");
    }

    /// <summary>
    /// 200 with the revision, and with the text where others wrote besides. 400 without the page's token, 404 when it is not this author's, 409 when the base is kept no longer
    /// (send <c>began</c>), 410 when it is signed or thrown away, 503 while it is being signed.
    /// </summary>
    internal static async Task<IResult> PutAsync(string id, string note, Request request, HttpContext http, NoteDesk notes, CancellationToken ct)
    {
        if (!await notes.HasTokenAsync(http))
        {
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        }

        var (draft, refusal) = await notes.FindAsync(http, id, note, ct);
        if (draft is null)
        {
            return refusal!;
        }

        var template = NoteTemplate.Of(draft.Template);
        if (request is not { Sections: not null, Tab.Length: > 0 and <= LongestTab } || NoteText.Read(template, request.Sections) is not { } text)
        {
            return TypedResults.Problem(title: "note.sections", detail: "Một phần không thuộc mẫu này hoặc dài quá 100.000 ký tự. / A section is not of this template, or longer than 100,000 characters.", statusCode: StatusCodes.Status422UnprocessableEntity);
        }

        var began = request.Began is null ? null : NoteText.Read(template, request.Began);
        var saved = await notes.Drafts.SaveAsync(draft.Author, note, new(request.Tab, request.Number, request.Base, text, began), ct);
        return saved.Outcome switch
        {
            SavingOutcome.Saved => TypedResults.Json(new Response(saved.Revision, saved.Text.Says(text) ? null : saved.Text.Sections)),
            SavingOutcome.NeedsBase => Results.StatusCode(StatusCodes.Status409Conflict),
            SavingOutcome.Busy => Results.StatusCode(StatusCodes.Status503ServiceUnavailable),
            SavingOutcome.Closed => Results.StatusCode(StatusCodes.Status410Gone),
            _ => Results.StatusCode(StatusCodes.Status404NotFound),
        };
    }

    /// <summary>The text as it stands, for a page that was away; 204 when it is still at <paramref name="revision"/>, 410 when it is signed or thrown away.</summary>
    internal static async Task<IResult> GetAsync(string id, string note, long? revision, HttpContext http, NoteDesk notes, CancellationToken ct)
    {
        var (draft, refusal) = await notes.FindAsync(http, id, note, ct);
        return draft is null ? refusal!
            : !draft.IsOpen ? Results.StatusCode(StatusCodes.Status410Gone)
            : draft.Revision == revision ? Results.NoContent()
            : TypedResults.Json(new Response(draft.Revision, (await notes.Drafts.TextAsync(draft, ct)).Sections));
    }

    /// <summary>The form: saves, and goes on to what was pressed. What cannot be saved any more is shown again, so that it is not lost.</summary>
    internal static async Task<IResult> PostAsync(string id, string note, IFormCollection form, HttpContext http, NoteDesk notes, CancellationToken ct)
    {
        var (draft, refusal) = await notes.FindAsync(http, id, note, ct);
        if (draft is null)
        {
            return refusal!;
        }

        const string prefix = "section-";
        var given = form.Where(f => f.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(f => KeyValuePair.Create(f.Key[prefix.Length..], f.Value.ToString()));
        if (NoteText.Read(NoteTemplate.Of(draft.Template), given) is not { } text)
        {
            return Results.StatusCode(StatusCodes.Status422UnprocessableEntity);
        }

        long Number(string name) => long.TryParse(form[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var saved = await notes.Drafts.SaveAsync(draft.Author, note, new(form["tab"].ToString() is { Length: <= LongestTab } tab ? tab : "", Number("number"), Number("base"), text, NoteText.Empty), ct);
        if (saved.Outcome != SavingOutcome.Saved)
        {
            return await notes.KeptPageAsync(http, id, draft, text, ct);
        }

        return TypedResults.LocalRedirect(NotePages.Address(id, note) + (form["then"] == "sign" ? "/sign" : ""));
    }

    private sealed record RequestSizeLimit(long? MaxRequestBodySize) : Microsoft.AspNetCore.Http.Metadata.IRequestSizeLimitMetadata;
}

/// <summary>What the doors of a draft share: the author's own, of a person whom they still see.</summary>
internal sealed record NoteDesk(Desk Desk, DraftTable Drafts, IAntiforgery Forms)
{
    /// <summary>The draft; else what to answer.</summary>
    public async Task<(Draft? Draft, IResult? Refusal)> FindAsync(HttpContext http, string person, string note, CancellationToken ct)
    {
        var writer = Writer.OfNotes(http);
        var (persons, refusal) = await Desk.PersonsAsync(http, writer, person, ct);
        return refusal is not null ? (null, refusal)
            : await Drafts.FindAsync(writer!.Account, note, ct) is { } draft && persons.Contains(draft.Patient, StringComparer.Ordinal) ? (draft, null)
            : (null, Results.NotFound());
    }

    /// <summary>The antiforgery token of the page stands in the header RequestVerificationToken.</summary>
    public async Task<bool> HasTokenAsync(HttpContext http) => await Forms.IsRequestValidAsync(http);

    /// <summary>What was typed where the note is closed already: shown beside what was signed.</summary>
    public async Task<IResult> KeptPageAsync(HttpContext http, string person, Draft draft, NoteText typed, CancellationToken ct)
    {
        var frame = await Desk.Frames.EnterAsync(http, person, ct);
        if (frame.Refusal is not null)
        {
            return frame.Refusal;
        }

        var page = UiModule.Page<KeptNotePage>(new { Frame = frame, Person = person, Draft = draft, Typed = typed });
        page.StatusCode = StatusCodes.Status409Conflict;
        return page;
    }
}
