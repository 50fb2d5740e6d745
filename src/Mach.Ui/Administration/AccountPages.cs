using Mach.Access;
using Mach.Access.External;
using Mach.Access.Recovery;
using Mach.Access.SignIn;
using Mach.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Ui.Administration;

/// <summary>The administrators' page of accounts: list, search, add, roles, close and open again, sign out everywhere, reset by two.</summary>
internal static class AccountPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/accounts").RequireAuthorization(Policies.ManageAccounts);
        group.MapGet("", List).WithName("ui-accounts");
        group.MapPost("", Add).WithName("ui-account-add").RequireStepUp();
        group.MapPost("/{name}/disabled", SetDisabled).WithName("ui-account-disabled").RequireStepUp();
        group.MapPost("/{name}/roles", SetRoles).WithName("ui-account-roles").RequireStepUp();
        group.MapPost("/{name}/sign-out", SignOut).WithName("ui-account-sign-out").RequireStepUp();
        group.MapPost("/{name}/provider", Bind).WithName("ui-account-provider").RequireStepUp();
        group.MapPost("/{name}/reset", Propose).WithName("ui-account-reset").RequireStepUp();
        group.MapPost("/resets/{id}/confirm", Confirm).WithName("ui-reset-confirm").RequireStepUp();
        group.MapPost("/resets/{id}/decline", Decline).WithName("ui-reset-decline").RequireStepUp();
        routes.MapGet("/admin/accounts", () => Results.LocalRedirect("/accounts")).RequireAuthorization(Policies.ManageAccounts).WithName("ui-admin-accounts");
    }

    internal static Task<IResult> List(string? q, string? done, HttpContext http, CancellationToken ct) => Page(http, null, done, null, q, ct);

    /// <summary>A refused account shows the form again with what was typed, but for the password.</summary>
    internal static Task<IResult> Add(IFormCollection form, HttpContext http, Accounts accounts, CancellationToken ct)
    {
        var account = new NewAccount(
            form["name"].ToString().Trim(), form["display"].ToString().Trim(), form["password"].ToString(),
            [.. form["roles"].OfType<string>()], form["facility"].ToString().Trim() is { Length: > 0 } code ? code.ToUpperInvariant() : null)
        {
            MustChange = form["roles"] != Roles.Intake,
        };
        return Try(http, () => accounts.CreateAsync(account, ct), "account-add", account.Name, "added", account, ct);
    }

    /// <summary>Nobody closes the account they are using.</summary>
    internal static async Task<IResult> SetDisabled(string name, IFormCollection form, HttpContext http, Accounts accounts, CancellationToken ct)
    {
        var disable = form["disabled"] == "true";
        if (disable && http.User.AccountName() == name)
        {
            return await Page(http, new("self", Words.Vi("AccountSelf"), Words.En("AccountSelf")), null, null, null, ct);
        }

        return await Try(http, () => accounts.SetDisabledAsync(name, disable, ct), disable ? "account-close" : "account-open", name, disable ? "disabled" : "enabled", null, ct);
    }

    internal static Task<IResult> SetRoles(string name, IFormCollection form, HttpContext http, Accounts accounts, CancellationToken ct) =>
        Try(http, () => accounts.SetRolesAsync(name, [.. form["roles"].OfType<string>()], ct), "account-roles", name, "roles", null, ct);

    internal static Task<IResult> SignOut(string name, HttpContext http, Sessions sessions, CancellationToken ct) =>
        Try(http, () => sessions.EndOthersAsync(name, null, ct), "account-sign-out", name, "signed-out", null, ct);

    /// <summary>Binds an identifier of an outside provider, or with an empty one takes all bindings of the account away.</summary>
    internal static Task<IResult> Bind(string name, IFormCollection form, HttpContext http, Providers providers, CancellationToken ct) =>
        form["subject"].ToString().Trim().Length == 0
            ? Try(http, () => providers.DetachAsync(name, ct), "account-unbind", name, "unbound", null, ct)
            : Try(http, () => providers.AttachAsync(form["provider"].ToString(), form["subject"].ToString(), name, http.User.AccountName(), ct), "account-bind", name, "bound", null, ct);

    internal static Task<IResult> Propose(string name, IFormCollection form, HttpContext http, ResetCases cases, CancellationToken ct) =>
        Half(http, "ResetFirst", name, () => cases.ProposeAsync(http, name, form["reason"].ToString(), ct), ct);

    internal static Task<IResult> Confirm(string id, HttpContext http, ResetCases cases, CancellationToken ct) =>
        Half(http, "ResetSecond", null, () => cases.ConfirmAsync(http, id, ct), ct);

    internal static Task<IResult> Decline(string id, HttpContext http, ResetCases cases, CancellationToken ct) =>
        Try(http, () => cases.DeclineAsync(http, id, ct), null, id, "reset-declined", null, ct);

    /// <summary>The half of a code is shown this once; it is in no address and no log.</summary>
    private static async Task<IResult> Half(HttpContext http, string title, string? account, Func<Task<string>> make, CancellationToken ct)
    {
        try
        {
            return UiModule.Page<HalfPage>(new { Title = title, Half = await make(), Account = account });
        }
        catch (AccountRuleException e)
        {
            return await Page(http, e.Problem, null, null, null, ct);
        }
    }

    private static async Task<IResult> Try(HttpContext http, Func<Task> change, string? action, string subject, string done, NewAccount? typed, CancellationToken ct)
    {
        try
        {
            await change();
            if (action is not null)
            {
                var log = (AccessLog)http.RequestServices.GetService(typeof(AccessLog))!;
                await log.RecordAsync(new AccessEvent(http.User.AccountName(), action, AccessOutcome.Ok, Detail: subject), ct);
            }

            return Results.LocalRedirect("/accounts?done=" + done);
        }
        catch (AccountRuleException e)
        {
            return await Page(http, e.Problem, null, typed, null, ct);
        }
    }

    private static async Task<IResult> Page(HttpContext http, AccountProblem? problem, string? done, NewAccount? typed, string? query, CancellationToken ct)
    {
        var accounts = (Accounts)http.RequestServices.GetService(typeof(Accounts))!;
        var cases = (ResetCases)http.RequestServices.GetService(typeof(ResetCases))!;
        var words = VietnameseText.Fold(query ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var all = (await accounts.ListAsync(ct)).Where(a => words.All(w => (a.Name + " " + VietnameseText.Fold(a.DisplayName)).Contains(w, StringComparison.Ordinal))).ToList();
        var providers = (Providers)http.RequestServices.GetService(typeof(Providers))!;
        return new RazorComponentResult<AccountsPage>(new { All = all, Providers = providers.All, Bindings = await providers.ListAsync(ct), Resets = await cases.ListAsync(ct), Problem = problem, Done = done, Typed = typed, Query = query })
        {
            StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
    }
}
