using Mach.Access.SecondFactor;
using Mach.Access.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.SignIn;

/// <summary>POST /step-up: a fresh proof inside a session. Who has a second step gives a code of it (or uses a passkey); who has none gives the password.</summary>
internal static class StepUpEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/step-up", HandleAsync).WithName("acc-step-up").WithOwnForm().RequireAuthorization(Policies.OwnAccount).RequireRateLimiting(Policies.SignInRate);

    private static async Task HandleAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var ct = context.RequestAborted;
        if (await Forms.ReadOwnAsync(context) is not { } form)
        {
            Forms.SeeOther(context, Forms.ErrorPage("/step-up", SignInResult.Expired, "/"));
            return;
        }

        var returnUrl = LocalUrl.OrHome(form["returnUrl"]);
        var name = context.User.AccountName();
        var (method, wait) = await services.GetRequiredService<Proofs>().CheckAsync(context, name, form["password"].ToString(), form["code"].ToString(), "step-up", ct);
        if (method is null)
        {
            Forms.SeeOther(context, Forms.ErrorPage("/step-up", wait > TimeSpan.Zero ? SignInResult.Wait : SignInResult.Wrong, returnUrl, wait));
            return;
        }

        await services.GetRequiredService<Sessions>().StrengthenAsync(context, method, ct);
        Forms.SeeOther(context, returnUrl);
    }
}

/// <summary>Checks the strongest proof that an account has.</summary>
internal sealed class Proofs(PasswordCheck passwords, SecondFactors factors, Devices devices)
{
    /// <summary>The methods to note when the proof is right; else null and how long to wait.</summary>
    public async Task<(string? Methods, TimeSpan Wait)> CheckAsync(HttpContext context, string account, string password, string code, string action, CancellationToken ct)
    {
        var place = await devices.PlaceAsync(context, account, ct);
        if (await factors.IsOnAsync(account, ct))
        {
            var (method, wait) = await passwords.CodeAsync(account, code, context, place, action, ct);
            return (method, wait);
        }

        var (found, pause) = await passwords.AccountAsync(account, password, context.ClientAddress(), portal: false, ct, place, action);
        return (found is null ? null : Methods.Password, pause);
    }
}
