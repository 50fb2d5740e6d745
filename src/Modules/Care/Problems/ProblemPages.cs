using System.Globalization;
using System.Text.Json.Nodes;
using Mach.Access;
using Mach.Care.Writing;
using Mach.Kernel;
using Mach.Store;
using Mach.Ui;
using Mach.Ui.Records;
using Mach.Vietnam;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Care.Problems;

/// <summary>What many visits say of one thing.</summary>
/// <param name="Name">ICD-10 category and its words, or the words alone.</param>
/// <param name="Ids">Conditions of the visits, newest first.</param>
public sealed record VisitGroup(string Key, string? Code, string Name, PartialDate? First, IReadOnlyList<string> Ids);

/// <summary>The problem list: a problem is added, changed, resolved, taken up again, or said to be wrong; each is a new version of a Condition.</summary>
internal static class ProblemPages
{
    private const int LeastReason = 5, MostReason = 500, MostConditions = 60_000, MostGroups = 12, MostIds = 60;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/people/{id}/problems/new", NewAsync).RequireAuthorization(Policies.WriteRecord).WithName("care-problem-new");
        routes.MapPost("/people/{id}/problems", AddAsync).RequireAuthorization(Policies.WriteRecord).WithName("care-problem-add");
        routes.MapGet("/people/{id}/problems/{problem}", OpenAsync).RequireAuthorization(Policies.WriteRecord).WithName("care-problem");
        routes.MapPost("/people/{id}/problems/{problem}", ChangeAsync).RequireAuthorization(Policies.WriteRecord).WithName("care-problem-change");
        routes.MapPost("/people/{id}/problems/{problem}/undo", UndoAsync).RequireAuthorization(Policies.WriteRecord).WithName("care-problem-undo");
    }

    /// <param name="from">A Condition of a visit: its group becomes the problem.</param>
    internal static async Task<IResult> NewAsync(string id, string? from, HttpContext http, Desk desk, CancellationToken ct)
    {
        var (frame, refusal) = await desk.EnterAsync(http, Writer.OfNotes(http), id, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        var groups = await GroupsAsync(desk.View(http), frame.Persons, ct);
        var group = groups.FirstOrDefault(g => from is not null && g.Ids.Contains(from));
        var form = group is null ? new ProblemForm(null, null, null, null, null, [])
            : new(group.Code, group.Code is null ? group.Name : group.Code + " " + group.Name, group.First is { } first ? Dates.Show(first with { Day = 0, Hour = -1, Minute = -1, Second = -1 }) : null, null, null, [.. group.Ids.Take(MostIds)]);
        return Page(frame, id, null, 0, form, null, null, group is null ? groups : [.. groups.Where(g => g != group)], isResolved: false);
    }

    internal static async Task<IResult> AddAsync(string id, IFormCollection typed, HttpContext http, Desk desk, CancellationToken ct)
    {
        var writer = Writer.OfNotes(http);
        var (persons, refusal) = await desk.PersonsAsync(http, writer, id, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        var (form, today) = (ProblemForm.Read(typed), Dates.Today(desk.Clock));
        form = form with { Covers = await OwnAsync(desk.View(http), form.Covers, persons, ct) };
        if (form.Problem(today) is { } problem)
        {
            var frame = await desk.Frames.EnterAsync(http, id, ct);
            return frame.Refusal ?? Page(frame, id, null, 0, form, problem, null, await GroupsAsync(desk.View(http), persons, ct), isResolved: false);
        }

        var own = Ids.New();
        if (await Statements.KeepAsync(desk, writer!, ProblemBody.Of(null, own, id, form, isResolved: false, writer!, desk.Clock.GetUtcNow(), today), id, 0, "CREATE", null, ct) is not { } version)
        {
            var frame = await desk.Frames.EnterAsync(http, id, ct);
            return frame.Refusal ?? Page(frame, id, null, 0, form, "Overtaken", null, await GroupsAsync(desk.View(http), persons, ct), isResolved: false);
        }

        return TypedResults.LocalRedirect(Statements.Done(id, "problem-made", own, version, "problems"));
    }

    internal static async Task<IResult> OpenAsync(string id, string problem, HttpContext http, Desk desk, CancellationToken ct)
    {
        var (frame, refusal) = await desk.EnterAsync(http, Writer.OfNotes(http), id, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        return await FindAsync(desk.View(http), problem, frame.Persons, ct) is { } head && Parts.Parse(head) is var body
            ? Page(frame, id, problem, head.Version, ProblemForm.Of(body), null, null, [], ProblemBody.IsResolved(body))
            : Results.NotFound();
    }

    /// <summary>409 with what was typed and what stands there now, when somebody else changed it meanwhile; 422 when it cannot be kept as typed.</summary>
    internal static async Task<IResult> ChangeAsync(string id, string problem, IFormCollection typed, HttpContext http, Desk desk, CancellationToken ct)
    {
        var writer = Writer.OfNotes(http);
        var (persons, refusal) = await desk.PersonsAsync(http, writer, id, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        if (await FindAsync(desk.View(http), problem, persons, ct) is not { } head)
        {
            return Results.NotFound();
        }

        var (form, today, body, what) = (ProblemForm.Read(typed), Dates.Today(desk.Clock), Parts.Parse(head), typed["do"].ToString());
        var stood = ProblemForm.Of(body);
        form = form with { Covers = stood.Covers };
        var reason = typed["reason"].ToString().Trim();
        var wrong = what == "wrong" && reason.Length is < LeastReason or > MostReason ? "Reason" : form.Problem(today);
        var expected = int.TryParse(typed["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;
        var isResolved = what switch { "resolve" => true, "reactivate" => false, _ => ProblemBody.IsResolved(body) };
        int? kept = null;
        if (wrong is null && expected == head.Version)
        {
            var next = ProblemBody.Of(body, problem, Statements.PatientOf(body), form, isResolved, writer!, desk.Clock.GetUtcNow(), today);
            if (what == "wrong")
            {
                ProblemBody.MakeWrong(next);
            }

            kept = await Statements.KeepAsync(desk, writer!, next, Statements.PatientOf(next), expected, what == "wrong" ? "NULLIFY" : "UPDATE", what == "wrong" ? reason : null, ct);
        }

        if (kept is not null)
        {
            return TypedResults.LocalRedirect(Statements.Done(id, what switch { "resolve" => "problem-resolved", "reactivate" => "problem-reactivated", "wrong" => "problem-wrong", _ => "problem-changed" }, problem, kept.Value, "problems"));
        }

        var frame = await desk.Frames.EnterAsync(http, id, ct);
        var now = await FindAsync(desk.View(http), problem, persons, ct) is { } newest ? newest : head;
        return frame.Refusal ?? Page(frame, id, problem, now.Version, form, wrong ?? "Overtaken", wrong is null ? ProblemForm.Of(Parts.Parse(now)) : null, [], ProblemBody.IsResolved(Parts.Parse(now)));
    }

    internal static async Task<IResult> UndoAsync(string id, string problem, IFormCollection typed, HttpContext http, Desk desk, CancellationToken ct)
    {
        var writer = Writer.OfNotes(http);
        var (persons, refusal) = await desk.PersonsAsync(http, writer, id, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        if (await Statements.FindAsync(desk.View(http), "Condition", problem, persons, ct) is not { } head || !int.TryParse(typed["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            return Results.NotFound();
        }

        var undone = await Statements.UndoAsync(desk, writer!, desk.View(http), head, version, ProblemBody.MakeWrong, ct);
        return TypedResults.LocalRedirect($"/people/{Uri.EscapeDataString(id)}?care={(undone is null ? "not-undone" : "undone")}#problems");
    }

    /// <summary>A Condition of the problem list that still holds.</summary>
    private static async Task<StoredResource?> FindAsync(RecordView view, string problem, IReadOnlyList<string> persons, CancellationToken ct) =>
        await Statements.FindAsync(view, "Condition", problem, persons, ct) is { } head && Parts.Parse(head) is var body && Parts.Text(body, "category", 0, "coding", 0, "code") == "problem-list-item" && !ProblemBody.IsWrong(body) ? head : null;

    /// <summary>Of the ids that were sent, those of Conditions of this person.</summary>
    private static async Task<IReadOnlyList<string>> OwnAsync(RecordView view, IReadOnlyList<string> ids, IReadOnlyList<string> persons, CancellationToken ct) =>
        [.. (await view.ReadManyAsync([.. ids.Select(c => ("Condition", c))], ct)).Where(c => persons.Contains(Statements.PatientOf(Parts.Parse(c)), StringComparer.Ordinal)).Select(c => c.Id).Order(StringComparer.Ordinal)];

    /// <summary>What the visits say, by ICD-10 category, the most frequent first.</summary>
    private static async Task<IReadOnlyList<VisitGroup>> GroupsAsync(RecordView view, IReadOnlyList<string> persons, CancellationToken ct)
    {
        var all = new List<StoredResource>();
        string? cursor = null;
        do
        {
            var page = await view.CompartmentAsync(persons, "Condition", 500, cursor, ct);
            all.AddRange(page.Matches);
            cursor = page.Next;
        }
        while (cursor is not null && all.Count < MostConditions);
        return [.. all.Select(c => (c.Id, Body: Parts.Parse(c))).Where(c => Parts.Text(c.Body, "category", 0, "coding", 0, "code") != "problem-list-item" && !ProblemBody.IsWrong(c.Body))
            .Select(c => (c.Id, Code: CodeOf(c.Body), Text: Parts.Text(c.Body, "code", "text") ?? Parts.Text(c.Body, "code", "coding", 0, "display"), Date: DateOf(c.Body)))
            .Where(c => c.Code is not null || c.Text is not null)
            .GroupBy(c => c.Code is { Length: >= 3 } code ? code[..3].ToUpperInvariant() : VietnameseText.Fold(c.Text ?? ""), StringComparer.Ordinal)
            .Select(g => g.OrderByDescending(c => c.Date?.Low ?? DateTimeOffset.MinValue).ToList())
            .OrderByDescending(g => g.Count)
            .Select(g => new VisitGroup(g[0].Code is { Length: >= 3 } code ? code[..3] : g[0].Text!, g[0].Code, NameOf(g[0].Code) ?? g[0].Text ?? g[0].Code!, g.LastOrDefault(c => c.Date is not null).Date, [.. g.Select(c => c.Id)]))];
    }

    private static string? NameOf(string? code) => code is null ? null : Vietnam.Terminology.Icd10List.FindAsWritten(code)?.Name(Texts.IsEnglish);

    private static string? CodeOf(JsonObject body) => (body["code"]?["coding"] as JsonArray ?? []).FirstOrDefault(c => Parts.Text(c, "system") == Systems.Icd10) is { } coding ? Parts.Text(coding, "code") : null;

    private static PartialDate? DateOf(JsonObject body) =>
        (Parts.Text(body, "onsetDateTime") ?? Parts.Text(body, "recordedDate") ?? Parts.Text(body, "onsetPeriod", "start")) is { } text && PartialDate.TryParseFhir(text, out var date) ? date : null;

    private static RazorComponentResult<ProblemPage> Page(RecordFrame frame, string person, string? problem, int version, ProblemForm form, string? wrong, ProblemForm? now, IReadOnlyList<VisitGroup> groups, bool isResolved)
    {
        var page = UiModule.Page<ProblemPage>(new { Frame = frame, Person = person, Problem = problem, Version = version, Form = form, Wrong = wrong, Now = now, Groups = groups.Take(MostGroups).ToList(), IsResolved = isResolved });
        page.StatusCode = wrong switch { null => StatusCodes.Status200OK, "Overtaken" => StatusCodes.Status409Conflict, _ => StatusCodes.Status422UnprocessableEntity };
        return page;
    }
}
