using Mach.Contracts.Registry;
using Mach.Registry.Catalogues;
using Mach.Registry.Catalogues.Pages;
using Mach.Registry.Changes;
using Mach.Registry.Communes;
using Mach.Registry.Facilities;
using Mach.Registry.Finding;
using Mach.Registry.Imports;
using Mach.Registry.Imports.Pages;
using Mach.Registry.Ledgers;
using Mach.Registry.Networks;
using Mach.Registry.Practitioners;
using Mach.Registry.Practitioners.Pages;
using Mach.Registry.Units;
using Mach.Registry.Units.Pages;
using Mach.Ui.Finding;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Registry;

/// <summary>Facilities and communes: who and where they are.</summary>
public static class RegistryModule
{
    /// <summary>The facility directory (loaded when the host starts, or at the first need) and the list of communes.</summary>
    public static IServiceCollection AddRegistry(this IServiceCollection services)
    {
        services.AddSingleton<FacilityDirectory>();
        services.AddSingleton<IFacilityDirectory>(p => p.GetRequiredService<FacilityDirectory>());
        services.AddSingleton<IFacilityMeans>(p => p.GetRequiredService<FacilityDirectory>());
        services.AddHostedService(p => p.GetRequiredService<FacilityDirectory>());
        services.AddSingleton<ICommunes, CommuneList>();
        services.AddSingleton<RegistryBooks>();
        services.AddSingleton<ICommuneHistory, CommuneHistory>();
        services.AddSingleton<UnitRegistry>();
        services.AddSingleton<IUnits>(p => p.GetRequiredService<UnitRegistry>());
        services.AddSingleton<IStationNetwork>(p => p.GetRequiredService<UnitRegistry>());
        services.AddHostedService(p => p.GetRequiredService<UnitRegistry>());
        services.AddSingleton<DayTurn>();
        services.AddHostedService(p => p.GetRequiredService<DayTurn>());
        services.AddSingleton<IFacilityRights, FacilityRights>();
        services.AddSingleton<IPractitioners, PractitionerRegister>();
        services.AddSingleton<Importing>().AddSingleton<FacilityPages.Sources>().AddSingleton<PractitionerPages.Sources>();
        services.AddSingleton<CatalogueService>();
        services.AddSingleton<ISearchSource, UnitSource>();
        services.AddSingleton<ISearchSource, CodeSource>();
        services.AddSingleton<ICatalogues>(p => p.GetRequiredService<CatalogueService>());
        return services;
    }

    /// <summary>/facilities, /units, /networks, /successions, /practitioners, /catalogues, /imports and /registry/changes.</summary>
    public static IEndpointRouteBuilder MapRegistry(this IEndpointRouteBuilder routes)
    {
        FacilityPages.Map(routes);
        FacilityEditPages.Map(routes);
        UnitPages.Map(routes);
        UnitTablePages.Map(routes);
        NetworkPages.Map(routes);
        SuccessionPages.Map(routes);
        CataloguePages.Map(routes);
        CodeSuggestions.Map(routes);
        PractitionerPages.Map(routes);
        ImportPages.Map(routes);
        ChangePages.Map(routes);
        return routes;
    }
}
