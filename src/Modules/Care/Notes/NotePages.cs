using System.Globalization;
using System.Text.Json.Nodes;
using Mach.Access;
using Mach.Care.Writing;
using Mach.Kernel;
using Mach.Store;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Care.Notes;

/// <summary>A note: begun, written, shown with its versions.</summary>
internal static class NotePages
{
    private const int NewestVisits = 6, MostVersions = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/people/{id}/notes/new", NewAsync).RequireAuthorization(Policies.WriteRecord).WithName("care-note-new");
        routes.MapPost("/people/{id}/notes", BeginAsync).RequireAuthorization(Policies.WriteRecord).WithName("care-note-begin");
        routes.MapGet("/people/{id}/notes/{note}", OpenAsync).RequireAuthorization(Policies.ReadRecord).WithName("care-note");
    }

    /// <summary>Which kind of note, and about which visit.</summary>
    internal static async Task<IResult> NewAsync(string id, HttpContext http, Desk desk, CancellationToken ct)
    {
        var (frame, refusal) = await desk.EnterAsync(http, Writer.OfNotes(http), id, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        var visits = (await desk.View(http).CompartmentAsync(frame.Persons, "Encounter", NewestVisits, null, ct)).Matches.Select(VisitChoice.Read).ToList();
        var today = visits.Find(v => v.IsOn(Dates.Today(desk.Clock)));
        return UiModule.Page<NewNotePage>(new { Frame = frame, Person = id, Visits = visits, Chosen = today?.Id });
    }

    /// <summary>Begins a draft and goes to it.</summary>
    internal static async Task<IResult> BeginAsync(string id, IFormCollection form, HttpContext http, Desk desk, DraftTable drafts, CancellationToken ct)
    {
        var writer = Writer.OfNotes(http);
        var (persons, refusal) = await desk.PersonsAsync(http, writer, id, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        var visit = form["visit"].ToString() is { Length: > 0 } asked && await desk.View(http).ReadAsync("Encounter", asked, ct) is { IsDeleted: false } found ? VisitChoice.Read(found) : null;
        if (visit is not null && !persons.Contains(visit.Patient, StringComparer.Ordinal))
        {
            visit = null;
        }

        var draft = await drafts.BeginAsync(writer!.Account, visit?.Patient ?? id, visit?.Id, NoteTemplate.Of(form["template"]), ct);
        return TypedResults.LocalRedirect(Address(id, draft.Id));
    }

    /// <summary>The author's draft to write on; what is signed to read, with its versions. 404 for what is unknown, of somebody else, or somebody else's draft.</summary>
    internal static async Task<IResult> OpenAsync(string id, string note, string? version, string? said, HttpContext http, Desk desk, DraftTable drafts, CancellationToken ct)
    {
        var frame = await desk.Frames.EnterAsync(http, id, ct);
        if (frame.Refusal is not null)
        {
            return frame.Refusal;
        }

        var writer = Writer.OfNotes(http);
        var draft = writer is null ? null : await drafts.FindAsync(writer.Account, note, ct);
        if (draft is not null && !frame.Persons.Contains(draft.Patient, StringComparer.Ordinal))
        {
            return Results.NotFound();
        }

        if (draft is { IsOpen: true } && version is null)
        {
            return UiModule.Page<NoteEditorPage>(new { Frame = frame, Person = id, Draft = draft, Text = await drafts.TextAsync(draft, ct) });
        }

        var versions = await VersionsAsync(desk.View(http), note, frame.Persons, ct);
        if (versions.Count == 0)
        {
            return draft is { State: DraftState.Dropped } ? UiModule.Page<DroppedNotePage>(new { Frame = frame, Person = id, Draft = draft }) : Results.NotFound();
        }

        var at = version is null ? 0 : versions.ToList().FindIndex(v => v.Number.ToString(CultureInfo.InvariantCulture) == version);
        return at < 0 ? Results.NotFound() : UiModule.Page<NotePage>(new
        {
            Frame = frame,
            Person = id,
            Note = note,
            Versions = versions,
            Shown = versions[at],
            Before = at + 1 < versions.Count ? versions[at + 1] : null,
            IsMine = draft is { State: DraftState.Final },
            IsBeingCorrected = draft is { IsOpen: true },
            Said = said,
        });
    }

    internal static string Address(string person, string note) => $"/people/{Uri.EscapeDataString(person)}/notes/{Uri.EscapeDataString(note)}";

    /// <summary>Newest first; none when it is not about this person, or not seen.</summary>
    internal static async Task<IReadOnlyList<NoteVersion>> VersionsAsync(RecordView view, string note, IReadOnlyList<string> persons, CancellationToken ct)
    {
        var all = (await view.HistoryAsync("Composition", note, MostVersions, null, ct)).Where(v => !v.IsDeleted).Select(NoteVersion.Read).ToList();
        return all.Count > 0 && persons.Contains(all[0].Patient, StringComparer.Ordinal) ? all : [];
    }
}

/// <summary>A visit that a note can be about.</summary>
/// <param name="Facility">Code; null = not known.</param>
public sealed record VisitChoice(string Id, string Patient, PartialDate? Start, PartialDate? End, string? Status, string? Facility)
{
    internal static VisitChoice Read(StoredResource resource)
    {
        var body = Parts.Parse(resource);
        static string? Last(string? reference) => reference?[(reference.LastIndexOf('/') + 1)..];
        var organization = Last(Parts.Text(body, "serviceProvider", "reference"));
        return new(
            resource.Id,
            Last(Parts.Text(body, "subject", "reference")) ?? "",
            Day(Parts.Text(body, "period", "start")),
            Day(Parts.Text(body, "period", "end")),
            Parts.Text(body, "status"),
            organization is not null && organization.StartsWith("cskcb-", StringComparison.Ordinal) ? organization[6..].ToUpperInvariant() : null);
    }

    internal bool IsOn(DateOnly day) => Start?.Date <= day && (Status == "in-progress" || End?.Date >= day || (End is null && Start?.Date == day));

    private static PartialDate? Day(string? text) => text is not null && PartialDate.TryParseFhir(text, out var date) ? date : null;
}

/// <summary>One version of a signed note.</summary>
/// <param name="Status">final, amended, entered-in-error.</param>
/// <param name="SignedAt">When its author said that it is so; null = the source does not say.</param>
public sealed record NoteVersion(int Number, DateTimeOffset Stored, string Status, string Title, string? Author, PartialDate? SignedAt, string? Facility, string Patient, string? Encounter, IReadOnlyList<(string? Key, string Title, string Text)> Sections)
{
    internal static NoteVersion Read(StoredResource resource)
    {
        JsonObject body = Parts.Parse(resource);
        static string? Last(string? reference) => reference?[(reference.LastIndexOf('/') + 1)..];
        var facility = Last(Parts.Text(body, "custodian", "reference"));
        return new(
            resource.Version,
            resource.LastUpdated,
            Parts.Text(body, "status") ?? "",
            Parts.Text(body, "title") ?? "",
            Parts.Text(body, "author", 0, "display"),
            Parts.Text(body, "date") is { } date && PartialDate.TryParseFhir(date, out var signed) ? signed : null,
            facility is not null && facility.StartsWith("cskcb-", StringComparison.Ordinal) ? facility[6..].ToUpperInvariant() : null,
            Last(Parts.Text(body, "subject", "reference")) ?? "",
            Last(Parts.Text(body, "encounter", "reference")),
            NoteDocument.Read(body));
    }
}
