using Microsoft.AspNetCore.Http;

namespace Mach.Access.Web;

/// <summary>Headers of every answer. Source: OWASP HTTP Headers Cheat Sheet, https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html.</summary>
internal static class SecurityHeaders
{
    /// <summary>No foreign origin, no inline script or style, no frame round a page.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    public static Task Apply(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state =>
        {
            var headers = ((HttpContext)state).Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
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
