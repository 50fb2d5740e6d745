using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Mach.Access.Programs;

/// <summary>Answers to programs, none of which is kept by anybody.</summary>
/// <remarks>Source: RFC 6749 §5.</remarks>
internal static class OAuthAnswers
{
    public static IResult Error(int status, string code, string description) => Results.Json(new Problem(code, description), statusCode: status);

    public static IResult Invalid(string description) => Error(StatusCodes.Status400BadRequest, "invalid_request", description);

    public static IResult InvalidGrant(string description) => Error(StatusCodes.Status400BadRequest, "invalid_grant", description);

    public static IResult InvalidClient(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"mach\"";
        return Error(StatusCodes.Status401Unauthorized, "invalid_client", "Unknown client, wrong proof, or too many tries.");
    }

    public static void NotKept(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Pragma = "no-cache";
    }

    /// <summary>The form, with every parameter once at most; null when it is none or says something twice.</summary>
    public static async Task<IFormCollection?> ReadFormAsync(HttpContext context, CancellationToken ct)
    {
        if (!context.Request.HasFormContentType)
        {
            return null;
        }

        try
        {
            var form = await context.Request.ReadFormAsync(ct);
            return form.Any(f => f.Value.Count > 1) ? null : form;
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }

    private sealed record Problem(
        [property: JsonPropertyName("error")] string Error,
        [property: JsonPropertyName("error_description")] string Description);
}
