using Mach.Access.Keys;
using Mach.Access.Tokens;
using Mach.Data;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Programs;

/// <summary>Registrations and routes of how programs sign in.</summary>
internal static class ProgramsModule
{
    public static IServiceCollection AddPrograms(this IServiceCollection services, AccessOptions? options)
    {
        services.AddSingleton(p => new SigningKeys(options?.KeyFolder, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new Clients(p.GetRequiredService<Db>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<Tickets>()));
        services.AddSingleton(p => new Launches(p.GetRequiredService<Db>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new Grants(p.GetRequiredService<Db>(), p.GetRequiredService<Tickets>()));
        services.AddSingleton(p => new AuthorizationReader(p.GetRequiredService<Clients>(), p.GetRequiredService<Launches>()));
        return services.AddSingleton<RemoteKeys>().AddSingleton<SignedStatements>().AddSingleton<ClientProofs>()
            .AddSingleton<Authorizations>().AddSingleton<IdTokens>().AddSingleton<Tokenizer>().AddSingleton<TokenStatus>().AddSingleton<ProgramOrigins>();
    }

    public static void MapPrograms(this IEndpointRouteBuilder routes)
    {
        OAuthToken.Map(routes);
        KeySet.Map(routes);
        Discovery.Map(routes);
        AuthorizationEndpoint.Map(routes);
        TokenStatus.Map(routes);
        StyleAddress.Map(routes);
    }
}
