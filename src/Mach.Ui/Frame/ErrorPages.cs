using Mach.Ui.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Mach.Ui.Frame;

/// <summary>An empty 4xx or 5xx answer to a browser becomes a page that says what happened and what to do; programs get problem+json.</summary>
internal static class ErrorPages
{
    public static void Use(IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = http => AnswerAsync(http, http.Response.StatusCode), AllowStatusCode404Response = true });
        app.UseStatusCodePages(context => AnswerAsync(context.HttpContext, context.HttpContext.Response.StatusCode));
    }

    internal static Task AnswerAsync(HttpContext http, int code)
    {
        // The exception handler has cleared what the first middleware set.
        Preferences.SetLanguage(http);
        if (!WantsPage(http.Request))
        {
            return Results.Problem(statusCode: code).ExecuteAsync(http);
        }

        return new RazorComponentResult<ErrorPage>(new { Code = code, Trace = http.TraceIdentifier }) { StatusCode = code }.ExecuteAsync(http);
    }

    private static bool WantsPage(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !request.Path.StartsWithSegments("/fhir") && !request.Path.StartsWithSegments("/api");
}
