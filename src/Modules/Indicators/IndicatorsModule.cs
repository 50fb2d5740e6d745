using Mach.Contracts.Registry;
using Mach.Indicators.Asking;
using Mach.Indicators.Boards;
using Mach.Indicators.Briefing;
using Mach.Indicators.Closing;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;
using Mach.Indicators.Facts;
using Mach.Indicators.Pages;
using Mach.Indicators.Plans;
using Mach.Indicators.Quality;
using Mach.Indicators.Sheets;
using Mach.Indicators.Subscriptions;
using Mach.Store;
using Mach.Store.Sealing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Indicators;

/// <param name="CountsByItself">Follow the record in the background; false in tests that do it themselves.</param>
public sealed record IndicatorsOptions(bool CountsByItself = true)
{
    /// <summary>While true nothing is counted: what fills the record in bulk goes first. Null = never.</summary>
    public Func<IServiceProvider, bool>? Waits { get; init; }
}

/// <summary>The numbers of the province, computed from care: definitions, the cube, pages that open each number to the records behind it.</summary>
public static class IndicatorsModule
{
    /// <summary>Columns of this room that are sealed at rest.</summary>
    public static IReadOnlyList<SealedTable> SealedTables => FactTable.Sealed;

    /// <summary>Needs the record store, access, pages, and of the contracts <see cref="Contracts.People.IPersonLinks"/>, <see cref="IUnits"/>, <see cref="IFacilityDirectory"/>; uses <see cref="ICatalogues"/> where there is one.</summary>
    public static IServiceCollection AddIndicators(this IServiceCollection services, IndicatorsOptions options)
    {
        services.AddSingleton(options)
            .AddSingleton(p => new FactTable(p.GetRequiredService<RecordStore>().Db))
            .AddSingleton<DefinitionBook>()
            .AddSingleton(p => new Ingredients(p.GetService<ICatalogues>(), p.GetRequiredService<TimeProvider>()))
            .AddSingleton<Counter>()
            .AddSingleton<Recount>()
            .AddSingleton<Sums>()
            .AddSingleton<Asker>()
            .AddSingleton<Overview>()
            .AddSingleton<Drill>()
            .AddSingleton<PlanBook>()
            .AddSingleton<PlanReport>()
            .AddSingleton<ClosingBook>()
            .AddSingleton<KnownAmounts>()
            .AddSingleton<Scorecard>()
            .AddSingleton<BoardBook>()
            .AddSingleton<BoardReader>()
            .AddSingleton<SubscriptionBook>()
            .AddSingleton<FindingBook>()
            .AddSingleton<Examiner>()
            .AddSingleton(p => new IndicatorService(p.GetRequiredService<Counter>(), p.GetRequiredService<Recount>(), p.GetRequiredService<PlanBook>()))
            .AddHostedService<CounterService>()
            .AddHostedService<QualityService>();
        return services;
    }

    /// <summary>/indicators and what lies under it.</summary>
    public static IEndpointRouteBuilder MapIndicators(this IEndpointRouteBuilder routes)
    {
        IndicatorPages.Map(routes);
        RecordPages.Map(routes);
        DefinitionPages.Map(routes);
        IndicatorFiles.Map(routes);
        ExchangeFiles.Map(routes);
        SheetPages.Map(routes);
        BriefingPages.Map(routes);
        PlanPages.Map(routes);
        ClosingPages.Map(routes);
        QualityPages.Map(routes);
        ScorecardPages.Map(routes);
        DifferencePages.Map(routes);
        MapPages.Map(routes);
        BoardPages.Map(routes);
        SubscriptionPages.Map(routes);
        return routes;
    }
}

/// <summary>What the command line does with the numbers.</summary>
public sealed class IndicatorService
{
    private readonly Counter _counter;
    private readonly Recount _recount;
    private readonly PlanBook _plans;

    internal IndicatorService(Counter counter, Recount recount, PlanBook plans) => (_counter, _recount, _plans) = (counter, recount, plans);

    /// <summary>Makes facts and cells anew from the record.</summary>
    public Task RebuildAsync(IProgress<long>? progress, CancellationToken ct) => _counter.RebuildAsync(progress, ct);

    /// <summary>Counts what is not counted yet.</summary>
    public Task CatchUpAsync(CancellationToken ct) => _counter.CatchUpAsync(ct);

    /// <summary>Compares all cells with the record.</summary>
    /// <returns>Cells that were compared, and what does not agree.</returns>
    public async Task<(long Cells, long Drift, string Said)> RecountAsync(CancellationToken ct)
    {
        var result = await _recount.RunAsync(ct);
        return (result.Cells, result.Drift, result.Said);
    }

    /// <summary>States a plan where there is none.</summary>
    /// <param name="places">* = all, t: and a tier, f: and a facility.</param>
    /// <returns>False when the indicator has a plan for the year already; nothing is changed then.</returns>
    public async Task<bool> PlanAsync(string indicator, int year, IReadOnlyDictionary<string, decimal> places, string who, string why, CancellationToken ct) =>
        await _plans.WriteAsync(indicator, year, places, PlanBook.Mark(new Dictionary<string, decimal>()), who, why, ct) >= 0;
}
