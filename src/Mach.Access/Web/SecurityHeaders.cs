using Microsoft.AspNetCore.Http;

namespace Mach.Access.Web;

/// <summary>Headers of every answer. Source: OWASP HTTP Headers Cheat Sheet, https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html.</summary>
public static class SecurityHeaders
{
    private static readonly object FormTarget = new();

    /// <summary>Lets the forms of this one page lead to another place, too: browsers hold what a form is answered with against the policy of the page (CSP 3 §6.4.2).</summary>
    /// <param name="origin">Scheme, host and port, or a scheme with its colon; of a registered address alone.</param>
    public static void AllowForms(HttpContext context, string origin) => context.Items[FormTarget] = origin;

    /// <summary>Nothing but what our pages use, from our own origin: no inline script or style, no plugin, no frame in or round a page.</summary>
    internal const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    /// <summary>Of what a browser could give a page, the camera alone: it reads the QR codes of cards.</summary>
    internal const string PermissionsPolicy =
        "accelerometer=(), autoplay=(), camera=(self), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()";

    /// <summary>A year, with the hosts below ours. ASVS 5.0 3.4.1.</summary>
    internal const string TransportSecurity = "max-age=31536000; includeSubDomains";

    internal static Task Apply(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state =>
        {
            var (request, headers) = (((HttpContext)state).Request, ((HttpContext)state).Response.Headers);
            headers.ContentSecurityPolicy = ((HttpContext)state).Items.TryGetValue(FormTarget, out var target) ? ContentSecurityPolicy + " " + target : ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = PermissionsPolicy;
            if (request.IsHttps && request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]"))
            {
                headers.StrictTransportSecurity = TransportSecurity;
            }

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
