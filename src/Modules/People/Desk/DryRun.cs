using Mach.Access;
using Mach.Access.Audit;
using Mach.Contracts.People;
using Mach.People.Matching;
using Mach.People.Search;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.People.Desk;

/// <summary>One who may be the person typed.</summary>
/// <param name="Birth">yyyy, yyyy-MM or yyyy-MM-dd.</param>
/// <param name="Grade">certain, probable or possible.</param>
/// <param name="Score">Chance that it is this person, 0–1.</param>
/// <param name="Caution">Why it is not certain although the weight would do.</param>
public sealed record CandidateLine(string Id, string Name, string? Birth, string Sex, string? Commune, string Place, string Grade, double Score, IReadOnlyList<MatchReason> Reasons, string? Caution)
{
    public bool IsTest { get; init; }
    /// <summary>Confidential, and not to be seen by the one at the desk: nothing but that there may be somebody.</summary>
    public bool IsHidden { get; init; }

    internal CandidateLine Hide() => new(Id, "", null, "", null, "", Grade, Score, [], null) { IsTest = IsTest, IsHidden = true };
}

/// <summary>Who it may be, while a clerk types: the same answer as <c>$match</c>, in a form for pages. Nothing is written.</summary>
internal static class DryRun
{
    /// <param name="Problems">What cannot be, or contradicts itself, by code.</param>
    public sealed record Response(IReadOnlyList<CandidateLine> Candidates, IReadOnlyList<string> Problems);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/people/match", Handle).WithName("ppl-match").RequireAuthorization(Policies.RegisterPerson);

    internal static async Task<JsonHttpResult<Response>> Handle([AsParameters] Typed typed, Candidates candidates, HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new Response(await candidates.FindAsync(typed, http, ct), typed.Problems(candidates.Today)));
    }
}

/// <summary>Who may be the person typed, as the one at the desk may see them.</summary>
internal sealed class Candidates(PersonMatcher matcher, FactsMaker facts, IPersonConfidentiality confidentiality, TimeProvider clock)
{
    private const int Shown = 8;

    /// <summary>In Viet Nam.</summary>
    public DateOnly Today => Dates.Today(clock);

    public async Task<IReadOnlyList<CandidateLine>> FindAsync(Typed typed, HttpContext http, CancellationToken ct)
    {
        await facts.RefreshAsync(ct);
        var found = (await matcher.FindAsync(facts.Make(typed.Sought(Today)), ct)).Take(Shown).ToList();
        var hidden = await confidentiality.HiddenFromAsync(http.User, [.. found.Select(f => f.Patient)], ct);
        http.Audit().ShowPersons(found.Select(f => f.Patient).Where(p => !hidden.Contains(p)));
        return [.. found.Select(Line).Select(line => hidden.Contains(line.Id) ? line.Hide() : line)];
    }

    private static CandidateLine Line(Found found)
    {
        var (facts, answer) = (found.Facts, PersonMatcher.Answer(found));
        return new CandidateLine(answer.PatientId, facts.Name, facts.Birth, facts.Sex, facts.Commune, facts.Place, answer.Grade.ToString().ToLowerInvariant(), answer.Score, answer.Reasons, answer.Caution) { IsTest = facts.IsTest };
    }
}
