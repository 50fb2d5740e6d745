using Mach.Access;
using Mach.Chart.Record;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Chart.Visits;

/// <summary>One visit with all that belongs to it: unfolded in the time line, or as a page of its own.</summary>
internal static class OpenVisit
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/people/{id}/visits/{visit}", Handle).RequireAuthorization(Policies.ReadRecord).WithName("chart-open-visit");

    /// <summary>403 with a page for a confidential person; 404 when the visit is unknown or belongs to somebody else.</summary>
    internal static async Task<IResult> Handle(
        string id, string visit, HttpContext http, VisitReader visits, RecordReader records, RecordSession session, CancellationToken ct)
    {
        if (await session.RefusalAsync(http, id, ct) is { } refusal)
        {
            return refusal;
        }

        if (await visits.ReadAsync(id, visit, ct) is not { } detail)
        {
            return Results.NotFound();
        }

        if (http.Request.IsFragment())
        {
            return UiModule.Page<VisitInside>(new { Detail = detail });
        }

        if (await records.ReadCardAsync(id, clinical: true, ct) is not { } card)
        {
            return Results.NotFound();
        }

        await session.OpenedAsync(http, id, ct);
        return UiModule.Page<VisitPage>(new { Card = card, Detail = detail });
    }
}
