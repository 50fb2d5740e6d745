using System.Globalization;
using Mach.Access.Tokens;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.SignIn;

/// <summary>POST /sign-in and POST /sign-out: forms of pages, with an antiforgery token, answered by a redirect.</summary>
internal static class SignInEndpoints
{
    /// <summary>A session ends 8 hours after the last request, and a day after sign-in whatever happens.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(8);
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-in", SignInAsync).WithName("acc-sign-in").AllowAnonymous().RequireRateLimiting(Policies.SignInRate);
        routes.MapPost("/sign-out", SignOutAsync).WithName("acc-sign-out").RequireAuthorization(Policies.SignedIn);
    }

    private static async Task SignInAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var form = await ReadOwnFormAsync(context);
        if (form is null)
        {
            SeeOther(context, Page(SignInResult.Expired, "/"));
            return;
        }

        var returnUrl = LocalUrl.OrHome(form["returnUrl"]);
        var (account, wait) = await services.GetRequiredService<PasswordCheck>().AccountAsync(
            form["user"].ToString(), form["password"].ToString(), context.ClientAddress(), portal: false, context.RequestAborted);
        if (account is null)
        {
            SeeOther(context, wait > TimeSpan.Zero ? Page(SignInResult.Wait, returnUrl, wait) : Page(SignInResult.Wrong, returnUrl));
            return;
        }

        var tickets = services.GetRequiredService<Tickets>();
        if (context.User.FindFirst(Principals.TicketClaim)?.Value is { } former)
        {
            await tickets.RevokeAsync(former, context.RequestAborted);
        }

        var ticket = await tickets.IssueAsync(Tickets.Session, account.Name, "", Longest, context.RequestAborted);
        var principal = await tickets.FindAsync(ticket, session: true, context.RequestAborted)
            ?? throw new InvalidOperationException("A ticket that was just made is not there");
        await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, principal);
        SeeOther(context, returnUrl);
    }

    private static async Task SignOutAsync(HttpContext context)
    {
        if (await ReadOwnFormAsync(context) is not null)
        {
            await EndAsync(context);
        }

        SeeOther(context, "/sign-in");
    }

    private static async Task EndAsync(HttpContext context)
    {
        if (context.User.FindFirst(Principals.TicketClaim)?.Value is { } ticket)
        {
            await context.RequestServices.GetRequiredService<Tickets>().RevokeAsync(ticket, context.RequestAborted);
            await context.RequestServices.GetRequiredService<AccessLog>().RecordAsync(context, "sign-out", null, context.RequestAborted);
        }

        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
    }

    /// <summary>The form when it is one and carries our antiforgery token; else null.</summary>
    private static async Task<IFormCollection?> ReadOwnFormAsync(HttpContext context)
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

    private static string Page(string error, string returnUrl, TimeSpan wait = default)
    {
        var seconds = wait > TimeSpan.Zero ? $"&seconds={Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture)}" : "";
        return $"/sign-in?error={error}{seconds}&returnUrl={Uri.EscapeDataString(returnUrl)}";
    }

    // 303: the browser asks for the page with GET, and going back does not send the password again.
    private static void SeeOther(HttpContext context, string address)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = address;
    }
}
