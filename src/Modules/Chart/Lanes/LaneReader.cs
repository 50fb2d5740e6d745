using System.Text.Json;
using Mach.Chart.Flowsheets;
using Mach.Chart.Reading;
using Mach.Chart.Record;
using Mach.Chart.Visits;
using Mach.Contracts.People;
using Mach.Ui;

namespace Mach.Chart.Lanes;

/// <summary>Reads a whole life for its map: all visits and diagnoses, the newest of everything else.</summary>
internal sealed class LaneReader(RecordDigests digests, IPersonLinks links, FlowsheetReader flowsheets)
{
    private static readonly DigestKind<LaneItem> s_procedures = new("Procedure", Procedure), s_notes = new("Composition", Note);
    private const int NewestMedicines = 1500, NewestReports = 500, NewestProcedures = 1000, NewestNotes = 500;

    public async Task<LaneSource> ReadAsync(string person, CancellationToken ct)
    {
        var ids = await links.LinkedAsync(person, ct);
        var visits = digests.NewestAsync(ids, Kinds.Visits, RecordReader.MostVisits, ct);
        var diagnoses = digests.NewestAsync(ids, Kinds.Diagnoses, RecordReader.MostDiagnoses, ct);
        var requests = digests.NewestAsync(ids, Kinds.Requests, NewestMedicines, ct);
        var dispenses = digests.NewestAsync(ids, Kinds.Dispenses, NewestMedicines, ct);
        var reports = digests.NewestAsync(ids, Kinds.Reports, NewestReports, ct);
        var procedures = digests.NewestAsync(ids, s_procedures, NewestProcedures, ct);
        var notes = digests.NewestAsync(ids, s_notes, NewestNotes, ct);
        var results = await flowsheets.ReadEventsAsync(person, ct);
        return new(
            (await visits).Items,
            (await diagnoses).Items,
            MedicinePairs.Join((await requests).Items, (await dispenses).Items),
            results,
            (await reports).Items,
            (await procedures).Items,
            [.. (await notes).Items.Select(note => note with { Href = $"/people/{person}/notes/{note.Href}" })]);
    }

    /// <summary>Leads to its id: under which person it is read, the page knows.</summary>
    private static LaneItem? Note(string id, JsonElement body)
    {
        var line = DetailLine.Read("Composition", body);
        return line?.Date is not { } date ? null : new(LaneMap.Day(date), LaneMap.Day(date), $"{Dates.Show(date)} · {line.Name}", body.FacilityCode("custodian"), body.ReferenceId("encounter"), id);
    }

    private static LaneItem? Procedure(string _, JsonElement body)
    {
        var line = DetailLine.Read("Procedure", body);
        return line?.Date is not { } date ? null : new(LaneMap.Day(date), LaneMap.Day(date), $"{Dates.Show(date)} · {line.Name}", body.FacilityCode(), body.ReferenceId("encounter"));
    }
}
