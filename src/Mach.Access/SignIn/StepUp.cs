using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Mach.Access.SignIn;

/// <summary>What matters most (signing, exporting, breaking the glass, changing accounts) asks for a proof that is minutes old, not hours.</summary>
/// <remarks>Source: OWASP ASVS 5.0 V7.5.3; RFC 9470 §3 for what a program is answered.</remarks>
public static class StepUp
{
    /// <summary>How old the last full proof may be.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    /// <summary>Asks for a fresh proof on these endpoints, besides the policy they already have. A page is led to <c>/step-up</c> and back; a program gets 401 with <c>insufficient_user_authentication</c>.</summary>
    public static TBuilder RequireStepUp<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder => endpoints.RequireAuthorization(Policies.StepUp);

    internal static void Add(AuthorizationOptions options)
    {
        options.AddPolicy(Policies.StepUp, policy => policy.RequireAuthenticatedUser().AddRequirements(new FreshProof()));
        options.AddPolicy(Policies.OwnAccount, policy => policy.RequireAuthenticatedUser().RequireClaim(SessionPrincipals.SessionClaim));
    }

    /// <summary>True when nothing but the fresh proof was missing: only then is it worth asking for.</summary>
    internal static bool IsAllThatIsMissing(PolicyAuthorizationResult result) =>
        result.AuthorizationFailure is { FailCalled: false } failure && failure.FailedRequirements.Any() && failure.FailedRequirements.All(r => r is FreshProof);

    /// <summary>Where to go for the proof. A form that was sent is lost, so the way back leads to the page it stood on.</summary>
    internal static string Address(HttpRequest request)
    {
        var back = HttpMethods.IsGet(request.Method) ? request.PathBase + request.Path + request.QueryString
            : Uri.TryCreate(request.Headers.Referer, UriKind.Absolute, out var from) && from.Authority == request.Host.Value ? from.PathAndQuery
            : "/";
        return "/step-up?returnUrl=" + Uri.EscapeDataString(LocalUrl.OrHome(back));
    }
}

internal sealed record FreshProof : IAuthorizationRequirement;

internal sealed class FreshProofHandler(TimeProvider clock) : AuthorizationHandler<FreshProof>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, FreshProof requirement)
    {
        if (context.User.AuthTime() is { } at && clock.GetUtcNow() - at <= StepUp.MaxAge)
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
