using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Ui;

public static class UiModule
{
    /// <summary>Razor components on the server, the HTML encoder for all Unicode ranges, request language.</summary>
    public static IServiceCollection AddUi(this IServiceCollection services) => throw new NotImplementedException();

    /// <summary>Sets CurrentUICulture (vi unless the "lang" cookie or query says en).</summary>
    public static IApplicationBuilder UseUi(this IApplicationBuilder app) => throw new NotImplementedException();

    /// <summary>/assets/* with content hashes and long caching, the language switch.</summary>
    public static IEndpointRouteBuilder MapUi(this IEndpointRouteBuilder routes) => throw new NotImplementedException();

    /// <summary>True when htmx asks for a fragment.</summary>
    public static bool IsFragment(this HttpRequest request) => request.Headers.ContainsKey("HX-Request") && !request.Headers.ContainsKey("HX-Boosted");

    /// <summary>A page or fragment as the answer of an endpoint; parameters are the component's.</summary>
    public static RazorComponentResult<T> Page<T>(object parameters) where T : IComponent => new(parameters);
}
