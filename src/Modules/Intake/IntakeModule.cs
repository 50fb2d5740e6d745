using Mach.Contracts.People;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Intake.Corrections;
using Mach.Intake.Dossiers;
using Mach.Intake.Filing;
using Mach.Intake.Keeping;
using Mach.Intake.Portal;
using Mach.Intake.Receipts;
using Mach.Intake.Taking;
using Mach.Store;
using Mach.Store.Sealing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mach.Intake;

/// <summary>Dossiers in: portal, page and files; receipts, findings, corrections, originals.</summary>
public static class IntakeModule
{
    public static IServiceCollection AddIntake(this IServiceCollection services, IntakeOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(p => new FilingLine(p.GetRequiredService<RecordStore>(), p.GetRequiredService<IPersonIndex>(), p.GetRequiredService<IFacilityDirectory>(), p.GetRequiredService<TimeProvider>(), options));
        services.AddSingleton(p => new IntakeService(p.GetRequiredService<RecordStore>(), p.GetRequiredService<FilingLine>(), options, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<IntakeService>>()));
        services.AddSingleton<IPersonStatements, PersonStatements>();
        services.AddSingleton(p => new ReceiptQueries(p.GetRequiredService<Db>()));
        services.AddHostedService(p => p.GetRequiredService<FilingLine>());
        services.AddHostedService<InterruptedReceipts>();
        return services;
    }

    /// <summary>Tables whose columns are sealed with the keys of the record.</summary>
    public static IReadOnlyList<SealedTable> SealedTables => Kept.Tables;

    /// <summary>POST /api/Cong130/CheckIn, /intake and everything below it.</summary>
    public static IEndpointRouteBuilder MapIntake(this IEndpointRouteBuilder routes)
    {
        CheckIn.Map(routes);
        ReceiptPages.Map(routes);
        CorrectionPages.Map(routes);
        DossierEndpoints.Map(routes);
        return routes;
    }
}
