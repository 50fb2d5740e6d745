using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.FhirApi.Transport;

/// <summary>
/// Which pages of other origins may call from a browser: those that the options name, with a bearer token.
/// Never with cookies, never all. Refusals carry the headers too, so that a page can read what is wrong.
/// </summary>
/// <remarks>Source: https://fetch.spec.whatwg.org/#http-cors-protocol; http://hl7.org/fhir/R4/security.html (CORS SHALL be implementable by servers that browsers call).</remarks>
internal static class CrossOrigin
{
    public static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    public static readonly string[] Headers =
    [
        "Authorization", "Content-Type", "Content-Encoding", "Accept", "Accept-Language", "Prefer", "If-Match", "If-None-Match", "If-Modified-Since", "If-None-Exist",
        "Idempotency-Key", "X-Request-Id", "X-Correlation-Id", "X-Requested-With", "Cache-Control", "Pragma", "Origin",
    ];

    public static readonly string[] Exposed =
        ["ETag", "Location", "Content-Location", "Last-Modified", "Allow", "Accept-Encoding", "Retry-After", "WWW-Authenticate", "X-Request-Id", "X-Correlation-Id"];

    /// <summary>So long a browser need not ask again.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    public static void Use(IApplicationBuilder app)
    {
        var options = app.ApplicationServices.GetRequiredService<FhirApiOptions>();
        if (options.Origins.Count > 0 || options.AllowLoopbackOrigins)
        {
            var allowed = options.Origins.ToHashSet(StringComparer.OrdinalIgnoreCase);
            var policy = new CorsPolicyBuilder()
                .SetIsOriginAllowed(origin => allowed.Contains(origin) || (options.AllowLoopbackOrigins && BrowserOrigins.IsLoopback(origin)))
                .WithMethods(Methods).WithHeaders(Headers).WithExposedHeaders(Exposed).SetPreflightMaxAge(Remembered).DisallowCredentials()
                .Build();
            app.UseWhen(static context => IsOpen(context.Request.Path), branch => branch.UseMiddleware<CorsMiddleware>(policy));
        }
    }

    /// <summary>The API, and where its tokens come from.</summary>
    private static bool IsOpen(PathString path) => path.StartsWithSegments(FhirApiModule.Root) || path == "/oauth/token";
}
