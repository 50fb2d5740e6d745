using Mach.Access;
using Mach.Access.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Ui.Audit;

/// <summary>Proves the audit trail at the push of a button: a short one at once, a long one with its progress.</summary>
internal static class VerificationPages
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/audit/verification", Show).RequireAuthorization(Policies.DecideData).WithName("ui-audit-verification");
        routes.MapPost("/audit/verification", Begin).RequireAuthorization(Policies.DecideData).WithName("ui-audit-verify");
    }

    internal static IResult Show(HttpContext http, AuditVerifier verifier)
    {
        var run = verifier.Last;
        if (run is { Ended: null })
        {
            // The browser asks again by itself, also without scripts.
            http.Response.Headers["Refresh"] = "1";
        }

        return UiModule.Page<VerificationPage>(new { Run = run });
    }

    internal static async Task<IResult> Begin(IFormCollection form, HttpContext http, AuditVerifier verifier, CancellationToken ct)
    {
        await Task.WhenAny(verifier.Begin(http.User.AccountName()), Task.Delay(AtOnce, ct));
        return TypedResults.LocalRedirect("~/audit/verification");
    }
}
