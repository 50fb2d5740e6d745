using Mach.Access.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Access.Web;

/// <summary>GET and POST /access/accounts: the accounts as JSON, for administrators.</summary>
internal static class AccountEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/access/accounts").RequireAuthorization(Policies.ManageAccounts);
        group.MapGet("", ListAsync).WithName("acc-list-accounts");
        group.MapPost("", CreateAsync).WithName("acc-create-account").RequireStepUp();
        group.MapPost("/{name}/disable", (string name, Accounts accounts, CancellationToken ct) => SetDisabledAsync(name, true, accounts, ct)).WithName("acc-disable-account").RequireStepUp();
        group.MapPost("/{name}/enable", (string name, Accounts accounts, CancellationToken ct) => SetDisabledAsync(name, false, accounts, ct)).WithName("acc-enable-account").RequireStepUp();
    }

    private static async Task<Ok<IReadOnlyList<Account>>> ListAsync(Accounts accounts, CancellationToken ct) =>
        TypedResults.Ok(await accounts.ListAsync(ct));

    private static async Task<Results<Created<Account>, ProblemHttpResult>> CreateAsync(NewAccount account, Accounts accounts, CancellationToken ct)
    {
        try
        {
            await accounts.CreateAsync(account with { MustChange = !SendsOnly(account) }, ct);
            var made = await accounts.FindAsync(account.Name, ct);
            return TypedResults.Created($"/access/accounts/{made!.Name}", made);
        }
        catch (AccountRuleException e)
        {
            return Refusal(e.Problem);
        }
    }

    /// <summary>A hospital system that sends dossiers has nobody who could choose a password at a page; it is given one and keeps it.</summary>
    private static bool SendsOnly(NewAccount account) => account.Roles is [Roles.Intake];

    private static async Task<Results<NoContent, ProblemHttpResult>> SetDisabledAsync(string name, bool disabled, Accounts accounts, CancellationToken ct)
    {
        try
        {
            await accounts.SetDisabledAsync(name, disabled, ct);
            return TypedResults.NoContent();
        }
        catch (AccountRuleException e)
        {
            return Refusal(e.Problem);
        }
    }

    private static ProblemHttpResult Refusal(AccountProblem problem) => TypedResults.Problem(
        detail: $"{problem.Vi} / {problem.En}",
        title: problem.Rule,
        statusCode: problem.Rule switch
        {
            "unknown" => StatusCodes.Status404NotFound,
            "name.taken" or "last-administrator" => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status400BadRequest,
        });
}
