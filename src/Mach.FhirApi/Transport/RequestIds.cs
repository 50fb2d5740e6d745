using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi.Transport;

/// <summary>X-Request-Id of every answer: the client's when it sent one, else ours; X-Correlation-Id comes back as it was sent.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#custom. What a client chooses is given back to it and written nowhere.</remarks>
internal static class RequestIds
{
    private const string Request = "X-Request-Id", Correlation = "X-Correlation-Id";
    private const int MaxLength = 128;

    public static Task Apply(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments(FhirApiModule.Root))
        {
            context.Response.OnStarting(static state =>
            {
                var context = (HttpContext)state;
                var headers = context.Response.Headers;
                headers[Request] = Sent(context, Request) ?? Own(context);
                if (Sent(context, Correlation) is { } correlation)
                {
                    headers[Correlation] = correlation;
                }

                return Task.CompletedTask;
            }, context);
        }

        return next(context);
    }

    /// <summary>The number under which the log speaks of this request.</summary>
    public static string Own(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    private static string? Sent(HttpContext context, string name) =>
        context.Request.Headers[name].ToString() is { Length: > 0 and <= MaxLength } id && id.All(c => c is > ' ' and < '\u007f') ? id : null;
}
