using System.Text.Encodings.Web;
using System.Text.Unicode;
using Mach.Access;
using Mach.Access.External;
using Mach.Access.Passkeys;
using Mach.Access.SecondFactor;
using Mach.Access.Wards;
using Mach.Ui.Administration;
using Mach.Ui.Audit;
using Mach.Ui.Finding;
using Mach.Ui.Frame;
using Mach.Ui.Pages;
using Mach.Ui.SelfService;
using Mach.Ui.Showcase;
using Mach.Ui.Typing;
using Mach.Ui.Wards;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Ui;

/// <summary>The frame of every page: language, assets, preferences, start page, sign-in page, accounts, error pages.</summary>
public static class UiModule
{
    /// <summary>Razor components on the server, the HTML encoder for all Unicode ranges, request language.</summary>
    public static IServiceCollection AddUi(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddHttpContextAccessor();
        services.AddScoped<ISearchSource, PlaceSource>();
        // Without it Vietnamese letters leave as entities: larger and unreadable.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        return services;
    }

    /// <summary>Sets CurrentUICulture (vi unless the "lang" cookie or query says en); error pages.</summary>
    public static IApplicationBuilder UseUi(this IApplicationBuilder app)
    {
        ErrorPages.Use(app);
        return app.Use((http, next) =>
        {
            Preferences.SetLanguage(http);
            return next(http);
        });
    }

    /// <summary>/assets/* with content hashes and long caching, the language switch, /, /sign-in and /accounts.</summary>
    public static IEndpointRouteBuilder MapUi(this IEndpointRouteBuilder routes)
    {
        AssetCatalog.Map(routes);
        Preferences.Map(routes);
        DateEchoes.Map(routes);
        ShowcasePages.Map(routes);
        SearchPages.Map(routes);
        routes.MapGet("/", () => Page<HomePage>(new { })).RequireAuthorization(Policies.SignedIn).WithName("ui-home");
        // HEAD too: what looks whether the house is up asks so, and without it would be answered as who may not come in.
        routes.MapMethods("/sign-in", GetOrHead, ShowSignIn).AllowAnonymous().WithName("ui-sign-in");
        routes.MapMethods("/sign-in/second", GetOrHead, ShowSecond).AllowAnonymous().WithName("ui-sign-in-second");
        routes.MapGet("/step-up", ShowStepUp).RequireAuthorization(Policies.OwnAccount).WithName("ui-step-up");
        MyAccountPages.Map(routes);
        WardPages.Map(routes);
        RecoverPages.Map(routes);
        AccountPages.Map(routes);
        ProgramAdministration.Map(routes);
        AuditPages.Map(routes);
        return routes;
    }

    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>True when htmx asks for a fragment.</summary>
    public static bool IsFragment(this HttpRequest request) => request.Headers.ContainsKey("HX-Request") && !request.Headers.ContainsKey("HX-Boosted");

    /// <summary>A page or fragment as the answer of an endpoint; parameters are the component's.</summary>
    public static RazorComponentResult<T> Page<T>(object parameters) where T : IComponent => new(parameters);

    private static async Task<RazorComponentResult<SignInPage>> ShowSignIn(string? returnUrl, string? error, int? seconds, string? who, HttpContext http, WardComputers wards, Providers providers, CancellationToken ct) =>
        Page<SignInPage>(new { ReturnUrl = Preferences.IsLocal(returnUrl) ? returnUrl : "/", Error = error, Seconds = seconds, Shared = await wards.ThisAsync(http, ct) is not null, Providers = providers.All, Unbound = providers.Open(who) });

    private static RazorComponentResult<SecondPage> ShowSecond(string? returnUrl, string? error, int? seconds) =>
        Page<SecondPage>(new { ReturnUrl = Preferences.IsLocal(returnUrl) ? returnUrl : "/", Error = error, Seconds = seconds });

    private static async Task<RazorComponentResult<StepUpPage>> ShowStepUp(string? returnUrl, string? error, int? seconds, HttpContext http, SecondFactors factors, PasskeyService passkeys, CancellationToken ct) =>
        Page<StepUpPage>(new { WithPasskey = (await passkeys.ListAsync(http.User.AccountName(), ct)).Count > 0, ReturnUrl = Preferences.IsLocal(returnUrl) ? returnUrl : "/", Error = error, Seconds = seconds, WithCode = await factors.IsOnAsync(http.User.AccountName(), ct) });
}
