using System.Security.Claims;
using Mach.Access.Audit;
using Mach.Access.Programs;
using Mach.Access.Tokens;
using Mach.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Authority;

/// <summary>What the caller of a request may see of the record, decided once a request.</summary>
public sealed class Sights(Emergencies emergencies, Workplaces workplaces, PolicyBook book, TimeProvider clock)
{
    public async ValueTask<Sight> OfAsync(ClaimsPrincipal who, CancellationToken ct)
    {
        if (who.Identity?.AuthenticationType == Tickets.Client)
        {
            return who.MayUseFhir() ? Narrowings.Narrow(OfProgram(who), who) : Nothing;
        }

        var roles = who.SeeingRoles();
        var sight = roles.Count == 0 ? Nothing : (await OfAccountAsync(who.AccountName(), roles, who.BoundFacility(), await book.CurrentAsync(ct), ct)).Sight;
        return who.ActsForPerson() ? Narrowings.Narrow(sight, who) : sight;
    }

    /// <summary>
    /// A program is trusted with the types of its scopes, over the whole system, and with all labels. The decisions of people are held against its facility and purpose; machinery of the
    /// house, which states no purpose, sees past them.
    /// </summary>
    private Sight OfProgram(ClaimsPrincipal who) => who.StatedPurpose() is not { } purpose ? Sight.Everything : new Sight
    {
        IsEveryone = true,
        Facilities = who.BoundFacility() is { } facility ? [facility] : [],
        Purpose = ClientPurposes.Of(purpose) ?? Purposes.None,
        Now = clock.GetUtcNow(),
    };

    /// <summary>What an account would see by a policy, now: for the one at the screen, and for who asks why.</summary>
    public async ValueTask<GivenSight> OfAccountAsync(string account, IReadOnlyCollection<string> roles, string? facility, AccessPolicy policy, CancellationToken ct)
    {
        var place = await workplaces.OfAsync(account, facility, ct);
        var sight = policy.SightOf(roles, place, clock.GetUtcNow());
        if (place.Person is not null || place.ActsFor.Count > 0)
        {
            sight = sight with { Persons = place.Person is { } own ? [own] : [], ActsFor = place.ActsFor, HiddenFromProxy = policy.HiddenFromProxy };
        }

        var open = policy.MayOpenInEmergency(roles) ? await emergencies.OpenOfAsync(account, ct) : [];
        return new(open.Count == 0 ? sight : sight with { Persons = [.. sight.Persons.Concat(open.Select(e => e.Person)).Distinct()] }, place, open);
    }

    private async ValueTask<Workplace?> PlaceAsync(ClaimsPrincipal who, CancellationToken ct) =>
        who.Identity?.AuthenticationType == Tickets.Client ? null : await workplaces.OfAsync(who.AccountName(), who.BoundFacility(), ct);

    internal ValueTask<AccessPolicy> PolicyAsync(CancellationToken ct) => book.CurrentAsync(ct);

    internal static Sight Nothing { get; } = new() { Hidden = DataLabels.All, HiddenHere = DataLabels.All };

    internal static void Use(IApplicationBuilder app)
    {
        var sights = app.ApplicationServices.GetRequiredService<Sights>();
        app.Use(next => async context =>
        {
            if (context.User.Identity is { IsAuthenticated: true })
            {
                var policy = await sights.PolicyAsync(context.RequestAborted);
                context.Features.Set(new Feature(await sights.OfAsync(context.User, context.RequestAborted), policy, await sights.PlaceAsync(context.User, context.RequestAborted)));
            }

            await next(context);
        });
    }

    /// <param name="Place">Null for programs.</param>
    internal sealed record Feature(Sight Sight, AccessPolicy Policy, Workplace? Place);
}

public static class SightExtensions
{
    /// <summary>What the caller of this request may see of the record; nothing, when nobody has signed in.</summary>
    public static Sight Sight(this HttpContext context) => context.Features.Get<Sights.Feature>()?.Sight ?? Sights.Nothing;

    /// <summary>For a request inside a request (an entry of a Bundle): it sees what the outer one sees, and what it shows stands in the outer one's audit line.</summary>
    public static void Sees(this HttpContext inner, Sight sight, AuditScope audit)
    {
        inner.Features.Set(new Sights.Feature(sight, inner.Features.Get<Sights.Feature>()?.Policy ?? AccessPolicy.Shipped, null));
        inner.Features.Set(audit);
    }

    /// <summary>The access policy that this request is held against.</summary>
    public static AccessPolicy PolicyInForce(this HttpContext context) => context.Features.Get<Sights.Feature>()?.Policy ?? AccessPolicy.Shipped;

    /// <summary>Where the caller of this request works now; null when nobody has signed in, and for programs.</summary>
    public static Workplace? Workplace(this HttpContext context) => context.Features.Get<Sights.Feature>()?.Place;

    /// <summary>May open a record in an emergency: one of the roles has a rule that says so.</summary>
    public static bool MayOpenInEmergency(this HttpContext context) =>
        context.PolicyInForce().MayOpenInEmergency([.. context.User.FindAll(Principals.RoleClaim).Select(c => c.Value)]);
}

/// <summary>What an account may see, and what makes it so.</summary>
/// <param name="Place">Where it acts now.</param>
/// <param name="Open">What it has opened in an emergency.</param>
public sealed record GivenSight(Sight Sight, Workplace Place, IReadOnlyList<Emergency> Open);
