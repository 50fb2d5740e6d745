using Mach.Access;
using Mach.Access.Audit;
using Mach.Contracts.People;
using Mach.Kernel;
using Mach.People.Matching;
using Mach.People.Profiles;
using Mach.Store;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Mach.People.Pairs;

/// <summary>Two people side by side.</summary>
public sealed record PairView(PairRow Row, PersonSide A, PersonSide B, IReadOnlyList<VerdictRow> Verdicts);

/// <summary>One of the two, as the list shows it; empty texts for what is unknown or was deleted.</summary>
public sealed record PersonSide(string Id, string Name, string? Birth, string Sex, string Citizen, string Insurance, string Papers, string Phone, string Address, string Mother, string Order)
{
    public bool IsConfidential { get; init; }
    public bool IsTest { get; init; }

    internal static PersonSide Of(string id, StoredResource? patient, FactsMaker maker)
    {
        if (patient is null)
        {
            return new PersonSide(id, "", null, "unknown", "", "", "", "", "", "", "");
        }

        using var json = System.Text.Json.JsonDocument.Parse(patient.Body);
        var (facts, sought) = (PatientFacts.Read(maker, json.RootElement), PatientFacts.Sought(json.RootElement));
        return new PersonSide(
            id, facts.Name, facts.Birth, facts.Sex.Length > 0 ? facts.Sex : "unknown", sought.NationalId ?? "", string.Join(", ", facts.InsuranceNumbers), string.Join(", ", facts.Papers.Select(p => p[2..])),
            string.Join(", ", facts.Phones), sought.Address ?? "", facts.Mother, facts.BirthOrder > 0 ? facts.BirthOrder.ToString(System.Globalization.CultureInfo.InvariantCulture) : "")
        {
            IsConfidential = (PersonLabel.Read(json.RootElement) & PersonLabels.Confidential) != 0,
            IsTest = facts.IsTest,
        };
    }
}

/// <summary>The work list of possible doubles: look, decide with one key, take back. Taking a link apart shows what was written since.</summary>
internal static class PairPages
{
    private const int PerPage = 10;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/questions/pairs", List).WithName("ppl-pairs").RequireAuthorization(Policies.DecideData);
        routes.MapPost("/questions/pairs", Decide).WithName("ppl-pair-decide").RequireAuthorization(Policies.DecideData);
        routes.MapGet("/questions/pairs/{one}/{other}", Show).WithName("ppl-pair").RequireAuthorization(Policies.DecideData);
        routes.MapPost("/questions/pairs/{one}/{other}", TakeApart).WithName("ppl-pair-take-apart").RequireAuthorization(Policies.DecideData);
    }

    internal static async Task<IResult> List(HttpContext http, RecordStore store, PairTable pairs, FactsMaker maker, string? state, int? page, string? done, string? refused, CancellationToken ct)
    {
        var shown = state is PairRow.Later or PairRow.Same or PairRow.Different or PairRow.Undone ? state : PairRow.Waiting;
        var at = Math.Clamp(page ?? 1, 1, 1_000_000);
        var (rows, total) = await pairs.ListAsync(shown, PerPage, (at - 1) * PerPage, ct);
        var last = done?.Split('~') is [var a, var b] ? await pairs.FindAsync(a, b, ct) : null;
        return UiModule.Page<PairsPage>(new { Pairs = await ViewsAsync(Seen(http, store), pairs, maker, rows, ct), State = shown, Total = total, PageNumber = at, PageSize = PerPage, Last = last, Refused = refused });
    }

    /// <param name="verdict">same, different, later or undone (which leaves the question open again; a link is taken apart on a page of its own).</param>
    internal static async Task<IResult> Decide(
        Verdicts verdicts, HttpContext http, [FromForm] string one, [FromForm] string other, [FromForm] string verdict, [FromForm] string? why, CancellationToken ct)
    {
        if (verdict is not (PairRow.Same or PairRow.Different or PairRow.Later or PairRow.Undone))
        {
            return TypedResults.BadRequest();
        }

        var outcome = await verdicts.DecideAsync(new VerdictWanted(one, other, verdict, http.User.AccountName(), (why ?? "").Trim()), ct);
        return outcome switch
        {
            VerdictOutcome.Unknown => TypedResults.NotFound(),
            VerdictOutcome.Done => TypedResults.Redirect(verdict == PairRow.Undone ? "/questions/pairs" : $"/questions/pairs?done={Uri.EscapeDataString(one)}~{Uri.EscapeDataString(other)}"),
            _ => TypedResults.Redirect($"/questions/pairs?refused={(outcome == VerdictOutcome.DeclaredDifferent ? "declared-different" : "linked-over-others")}"),
        };
    }

    internal static async Task<IResult> Show(HttpContext http, RecordStore store, PairTable pairs, Separation separation, FactsMaker maker, string one, string other, CancellationToken ct)
    {
        if (await pairs.FindAsync(one, other, ct) is not { } row)
        {
            return TypedResults.NotFound();
        }

        var view = (await ViewsAsync(Seen(http, store), pairs, maker, [row], ct))[0];
        return UiModule.Page<PairPage>(new { Pair = view, Written = row.State == PairRow.Same ? await separation.WrittenSinceAsync(row, ct) : [] });
    }

    /// <summary>Undoes a link. The form's fields "move" name what goes over to the other of the two, as Type/id.</summary>
    internal static async Task<IResult> TakeApart(
        Separation separation, HttpContext http, string one, string other, [FromForm] string? why, CancellationToken ct)
    {
        string[] move = [.. http.Request.Form["move"].OfType<string>()];
        var outcome = await separation.TakeApartAsync(one, other, move, http.User.AccountName(), (why ?? "").Trim(), ct);
        return outcome switch
        {
            SeparationOutcome.Done => TypedResults.Redirect("/questions/pairs?state=undone"),
            SeparationOutcome.NotLinked => TypedResults.NotFound(),
            _ => TypedResults.Redirect($"/questions/pairs/{Uri.EscapeDataString(one)}/{Uri.EscapeDataString(other)}"),
        };
    }

    /// <summary>The whole record: whom it shows stands in the audit line.</summary>
    private static RecordView Seen(HttpContext http, RecordStore store) => store.As(Sight.Everything, http.Audit());

    private static async Task<IReadOnlyList<PairView>> ViewsAsync(RecordView store, PairTable pairs, FactsMaker maker, IReadOnlyList<PairRow> rows, CancellationToken ct)
    {
        var patients = (await store.ReadManyAsync([.. rows.SelectMany(r => new[] { r.PatientA, r.PatientB }).Distinct().Select(id => ("Patient", id))], ct)).ToDictionary(p => p.Id, StringComparer.Ordinal);
        var views = new List<PairView>(rows.Count);
        foreach (var row in rows)
        {
            views.Add(new PairView(row, PersonSide.Of(row.PatientA, patients.GetValueOrDefault(row.PatientA), maker), PersonSide.Of(row.PatientB, patients.GetValueOrDefault(row.PatientB), maker), await pairs.VerdictsAsync(row.PatientA, row.PatientB, ct)));
        }

        return views;
    }
}
