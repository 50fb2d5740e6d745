using System.Text.Json;
using Mach.Chart.Flowsheets;
using Mach.Chart.Reading;
using Mach.Chart.Record;
using Mach.Chart.Visits;
using Mach.Contracts.People;
using Mach.Store;
using Mach.Ui;

namespace Mach.Chart.Lanes;

/// <summary>Reads a whole life for its map: all visits and diagnoses, the newest of everything else.</summary>
internal sealed class LaneReader(RecordView store, IPersonLinks links, FlowsheetReader flowsheets)
{
    private const int NewestMedicines = 1500, NewestReports = 500, NewestProcedures = 1000, NewestNotes = 500;

    public async Task<LaneSource> ReadAsync(string person, CancellationToken ct)
    {
        var ids = await links.LinkedAsync(person, ct);
        var visits = store.CompartmentAsync(ids, "Encounter", RecordReader.MostVisits, ct);
        var diagnoses = store.CompartmentAsync(ids, "Condition", RecordReader.MostDiagnoses, ct);
        var requests = store.CompartmentAsync(ids, "MedicationRequest", NewestMedicines, ct);
        var dispenses = store.CompartmentAsync(ids, "MedicationDispense", NewestMedicines, ct);
        var reports = store.CompartmentAsync(ids, "DiagnosticReport", NewestReports, ct);
        var procedures = store.CompartmentAsync(ids, "Procedure", NewestProcedures, ct);
        var notes = store.CompartmentAsync(ids, "Composition", NewestNotes, ct);
        var results = await flowsheets.ReadEventsAsync(person, ct);
        return new(
            Parsed.Select(await visits, Visit.Read),
            Parsed.Select(await diagnoses, Diagnosis.Read),
            MedicinePairs.Join(Parsed.Select(await requests, MedicineEvent.Request), Parsed.Select(await dispenses, MedicineEvent.Dispense)),
            results,
            Parsed.Select(await reports, ReportLine.Read),
            Parsed.Select(await procedures, Procedure),
            Parsed.Select(await notes, (id, body) => Note(person, id, body)));
    }

    private static LaneItem? Note(string person, string id, JsonElement body)
    {
        var line = DetailLine.Read("Composition", body);
        return line?.Date is not { } date ? null : new(LaneMap.Day(date), LaneMap.Day(date), $"{Dates.Show(date)} · {line.Name}", body.FacilityCode("custodian"), body.ReferenceId("encounter"), $"/people/{person}/notes/{id}");
    }

    private static LaneItem? Procedure(string _, JsonElement body)
    {
        var line = DetailLine.Read("Procedure", body);
        return line?.Date is not { } date ? null : new(LaneMap.Day(date), LaneMap.Day(date), $"{Dates.Show(date)} · {line.Name}", body.FacilityCode(), body.ReferenceId("encounter"));
    }
}
