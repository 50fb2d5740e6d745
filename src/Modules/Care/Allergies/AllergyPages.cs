using System.Globalization;
using System.Text.Json.Nodes;
using Mach.Access;
using Mach.Care.Writing;
using Mach.Kernel;
using Mach.Store;
using Mach.Ui;
using Mach.Ui.Records;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Care.Allergies;

/// <summary>Allergies: added, corrected, refuted, said to be wrong; or that none is known. Each is a version of an AllergyIntolerance.</summary>
internal static class AllergyPages
{
    private const int LeastReason = 5, MostReason = 500, Most = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/people/{id}/allergies/new", NewAsync).RequireAuthorization(Policies.WriteCare).WithName("care-allergy-new");
        routes.MapPost("/people/{id}/allergies", AddAsync).RequireAuthorization(Policies.WriteCare).WithName("care-allergy-add");
        routes.MapPost("/people/{id}/allergies/none", NoneAsync).RequireAuthorization(Policies.WriteCare).WithName("care-allergy-none");
        routes.MapGet("/people/{id}/allergies/{allergy}", OpenAsync).RequireAuthorization(Policies.WriteCare).WithName("care-allergy");
        routes.MapPost("/people/{id}/allergies/{allergy}", ChangeAsync).RequireAuthorization(Policies.WriteCare).WithName("care-allergy-change");
        routes.MapPost("/people/{id}/allergies/{allergy}/undo", UndoAsync).RequireAuthorization(Policies.WriteCare).WithName("care-allergy-undo");
    }

    internal static async Task<IResult> NewAsync(string id, HttpContext http, Desk desk, CancellationToken ct)
    {
        var (frame, refusal) = await desk.EnterAsync(http, Writer.OfAllergies(http), id, ct);
        return refusal ?? Page(frame, id, null, 0, AllergyForm.Empty, null, null);
    }

    internal static async Task<IResult> AddAsync(string id, IFormCollection typed, HttpContext http, Desk desk, CancellationToken ct)
    {
        var writer = Writer.OfAllergies(http);
        var (persons, refusal) = await desk.PersonsAsync(http, writer, id, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        var (form, today, now) = (AllergyForm.Read(typed), Dates.Today(desk.Clock), desk.Clock.GetUtcNow());
        if (form.Problem(today) is { } problem)
        {
            var frame = await desk.Frames.EnterAsync(http, id, ct);
            return frame.Refusal ?? Page(frame, id, null, 0, form, problem, null);
        }

        // Who is allergic is no longer somebody of whom no allergy is known.
        List<Write> past = [];
        foreach (var none in (await AllAsync(desk.View(http), persons, ct)).Where(a => AllergyBody.IsInForce(a.Body) && AllergyBody.IsNone(a.Body)))
        {
            AllergyBody.End(none.Body);
            past.Add(new(WriteKind.Put, "AllergyIntolerance", none.Head.Id, Parts.Bytes(none.Body), none.Head.Version));
        }

        var own = Ids.New();
        if (await Statements.KeepAsync(desk, writer!, AllergyBody.Of(null, own, id, form, writer!, now, today), id, 0, "CREATE", null, ct, past) is not { } version)
        {
            var frame = await desk.Frames.EnterAsync(http, id, ct);
            return frame.Refusal ?? Page(frame, id, null, 0, form, "Overtaken", null);
        }

        return TypedResults.LocalRedirect(Statements.Done(id, "allergy-made", own, version, "care"));
    }

    /// <summary>States that no allergy is known; refused by a sentence on the record where one is.</summary>
    internal static async Task<IResult> NoneAsync(string id, HttpContext http, Desk desk, CancellationToken ct)
    {
        var writer = Writer.OfAllergies(http);
        var (persons, refusal) = await desk.PersonsAsync(http, writer, id, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        var all = await AllAsync(desk.View(http), persons, ct);
        if (all.Any(a => AllergyBody.Counts(a.Body)))
        {
            return TypedResults.LocalRedirect($"/people/{Uri.EscapeDataString(id)}?care=allergy-known#care");
        }

        var before = all.FirstOrDefault(a => AllergyBody.IsInForce(a.Body) && AllergyBody.IsNone(a.Body));
        var own = before.Head?.Id ?? Ids.New();
        // Said again, it is as old as today.
        var version = await Statements.KeepAsync(desk, writer!, AllergyBody.None(own, before.Head is null ? id : Statements.PatientOf(before.Body), writer!, desk.Clock.GetUtcNow()), id, before.Head?.Version ?? 0, before.Head is null ? "CREATE" : "UPDATE", null, ct);
        return TypedResults.LocalRedirect(version is null ? $"/people/{Uri.EscapeDataString(id)}?care=not-undone#care" : Statements.Done(id, "allergy-none", own, version.Value, "care"));
    }

    internal static async Task<IResult> OpenAsync(string id, string allergy, HttpContext http, Desk desk, CancellationToken ct)
    {
        var (frame, refusal) = await desk.EnterAsync(http, Writer.OfAllergies(http), id, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        return await FindAsync(desk.View(http), allergy, frame.Persons, ct) is { } head ? Page(frame, id, allergy, head.Version, AllergyForm.Of(Parts.Parse(head)), null, null) : Results.NotFound();
    }

    /// <summary>409 with what was typed and what stands there now, when somebody else changed it meanwhile; 422 when it cannot be kept as typed.</summary>
    internal static async Task<IResult> ChangeAsync(string id, string allergy, IFormCollection typed, HttpContext http, Desk desk, CancellationToken ct)
    {
        var writer = Writer.OfAllergies(http);
        var (persons, refusal) = await desk.PersonsAsync(http, writer, id, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        if (await FindAsync(desk.View(http), allergy, persons, ct) is not { } head)
        {
            return Results.NotFound();
        }

        var (form, today, body, what) = (AllergyForm.Read(typed), Dates.Today(desk.Clock), Parts.Parse(head), typed["do"].ToString());
        var reason = typed["reason"].ToString().Trim();
        var wrong = what is "wrong" or "refute" && reason.Length is < LeastReason or > MostReason ? "Reason" : form.Problem(today);
        var expected = int.TryParse(typed["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;
        if (wrong is null && expected == head.Version)
        {
            var next = AllergyBody.Of(body, allergy, Statements.PatientOf(body), form, writer!, desk.Clock.GetUtcNow(), today);
            if (what == "wrong")
            {
                AllergyBody.MakeWrong(next);
            }
            else if (what == "refute")
            {
                AllergyBody.Refute(next);
            }

            if (await Statements.KeepAsync(desk, writer!, next, Statements.PatientOf(next), expected, what == "wrong" ? "NULLIFY" : "UPDATE", what is "wrong" or "refute" ? reason : null, ct) is { } kept)
            {
                return TypedResults.LocalRedirect(Statements.Done(id, what switch { "wrong" => "allergy-wrong", "refute" => "allergy-refuted", _ => "allergy-changed" }, allergy, kept, "care"));
            }
        }

        var frame = await desk.Frames.EnterAsync(http, id, ct);
        var now = await FindAsync(desk.View(http), allergy, persons, ct) ?? head;
        return frame.Refusal ?? Page(frame, id, allergy, now.Version, form, wrong ?? "Overtaken", wrong is null ? AllergyForm.Of(Parts.Parse(now)) : null);
    }

    internal static async Task<IResult> UndoAsync(string id, string allergy, IFormCollection typed, HttpContext http, Desk desk, CancellationToken ct)
    {
        var writer = Writer.OfAllergies(http);
        var (persons, refusal) = await desk.PersonsAsync(http, writer, id, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        if (await Statements.FindAsync(desk.View(http), "AllergyIntolerance", allergy, persons, ct) is not { } head || !int.TryParse(typed["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            return Results.NotFound();
        }

        var undone = await Statements.UndoAsync(desk, writer!, desk.View(http), head, version, AllergyBody.MakeWrong, ct);
        return TypedResults.LocalRedirect($"/people/{Uri.EscapeDataString(id)}?care={(undone is null ? "not-undone" : "undone")}#care");
    }

    /// <summary>All of a person, those in force and past ones.</summary>
    internal static async Task<IReadOnlyList<(StoredResource Head, JsonObject Body)>> AllAsync(RecordView view, IReadOnlyList<string> persons, CancellationToken ct) =>
        [.. (await view.CompartmentAsync(persons, "AllergyIntolerance", Most, null, ct)).Matches.Where(m => !m.IsDeleted).Select(m => (m, Parts.Parse(m)))];

    private static async Task<StoredResource?> FindAsync(RecordView view, string allergy, IReadOnlyList<string> persons, CancellationToken ct) =>
        await Statements.FindAsync(view, "AllergyIntolerance", allergy, persons, ct) is { } head && AllergyBody.Counts(Parts.Parse(head)) ? head : null;

    private static RazorComponentResult<AllergyPage> Page(RecordFrame frame, string person, string? allergy, int version, AllergyForm form, string? wrong, AllergyForm? now)
    {
        var page = UiModule.Page<AllergyPage>(new { Frame = frame, Person = person, Allergy = allergy, Version = version, Form = form, Wrong = wrong, Now = now });
        page.StatusCode = wrong switch { null => StatusCodes.Status200OK, "Overtaken" => StatusCodes.Status409Conflict, _ => StatusCodes.Status422UnprocessableEntity };
        return page;
    }
}
