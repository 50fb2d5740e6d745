using Mach.Access.SecondFactor;
using Mach.Access.Tokens;
using Mach.Access.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.SignIn;

/// <summary>POST /sign-in, POST /sign-in/second and POST /sign-out: forms of pages, with an antiforgery token, answered by a redirect.</summary>
internal static class SignInEndpoints
{
    /// <summary>A session ends an hour after the last request, and twelve hours after sign-in whatever happens: one shift.</summary>
    /// <remarks>Source: NIST SP 800-63B-4 §2.2.3 (an hour without use, 24 hours in all, as the most at AAL2).</remarks>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(1);
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-in", SignInAsync).WithName("acc-sign-in").WithOwnForm().AllowAnonymous().RequireRateLimiting(Policies.SignInRate);
        routes.MapPost("/sign-in/second", SecondAsync).WithName("acc-sign-in-second").WithOwnForm().AllowAnonymous().RequireRateLimiting(Policies.SignInRate);
        routes.MapPost("/sign-out", SignOutAsync).WithName("acc-sign-out").WithOwnForm().RequireAuthorization(Policies.SignedIn);
    }

    private static async Task SignInAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var ct = context.RequestAborted;
        if (await Forms.ReadOwnAsync(context) is not { } form)
        {
            Forms.SeeOther(context, Forms.ErrorPage("/sign-in", SignInResult.Expired, "/"));
            return;
        }

        var returnUrl = LocalUrl.OrHome(form["returnUrl"]);
        var name = form["user"].ToString();
        var place = await services.GetRequiredService<Devices>().PlaceAsync(context, name, ct);
        var (account, wait) = await services.GetRequiredService<PasswordCheck>().AccountAsync(
            name, form["password"].ToString(), context.ClientAddress(), portal: false, ct, place, "sign-in");
        if (account is null)
        {
            Forms.SeeOther(context, Forms.ErrorPage("/sign-in", wait > TimeSpan.Zero ? SignInResult.Wait : SignInResult.Wrong, returnUrl, wait));
            return;
        }

        if (await services.GetRequiredService<SecondFactors>().IsOnAsync(account.Name, ct))
        {
            services.GetRequiredService<PendingSignIn>().Give(context, account.Name);
            Forms.SeeOther(context, "/sign-in/second?returnUrl=" + Uri.EscapeDataString(returnUrl));
            return;
        }

        var options = services.GetRequiredService<AccessOptions>();
        var enrol = account.Roles.Any(options.SecondFactorRoles.Contains);
        await services.GetRequiredService<Sessions>().OpenAsync(context, account.Name, enrol ? $"{Methods.Password} {Methods.Enrol}" : Methods.Password, full: true, null, ct);
        Forms.SeeOther(context, enrol || account.MustChange ? "/account" : returnUrl);
    }

    /// <summary>The code of the second step, after the password was right in the last five minutes in this browser.</summary>
    private static async Task SecondAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var ct = context.RequestAborted;
        var form = await Forms.ReadOwnAsync(context);
        var pending = services.GetRequiredService<PendingSignIn>();
        if (form is null || pending.Read(context) is not { } name || await services.GetRequiredService<Accounts>().FindAsync(name, ct) is not { Disabled: false } account)
        {
            Forms.SeeOther(context, Forms.ErrorPage("/sign-in", SignInResult.Expired, "/"));
            return;
        }

        var returnUrl = LocalUrl.OrHome(form["returnUrl"]);
        var place = await services.GetRequiredService<Devices>().PlaceAsync(context, name, ct);
        var (method, wait) = await services.GetRequiredService<PasswordCheck>().CodeAsync(name, form["code"].ToString(), context, place, "sign-in-second", ct);
        if (method is null)
        {
            Forms.SeeOther(context, Forms.ErrorPage("/sign-in/second", wait > TimeSpan.Zero ? SignInResult.Wait : SignInResult.Wrong, returnUrl, wait));
            return;
        }

        PendingSignIn.Forget(context);
        await services.GetRequiredService<Sessions>().OpenAsync(context, name, $"{Methods.Password} {method}", full: true, null, ct);
        Forms.SeeOther(context, account.MustChange ? "/account" : returnUrl);
    }

    private static async Task SignOutAsync(HttpContext context)
    {
        if (await Forms.ReadOwnAsync(context) is not null)
        {
            await EndAsync(context);
        }

        Forms.SeeOther(context, "/sign-in");
    }

    private static async Task EndAsync(HttpContext context)
    {
        if (context.User.FindFirst(Principals.TicketClaim)?.Value is { } ticket)
        {
            await context.RequestServices.GetRequiredService<Tickets>().RevokeAsync(ticket, context.RequestAborted);
            await context.RequestServices.GetRequiredService<AccessLog>().RecordAsync(context, "sign-out", null, context.RequestAborted);
        }

        // Nothing of the pages stays with who sits down next. Cookies are not named: the browser stays a known one, its language and theme stay. ASVS 5.0 14.3.1.
        context.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
    }
}
