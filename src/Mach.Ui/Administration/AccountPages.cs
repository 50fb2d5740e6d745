using Mach.Access;
using Mach.Access.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Ui.Administration;

/// <summary>The administrator's page of accounts: list, add, close and open again, new password.</summary>
internal static class AccountPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/accounts").RequireAuthorization(Policies.ManageAccounts);
        group.MapGet("", List).WithName("ui-accounts");
        group.MapPost("", Add).WithName("ui-account-add").RequireStepUp();
        group.MapPost("/{name}/password", SetPassword).WithName("ui-account-password").RequireStepUp();
        group.MapPost("/{name}/disabled", SetDisabled).WithName("ui-account-disabled").RequireStepUp();
    }

    internal static async Task<IResult> List(string? done, Accounts accounts, CancellationToken ct) => Page(await accounts.ListAsync(ct), null, done, null);

    /// <summary>A refused account shows the form again with what was typed, but for the password.</summary>
    internal static Task<IResult> Add(IFormCollection form, Accounts accounts, CancellationToken ct)
    {
        var account = new NewAccount(
            form["name"].ToString().Trim(), form["display"].ToString().Trim(), form["password"].ToString(),
            [.. form["roles"].OfType<string>()], form["facility"].ToString().Trim() is { Length: > 0 } code ? code.ToUpperInvariant() : null);
        return Try(() => accounts.CreateAsync(account, ct), "added", account, accounts, ct);
    }

    internal static Task<IResult> SetPassword(string name, IFormCollection form, Accounts accounts, CancellationToken ct) =>
        Try(() => accounts.SetPasswordAsync(name, form["password"].ToString(), ct), "password", null, accounts, ct);

    /// <summary>Nobody closes the account they are using.</summary>
    internal static async Task<IResult> SetDisabled(string name, IFormCollection form, HttpContext http, Accounts accounts, CancellationToken ct)
    {
        var disable = form["disabled"] == "true";
        if (disable && http.User.AccountName() == name)
        {
            return Page(await accounts.ListAsync(ct), new("self", Words.T["AccountSelf"], Words.T["AccountSelf"]), null, null);
        }

        return await Try(() => accounts.SetDisabledAsync(name, disable, ct), disable ? "disabled" : "enabled", null, accounts, ct);
    }

    private static async Task<IResult> Try(Func<Task> change, string done, NewAccount? typed, Accounts accounts, CancellationToken ct)
    {
        try
        {
            await change();
            return Results.LocalRedirect("/accounts?done=" + done);
        }
        catch (AccountRuleException e)
        {
            return Page(await accounts.ListAsync(ct), e.Problem, null, typed);
        }
    }

    private static Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<AccountsPage> Page(IReadOnlyList<Account> all, AccountProblem? problem, string? done, NewAccount? typed) =>
        new(new { All = all, Problem = problem, Done = done, Typed = typed }) { StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity };
}
