using System.Security.Claims;
using Mach.Access.Audit;
using Mach.Access.Tokens;
using Mach.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Authority;

/// <summary>What the caller of a request may see of the record, decided once a request.</summary>
public sealed class Sights(Emergencies emergencies, TimeProvider clock)
{
    public async ValueTask<Sight> OfAsync(ClaimsPrincipal who, CancellationToken ct)
    {
        if (who.Identity?.AuthenticationType == Tickets.Client)
        {
            // A program is trusted with the types of its scopes, over the whole system.
            return who.MayUseFhir() ? Sight.Everything : Nothing;
        }

        var roles = who.FindAll(Principals.RoleClaim).Select(c => c.Value).ToList();
        if (roles.Count == 0)
        {
            return Nothing;
        }

        var policy = AccessPolicy.Shipped;
        var sight = policy.SightOf(roles, who.BoundFacility(), clock.GetUtcNow());
        return who.MayOpenInEmergency() && await emergencies.OpenOfAsync(who.AccountName(), ct) is { Count: > 0 } open
            ? sight with { Persons = [.. open.Select(e => e.Person).Distinct()] }
            : sight;
    }

    internal static Sight Nothing { get; } = new() { Hidden = DataLabels.All, HiddenHere = DataLabels.All };

    internal static void Use(IApplicationBuilder app)
    {
        var sights = app.ApplicationServices.GetRequiredService<Sights>();
        app.Use(next => async context =>
        {
            if (context.User.Identity is { IsAuthenticated: true })
            {
                context.Features.Set(new Feature(await sights.OfAsync(context.User, context.RequestAborted)));
            }

            await next(context);
        });
    }

    internal sealed record Feature(Sight Sight);
}

public static class SightExtensions
{
    /// <summary>What the caller of this request may see of the record; nothing, when nobody has signed in.</summary>
    public static Sight Sight(this HttpContext context) => context.Features.Get<Sights.Feature>()?.Sight ?? Sights.Nothing;

    /// <summary>For a request inside a request (an entry of a Bundle): it sees what the outer one sees, and what it shows stands in the outer one's audit line.</summary>
    public static void SeesAs(this HttpContext inner, HttpContext outer)
    {
        inner.Features.Set(new Sights.Feature(outer.Sight()));
        inner.Features.Set(outer.Audit());
    }

    /// <summary>May open a record in an emergency: one of the roles has a rule that says so.</summary>
    public static bool MayOpenInEmergency(this ClaimsPrincipal who) => AccessPolicy.Shipped.Rules.Any(r => r.Emergency && who.HasRole(r.Role));
}
