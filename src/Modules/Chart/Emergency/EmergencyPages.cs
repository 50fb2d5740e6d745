using System.Globalization;
using Mach.Access;
using Mach.Access.Authority;
using Mach.Chart.Find;
using Mach.Fhir.Search;
using Mach.Store;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Mach.Chart.Emergency;

/// <summary>Break-glass: a number and a reason open one record for a few hours; data officers judge each opening.</summary>
internal static class EmergencyPages
{
    private const int Listed = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/emergency", Ask).RequireAuthorization(Policies.ReadRecord).WithName("chart-emergency");
        routes.MapPost("/emergency", OpenAsync).RequireAuthorization(Policies.ReadRecord).WithName("chart-emergency-open");
        routes.MapPost("/emergency/close", CloseAsync).RequireAuthorization(Policies.ReadRecord).WithName("chart-emergency-close");
        routes.MapGet("/emergency/reviews", ReviewsAsync).RequireAuthorization(Policies.DecideData).WithName("chart-emergency-reviews");
        routes.MapPost("/emergency/reviews/{id}", ReviewAsync).RequireAuthorization(Policies.DecideData).WithName("chart-emergency-review");
    }

    internal static async Task<IResult> Ask(HttpContext http, Emergencies emergencies, CancellationToken ct) => !http.MayOpenInEmergency()
        ? TypedResults.Forbid()
        : UiModule.Page<EmergencyPage>(new { Rule = http.PolicyInForce().Emergency, Open = await emergencies.OpenOfAsync(http.User.AccountName(), ct) });

    /// <summary>The number must be known whole: this opens somebody who is here, and finds nobody.</summary>
    internal static async Task<IResult> OpenAsync(HttpContext http, RecordStore store, Emergencies emergencies, AccessLog log, TimeProvider clock,
        [FromForm] string? number, [FromForm] string? reason, CancellationToken ct)
    {
        if (!http.MayOpenInEmergency())
        {
            return TypedResults.Forbid();
        }

        var why = (reason ?? "").Trim();
        var open = await emergencies.OpenOfAsync(http.User.AccountName(), ct);
        if (why.Length is < Emergencies.LeastReason or > Emergencies.MostReason)
        {
            return UiModule.Page<EmergencyPage>(new { Rule = http.PolicyInForce().Emergency, Open = open, Number = number, Reason = why, Problem = "EmergencyReason" });
        }

        var query = PersonQuery.Parse(number, Dates.Today(clock));
        var found = new List<string>();
        foreach (var pairs in query.Searches.Where(s => query.Kind == PersonQueryKind.Identifier && s.All(pair => pair.Key == "identifier")))
        {
            // Whom the caller may not see yet: the one place where a page looks past the caller's sight, for one whole number.
            found.AddRange((await store.SearchAsync(SearchQuery.Parse("Patient", pairs) with { Count = 2 }, ct)).Matches.Select(m => m.Id));
        }

        if (found.Distinct(StringComparer.Ordinal).ToList() is not [var person])
        {
            await log.RecordAsync(new AccessEvent(http.User.AccountName(), "emergency-open", AccessOutcome.Failed, Address: http.ClientAddress(), Detail: "number"), ct);
            return UiModule.Page<EmergencyPage>(new { Rule = http.PolicyInForce().Emergency, Open = open, Number = number, Reason = why, Problem = "EmergencyNobody" });
        }

        await emergencies.OpenAsync(http.User.AccountName(), http.User.BoundFacility(), person, why, http.ClientAddress(), ct);
        return TypedResults.Redirect("/people/" + person);
    }

    internal static async Task<IResult> CloseAsync(HttpContext http, Emergencies emergencies, [FromForm] string person, CancellationToken ct)
    {
        await emergencies.CloseAsync(http.User.AccountName(), person, ct);
        return TypedResults.Redirect("/emergency");
    }

    internal static async Task<IResult> ReviewsAsync(HttpContext http, Emergencies emergencies, TimeProvider clock, string? refused, CancellationToken ct) =>
        UiModule.Page<EmergencyReviewsPage>(new { Rule = http.PolicyInForce().Emergency, All = await emergencies.ListAsync(Listed, ct), Now = clock.GetUtcNow(), Me = http.User.AccountName(), Refused = refused is not null });

    internal static async Task<IResult> ReviewAsync(HttpContext http, Emergencies emergencies, string id, [FromForm] string verdict, [FromForm] string? note, CancellationToken ct) =>
        !Enum.TryParse<EmergencyVerdict>(verdict, out var given) || !Enum.IsDefined(given) ? TypedResults.BadRequest()
        : TypedResults.Redirect(await emergencies.ReviewAsync(id, http.User.AccountName(), given, note, ct) ? "/emergency/reviews" : "/emergency/reviews?refused=1");

    /// <summary>Day and time as in Viet Nam.</summary>
    internal static string Show(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(7)).ToString("dd/MM/yyyy HH:mm", CultureInfo.InvariantCulture);
}
