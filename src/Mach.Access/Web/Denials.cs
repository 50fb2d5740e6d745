using System.Text.Encodings.Web;
using System.Text.Json;
using Mach.Access.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Mach.Access;

/// <summary>Endpoint metadata: how a refusal (400, 401, 403, 429, 503) is written on these routes, in place of problem+json.</summary>
/// <param name="Write">Context, status code, what is wrong; writes content type and body.</param>
public sealed record DenialFormat(Func<HttpContext, int, string, Task> Write);

/// <summary>What somebody gets who may not: a page is led to the sign-in, a program gets 401 or 403 with a body it can read.</summary>
internal sealed class Denials(AccessLog log, ILogger<Denials> logger) : IAuthorizationMiddlewareResultHandler
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            await next(context);
        }
        else if (authorizeResult.Challenged)
        {
            await ChallengeAsync(context);
        }
        else if (StepUp.IsAllThatIsMissing(authorizeResult))
        {
            await AskAgainAsync(context);
        }
        else
        {
            await ForbidAsync(context);
        }
    }

    /// <summary>RFC 9470 §3: the token is good, the proof behind it too old.</summary>
    private static Task AskAgainAsync(HttpContext context)
    {
        var address = StepUp.Address(context.Request);
        if (WantsPage(context))
        {
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.Response.Headers.Location = address;
            return Task.CompletedTask;
        }

        if (context.Request.Headers.ContainsKey("HX-Request"))
        {
            var page = Uri.TryCreate(context.Request.Headers["HX-Current-URL"], UriKind.Absolute, out var url) ? url.PathAndQuery : "/";
            context.Response.Headers["HX-Redirect"] = "/step-up?returnUrl=" + Uri.EscapeDataString(LocalUrl.OrHome(page));
        }

        context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"mach\", error=\"insufficient_user_authentication\", error_description=\"A more recent authentication is required\", max_age=\"{(int)StepUp.MaxAge.TotalSeconds}\"";
        return WriteAsync(context, StatusCodes.Status401Unauthorized,
            "Việc này cần xác nhận lại danh tính trong 5 phút gần đây. / This needs a proof of who you are from the last 5 minutes.");
    }

    private static Task ChallengeAsync(HttpContext context)
    {
        var request = context.Request;
        if (WantsPage(context))
        {
            context.Response.Redirect(SignInAddress(HttpMethods.IsGet(request.Method) ? request.PathBase + request.Path + request.QueryString : "/"));
            if (!HttpMethods.IsGet(request.Method))
            {
                context.Response.StatusCode = StatusCodes.Status303SeeOther;
            }

            return Task.CompletedTask;
        }

        if (request.Headers.ContainsKey("HX-Request"))
        {
            var page = Uri.TryCreate(request.Headers["HX-Current-URL"], UriKind.Absolute, out var url) ? url.PathAndQuery : "/";
            context.Response.Headers["HX-Redirect"] = SignInAddress(page);
        }

        var bearer = request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);
        context.Response.Headers.WWWAuthenticate = bearer ? "Bearer realm=\"mach\", error=\"invalid_token\"" : "Bearer realm=\"mach\"";
        return WriteAsync(context, StatusCodes.Status401Unauthorized, bearer
            ? "Phiên làm việc hoặc mã truy cập đã hết hạn hoặc không đúng. / The session or access token is wrong or has expired."
            : "Cần đăng nhập hoặc mã truy cập. / Sign in, or send an access token.");
    }

    private async Task ForbidAsync(HttpContext context)
    {
        try
        {
            await log.RecordAsync(
                new AccessEvent(context.User.AccountName(), "denied", AccessOutcome.Denied, Address: context.ClientAddress(), Detail: Route(context)),
                context.RequestAborted);
        }
        catch (Exception e) when (e is System.Data.Common.DbException)
        {
            // The refusal stands whether or not it could be written down.
            logger.AccessLogFailed(e);
        }

        await AnswerAsync(context, StatusCodes.Status403Forbidden, "Tài khoản này không có quyền. / This account may not do that.");
    }

    /// <summary>A refusal as the caller can read it: a page for a browser, the form of the route for a program.</summary>
    internal static async Task AnswerAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        if (!WantsPage(context))
        {
            await WriteAsync(context, status, message);
        }
        else if (context.Features.Get<IStatusCodePagesFeature>() is not { Enabled: true })
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(
                $"<!DOCTYPE html><html lang=\"vi\"><meta charset=\"utf-8\"><title>{status} · Mạch</title><main><h1>{status}</h1><p>{message}</p><p><a href=\"/\">Mạch</a></p></main></html>",
                context.RequestAborted);
        }
    }

    /// <summary>Writes a refusal in the form of the route: problem+json unless it declares its own.</summary>
    internal static async Task WriteAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        if (context.GetEndpoint()?.Metadata.GetMetadata<DenialFormat>() is { } format)
        {
            await format.Write(context, status, message);
            return;
        }

        context.Response.ContentType = "application/problem+json";
        var problem = new { type = "about:blank", title = ReasonPhrases.GetReasonPhrase(status), status, detail = message };
        await JsonSerializer.SerializeAsync(context.Response.Body, problem, Json, context.RequestAborted);
    }

    /// <summary>A browser that opens a page or sends a form of one; not a script, not a fragment, not a FHIR route.</summary>
    private static bool WantsPage(HttpContext context) =>
        context.Request.GetTypedHeaders().Accept.Any(a => a.MediaType == "text/html")
        && !context.Request.Headers.ContainsKey("HX-Request")
        && !context.Request.Headers.ContainsKey(HeaderNames.Authorization)
        && !context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        && context.GetEndpoint()?.Metadata.GetMetadata<DenialFormat>() is null;

    private static string SignInAddress(string? returnUrl) =>
        "/sign-in?returnUrl=" + Uri.EscapeDataString(LocalUrl.OrHome(returnUrl));

    // The pattern, not the path: a path may hold a person's number.
    private static string Route(HttpContext context) =>
        context.Request.Method + " " + ((context.GetEndpoint() as Microsoft.AspNetCore.Routing.RouteEndpoint)?.RoutePattern.RawText ?? "(unknown)");
}
