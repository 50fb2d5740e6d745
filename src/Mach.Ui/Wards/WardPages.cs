using Mach.Access;
using Mach.Access.SignIn;
using Mach.Access.Wards;
using Mach.Ui.SelfService;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Ui.Wards;

/// <summary>Shared computers: registering the one at hand, and switching to another person with a PIN.</summary>
internal static class WardPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/switch", ShowSwitch).AllowAnonymous().WithName("ui-switch");
        routes.MapPost("/ward/pin", SetPin).RequireAuthorization(Policies.OwnAccount).RequireStepUp().WithName("ui-ward-pin");
        var group = routes.MapGroup("/ward").RequireAuthorization(Policies.ManageAccounts);
        group.MapGet("", Show).WithName("ui-ward");
        group.MapPost("", Register).WithName("ui-ward-register").RequireStepUp();
        group.MapPost("/{id}/remove", Remove).WithName("ui-ward-remove").RequireStepUp();
    }

    internal static async Task<IResult> ShowSwitch(string? returnUrl, string? error, HttpContext http, WardComputers wards, CancellationToken ct) =>
        UiModule.Page<SwitchPage>(new { Computer = await wards.ThisAsync(http, ct), Holders = await wards.HoldersAsync(http, ct), Error = error, ReturnUrl = LocalUrl.OrHome(returnUrl) });

    internal static async Task<IResult> SetPin(IFormCollection form, HttpContext http, WardComputers wards, CancellationToken ct)
    {
        try
        {
            await wards.SetPinAsync(http, form["pin"].ToString(), ct);
            return Results.LocalRedirect("/account?done=pin");
        }
        catch (AccountRuleException e)
        {
            return await MyAccountPages.Page(http, null, e.Problem, ct);
        }
    }

    internal static Task<IResult> Show(string? done, HttpContext http, WardComputers wards, CancellationToken ct) => Page(http, wards, done, null, ct);

    internal static async Task<IResult> Register(IFormCollection form, HttpContext http, WardComputers wards, CancellationToken ct)
    {
        try
        {
            await wards.RegisterAsync(http, form["name"].ToString(), ct);
            return Results.LocalRedirect("/ward?done=registered");
        }
        catch (AccountRuleException e)
        {
            return await Page(http, wards, null, e.Problem, ct);
        }
    }

    internal static async Task<IResult> Remove(string id, HttpContext http, WardComputers wards, CancellationToken ct)
    {
        await wards.RemoveAsync(http, id, ct);
        return Results.LocalRedirect("/ward?done=removed");
    }

    private static async Task<IResult> Page(HttpContext http, WardComputers wards, string? done, AccountProblem? problem, CancellationToken ct) =>
        new RazorComponentResult<WardPage>(new { This = await wards.ThisAsync(http, ct), All = await wards.ListAsync(ct), Done = done, Problem = problem })
        {
            StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
}
