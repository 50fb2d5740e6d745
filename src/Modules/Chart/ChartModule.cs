using Mach.Chart.Find;
using Mach.Chart.Record;
using Mach.Chart.Visits;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Chart;

/// <summary>One life on one screen: finding a person, the record over all facilities, each visit with its originals.</summary>
public static class ChartModule
{
    public static IServiceCollection AddChart(this IServiceCollection services) => services
        .AddSingleton<PersonFinder>()
        .AddSingleton<VisitCounter>()
        .AddSingleton<RecordReader>()
        .AddSingleton<VisitReader>()
        .AddTransient<RecordSession>();

    /// <summary>/people, /people/{id}, /people/{id}/visits/{visit}.</summary>
    public static IEndpointRouteBuilder MapChart(this IEndpointRouteBuilder routes)
    {
        FindPeople.Map(routes);
        OpenRecord.Map(routes);
        OpenVisit.Map(routes);
        return routes;
    }
}
