using System.Data.Common;
using Mach.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mach.Access.Web;

/// <summary>When the database cannot be reached, who somebody is cannot be known either: 503 with Retry-After, in the form of the route, and never a page of errors.</summary>
internal static class Unavailable
{
    private const string RetryAfterSeconds = "5";

    public static async Task GuardAsync(HttpContext context, RequestDelegate next, ILogger logger)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested && IsUnavailable(e))
        {
            logger.DatabaseGone(e);
            context.Response.Clear();
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            await Denials.WriteAsync(context, StatusCodes.Status503ServiceUnavailable,
                "Cơ sở dữ liệu tạm thời không truy cập được; hãy thử lại sau vài giây. / The database cannot be reached now; try again in a few seconds.");
        }
    }

    // The store and the modules put the database's own error inside theirs.
    private static bool IsUnavailable(Exception e) =>
        (e is DbException && Db.IsUnavailable(e)) || (e.InnerException is DbException inner && Db.IsUnavailable(inner));
}
