using Mach.Care.Writing;
using Mach.Fhir.Labels;
using Mach.Fhir.Search;
using Mach.Kernel;
using Mach.Store;
using Microsoft.AspNetCore.Http;

namespace Mach.Care.Notes;

/// <summary>
/// What makes a note delicate: the diagnoses of the visit that it is about, and what its author says of it. A text has no code that could tell; so it is as hidden as the
/// diagnoses are (docs/adr/0015-sight.md).
/// </summary>
/// <param name="Visit">By the visit's diagnoses; the author cannot take them away.</param>
/// <param name="Chosen">By hand, or proposed: by words of the text, by the signed version, and, without a visit, by the person's problems.</param>
public sealed record NoteLabels(DataLabels Visit, DataLabels Chosen)
{
    private const int MostConditions = 500;

    /// <summary>What an author can say.</summary>
    public static IReadOnlyList<DataLabels> Choices { get; } = [DataLabels.Hiv, DataLabels.Mental, DataLabels.Reproductive, DataLabels.Substance, DataLabels.Minor, DataLabels.Restricted];

    public DataLabels All => Visit | Chosen;

    internal static async Task<NoteLabels> OfAsync(NoteDesk notes, HttpContext http, Draft draft, NoteText text, IFormCollection? form, CancellationToken ct)
    {
        var view = notes.Desk.View(http);
        var visit = DataLabels.None;
        if (draft.Encounter is { } encounter)
        {
            // The house looks at all that the visit has. What the author may not see themselves is not told by its kind: the note is kept shut without one.
            var (all, seen) = (await OfVisitAsync(notes.Desk.Store, encounter, ct), await OfVisitAsync(view, encounter, ct));
            visit = (all & ~seen) == DataLabels.None ? all : DataLabels.Restricted;
        }

        return new(visit, form is not null && form.ContainsKey("labels-shown") ? Read(form) : await ProposedAsync(view, draft, text, ct));
    }

    /// <summary>Of the diagnoses of a visit, and of the visit itself, as far as this view shows them.</summary>
    internal static async Task<DataLabels> OfVisitAsync(RecordView view, string encounter, CancellationToken ct)
    {
        var labels = await view.ReadAsync("Encounter", encounter, ct) is { IsDeleted: false } visit ? Of(visit) : DataLabels.None;
        var query = SearchQuery.Parse("Condition", [new("encounter", "Encounter/" + encounter)]) with { Count = MostConditions };
        return Sensitivity.Plain((await view.SearchAsync(query, ct)).Matches.Aggregate(labels, (all, one) => all | Of(one)));
    }

    internal static DataLabels Of(StoredResource resource)
    {
        using var document = System.Text.Json.JsonDocument.Parse(resource.Body);
        return Sensitivity.Of(document.RootElement);
    }

    private static DataLabels Read(IFormCollection form) =>
        form["label"].Aggregate(DataLabels.None, (all, one) => Enum.TryParse<DataLabels>(one, out var label) && Choices.Contains(label) ? all | label : all);

    private static async Task<DataLabels> ProposedAsync(RecordView view, Draft draft, NoteText text, CancellationToken ct)
    {
        var proposed = text.Sections.Values.Aggregate(DataLabels.None, (all, one) => all | Sensitivity.Words.In(one));
        if (draft.Version > 0 && await view.ReadAsync("Composition", draft.Id, ct) is { IsDeleted: false } signed)
        {
            proposed |= Of(signed);
        }

        if (draft.Encounter is null)
        {
            var conditions = (await view.CompartmentAsync([draft.Patient], "Condition", MostConditions, null, ct)).Matches.Where(c => !c.IsDeleted);
            proposed = conditions.Where(c => Parts.Text(Parts.Parse(c), "category", 0, "coding", 0, "code") == "problem-list-item").Aggregate(proposed, (all, one) => all | Of(one));
        }

        return proposed & Choices.Aggregate(DataLabels.None, (all, one) => all | one);
    }
}
