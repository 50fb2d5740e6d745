using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.SignIn;

/// <summary>Forms of the sign-in pages: read with their antiforgery token, answered by a redirect.</summary>
internal static class Forms
{
    /// <summary>The form when it is one and carries our antiforgery token; else null.</summary>
    public static async Task<IFormCollection?> ReadOwnAsync(HttpContext context)
    {
        try
        {
            await context.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(context);
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception e) when (e is AntiforgeryValidationException or InvalidDataException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The page again, with why and where to go on afterwards.</summary>
    public static string ErrorPage(string page, string error, string returnUrl, TimeSpan wait = default)
    {
        var seconds = wait > TimeSpan.Zero ? $"&seconds={Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture)}" : "";
        return $"{page}?error={error}{seconds}&returnUrl={Uri.EscapeDataString(returnUrl)}";
    }

    /// <summary>303: the browser asks for the page with GET, and going back does not send the password again.</summary>
    public static void SeeOther(HttpContext context, string address)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = address;
    }
}
