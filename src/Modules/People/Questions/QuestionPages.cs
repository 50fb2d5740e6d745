using Mach.Access;
using Mach.Access.Audit;
using Mach.Kernel;
using Mach.People.Index;
using Mach.Store;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Mach.People.Questions;

/// <summary>One open question with the persons it is about, ready to show.</summary>
public sealed record QuestionView(QuestionRow Row, ClaimSnapshot Claim, IReadOnlyList<PatientView> Candidates, IReadOnlyList<DecisionRow> Decisions);

/// <summary>Shows the contradictions that wait, and takes the data officer's decisions.</summary>
internal static class QuestionPages
{
    private const int PerPage = 20;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/questions", List).WithName("ppl-questions").RequireAuthorization(Policies.DecideData);
        routes.MapPost("/questions/{id}", Decide).WithName("ppl-decide").RequireAuthorization(Policies.DecideData);
    }

    internal static async Task<IResult> List(HttpContext http, RecordStore store, Decisions decisions, string? status, int? page, CancellationToken ct)
    {
        var shown = status is QuestionRow.Decided or QuestionRow.Corrected ? status : QuestionRow.Waiting;
        var at = Math.Clamp(page ?? 1, 1, 1_000_000);
        var (rows, total) = await QuestionTable.ListAsync(store.Db, shown, PerPage, (at - 1) * PerPage, ct);
        var patients = await store.As(Sight.Everything, http.Audit()).ReadManyAsync([.. rows.SelectMany(r => r.CandidateIds).Distinct().Select(id => ("Patient", id))], ct);
        var views = patients.ToDictionary(p => p.Id, p => PatientView.Read(p.Body), StringComparer.Ordinal);
        var made = await decisions.ListAsync(rows.Select(r => r.Id), ct);
        return UiModule.Page<QuestionsPage>(new
        {
            Questions = (IReadOnlyList<QuestionView>)[.. rows.Select(r => new QuestionView(r, r.ReadClaim(), [.. r.CandidateIds.Where(views.ContainsKey).Select(id => views[id])], [.. made[r.Id]]))],
            Status = shown,
            Total = total,
            PageNumber = at,
            PageSize = PerPage,
        });
    }

    internal static async Task<IResult> Decide(
        Decisions decisions, HttpContext http, string id, [FromForm] string candidate, [FromForm] string decision, [FromForm] string? why, CancellationToken ct)
    {
        if (decision is not (DecisionRow.Same or DecisionRow.Different or DecisionRow.Undone))
        {
            return TypedResults.BadRequest();
        }

        return await decisions.DecideAsync(id, candidate, decision, http.User.AccountName(), (why ?? "").Trim(), ct)
            ? TypedResults.Redirect(decision == DecisionRow.Undone ? "/questions?status=decided" : "/questions")
            : TypedResults.NotFound();
    }
}
