using Mach.Access.SignIn;
using Mach.Access.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Wards;

/// <summary>POST /switch (<c>account</c>, <c>pin</c>, antiforgery token): another person goes on at a shared computer.</summary>
internal static class WardEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/switch", SwitchAsync).WithName("acc-switch").WithOwnForm().AllowAnonymous().RequireRateLimiting(Policies.SignInRate);

    private static async Task SwitchAsync(HttpContext context)
    {
        if (await Forms.ReadOwnAsync(context) is not { } form)
        {
            Forms.SeeOther(context, Forms.ErrorPage("/switch", SignInResult.Expired, "/"));
            return;
        }

        var switched = await context.RequestServices.GetRequiredService<WardComputers>().SwitchAsync(context, form["account"].ToString(), form["pin"].ToString(), context.RequestAborted);
        Forms.SeeOther(context, switched ? LocalUrl.OrHome(form["returnUrl"]) : Forms.ErrorPage("/switch", SignInResult.Wrong, LocalUrl.OrHome(form["returnUrl"])));
    }
}
