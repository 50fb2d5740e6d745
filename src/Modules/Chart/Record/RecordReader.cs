using System.Text.Json;
using Mach.Chart.Flowsheets;
using Mach.Chart.Reading;
using Mach.Chart.Visits;
using Mach.Contracts.People;
using Mach.Fhir.Search;
using Mach.Store;
using Mach.Ui;

namespace Mach.Chart.Record;

/// <summary>
/// Reads what a page shows of one person, and no more: visits and diagnoses whole (they are the map of the record),
/// medicines and results only the newest, by clinical date.
/// </summary>
internal sealed class RecordReader(RecordView store, RecordDigests digests, IPersonLinks links, VisitCounter counter, TimeProvider clock)
{
    /// <summary>A visit on each day of fifty-four years, with three diagnoses: nobody has more, and what is counted is counted whole.</summary>
    internal const int MostVisits = 20_000, MostDiagnoses = 60_000;
    private const int NewestMedicines = 160;
    private const int NewestResults = 320;
    private const int NewestReports = 60;
    private const int NewestLaboratory = 200;
    private const int NewestSlips = 40;
    private const int NewestDoses = 60;
    /// <summary>SNOMED CT: patient referral, as intake writes it from XML13.</summary>
    private const string PatientReferral = "http://snomed.info/sct|3457005";
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
        var summary = clinical ? SummaryAsync(ids, card, visits, diagnoses, ct) : Task.FromResult<ClinicalSummary?>(null);
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
        [.. (await digests.NewestAsync(ids, Kinds.Visits, MostVisits, ct)).Items
            .OrderByDescending(v => v.SortKey).ThenBy(v => v.Id, StringComparer.Ordinal)];

    private async Task<IReadOnlyList<Diagnosis>> DiagnosesAsync(IReadOnlyList<string> ids, CancellationToken ct) =>
        (await digests.NewestAsync(ids, Kinds.Diagnoses, MostDiagnoses, ct)).Items;

    private async Task<ClinicalSummary?> SummaryAsync(IReadOnlyList<string> ids, Task<PersonCard> card, Task<IReadOnlyList<Visit>> visits, Task<IReadOnlyList<Diagnosis>> diagnoses, CancellationToken ct)
    {
        var requests = digests.NewestAsync(ids, Kinds.Requests, NewestMedicines, ct);
        var dispenses = digests.NewestAsync(ids, Kinds.Dispenses, NewestMedicines, ct);
        var observations = digests.NewestAsync(ids, Kinds.Results, NewestResults, ct);
        var reports = digests.NewestAsync(ids, Kinds.Reports, NewestReports, ct);
        var appointments = store.CompartmentAsync(ids, "Appointment", NewestSlips, ct);
        var doses = store.CompartmentAsync(ids, "Immunization", NewestDoses, ct);
        var referrals = ReferralsAsync(ids, ct);
        var medicines = MedicinePairs.Join((await requests).Items, (await dispenses).Items);
        var today = Dates.Today(clock);
        var problems = ProblemList.From(await diagnoses, today);
        var (newest, isWhole) = await observations;
        var results = isWhole ? newest : await FlowsheetReader.WithLaboratoryAsync(digests, ids, newest, NewestLaboratory, ct);
        var person = (await card).Person;
        return new(
            problems,
            MedicineList.From(medicines, today),
            ResultList.From(results),
            (await reports).Items,
            Attention.From(person.Gender, person.Birth, today, results, await diagnoses, problems, await visits, await referrals, Parsed.Select(await appointments, FollowUp.Read), Parsed.Select(await doses, Dose.Read)));
    }

    private async Task<IReadOnlyList<Referral>> ReferralsAsync(IReadOnlyList<string> ids, CancellationToken ct)
    {
        var referrals = new List<Referral>();
        foreach (var id in ids)
        {
            var query = SearchQuery.Parse("ServiceRequest", [new("patient", id), new("category", PatientReferral), new("_sort", "-authored")]) with { Count = NewestSlips };
            referrals.AddRange(Parsed.Select((await store.SearchAsync(query, ct)).Matches, Referral.Read));
        }

        return referrals;
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
