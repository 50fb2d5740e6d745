using Mach.Data;

namespace Mach.Server.Hosting;

/// <summary>Is it up, and does it serve? Answers without sign-in, and says nothing about people.</summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Text("ok")).AllowAnonymous();
        routes.MapGet("/health/ready", Ready).AllowAnonymous();
    }

    /// <summary>200 when the hub serves and its database answers; 503 with the reason otherwise.</summary>
    internal static async Task<IResult> Ready(HubState state, Db db, HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (state.Preparing is { } what)
        {
            http.Response.Headers.RetryAfter = "2";
            return Results.Json(new { status = "preparing", what }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        try
        {
            await using var connection = await db.OpenAsync(ct);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT 1";
            await command.ExecuteScalarAsync(ct);
            return Results.Json(new { status = "ready" });
        }
        catch (System.Data.Common.DbException)
        {
            http.Response.Headers.RetryAfter = "5";
            return Results.Json(new { status = "unavailable", what = "the database does not answer" }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
