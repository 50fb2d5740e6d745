using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Mach.Access.Programs;

/// <summary>
/// Pages of other origins may ask for tokens, give them back, and read what this house says about itself, when a public program that is registered and open leads people back to that origin. Cookies never
/// come along: nothing here is answered by a session.
/// </summary>
/// <remarks>Source: https://fetch.spec.whatwg.org/#http-cors-protocol; draft-ietf-oauth-browser-based-apps §6.3.3.1 (the token endpoint, not the authorization endpoint).</remarks>
internal sealed class ProgramOrigins(Clients clients, TimeProvider clock)
{
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(15);
    private static readonly Dictionary<PathString, string> Paths = new()
    {
        ["/oauth/token"] = HttpMethods.Post,
        ["/oauth/revoke"] = HttpMethods.Post,
        [Keys.KeySet.Address] = HttpMethods.Get,
        ["/.well-known/oauth-authorization-server"] = HttpMethods.Get,
        ["/.well-known/openid-configuration"] = HttpMethods.Get,
        ["/fhir/.well-known/smart-configuration"] = HttpMethods.Get,
    };

    private Known _known = new([], DateTimeOffset.MinValue);

    public static void Use(IApplicationBuilder app) => app.Use(next => context =>
        Paths.TryGetValue(context.Request.Path, out var method)
            ? context.RequestServices.GetRequiredService<ProgramOrigins>().AnswerAsync(context, method, next)
            : next(context));

    private async Task AnswerAsync(HttpContext context, string method, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || !await IsRegisteredAsync(origin, context.RequestAborted))
        {
            await next(context);
            return;
        }

        headers.AccessControlAllowOrigin = origin;
        if (!HttpMethods.IsOptions(context.Request.Method) || context.Request.Headers.AccessControlRequestMethod.Count == 0)
        {
            await next(context);
            return;
        }

        headers.AccessControlAllowMethods = method;
        headers.AccessControlAllowHeaders = HeaderNames.ContentType;
        headers.AccessControlMaxAge = "600";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async ValueTask<bool> IsRegisteredAsync(string origin, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (_known.Until <= now)
        {
            var all = await clients.ListAsync(ct);
            _known = new([.. all.Where(c => c is { Disabled: false, Method: ClientMethods.None }).SelectMany(c => c.Redirects).Select(OriginOf).OfType<string>()], now + Keep);
        }

        return _known.Origins.Contains(origin);
    }

    /// <summary>As browsers send it; null for a scheme of its own, which no page has.</summary>
    private static string? OriginOf(string redirect) =>
        Uri.TryCreate(redirect, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) : null;

    private sealed record Known(HashSet<string> Origins, DateTimeOffset Until);
}
