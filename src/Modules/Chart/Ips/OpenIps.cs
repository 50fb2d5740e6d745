using Mach.Access;
using Mach.Chart.Record;
using Mach.Contracts.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Chart.Ips;

/// <summary>The record as an International Patient Summary, to take to whoever treats the person elsewhere.</summary>
internal static class OpenIps
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/people/{id}/ips", Handle).RequireAuthorization(Policies.ReadRecord).WithName("chart-ips");

    /// <summary>404 for an unknown person; 403 with a page for a confidential one that the caller knows of.</summary>
    internal static async Task<IResult> Handle(string id, HttpContext http, IPatientSummaries summaries, RecordSession session, CancellationToken ct)
    {
        if (await session.RefusalAsync(http, id, ct) is { } refusal)
        {
            return refusal;
        }

        var server = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}/fhir";
        if (await summaries.WriteAsync(id, server, ct) is not { } document)
        {
            return Results.NotFound();
        }

        await session.OpenedAsync(http, id, ct);
        http.Response.Headers.ContentDisposition = "attachment; filename=\"ips.json\"";
        return Results.Bytes(document, "application/fhir+json; charset=utf-8");
    }
}
