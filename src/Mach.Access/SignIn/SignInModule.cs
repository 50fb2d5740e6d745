using Mach.Access.External;
using Mach.Access.Passkeys;
using Mach.Access.Recovery;
using Mach.Access.SecondFactor;
using Mach.Access.Tokens;
using Mach.Access.Wards;
using Mach.Data;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mach.Access.SignIn;

/// <summary>Registrations and routes of how people sign in.</summary>
internal static class SignInModule
{
    public static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        services.AddDataProtection();
        services.AddSingleton<Devices>().AddSingleton<PendingSignIn>().AddSingleton<Proofs>();
        services.AddSingleton(p => new Sessions(p.GetRequiredService<Db>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<Tickets>()));
        services.AddSingleton(p => new Notices(p.GetRequiredService<Db>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<Tickets>()));
        services.AddSingleton(p => new OwnPassword(p.GetRequiredService<Accounts>(), p.GetRequiredService<PasswordCheck>(), p.GetRequiredService<Sessions>(), p.GetRequiredService<Notices>(), p.GetRequiredService<Devices>()));
        services.AddSingleton(p => new SecondFactors(p.GetRequiredService<Db>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<IDataProtectionProvider>(), p.GetRequiredService<Notices>(), p.GetRequiredService<Sessions>()));
        services.AddSingleton<PasskeyUsers>();
        services.AddSingleton(p => new PasskeyService(p.GetRequiredService<Db>(), p.GetRequiredService<PasskeyUsers>(), p.GetRequiredService<Notices>(), p, p.GetRequiredService<ILogger<UserManager<PasskeyUser>>>()));
        services.AddSingleton(p => new ResetCases(p.GetRequiredService<Db>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<Accounts>(), p.GetRequiredService<Notices>(), p.GetRequiredService<AccessLog>(), p.GetRequiredService<Throttle>(), p.GetRequiredService<Tickets>()));
        services.AddSingleton(p => new WardComputers(p.GetRequiredService<Db>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<Sessions>(), p.GetRequiredService<Notices>(), p.GetRequiredService<AccessLog>()));
        services.AddSingleton(p => new Providers(p.GetRequiredService<Db>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<IDataProtectionProvider>(), p.GetRequiredService<Notices>(), p.GetRequiredService<AccessOptions>()));
        services.AddSingleton<IAuthorizationHandler, FreshProofHandler>();
        services.Configure<AuthorizationOptions>(StepUp.Add);
        return services;
    }

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        SignInEndpoints.Map(routes);
        StepUpEndpoints.Map(routes);
        PasskeyEndpoints.Map(routes);
        WardEndpoints.Map(routes);
        ExternalEndpoints.Map(routes);
    }
}
