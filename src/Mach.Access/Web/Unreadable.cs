using Mach.Data;
using Microsoft.AspNetCore.Http;

namespace Mach.Access.Web;

/// <summary>What nobody can read is the caller's mistake: an answer of the 400s in the form of the route, and never a page of errors.</summary>
internal static class Unreadable
{
    public static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await Denials.AnswerAsync(context, e.StatusCode, "Không đọc được yêu cầu này. / This request cannot be read.");
        }
        catch (Exception e) when (!context.Response.HasStarted && (Db.IsUnkeepable(e) || (e.InnerException is { } inner && Db.IsUnkeepable(inner))))
        {
            await Denials.AnswerAsync(context, StatusCodes.Status400BadRequest,
                "Yêu cầu có ký tự không lưu được (như ký tự rỗng U+0000). / The request holds a character that cannot be kept (such as U+0000).");
        }
    }
}

/// <summary>Forms of pages.</summary>
public static class RequestForms
{
    /// <summary>The form of a request.</summary>
    /// <exception cref="BadHttpRequestException">415: the body is no form; it is answered as such.</exception>
    public static Task<IFormCollection> FormAsync(this HttpRequest request, CancellationToken ct) => request.HasFormContentType
        ? request.ReadFormAsync(ct)
        : throw new BadHttpRequestException("The body is no form.", StatusCodes.Status415UnsupportedMediaType);
}
