using Mach.Trust.Decisions;
using Mach.Trust.Looks;
using Mach.Trust.Me;
using Mach.Trust.Policy;
using Mach.Trust.Posts;
using Mach.Trust.Proxies;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Trust;

/// <summary>Why one may see a record: the policy and its simulator, what people decided about their record, where people work.</summary>
public static class TrustModule
{
    /// <summary>Needs the record store, access, pages, and <see cref="Contracts.People.IPersonLinks"/> as services.</summary>
    public static IServiceCollection AddTrust(this IServiceCollection services) => services.AddSingleton<Simulator>().AddSingleton<DecisionPages.Services>().AddSingleton<PostPages.Services>().AddSingleton<ProxyPages.Services>();

    /// <summary>/policy, /policy/looks, /policy/labels, /people/{id}/decisions, /people/{id}/proxies, /posts, /me.</summary>
    public static IEndpointRouteBuilder MapTrust(this IEndpointRouteBuilder routes)
    {
        PolicyPages.Map(routes);
        LookRulePages.Map(routes);
        DecisionPages.Map(routes);
        ProxyPages.Map(routes);
        PostPages.Map(routes);
        MePages.Map(routes);
        return routes;
    }
}
