using System.Security.Claims;
using Mach.Access.Audit;
using Mach.Access.Tokens;
using Mach.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Authority;

/// <summary>What the caller of a request may see of the record, decided once a request.</summary>
public sealed class Sights(Emergencies emergencies, Workplaces workplaces, TimeProvider clock)
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

        var place = await workplaces.OfAsync(who.AccountName(), who.BoundFacility(), ct);
        var sight = AccessPolicy.Shipped.SightOf(roles, place, clock.GetUtcNow());
        if (place.Person is not null || place.ActsFor.Count > 0)
        {
            sight = sight with { Persons = place.Person is { } own ? [own] : [], ActsFor = place.ActsFor, HiddenFromProxy = AccessPolicy.Shipped.HiddenFromProxy };
        }

        return who.MayOpenInEmergency() && await emergencies.OpenOfAsync(who.AccountName(), ct) is { Count: > 0 } open
            ? sight with { Persons = [.. sight.Persons.Concat(open.Select(e => e.Person)).Distinct()] }
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
    public static void Sees(this HttpContext inner, Sight sight, AuditScope audit)
    {
        inner.Features.Set(new Sights.Feature(sight));
        inner.Features.Set(audit);
    }

    /// <summary>May open a record in an emergency: one of the roles has a rule that says so.</summary>
    public static bool MayOpenInEmergency(this ClaimsPrincipal who) => AccessPolicy.Shipped.Rules.Any(r => r.Emergency && who.HasRole(r.Role));
}
