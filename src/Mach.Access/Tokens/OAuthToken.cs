using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Mach.Access.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Access.Tokens;

/// <summary>
/// POST /oauth/token: the client credentials grant for programs. The client says who it is by HTTP Basic or in the form.
/// </summary>
/// <remarks>Source: RFC 6749 §2.3.1 (client authentication), §4.4 (grant), §5 (answers and errors), https://www.rfc-editor.org/rfc/rfc6749.</remarks>
internal static class OAuthToken
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/oauth/token", HandleAsync).WithName("acc-oauth-token").AllowAnonymous().RequireRateLimiting(Policies.SignInRate).DisableAntiforgery();

    private static async Task<IResult> HandleAsync(HttpContext context, PasswordCheck check, Tickets tickets, CancellationToken ct)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Pragma = "no-cache";
        var form = await ReadFormAsync(context, ct);
        if (form is null)
        {
            return Error(StatusCodes.Status400BadRequest, "invalid_request", "The body must be application/x-www-form-urlencoded.");
        }

        if (form["grant_type"].Count != 1 || form.Any(f => f.Value.Count > 1))
        {
            return Error(StatusCodes.Status400BadRequest, "invalid_request", "grant_type is needed, and every parameter once at most.");
        }

        if (form["grant_type"] != "client_credentials")
        {
            return Error(StatusCodes.Status400BadRequest, "unsupported_grant_type", "Only client_credentials is supported.");
        }

        if (!TryReadClient(context, form, out var id, out var secret, out var twice))
        {
            return twice
                ? Error(StatusCodes.Status400BadRequest, "invalid_request", "Use one way of client authentication, not two.")
                : InvalidClient(context);
        }

        var (client, wait) = await check.ClientAsync(id, secret, context.ClientAddress(), ct);
        if (client is null)
        {
            if (wait > TimeSpan.Zero)
            {
                context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            }

            return InvalidClient(context);
        }

        var granted = Grant(Scopes.Split(client.Scopes), Scopes.Split(form["scope"]));
        if (granted is null)
        {
            return Error(StatusCodes.Status400BadRequest, "invalid_scope", $"This client may ask for: {client.Scopes}");
        }

        var token = await tickets.IssueAsync(Tickets.Client, client.Id, granted, Lifetime, ct);
        return Results.Json(new Answer(token, "Bearer", (int)Lifetime.TotalSeconds, granted));
    }

    /// <summary>All of the client's scopes when none is asked for; those asked for when each is covered; null when one is not.</summary>
    internal static string? Grant(string[] allowed, string[] asked)
    {
        if (asked.Length == 0)
        {
            return string.Join(' ', allowed);
        }

        return asked.All(a => Scopes.IsKnown(a) && allowed.Any(g => Scopes.Covers(g, a))) ? string.Join(' ', asked.Distinct()) : null;
    }

    private static async Task<IFormCollection?> ReadFormAsync(HttpContext context, CancellationToken ct)
    {
        if (!context.Request.HasFormContentType)
        {
            return null;
        }

        try
        {
            return await context.Request.ReadFormAsync(ct);
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }

    private static bool TryReadClient(HttpContext context, IFormCollection form, out string id, out string secret, out bool twice)
    {
        (id, secret) = (form["client_id"].ToString(), form["client_secret"].ToString());
        var header = context.Request.Headers.Authorization.ToString();
        var basic = header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase);
        twice = basic && secret.Length > 0;
        if (!basic || twice)
        {
            return !twice && id.Length > 0 && secret.Length > 0;
        }

        try
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(header[6..].Trim())).Split(':', 2);
            if (pair.Length != 2)
            {
                return false;
            }

            // §2.3.1: both parts are form-encoded before they are joined.
            (id, secret) = (Uri.UnescapeDataString(pair[0].Replace('+', ' ')), Uri.UnescapeDataString(pair[1].Replace('+', ' ')));
            return id.Length > 0 && secret.Length > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static IResult InvalidClient(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"mach\"";
        return Error(StatusCodes.Status401Unauthorized, "invalid_client", "Unknown client, wrong secret, or too many tries.");
    }

    private static IResult Error(int status, string code, string description) => Results.Json(new Problem(code, description), statusCode: status);

    private sealed record Answer(
        [property: JsonPropertyName("access_token")] string AccessToken,
        [property: JsonPropertyName("token_type")] string TokenType,
        [property: JsonPropertyName("expires_in")] int ExpiresIn,
        [property: JsonPropertyName("scope")] string Scope);

    private sealed record Problem(
        [property: JsonPropertyName("error")] string Error,
        [property: JsonPropertyName("error_description")] string Description);
}
