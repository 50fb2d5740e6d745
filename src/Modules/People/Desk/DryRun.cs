using Mach.Access;
using Mach.Contracts.People;
using Mach.People.Matching;
using Mach.People.Search;
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
public sealed record CandidateLine(string Id, string Name, string? Birth, string Sex, string? Commune, string Place, string Grade, double Score, IReadOnlyList<MatchReason> Reasons, string? Caution);

/// <summary>Who it may be, while a clerk types: the same answer as <c>$match</c>, in a form for pages. Nothing is written.</summary>
internal static class DryRun
{
    private const int Shown = 8;

    /// <param name="Problems">What cannot be, or contradicts itself, by code.</param>
    public sealed record Response(IReadOnlyList<CandidateLine> Candidates, IReadOnlyList<string> Problems);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/people/match", Handle).WithName("ppl-match").RequireAuthorization(Policies.FindPerson);

    internal static async Task<JsonHttpResult<Response>> Handle([AsParameters] Typed typed, PersonMatcher matcher, FactsMaker facts, HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new Response(await FindAsync(typed, matcher, facts, ct), typed.Problems()));
    }

    public static async Task<IReadOnlyList<CandidateLine>> FindAsync(Typed typed, PersonMatcher matcher, FactsMaker facts, CancellationToken ct)
    {
        await facts.RefreshAsync(ct);
        var found = await matcher.FindAsync(facts.Make(typed.Sought()), ct);
        return [.. found.Take(Shown).Select(f => new { f.Facts, Answer = PersonMatcher.Answer(f) })
            .Select(f => new CandidateLine(f.Answer.PatientId, f.Facts.Name, f.Facts.Birth, f.Facts.Sex, f.Facts.Commune, f.Facts.Place, f.Answer.Grade.ToString().ToLowerInvariant(), f.Answer.Score, f.Answer.Reasons, f.Answer.Caution))];
    }
}
