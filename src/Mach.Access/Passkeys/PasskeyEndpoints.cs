using System.Security.Cryptography;
using Mach.Access.SignIn;
using Mach.Access.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Passkeys;

/// <summary>
/// The calls of the page script: options out, then a form with what the authenticator answered. The challenge waits in a sealed cookie
/// of five minutes that is bound to what it was asked for and is given up with the first answer.
/// </summary>
internal static class PasskeyEndpoints
{
    private const string Cookie = "mach.passkey";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-in/passkey/options", SignInOptionsAsync).WithName("acc-passkey-options").WithOwnForm().AllowAnonymous().RequireRateLimiting(Policies.SignInRate);
        routes.MapPost("/sign-in/passkey", SignInAsync).WithName("acc-passkey-sign-in").WithOwnForm().AllowAnonymous().RequireRateLimiting(Policies.SignInRate);
        routes.MapPost("/step-up/passkey/options", StepUpOptionsAsync).WithName("acc-passkey-step-up-options").WithOwnForm().RequireAuthorization(Policies.OwnAccount).RequireRateLimiting(Policies.SignInRate);
        routes.MapPost("/step-up/passkey", StepUpAsync).WithName("acc-passkey-step-up").WithOwnForm().RequireAuthorization(Policies.OwnAccount).RequireRateLimiting(Policies.SignInRate);
        routes.MapPost("/account/passkeys/options", AddOptionsAsync).WithName("acc-passkey-add-options").WithOwnForm().RequireAuthorization(Policies.OwnAccount).RequireStepUp();
        routes.MapPost("/account/passkeys", AddAsync).WithName("acc-passkey-add").WithOwnForm().RequireAuthorization(Policies.OwnAccount).RequireStepUp();
    }

    private static async Task SignInOptionsAsync(HttpContext context) =>
        await OptionsAsync(context, "sign-in", service => service.BeginUseAsync(context, null, context.RequestAborted));

    private static async Task StepUpOptionsAsync(HttpContext context) =>
        await OptionsAsync(context, "step-up", service => service.BeginUseAsync(context, context.User.AccountName(), context.RequestAborted));

    private static async Task AddOptionsAsync(HttpContext context) =>
        await OptionsAsync(context, "add", service => service.BeginAddAsync(context, context.RequestAborted));

    private static async Task OptionsAsync(HttpContext context, string purpose, Func<PasskeyService, Task<(string Options, string? State)>> begin)
    {
        if (await Forms.ReadOwnAsync(context) is null)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var (options, state) = await begin(context.RequestServices.GetRequiredService<PasskeyService>());
        var until = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() + Lifetime;
        HouseCookies.Give(context, Cookie, Protector(context, purpose).Protect($"{until.ToUs()} {state}"), Lifetime, SameSiteMode.Strict);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(options, context.RequestAborted);
    }

    private static async Task SignInAsync(HttpContext context)
    {
        var ct = context.RequestAborted;
        var (form, state) = await ReadAsync(context, "sign-in");
        var returnUrl = LocalUrl.OrHome(form?["returnUrl"]);
        var account = form is null || state is null ? null : await context.RequestServices.GetRequiredService<PasskeyService>().UseAsync(context, form["credential"].ToString(), state, ct);
        await RecordAsync(context, account ?? "?", "passkey-sign-in", account is not null);
        if (account is null)
        {
            Forms.SeeOther(context, Forms.ErrorPage("/sign-in", state is null ? SignInResult.Expired : "passkey", returnUrl));
            return;
        }

        await context.RequestServices.GetRequiredService<Sessions>().OpenAsync(context, account, $"{Methods.Passkey} {Methods.Several}", full: true, null, ct);
        Forms.SeeOther(context, returnUrl);
    }

    /// <summary>The passkey must be one of the person whose session it is.</summary>
    private static async Task StepUpAsync(HttpContext context)
    {
        var ct = context.RequestAborted;
        var (form, state) = await ReadAsync(context, "step-up");
        var returnUrl = LocalUrl.OrHome(form?["returnUrl"]);
        var account = form is null || state is null ? null : await context.RequestServices.GetRequiredService<PasskeyService>().UseAsync(context, form["credential"].ToString(), state, ct);
        var right = account is not null && account == context.User.AccountName();
        await RecordAsync(context, context.User.AccountName(), "step-up", right);
        if (!right)
        {
            Forms.SeeOther(context, Forms.ErrorPage("/step-up", state is null ? SignInResult.Expired : "passkey", returnUrl));
            return;
        }

        await context.RequestServices.GetRequiredService<Sessions>().StrengthenAsync(context, $"{Methods.Passkey} {Methods.Several}", ct);
        Forms.SeeOther(context, returnUrl);
    }

    private static async Task AddAsync(HttpContext context)
    {
        var ct = context.RequestAborted;
        var (form, state) = await ReadAsync(context, "add");
        var problem = form is null || state is null ? "expired"
            : await context.RequestServices.GetRequiredService<PasskeyService>().AddAsync(context, form["credential"].ToString(), state, form["name"].ToString(), ct);
        await RecordAsync(context, context.User.AccountName(), "passkey-add", problem is null);
        if (problem is null)
        {
            await context.RequestServices.GetRequiredService<Notices>().AddAsync(context, context.User.AccountName(), Notices.PasskeyAdded, ct);
            await context.RequestServices.GetRequiredService<Sessions>().StrengthenAsync(context, $"{Methods.Passkey} {Methods.Several}", ct);
        }

        Forms.SeeOther(context, problem is null ? "/account?done=passkey" : "/account?done=passkey-" + problem);
    }

    private static async Task<(IFormCollection? Form, string? State)> ReadAsync(HttpContext context, string purpose)
    {
        var form = await Forms.ReadOwnAsync(context);
        var sealedText = HouseCookies.Read(context, Cookie);
        HouseCookies.Forget(context, Cookie, SameSiteMode.Strict);
        try
        {
            var parts = sealedText is { Length: < 8192 } ? Protector(context, purpose).Unprotect(sealedText).Split(' ', 2) : [];
            var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUs();
            return (form, parts.Length == 2 && long.TryParse(parts[0], out var until) && until > now ? parts[1] : null);
        }
        catch (CryptographicException)
        {
            return (form, null);
        }
    }

    private static Task RecordAsync(HttpContext context, string actor, string action, bool right) =>
        context.RequestServices.GetRequiredService<AccessLog>().RecordAsync(
            new AccessEvent(actor, action, right ? AccessOutcome.Ok : AccessOutcome.Failed, Address: context.ClientAddress()), context.RequestAborted);

    private static IDataProtector Protector(HttpContext context, string purpose) =>
        context.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector("mach.passkey", purpose);
}
