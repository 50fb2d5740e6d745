using Mach.Access;
using Mach.Access.Recovery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Ui.SelfService;

/// <summary>Where a person uses the code that two administrators gave them.</summary>
internal static class RecoverPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/recover", Show).AllowAnonymous().WithName("ui-recover");
        routes.MapPost("/recover", Use).AllowAnonymous().WithName("ui-recover-use").RequireRateLimiting(Policies.SignInRate);
    }

    internal static RazorComponentResult<RecoverPage> Show() => UiModule.Page<RecoverPage>(new { });

    internal static async Task<IResult> Use(IFormCollection form, HttpContext http, ResetCases cases, CancellationToken ct)
    {
        var (user, password) = (form["user"].ToString(), form["replacement"].ToString());
        try
        {
            if (password != form["repeated"])
            {
                throw new AccountRuleException(new("password.repeated", Words.Vi("PasswordRepeatedWrong"), Words.En("PasswordRepeatedWrong")));
            }

            await cases.UseAsync(http, user, form["code"].ToString(), password, ct);
            return Results.LocalRedirect("/sign-in?error=recovered");
        }
        catch (AccountRuleException e)
        {
            return new RazorComponentResult<RecoverPage>(new { User = user, Problem = e.Problem }) { StatusCode = StatusCodes.Status422UnprocessableEntity };
        }
    }
}
