using Mach.Access;
using Mach.Access.Passkeys;
using Mach.Access.Programs;
using Mach.Access.SecondFactor;
using Mach.Access.SignIn;
using Mach.Access.Wards;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Ui.SelfService;

/// <summary>All that the page of a person's own account shows.</summary>
public sealed record MyAccountView(
    Account Account, string SessionId, bool MustEnrol, IReadOnlyList<SessionInfo> Sessions, IReadOnlyList<Notice> Notices, SecondFactorState SecondStep,
    IReadOnlyList<PasskeyInfo> Passkeys, WardComputer? Computer, IReadOnlyList<Grant> Programs);

/// <summary>A person's own account: notices, sessions, password, second step.</summary>
internal static class MyAccountPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/account").RequireAuthorization(Policies.OwnAccount);
        group.MapGet("", Show).WithName("ui-my-account");
        group.MapPost("/notices", SeeNotices).WithName("ui-my-notices");
        group.MapPost("/sessions/{id}/end", EndSession).WithName("ui-my-session-end");
        group.MapPost("/sessions/end-others", EndOthers).WithName("ui-my-sessions-end");
        group.MapPost("/password", ChangePassword).WithName("ui-my-password").RequireRateLimiting(Policies.SignInRate);
        group.MapPost("/second-step", Begin).WithName("ui-my-second-step-begin").RequireStepUp();
        group.MapGet("/second-step", ShowSecret).WithName("ui-my-second-step");
        group.MapPost("/second-step/confirm", Confirm).WithName("ui-my-second-step-confirm").RequireRateLimiting(Policies.SignInRate);
        group.MapPost("/second-step/end", End).WithName("ui-my-second-step-end").RequireStepUp();
        group.MapPost("/passkeys/remove", RemovePasskey).WithName("ui-my-passkey-remove").RequireStepUp();
        group.MapPost("/programs/{id}/withdraw", Withdraw).WithName("ui-my-program-withdraw");
        group.MapPost("/codes", RenewCodes).WithName("ui-my-codes").RequireStepUp();
    }

    internal static async Task<IResult> Show(HttpContext http, string? done, CancellationToken ct) => await Page(http, done, null, ct);

    internal static async Task<IResult> SeeNotices(HttpContext http, Notices notices, CancellationToken ct)
    {
        await notices.SeeAsync(http.User.AccountName(), ct);
        return Results.LocalRedirect("/account");
    }

    internal static async Task<IResult> EndSession(string id, HttpContext http, Sessions sessions, AccessLog log, CancellationToken ct)
    {
        var ended = await sessions.EndAsync(http.User.AccountName(), id, ct);
        if (ended)
        {
            await log.RecordAsync(http, "session-end", null, ct);
        }

        return Results.LocalRedirect(ended ? "/account?done=session" : "/account?done=session-gone");
    }

    internal static async Task<IResult> EndOthers(HttpContext http, Sessions sessions, AccessLog log, CancellationToken ct)
    {
        await sessions.EndOthersAsync(http.User.AccountName(), http.User.SessionId(), ct);
        await log.RecordAsync(http, "session-end", null, ct);
        return Results.LocalRedirect("/account?done=sessions");
    }

    internal static async Task<IResult> ChangePassword(IFormCollection form, HttpContext http, OwnPassword own, CancellationToken ct)
    {
        var (current, replacement) = (form["current"].ToString(), form["replacement"].ToString());
        if (replacement != form["repeated"])
        {
            return await Page(http, null, new("password.repeated", Words.Vi("PasswordRepeatedWrong"), Words.En("PasswordRepeatedWrong")), ct);
        }

        try
        {
            await own.ChangeAsync(http, current, replacement, ct);
            return Results.LocalRedirect("/account?done=password");
        }
        catch (AccountRuleException e)
        {
            return await Page(http, null, e.Problem, ct);
        }
    }

    internal static async Task<IResult> Begin(HttpContext http, SecondFactors factors, CancellationToken ct)
    {
        await factors.BeginAsync(http.User.AccountName(), ct);
        return Results.LocalRedirect("/account/second-step");
    }

    internal static async Task<IResult> ShowSecret(HttpContext http, SecondFactors factors, CancellationToken ct) =>
        await factors.PendingAsync(http.User.AccountName(), ct) is { } enrolment
            ? UiModule.Page<SecondStepPage>(new { Enrolment = enrolment })
            : Results.LocalRedirect("/account");

    internal static async Task<IResult> Confirm(IFormCollection form, HttpContext http, SecondFactors factors, AccessLog log, CancellationToken ct)
    {
        try
        {
            var codes = await factors.ConfirmAsync(http, form["code"].ToString(), ct);
            await log.RecordAsync(http, "second-step-on", null, ct);
            return UiModule.Page<CodesPage>(new { Codes = codes });
        }
        catch (AccountRuleException e)
        {
            return await factors.PendingAsync(http.User.AccountName(), ct) is { } enrolment
                ? new RazorComponentResult<SecondStepPage>(new { Enrolment = enrolment, Problem = e.Problem }) { StatusCode = StatusCodes.Status422UnprocessableEntity }
                : Results.LocalRedirect("/account");
        }
    }

    internal static async Task<IResult> End(HttpContext http, SecondFactors factors, AccessLog log, CancellationToken ct)
    {
        await factors.EndAsync(http, ct);
        await log.RecordAsync(http, "second-step-off", null, ct);
        return Results.LocalRedirect("/account?done=second-step-off");
    }

    /// <summary>Without a second step there is nothing that recovery codes could stand in for.</summary>
    internal static async Task<IResult> RenewCodes(HttpContext http, SecondFactors factors, AccessLog log, CancellationToken ct)
    {
        if (!await factors.IsOnAsync(http.User.AccountName(), ct))
        {
            return Results.LocalRedirect("/account");
        }

        var codes = await factors.RenewCodesAsync(http, ct);
        await log.RecordAsync(http, "recovery-codes", null, ct);
        return UiModule.Page<CodesPage>(new { Codes = codes });
    }

    internal static async Task<IResult> RemovePasskey(IFormCollection form, HttpContext http, PasskeyService passkeys, AccessLog log, CancellationToken ct)
    {
        if (await passkeys.RemoveAsync(http, form["id"].ToString(), ct))
        {
            await log.RecordAsync(http, "passkey-remove", null, ct);
        }

        return Results.LocalRedirect("/account?done=passkey-removed");
    }

    // The form is asked for so that its token is: without one another page could send this.
    internal static async Task<IResult> Withdraw(string id, IFormCollection _, HttpContext http, Grants grants, AccessLog log, CancellationToken ct)
    {
        if (await grants.WithdrawAsync(http.User.AccountName(), id, ct))
        {
            await log.RecordAsync(new AccessEvent(http.User.AccountName(), "program-withdraw", AccessOutcome.Ok, Address: http.ClientAddress(), Detail: id), ct);
        }

        return Results.LocalRedirect("/account?done=program");
    }

    internal static async Task<IResult> Page(HttpContext http, string? done, AccountProblem? problem, CancellationToken ct)
    {
        T Get<T>() where T : notnull => (T)(http.RequestServices.GetService(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T).Name} is not registered"));
        var name = http.User.AccountName();
        var view = new MyAccountView(
            (await Get<Accounts>().FindAsync(name, ct))!, http.User.SessionId(), http.User.MustEnrol(), await Get<Sessions>().ListAsync(name, ct),
            await Get<Notices>().ListAsync(name, ct), await Get<SecondFactors>().StateAsync(name, ct),
            await Get<PasskeyService>().ListAsync(name, ct), await Get<WardComputers>().ThisAsync(http, ct), await Get<Grants>().ListAsync(name, null, ct));
        return new RazorComponentResult<MyAccountPage>(new { View = view, Done = done, Problem = problem })
        {
            StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
    }
}
