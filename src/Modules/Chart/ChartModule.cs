using Mach.Access.Audit;
using Mach.Access.Authority;
using Mach.Chart.Emergency;
using Mach.Chart.Find;
using Mach.Chart.Flowsheets;
using Mach.Chart.Ips;
using Mach.Chart.Lanes;
using Mach.Chart.Own;
using Mach.Chart.Print;
using Mach.Chart.Programs;
using Mach.Chart.Reading;
using Mach.Chart.Record;
using Mach.Chart.Sources;
using Mach.Chart.Visits;
using Mach.Contracts.People;
using Mach.Store;
using Mach.Ui.Finding;
using Mach.Ui.Records;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Chart;

/// <summary>One life on one screen: finding a person, the record over all facilities, each visit with its originals.</summary>
public static class ChartModule
{
    /// <summary>Memory for what was read of bodies, in MB, where nobody says otherwise: some sixty thousand lines of records.</summary>
    public const int UsualDigestMb = 64;

    /// <param name="digestMb">Memory for what was read of bodies, in MB; 0 = each page reads all bodies anew.</param>
    public static IServiceCollection AddChart(this IServiceCollection services, int digestMb = UsualDigestMb) => services
        .AddHttpContextAccessor()
        .AddSingleton(p => new DigestShelf(digestMb * 1024L * 1024, p.GetRequiredService<TimeProvider>()))
        .AddScoped<RecordDigests>()
        .AddScoped(p =>
        {
            var http = p.GetRequiredService<IHttpContextAccessor>().HttpContext ?? throw new InvalidOperationException("The record is read for a request.");
            return p.GetRequiredService<RecordStore>().As(http.Sight(), http.Audit());
        })
        .AddScoped<PersonFinder>()
        .AddScoped<ISearchSource, PeopleSource>()
        .AddScoped<VisitCounter>()
        .AddScoped<RecordReader>()
        .AddScoped<FlowsheetReader>()
        .AddScoped<SourceReader>()
        .AddScoped<LaneReader>()
        .AddScoped<VisitReader>()
        .AddScoped<RecordSummaryReader>()
        .AddScoped<IpsReader>()
        .AddScoped<IPatientSummaries, IpsWriter>()
        .AddScoped<ComingReader>()
        .AddScoped<Beside>()
        .AddScoped<IRecordFrame, ChartFrame>()
        .AddTransient<RecordSession>();

    /// <summary>/people, /people/{id}, /people/{id}/visits/{visit}, both on paper, /people/{id}/ips; /oauth/consent and /oauth/person.</summary>
    public static IEndpointRouteBuilder MapChart(this IEndpointRouteBuilder routes)
    {
        FindPeople.Map(routes);
        OpenRecord.Map(routes);
        OpenVisit.Map(routes);
        FlowsheetPages.Map(routes);
        SourcePages.Map(routes);
        LanePages.Map(routes);
        PrintRecord.Map(routes);
        OpenIps.Map(routes);
        EmergencyPages.Map(routes);
        ProgramPages.Map(routes);
        return routes;
    }
}
