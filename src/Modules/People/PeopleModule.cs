using Mach.Contracts.People;
using Mach.People.Index;
using Mach.People.Links;
using Mach.People.Questions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.People;

/// <summary>Who a dossier speaks of: the person index, its open questions and the links between persons.</summary>
public static class PeopleModule
{
    public static IServiceCollection AddPeople(this IServiceCollection services) => services
        .AddSingleton<IPersonIndex, PersonIndex>()
        .AddSingleton<IPersonLinks, PersonLinks>()
        .AddSingleton<Decisions>();

    /// <summary>/questions: contradictions that wait for a data officer.</summary>
    public static IEndpointRouteBuilder MapPeople(this IEndpointRouteBuilder routes)
    {
        QuestionPages.Map(routes);
        return routes;
    }
}
