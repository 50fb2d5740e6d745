using Mach.Access.Audit;
using Mach.Access.Authority;
using Mach.Access.Looks;
using Mach.Access.Programs;
using Mach.Access.SignIn;
using Mach.Access.Tokens;
using Mach.Access.Web;
using Mach.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Mach.Access;

/// <param name="SignInsPerMinute">Tries of a password or secret per client address and minute, on all sign-in routes together. Each costs about
/// 50 ms of processor time; a whole hospital may come from one address when a shift begins.</param>
public sealed record AccessOptions(int SignInsPerMinute = 240)
{
    /// <summary>Roles that are withheld until the person has set up a second step; none by default.</summary>
    public IReadOnlyList<string> SecondFactorRoles { get; init; } = [];

    /// <summary>Outside providers whose people may sign in; none by default.</summary>
    public IReadOnlyList<External.ProviderOptions> Providers { get; init; } = [];

    /// <summary>Passwords known from breaches elsewhere; null = none are looked up.</summary>
    public BreachedPasswords? Breached { get; init; }

    /// <summary>Folder of the audit trail's files; null = a temporary one that goes with the process.</summary>
    public string? AuditFolder { get; init; }

    /// <summary>What counts as unusual looking; null = as the program came.</summary>
    public LookPolicy? Looks { get; init; }

    /// <summary>Folder of the signing keys; null = a temporary one that goes with the process.</summary>
    public string? KeyFolder { get; init; }

    /// <summary>Calls of programs about tokens, keys and metadata per client address and minute.</summary>
    public int ProgramCallsPerMinute { get; init; } = 1200;

    /// <summary>Requests of one caller, on all routes together.</summary>
    public RequestRates Rates { get; init; } = new();

    /// <summary>Every browser comes by https, here or at a proxy before us: cookies of forms then go that way alone.</summary>
    public bool IsSecure { get; init; }

    /// <summary>Address of this house as programs know it, such as https://mach.example.vn; null = as each request says.</summary>
    public string? PublicAddress { get; init; }

    /// <summary>Address at which connections are asked for certificates, such as https://mach.example.vn:8443; null = nowhere.</summary>
    public string? CertificateAddress { get; init; }

    /// <summary>Authorities of certificates that programs are known by, and those between them and the certificates; null = none is trusted.</summary>
    public System.Security.Cryptography.X509Certificates.X509Certificate2Collection? CertificateAuthorities { get; init; }

    /// <summary>What carries the calls to addresses where programs publish their keys; null = the network, public addresses alone.</summary>
    public HttpMessageHandler? KeyTransport { get; init; }

    /// <summary>What carries the calls to providers; null = the network.</summary>
    public HttpMessageHandler? ProviderTransport { get; init; }
}

public static class AccessModule
{
    private const string AnyScheme = "mach";

    /// <summary>
    /// Sign-in (cookie and bearer), policies with a fallback that denies, antiforgery, security headers, rate limits.
    /// Needs <see cref="Db"/> (migrated with this assembly) as a service; the host decides where data-protection keys are kept.
    /// </summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, AccessOptions? options = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Tickets>().AddSingleton<Throttle>().AddSingleton<AccessLog>().AddSingleton<PasswordCheck>();
        services.AddSingleton(p => new Accounts(p.GetRequiredService<Db>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<Tickets>(), options?.Breached));
        services.AddSingleton(options ?? new AccessOptions());
        services.AddSignIn();
        services.AddPrograms(options);
        AddAudit(services, options?.AuditFolder);
        AddLooks(services, options?.Looks);
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, Denials>();
        services.AddSingleton<PolicyBook>().AddSingleton<Emergencies>().AddSingleton<Workplaces>().AddSingleton<Sights>();
        AddSchemes(services);
        services.AddAuthorization(Policies.Add);
        services.AddAntiforgery(antiforgery =>
        {
            var isSecure = options?.IsSecure == true;
            antiforgery.Cookie.Name = HouseCookies.NameOf("mach.form", isSecure);
            antiforgery.Cookie.SameSite = SameSiteMode.Lax;
            antiforgery.Cookie.SecurePolicy = isSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        });
        services.AddRateLimits(options ?? new AccessOptions());
        return services;
    }

    /// <summary>Middleware in the right order: headers, the audit gate, database errors to 503, unreadable requests to 400, authentication, rate limit, authorization, antiforgery, no acting through foreign pages. Comes after UseRouting.</summary>
    public static IApplicationBuilder UseAccess(this IApplicationBuilder app)
    {
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(AccessModule));
        app.Use(static next => context => SecurityHeaders.Apply(context, next));
        AuditGate.Use(app);
        app.Use(next => context => Unavailable.GuardAsync(context, next, logger));
        app.Use(static next => context => Unreadable.GuardAsync(context, next));
        ProgramOrigins.Use(app);
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseAntiforgery();
        ForeignPages.Use(app);
        Sights.Use(app);
        return app;
    }

    /// <summary>POST /sign-in, /sign-out, /oauth/token, /api/token; GET and POST /access/accounts. The page at GET /sign-in belongs to the pages.</summary>
    public static IEndpointRouteBuilder MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapSignIn();
        PortalToken.Map(routes);
        routes.MapPrograms();
        AccountEndpoints.Map(routes);
        return routes;
    }

    private static void AddAudit(IServiceCollection services, string? folder)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton(p => new AuditTrail(folder, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AuditCheckpoints>().AddSingleton<AuditWindows>().AddSingleton<AuditMover>().AddHostedService(p => p.GetRequiredService<AuditMover>());
        services.AddSingleton(p => new AuditReader(p.GetRequiredService<Db>(), p.GetRequiredService<AuditMover>()));
        services.AddSingleton(p => new AuditVerifier(p.GetRequiredService<Db>(), p.GetRequiredService<AuditTrail>(), p.GetRequiredService<AuditMover>(), p.GetRequiredService<TimeProvider>()));
    }

    private static void AddLooks(IServiceCollection services, LookPolicy? policy)
    {
        services.AddSingleton(p => new LookBook(p.GetRequiredService<Db>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<AccessLog>(), policy ?? LookPolicy.Shipped));
        services.AddSingleton(p => new LookWindows(p.GetRequiredService<Db>(), p.GetRequiredService<Workplaces>(), p.GetRequiredService<TimeProvider>(), p.GetService<IPersonBonds>()));
        services.AddSingleton<LookWatcher>().AddHostedService(p => p.GetRequiredService<LookWatcher>());
        services.AddSingleton(p => new Flags(p.GetRequiredService<Db>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<AccessLog>(), p.GetRequiredService<AuditReader>(), p.GetRequiredService<OpenFlags>()));
        services.AddSingleton(p => new OpenFlags(p.GetRequiredService<Db>(), p.GetRequiredService<TimeProvider>()));
    }

    private static void AddSchemes(IServiceCollection services) =>
        services.AddAuthentication(AnyScheme)
            .AddPolicyScheme(AnyScheme, null, scheme => scheme.ForwardDefaultSelector = static context =>
                context.Request.Headers.Authorization.Count > 0 ? BearerHandler.SchemeName : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.SchemeName, null)
            .AddCookie(cookie =>
            {
                cookie.Cookie.Name = "mach.session";
                cookie.CookieManager = new HouseCookies.Manager();
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                // When a session is idle the ticket knows, to the minute; the cookie only must not end before it.
                cookie.ExpireTimeSpan = SignInEndpoints.Longest;
                cookie.SlidingExpiration = false;
                cookie.Events.OnValidatePrincipal = ValidateAsync;
                // A page that refuses by itself answers 403 like every other door, and leads nowhere.
                cookie.Events.OnRedirectToAccessDenied = static context =>
                {
                    context.Response.StatusCode = StatusCodes.Status403Forbidden;
                    return Task.CompletedTask;
                };
            });

    /// <summary>The cookie only carries the ticket: who that is and what roles they have is asked anew, so that closing an account ends its sessions.</summary>
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var ticket = context.Principal?.FindFirst(Principals.TicketClaim)?.Value;
        var principal = ticket is null
            ? null
            : await context.HttpContext.RequestServices.GetRequiredService<Tickets>().FindAsync(ticket, session: true, context.HttpContext.RequestAborted);
        if (principal is null)
        {
            context.RejectPrincipal();
        }
        else
        {
            context.ReplacePrincipal(principal);
        }
    }
}
