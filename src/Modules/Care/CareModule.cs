using Mach.Care.Allergies;
using Mach.Care.Notes;
using Mach.Care.Phrases;
using Mach.Care.Problems;
using Mach.Care.Shown;
using Mach.Care.Unread;
using Mach.Care.Writing;
using Mach.Store.Sealing;
using Mach.Ui.Records;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Care;

/// <summary>What people write into a record: notes, the problem list, allergies; and the phrases they write with.</summary>
public static class CareModule
{
    /// <summary>Columns of this room that are sealed at rest.</summary>
    public static IReadOnlyList<SealedTable> SealedTables => [.. DraftTable.Sealed, .. PhraseTable.Sealed];

    /// <summary>Needs the record store, access, pages, and <see cref="IRecordFrame"/> and <see cref="Contracts.People.IPersonLinks"/> as services.</summary>
    public static IServiceCollection AddCare(this IServiceCollection services) => services
        .AddSingleton<DraftTable>()
        .AddSingleton<PhraseTable>()
        .AddSingleton<UnreadResults>()
        .AddSingleton<LabelFollower>()
        .AddHostedService(services => services.GetRequiredService<LabelFollower>())
        .AddScoped<Desk>()
        .AddScoped<NoteDesk>()
        .AddScoped<IRecordPart, RecordCare>()
        .AddScoped<IHomePart, HomeDrafts>();

    /// <summary>/people/{id}/notes, /people/{id}/problems, /people/{id}/allergies, /people/{id}/seen, /phrases.</summary>
    public static IEndpointRouteBuilder MapCare(this IEndpointRouteBuilder routes)
    {
        NotePages.Map(routes);
        SaveNote.Map(routes);
        SignNote.Map(routes);
        PhrasePages.Map(routes);
        ProblemPages.Map(routes);
        AllergyPages.Map(routes);
        SeeResults.Map(routes);
        return routes;
    }
}
