using Mach.Access.Looks;
using Mach.Contracts.People;
using Mach.Data;
using Mach.People.Desk;
using Mach.People.Family;
using Mach.People.Golden;
using Mach.People.Index;
using Mach.People.Labels;
using Mach.People.Links;
using Mach.People.Looks;
using Mach.People.Matching;
using Mach.People.Pairs;
using Mach.People.Profiles;
using Mach.People.Questions;
using Mach.People.Search;
using Mach.People.Tables;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.People;

/// <summary>Who a dossier speaks of: the person index, its open questions and the links between persons.</summary>
public static class PeopleModule
{
    public static IServiceCollection AddPeople(this IServiceCollection services, PeopleOptions? options = null) => services
        .AddSingleton(options ?? new PeopleOptions())
        .AddSingleton<FactsMaker>()
        .AddSingleton(p => new ProfileTable(p.GetRequiredService<Db>(), p.GetRequiredService<TimeProvider>()))
        .AddSingleton(p => new LabelTable(p.GetRequiredService<Db>()))
        .AddSingleton(p => new MarkTable(p.GetRequiredService<Db>()))
        .AddSingleton<Marks>()
        .AddSingleton<IdentityReader>()
        .AddSingleton<CodeNames>()
        .AddSingleton<Confidentiality>()
        .AddSingleton<IPersonConfidentiality>(p => p.GetRequiredService<Confidentiality>())
        .AddSingleton<ITestPersons>(p => p.GetRequiredService<Confidentiality>())
        .AddSingleton<IPersonLabelKeeper>(p => p.GetRequiredService<Confidentiality>())
        .AddSingleton<Mothers>()
        .AddSingleton<Follower>()
        .AddSingleton<Weights>()
        .AddSingleton(p => new PairTable(p.GetRequiredService<Db>()))
        .AddSingleton<Verdicts>()
        .AddSingleton<Registrar>()
        .AddSingleton(p => new PeopleService(p.GetRequiredService<Follower>(), p.GetRequiredService<Weights>()))
        .AddSingleton<Sweep>()
        .AddSingleton<Separation>()
        .AddHostedService<SweepService>()
        .AddSingleton<PersonMatcher>()
        .AddSingleton<Candidates>()
        .AddSingleton<IPersonMatcher>(p => p.GetRequiredService<PersonMatcher>())
        .AddSingleton<IPersonIndex, PersonIndex>()
        .AddSingleton<IPersonLinks, PersonLinks>()
        .AddSingleton(p => new KinTable(p.GetRequiredService<Db>()))
        .AddSingleton<IPersonBonds, PersonBonds>()
        .AddSingleton<FamilyLinks>()
        .AddSingleton<FamilyReader>()
        .AddSingleton<FamilySearch>()
        .AddSingleton<FamilyGate>()
        .AddSingleton<KinSweep>()
        .AddSingleton<Decisions>();

    /// <summary>/questions: contradictions that wait for a data officer.</summary>
    public static IEndpointRouteBuilder MapPeople(this IEndpointRouteBuilder routes)
    {
        QuestionPages.Map(routes);
        DryRun.Map(routes);
        RegisterPages.Map(routes);
        CommunePicker.Map(routes);
        PairPages.Map(routes);
        IdentityPages.Map(routes);
        WeightPages.Map(routes);
        FamilyPages.Map(routes);
        return routes;
    }
}
