using System.Text.Json;
using Mach.Chart.Reading;
using Mach.Chart.Visits;
using Mach.Contracts.People;
using Mach.Store;
using Mach.Ui;

namespace Mach.Chart.Record;

/// <summary>
/// Reads what a page shows of one person, and no more: visits and diagnoses whole (they are the map of the record),
/// medicines and results only the newest, by clinical date.
/// </summary>
internal sealed class RecordReader(RecordView store, IPersonLinks links, VisitCounter counter, TimeProvider clock)
{
    private const int MostVisits = 3000;
    private const int MostDiagnoses = 6000;
    private const int NewestMedicines = 160;
    private const int NewestResults = 320;
    private const int NewestReports = 60;
    private const int MostInsurance = 40;

    /// <summary>Null when there is no such person.</summary>
    /// <param name="clinical">False reads banner and visits alone.</param>
    public async Task<PersonRecord?> ReadAsync(string id, TimeLineFilter filter, bool clinical, CancellationToken ct)
    {
        var patient = await store.ReadAsync("Patient", id, ct);
        if (patient is null || patient.IsDeleted)
        {
            return null;
        }

        var ids = await links.LinkedAsync(id, ct);
        var card = CardAsync(patient, ids, clinical, ct);
        var visits = VisitsAsync(ids, ct);
        var diagnoses = clinical ? DiagnosesAsync(ids, ct) : Task.FromResult<IReadOnlyList<Diagnosis>>([]);
        var summary = clinical ? SummaryAsync(ids, diagnoses, ct) : Task.FromResult<ClinicalSummary?>(null);
        var timeLine = await TimeLineAsync(await visits, await diagnoses, filter, clinical, ct);
        return new(await card, timeLine, await summary);
    }

    /// <summary>A later page of the time line alone; null when there is no such person.</summary>
    public async Task<TimeLine?> ReadTimeLineAsync(string id, TimeLineFilter filter, bool clinical, CancellationToken ct)
    {
        var patient = await store.ReadAsync("Patient", id, ct);
        if (patient is null || patient.IsDeleted)
        {
            return null;
        }

        var ids = await links.LinkedAsync(id, ct);
        var visits = await VisitsAsync(ids, ct);
        return await TimeLineAsync(visits, clinical ? await DiagnosesAsync(ids, ct) : [], filter, clinical, ct);
    }

    public async Task<PersonCard?> ReadCardAsync(string id, bool clinical, CancellationToken ct)
    {
        var patient = await store.ReadAsync("Patient", id, ct);
        return patient is null || patient.IsDeleted ? null : await CardAsync(patient, await links.LinkedAsync(id, ct), clinical, ct);
    }

    private async Task<PersonCard> CardAsync(StoredResource patient, IReadOnlyList<string> ids, bool clinical, CancellationToken ct)
    {
        var today = Dates.Today(clock);
        using var document = JsonDocument.Parse(patient.Body);
        var card = PersonCard.From(patient.Id, document.RootElement, ids);
        var coverages = Parsed.Select(await store.CompartmentAsync(ids, "Coverage", MostInsurance, ct), (_, body) => InsuranceLine.Read(body, today));
        var allergies = clinical ? Parsed.Select(await store.CompartmentAsync(ids, "AllergyIntolerance", MostInsurance, ct), AllergyLine.Read) : [];
        return card with
        {
            Insurance = [.. coverages.GroupBy(c => c.Number, StringComparer.Ordinal)
                .Select(g => g.OrderByDescending(c => c.To?.High ?? DateTimeOffset.MinValue).First())
                .OrderByDescending(c => c.To?.High ?? DateTimeOffset.MinValue)],
            Allergies = [.. allergies.DistinctBy(a => a.Text, StringComparer.OrdinalIgnoreCase)],
        };
    }

    private async Task<IReadOnlyList<Visit>> VisitsAsync(IReadOnlyList<string> ids, CancellationToken ct) =>
        [.. Parsed.Select(await store.CompartmentAsync(ids, "Encounter", MostVisits, ct), Visit.Read)
            .OrderByDescending(v => v.SortKey).ThenBy(v => v.Id, StringComparer.Ordinal)];

    private async Task<IReadOnlyList<Diagnosis>> DiagnosesAsync(IReadOnlyList<string> ids, CancellationToken ct) =>
        Parsed.Select(await store.CompartmentAsync(ids, "Condition", MostDiagnoses, ct), Diagnosis.Read);

    private async Task<ClinicalSummary?> SummaryAsync(IReadOnlyList<string> ids, Task<IReadOnlyList<Diagnosis>> diagnoses, CancellationToken ct)
    {
        var requests = store.CompartmentAsync(ids, "MedicationRequest", NewestMedicines, ct);
        var dispenses = store.CompartmentAsync(ids, "MedicationDispense", NewestMedicines, ct);
        var observations = store.CompartmentAsync(ids, "Observation", NewestResults, ct);
        var reports = store.CompartmentAsync(ids, "DiagnosticReport", NewestReports, ct);
        var counts = store.CompartmentCountsAsync(ids, ct);
        var medicines = MedicinePairs.Join(Parsed.Select(await requests, MedicineEvent.Request), Parsed.Select(await dispenses, MedicineEvent.Dispense));
        return new(
            ProblemList.From(await diagnoses, Dates.Today(clock)),
            MedicineList.From(medicines, Dates.Today(clock)),
            ResultList.From(Parsed.Select(await observations, ResultEvent.Read)),
            Parsed.Select(await reports, ReportLine.Read),
            await counts);
    }

    private async Task<TimeLine> TimeLineAsync(IReadOnlyList<Visit> visits, IReadOnlyList<Diagnosis> diagnoses, TimeLineFilter filter, bool clinical, CancellationToken ct)
    {
        var (page, older, matching, yearBefore) = TimeLine.Cut(visits, filter);
        var counts = clinical ? await counter.CountAsync(page, ct) : [];
        var byVisit = diagnoses.ToLookup(d => d.Visit, StringComparer.Ordinal);
        var lines = page.Select(visit => Line(visit, [.. byVisit[visit.Id]], counts.GetValueOrDefault(visit.Id))).ToList();
        return new(lines, visits.Count, matching, older, filter, TimeLine.Count(visits.Select(v => v.Facility)), TimeLine.Count(visits.Select(v => v.Class)), yearBefore);
    }

    private static VisitLine Line(Visit visit, List<Diagnosis> diagnoses, VisitCounts counts)
    {
        var main = diagnoses.Find(d => visit.Diagnoses.Count > 0 && d.Id == visit.Diagnoses[0]) ?? diagnoses.FirstOrDefault();
        return new(visit, main?.Code, main?.Text, Math.Max(0, diagnoses.Count - 1), counts);
    }
}
