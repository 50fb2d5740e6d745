using Mach.Trust.Decisions;
using Mach.Trust.Policy;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Trust;

/// <summary>Why one may see a record: the policy and its simulator, what people decided about their record, where people work.</summary>
public static class TrustModule
{
    /// <summary>Needs the record store, access, pages, and <see cref="Contracts.People.IPersonLinks"/> as services.</summary>
    public static IServiceCollection AddTrust(this IServiceCollection services) => services.AddSingleton<Simulator>().AddSingleton<DecisionPages.Services>();

    /// <summary>/policy, /people/{id}/decisions, /posts.</summary>
    public static IEndpointRouteBuilder MapTrust(this IEndpointRouteBuilder routes)
    {
        PolicyPages.Map(routes);
        DecisionPages.Map(routes);
        return routes;
    }
}
