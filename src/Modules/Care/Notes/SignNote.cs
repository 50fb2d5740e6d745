using System.Globalization;
using Mach.Access;
using Mach.Access.SignIn;
using Mach.Care.Writing;
using Mach.Store;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Care.Notes;

/// <summary>A note becomes part of the record: signed, corrected by a new version, or said to be wrong. Each asks for a fresh proof of who it is, before anything is typed.</summary>
internal static class SignNote
{
    private const int LeastReason = 5, MostReason = 500;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/people/{id}/notes/{note}/sign", ReviewAsync).RequireAuthorization(Policies.WriteRecord).WithName("care-note-review").RequireStepUp();
        routes.MapPost("/people/{id}/notes/{note}/sign", SignAsync).RequireAuthorization(Policies.WriteRecord).WithName("care-note-sign").RequireStepUp();
        routes.MapPost("/people/{id}/notes/{note}/amend", AmendAsync).RequireAuthorization(Policies.WriteRecord).WithName("care-note-amend");
        routes.MapGet("/people/{id}/notes/{note}/wrong", AskAsync).RequireAuthorization(Policies.WriteRecord).WithName("care-note-ask-wrong").RequireStepUp();
        routes.MapPost("/people/{id}/notes/{note}/wrong", WrongAsync).RequireAuthorization(Policies.WriteRecord).WithName("care-note-wrong").RequireStepUp();
        routes.MapPost("/people/{id}/notes/{note}/drop", (string id, string note, HttpContext http, NoteDesk notes, CancellationToken ct) => TurnAsync(id, note, drop: true, http, notes, ct)).RequireAuthorization(Policies.WriteRecord).WithName("care-note-drop");
        routes.MapPost("/people/{id}/notes/{note}/restore", (string id, string note, HttpContext http, NoteDesk notes, CancellationToken ct) => TurnAsync(id, note, drop: false, http, notes, ct)).RequireAuthorization(Policies.WriteRecord).WithName("care-note-restore");
    }

    /// <summary>The text as it will be signed.</summary>
    internal static async Task<IResult> ReviewAsync(string id, string note, HttpContext http, NoteDesk notes, CancellationToken ct)
    {
        var (draft, refusal) = await notes.FindAsync(http, id, note, ct);
        return draft is null ? refusal!
            : !draft.IsOpen ? TypedResults.LocalRedirect(NotePages.Address(id, note))
            : await ReviewPageAsync(http, notes, id, draft, null, null, ct);
    }

    /// <summary>409 with both texts when the note was changed since it was reviewed; 422 when nothing stands in it, or two texts for one place do.</summary>
    internal static async Task<IResult> SignAsync(string id, string note, IFormCollection form, HttpContext http, NoteDesk notes, CancellationToken ct)
    {
        var (draft, refusal) = await notes.FindAsync(http, id, note, ct);
        if (draft is null)
        {
            return refusal!;
        }

        // Once more pressed: it is signed.
        if (draft.State == DraftState.Final)
        {
            return TypedResults.LocalRedirect(NotePages.Address(id, note));
        }

        var text = await notes.Drafts.TextAsync(draft, ct);
        if (text.IsBlank || text.HasMark)
        {
            return await ReviewPageAsync(http, notes, id, draft, text.IsBlank ? "Empty" : "Marks", form, ct);
        }

        if (!long.TryParse(form["revision"], NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            || !await notes.Drafts.TurnAsync(draft.Author, note, [DraftState.Draft], DraftState.Signing, revision, ct))
        {
            return await ReviewPageAsync(http, notes, id, (await notes.Drafts.FindAsync(draft.Author, note, ct))!, "Changed", form, ct);
        }

        // A correction whose ground was overtaken stands on the version that its author has seen since.
        draft = int.TryParse(form["onto"], NumberStyles.None, CultureInfo.InvariantCulture, out var onto) ? draft with { Version = onto } : draft;
        var (writer, now) = (Writer.OfNotes(http)!, notes.Desk.Clock.GetUtcNow());
        try
        {
            var labels = (await NoteLabels.OfAsync(notes, http, draft, text, form, ct)).All;
            await notes.Desk.Store.CommitAsync(new Commit
            {
                Actor = writer.Account,
                Writes =
                [
                    new(WriteKind.Put, "Composition", note, Parts.Bytes(NoteDocument.ToComposition(draft, text, writer, labels, now)), draft.Version, Posted: draft.Version == 0),
                    Parts.Provenance(writer, "Composition", note, draft.Patient, draft.Version == 0 ? "CREATE" : "UPDATE", null, now, labels),
                ],
                Rows = [notes.Drafts.SignedRow(draft, draft.Version + 1)],
            }, ct);
        }
        catch (CommitConflictException)
        {
            // Somebody wrote another version by another door: both are shown, and the correction can stand on the newer one.
            await notes.Drafts.TurnAsync(draft.Author, note, [DraftState.Signing], DraftState.Draft, null, CancellationToken.None);
            return await ReviewPageAsync(http, notes, id, draft, "Overtaken", form, ct);
        }
        catch (StoreUnavailableException)
        {
            await notes.Drafts.TurnAsync(draft.Author, note, [DraftState.Signing], DraftState.Draft, null, CancellationToken.None);
            throw;
        }

        await notes.Desk.SayAsync(http, "note-sign", id, ct);
        return TypedResults.LocalRedirect(NotePages.Address(id, note) + "?said=signed");
    }

    /// <summary>Takes a signed note up again; the signed text is where it begins.</summary>
    internal static async Task<IResult> AmendAsync(string id, string note, HttpContext http, NoteDesk notes, CancellationToken ct)
    {
        var (draft, refusal) = await notes.FindAsync(http, id, note, ct);
        if (draft is null)
        {
            return refusal!;
        }

        if (await notes.Desk.View(http).ReadAsync("Composition", note, ct) is { IsDeleted: false } head && draft is { State: DraftState.Final } or { IsOpen: true, Version: > 0 })
        {
            await notes.Drafts.ReopenAsync(draft, head.Version, NoteDocument.TextOf(Parts.Parse(head)), ct);
        }

        return TypedResults.LocalRedirect(NotePages.Address(id, note));
    }

    internal static async Task<IResult> AskAsync(string id, string note, HttpContext http, NoteDesk notes, CancellationToken ct) => await WrongPageAsync(http, notes, id, note, null, null, ct);

    /// <summary>A new version says that the note was entered in error, and Provenance why; older versions stay readable.</summary>
    internal static async Task<IResult> WrongAsync(string id, string note, IFormCollection form, HttpContext http, NoteDesk notes, CancellationToken ct)
    {
        var (draft, refusal) = await notes.FindAsync(http, id, note, ct);
        if (draft is null)
        {
            return refusal!;
        }

        var reason = form["reason"].ToString().Trim();
        if (reason.Length is < LeastReason or > MostReason)
        {
            return await WrongPageAsync(http, notes, id, note, reason, "ReasonMissing", ct);
        }

        if (draft.State != DraftState.Final || await notes.Desk.View(http).ReadAsync("Composition", note, ct) is not { IsDeleted: false } head)
        {
            return Results.NotFound();
        }

        var (writer, now, body) = (Writer.OfNotes(http)!, notes.Desk.Clock.GetUtcNow(), Parts.Parse(head));
        body["status"] = "entered-in-error";
        try
        {
            await notes.Desk.Store.CommitAsync(new Commit
            {
                Actor = writer.Account,
                Writes = [new(WriteKind.Put, "Composition", note, Parts.Bytes(body), head.Version), Parts.Provenance(writer, "Composition", note, draft.Patient, "NULLIFY", reason, now, NoteLabels.Of(head))],
                Rows = [notes.Drafts.SignedRow(draft, head.Version + 1)],
            }, ct);
        }
        catch (CommitConflictException)
        {
            return await WrongPageAsync(http, notes, id, note, reason, "Overtaken", ct);
        }

        await notes.Desk.SayAsync(http, "note-wrong", id, ct);
        return TypedResults.LocalRedirect(NotePages.Address(id, note) + "?said=wrong");
    }

    /// <summary>Throws a draft away, or takes it up again. What was signed before stays as it is.</summary>
    private static async Task<IResult> TurnAsync(string id, string note, bool drop, HttpContext http, NoteDesk notes, CancellationToken ct)
    {
        var (draft, refusal) = await notes.FindAsync(http, id, note, ct);
        if (draft is null)
        {
            return refusal!;
        }

        var turned = drop
            ? await notes.Drafts.TurnAsync(draft.Author, note, [DraftState.Draft], draft.Version > 0 ? DraftState.Final : DraftState.Dropped, null, ct)
            : await notes.Drafts.TurnAsync(draft.Author, note, [DraftState.Dropped], DraftState.Draft, null, ct);
        return TypedResults.LocalRedirect(drop ? $"/people/{Uri.EscapeDataString(id)}{(turned ? "?care=note-dropped&of=" + Uri.EscapeDataString(note) : "")}" : NotePages.Address(id, note));
    }

    private static async Task<IResult> ReviewPageAsync(HttpContext http, NoteDesk notes, string id, Draft draft, string? problem, IFormCollection? form, CancellationToken ct)
    {
        var frame = await notes.Desk.Frames.EnterAsync(http, id, ct);
        if (frame.Refusal is not null)
        {
            return frame.Refusal;
        }

        var versions = draft.Version == 0 && problem != "Overtaken" ? [] : await NotePages.VersionsAsync(notes.Desk.View(http), draft.Id, frame.Persons, ct);
        var text = await notes.Drafts.TextAsync(draft, ct);
        var labels = await NoteLabels.OfAsync(notes, http, draft, text, form, ct);
        var page = UiModule.Page<ReviewNotePage>(new { Frame = frame, Person = id, Draft = draft, Text = text, Labels = labels, Newest = versions is [var newest, ..] ? newest : null, Problem = problem });
        page.StatusCode = problem switch { null => StatusCodes.Status200OK, "Empty" or "Marks" => StatusCodes.Status422UnprocessableEntity, _ => StatusCodes.Status409Conflict };
        return page;
    }

    private static async Task<IResult> WrongPageAsync(HttpContext http, NoteDesk notes, string id, string note, string? reason, string? problem, CancellationToken ct)
    {
        var (draft, refusal) = await notes.FindAsync(http, id, note, ct);
        if (draft is null)
        {
            return refusal!;
        }

        var frame = await notes.Desk.Frames.EnterAsync(http, id, ct);
        if (frame.Refusal is not null || draft.State != DraftState.Final)
        {
            return frame.Refusal ?? Results.NotFound();
        }

        var page = UiModule.Page<WrongNotePage>(new { Frame = frame, Person = id, Note = note, Reason = reason, Problem = problem });
        page.StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
        return page;
    }
}
