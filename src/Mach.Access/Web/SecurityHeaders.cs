using Microsoft.AspNetCore.Http;

namespace Mach.Access.Web;

/// <summary>Headers of every answer. Source: OWASP HTTP Headers Cheat Sheet, https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html.</summary>
public static class SecurityHeaders
{
    private static readonly object FormTarget = new();

    /// <summary>Lets the forms of this one page lead to another place, too: browsers hold what a form is answered with against the policy of the page (CSP 3 §6.4.2).</summary>
    /// <param name="origin">Scheme, host and port, or a scheme with its colon; of a registered address alone.</param>
    public static void AllowForms(HttpContext context, string origin) => context.Items[FormTarget] = origin;

    /// <summary>No foreign origin, no inline script or style, no frame round a page.</summary>
    internal const string ContentSecurityPolicy =
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    internal static Task Apply(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state =>
        {
            var headers = ((HttpContext)state).Response.Headers;
            headers.ContentSecurityPolicy = ((HttpContext)state).Items.TryGetValue(FormTarget, out var target) ? ContentSecurityPolicy + " " + target : ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";

            // What an endpoint does not declare cacheable may hold a person's data: no copy is left on a shared computer.
            if (headers.CacheControl.Count == 0 || (headers.CacheControl == "no-cache, no-store" && headers.Pragma.Count > 0))
            {
                headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        }, context);
        return next(context);
    }
}
