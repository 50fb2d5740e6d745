using Mach.Care.Allergies;
using Mach.Care.Notes;
using Mach.Care.Unread;
using Mach.Care.Writing;
using Mach.Store;
using Mach.Ui.Records;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Mach.Care.Shown;

/// <summary>On the record: new results, own drafts, signed notes, allergies, and what was just done with the way back.</summary>
internal sealed class RecordCare(Desk desk, DraftTable drafts, UnreadResults unread) : IRecordPart
{
    private const int NewestNotes = 8;

    /// <summary>What this page of the record may be told that was done; anything else in the address says nothing.</summary>
    private static readonly HashSet<string> Known = ["problem-made", "problem-changed", "problem-resolved", "problem-reactivated", "problem-wrong", "allergy-made", "allergy-changed", "allergy-refuted", "allergy-wrong", "allergy-none", "allergy-known", "note-dropped", "results-seen", "undone", "not-undone"];

    public async ValueTask<RenderFragment?> ShowAsync(HttpContext http, IReadOnlyList<string> persons, CancellationToken ct)
    {
        var (writer, view) = (Writer.OfNotes(http), desk.View(http));
        var mine = writer is null ? [] : await drafts.OpenOfAsync(writer.Account, persons, ct);
        var notes = (await view.CompartmentAsync(persons, "Composition", NewestNotes, null, ct)).Matches.Where(m => !m.IsDeleted).Select(m => new NoteLine(m.Id, NoteVersion.Read(m))).ToList();
        var allergies = (await AllergyPages.AllAsync(view, persons, ct)).Where(a => AllergyBody.IsInForce(a.Body)).Select(a => AllergyLine.Read(a.Head, a.Body)).ToList();
        var newResults = writer is null ? null : await unread.ReadAsync(view, writer.Account, persons, ct);
        var mayWrite = writer is not null;
        var mayAllergies = Writer.OfAllergies(http) is not null;
        if (!mayWrite && !mayAllergies && notes.Count == 0)
        {
            return null;
        }

        var query = http.Request.Query;
        var done = query["care"].ToString() is { Length: > 0 } said && Known.Contains(said) ? new Done(said, Id(query["of"].ToString()), int.TryParse(query["version"], out var version) ? version : 0) : null;
        return builder =>
        {
            builder.OpenComponent<RecordCareCards>(0);
            builder.AddComponentParameter(1, nameof(RecordCareCards.Person), persons[0]);
            builder.AddComponentParameter(2, nameof(RecordCareCards.Drafts), mine);
            builder.AddComponentParameter(3, nameof(RecordCareCards.Notes), notes);
            builder.AddComponentParameter(4, nameof(RecordCareCards.Allergies), allergies);
            builder.AddComponentParameter(5, nameof(RecordCareCards.MayWrite), mayWrite);
            builder.AddComponentParameter(6, nameof(RecordCareCards.MayWriteAllergies), mayAllergies);
            builder.AddComponentParameter(7, nameof(RecordCareCards.Done), done);
            builder.AddComponentParameter(8, nameof(RecordCareCards.Unread), newResults);
            builder.CloseComponent();
        };
    }

    private static string Id(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') ? text : "";
}

/// <summary>What was just done.</summary>
/// <param name="What">Key of the sentence.</param>
/// <param name="Of">Id of what it was done to; empty when nothing can be undone.</param>
/// <param name="Version">That it has since.</param>
public sealed record Done(string What, string Of, int Version)
{
    /// <summary>Address of the way back below the record; null = there is none.</summary>
    internal string? Undo => Of.Length == 0 ? null
        : What == "note-dropped" ? $"notes/{Of}/restore"
        : What.StartsWith("problem-", StringComparison.Ordinal) ? $"problems/{Of}/undo"
        : What.StartsWith("allergy-", StringComparison.Ordinal) ? $"allergies/{Of}/undo"
        : null;
}

public sealed record NoteLine(string Id, NoteVersion Version);

/// <param name="IsNone">Somebody stated that none is known.</param>
public sealed record AllergyLine(string Id, string Name, string? Reactions, string? Severity, string? Criticality, string? Certainty, string? Recorded, bool IsNone)
{
    internal static AllergyLine Read(StoredResource head, System.Text.Json.Nodes.JsonObject body)
    {
        var form = AllergyForm.Of(body);
        return new(head.Id, AllergyBody.NameOf(body) ?? "—", form.Reactions, form.Severity, form.Criticality, form.Certainty, Mach.Care.Writing.Parts.Text(body, "recordedDate"), AllergyBody.IsNone(body));
    }
}

/// <summary>On the start page: notes that wait to be signed.</summary>
internal sealed class HomeDrafts(Desk desk, DraftTable drafts) : IHomePart
{
    public async ValueTask<RenderFragment?> ShowAsync(HttpContext http, CancellationToken ct)
    {
        if (Writer.OfNotes(http) is not { } writer || await drafts.OpenOfAsync(writer.Account, null, ct) is not { Count: > 0 } mine)
        {
            return null;
        }

        // Names within the caller's sight: of whom they no longer see, the draft alone is shown.
        var people = (await desk.View(http).ReadManyAsync([.. mine.Select(d => ("Patient", d.Patient)).Distinct()], ct)).ToDictionary(p => p.Id, p => Parts.Text(Parts.Parse(p), "name", 0, "text") ?? "", StringComparer.Ordinal);
        return builder =>
        {
            builder.OpenComponent<DraftList>(0);
            builder.AddComponentParameter(1, nameof(DraftList.Drafts), mine);
            builder.AddComponentParameter(2, nameof(DraftList.People), people);
            builder.CloseComponent();
        };
    }
}
