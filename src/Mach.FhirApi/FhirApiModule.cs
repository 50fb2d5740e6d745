using Mach.Access;
using Mach.FhirApi.Bundles;
using Mach.FhirApi.Interactions;
using Mach.FhirApi.Operations;
using Mach.FhirApi.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mach.FhirApi;

/// <summary>FHIR R4 at <c>/fhir</c>: the record for other programs. Source: http://hl7.org/fhir/R4/http.html.</summary>
public static class FhirApiModule
{
    internal const string Root = "/fhir";
    internal const string ReadName = "fhir-read", VersionReadName = "fhir-vread";
    private static readonly string[] Reading = ["GET", "HEAD"];

    /// <summary>Needs the record store and Mach.Access as services.</summary>
    public static IServiceCollection AddFhirApi(this IServiceCollection services, FhirApiOptions? options = null)
    {
        services.AddSingleton(options ?? new FhirApiOptions());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Capabilities>().AddSingleton<InnerRequests>();
        services.AddCors();
        return services;
    }

    /// <summary>Request ids, and pages of other origins. Comes before UseRouting, so that refusals have their headers too.</summary>
    public static IApplicationBuilder UseFhirApi(this IApplicationBuilder app)
    {
        app.Use(static next => context => RequestIds.Apply(context, next));
        CrossOrigin.Use(app);
        return app;
    }

    /// <summary>One route per interaction; whatever is left under the root answers that it is not there, also as an OperationOutcome.</summary>
    public static IEndpointRouteBuilder MapFhirApi(this IEndpointRouteBuilder routes)
    {
        routes.ServiceProvider.GetRequiredService<InnerRequests>().Use(routes);
        var open = routes.MapGroup(Root).AllowAnonymous().WithMetadata(OutcomeAnswer.Denials);
        open.MapMethods("/metadata", Reading, FhirRoute.Of(Capabilities.HandleAsync)).WithName("fhir-capabilities");
        open.MapMethods("/.well-known/smart-configuration", Reading, FhirRoute.Of(SmartConfiguration.HandleAsync)).WithName("fhir-smart-configuration");

        var closed = routes.MapGroup(Root).RequireAuthorization(Policies.FhirRead).WithMetadata(OutcomeAnswer.Denials);
        closed.MapMethods("/_history", Reading, FhirRoute.Of(History.SystemAsync)).WithName("fhir-history-system");
        closed.MapMethods("/", Reading, FhirRoute.Of(SystemSearch.GetAsync)).WithName("fhir-search-system");
        closed.MapMethods("/_search", ["POST"], FhirRoute.Of(SystemSearch.PostAsync)).WithName("fhir-search-system-post");
        closed.MapMethods("/{compartment}/{id}/{type}", Reading, FhirRoute.Of(CompartmentSearch.GetAsync)).WithName("fhir-search-compartment");
        closed.MapMethods("/{compartment}/{id}/{type}/_search", ["POST"], FhirRoute.Of(CompartmentSearch.PostAsync)).WithName("fhir-search-compartment-post");
        closed.MapMethods("/{type}", Reading, FhirRoute.Of(Search.GetAsync)).WithName("fhir-search");
        closed.MapMethods("/{type}/_search", ["POST"], FhirRoute.Of(Search.PostAsync)).WithName("fhir-search-post");
        closed.MapMethods("/{type}/_history", Reading, FhirRoute.Of(History.TypeAsync)).WithName("fhir-history-type");
        closed.MapMethods("/{type}/{id}", Reading, FhirRoute.Of(Read.HandleAsync)).WithName(ReadName);
        closed.MapMethods("/{type}/{id}/_history", Reading, FhirRoute.Of(History.InstanceAsync)).WithName("fhir-history-instance");
        closed.MapMethods("/{type}/{id}/_history/{version}", Reading, FhirRoute.Of(VersionRead.HandleAsync)).WithName(VersionReadName);
        var writing = routes.MapGroup(Root).RequireAuthorization(Policies.FhirWrite).WithMetadata(OutcomeAnswer.Denials);
        writing.MapPost("/{type}", FhirRoute.Of(Create.HandleAsync)).WithName("fhir-create");
        writing.MapPut("/{type}/{id}", FhirRoute.Of(Update.ByIdAsync)).WithName("fhir-update");
        writing.MapPut("/{type}", FhirRoute.Of(Update.BySearchAsync)).WithName("fhir-update-conditional");
        writing.MapDelete("/{type}/{id}", FhirRoute.Of(Delete.ByIdAsync)).WithName("fhir-delete");
        writing.MapDelete("/{type}", FhirRoute.Of(Delete.BySearchAsync)).WithName("fhir-delete-conditional");
        writing.MapPatch("/{type}/{id}", FhirRoute.Of(Patch.ByIdAsync)).WithName("fhir-patch");
        writing.MapPatch("/{type}", FhirRoute.Of(Patch.BySearchAsync)).WithName("fhir-patch-conditional");
        routes.MapGroup(Root).RequireAuthorization(Policies.FhirUse).WithMetadata(OutcomeAnswer.Denials)
            .MapPost("/", FhirRoute.Of(PostBundle.HandleAsync)).WithName("fhir-bundle");
        OperationList.Map(routes);
        closed.Map("/{**rest}", FhirRoute.Of(NotThere.HandleAsync)).WithName("fhir-not-there");
        return routes;
    }
}
