using Mach.Access;
using Mach.Access.Keys;
using Mach.Access.Programs;
using Mach.Access.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Ui.Administration;

/// <summary>The administrators' page of programs and signing keys: register, change, a new secret, close and open again, who lets which program in.</summary>
internal static class ProgramAdministration
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/programs").RequireAuthorization(Policies.ManageAccounts);
        group.MapGet("", (string? done, HttpContext http, CancellationToken ct) => Page(http, null, done, null, ct)).WithName("ui-programs");
        group.MapPost("", Register).WithName("ui-program-register").RequireStepUp();
        group.MapPost("/{id}/change", Change).WithName("ui-program-change").RequireStepUp();
        group.MapPost("/{id}/secret", NewSecret).WithName("ui-program-secret").RequireStepUp();
        group.MapPost("/{id}/disabled", SetDisabled).WithName("ui-program-disabled").RequireStepUp();
        group.MapPost("/{id}/grants/{account}/withdraw", Withdraw).WithName("ui-program-withdraw").RequireStepUp();
        group.MapPost("/keys/rotate", Rotate).WithName("ui-keys-rotate").RequireStepUp();
    }

    internal static async Task<IResult> Register(IFormCollection form, HttpContext http, Clients clients, AccessLog log, CancellationToken ct)
    {
        var typed = Read(form, form["id"].ToString().Trim());
        try
        {
            var secret = await clients.RegisterAsync(typed, http.User.AccountName(), ct);
            await Kept(log, http, "program-register", typed.Id, ct);
            return secret is null ? Results.LocalRedirect("/programs?done=registered") : UiModule.Page<ProgramSecretPage>(new { typed.Id, Secret = secret });
        }
        catch (AccountRuleException e)
        {
            return await Page(http, e.Problem, null, typed, ct);
        }
    }

    internal static Task<IResult> Change(string id, IFormCollection form, HttpContext http, Clients clients, CancellationToken ct) =>
        Try(http, () => clients.ChangeAsync(Read(form, id), http.User.AccountName(), ct), "program-change", id, "changed", ct);

    /// <summary>The former secret works for a week more, or no longer when it may be in other hands.</summary>
    internal static async Task<IResult> NewSecret(string id, IFormCollection form, HttpContext http, Clients clients, AccessLog log, CancellationToken ct)
    {
        try
        {
            var secret = await clients.NewSecretAsync(id, form["stolen"] == "true", ct);
            await Kept(log, http, "program-secret", id, ct);
            return UiModule.Page<ProgramSecretPage>(new { Id = id, Secret = secret });
        }
        catch (AccountRuleException e)
        {
            return await Page(http, e.Problem, null, null, ct);
        }
    }

    internal static Task<IResult> SetDisabled(string id, IFormCollection form, HttpContext http, Clients clients, CancellationToken ct)
    {
        var disable = form["disabled"] == "true";
        return Try(http, () => clients.SetDisabledAsync(id, disable, ct), disable ? "program-close" : "program-reopen", id, disable ? "disabled" : "enabled", ct);
    }

    // The form is asked for so that its token is: without one another page could send this.
    internal static Task<IResult> Withdraw(string id, string account, IFormCollection _, HttpContext http, Grants grants, CancellationToken ct) =>
        Try(http, () => grants.WithdrawAsync(account, id, ct), "program-withdraw", $"{id} {account}", "withdrawn", ct);

    internal static Task<IResult> Rotate(IFormCollection form, HttpContext http, SigningKeys keys, CancellationToken ct)
    {
        var withdraw = form["withdraw"] == "true";
        return Try(http, () => Task.FromResult(keys.Rotate(withdraw)), withdraw ? "keys-withdraw" : "keys-rotate", "", "rotated", ct);
    }

    private static Client Read(IFormCollection form, string id)
    {
        string? Given(string name) => form[name].ToString().Trim() is { Length: > 0 } text ? text : null;
        return new Client
        {
            Id = id,
            Name = form["name"].ToString().Trim(),
            Operator = form["operator"].ToString().Trim(),
            Method = form["method"].ToString(),
            Scopes = form["scopes"].ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
            Redirects = form["redirects"].ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
            LaunchAddress = Given("launch"),
            Keys = Given("keys"),
            KeysAddress = Given("keys-address"),
            Certificate = Given("certificate"),
            IsBound = form["bound"] == "true",
            Facility = Given("facility")?.ToUpperInvariant(),
            Purpose = Given("purpose"),
        };
    }

    private static async Task<IResult> Try(HttpContext http, Func<Task> change, string action, string subject, string done, CancellationToken ct)
    {
        try
        {
            await change();
            await Kept((AccessLog)http.RequestServices.GetService(typeof(AccessLog))!, http, action, subject, ct);
            return Results.LocalRedirect("/programs?done=" + done);
        }
        catch (AccountRuleException e)
        {
            return await Page(http, e.Problem, null, null, ct);
        }
    }

    private static Task Kept(AccessLog log, HttpContext http, string action, string subject, CancellationToken ct) =>
        log.RecordAsync(new AccessEvent(http.User.AccountName(), action, AccessOutcome.Ok, Address: http.ClientAddress(), Detail: subject), ct);

    private static async Task<IResult> Page(HttpContext http, AccountProblem? problem, string? done, Client? typed, CancellationToken ct)
    {
        T Get<T>() where T : notnull => (T)(http.RequestServices.GetService(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T).Name} is not registered"));
        return new RazorComponentResult<ProgramsPage>(new
        {
            All = await Get<Clients>().ListAsync(ct),
            Grants = await Get<Grants>().ListAsync(null, null, ct),
            Keys = Get<SigningKeys>().List(),
            Problem = problem,
            Done = done,
            Typed = typed,
        })
        {
            StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
    }
}
