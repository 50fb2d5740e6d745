using System.Text.Json;
using Mach.Chart.Reading;
using Mach.Chart.Record;
using Mach.Contracts.People;
using Mach.Fhir.Search;
using Mach.Store;
using Mach.Vietnam;

namespace Mach.Chart.Visits;

/// <summary>Reads everything that names one visit.</summary>
internal sealed class VisitReader(RecordView store, IPersonLinks links)
{
    private const int MostPerType = 500;
    private static readonly string[] Services = ["ServiceRequest", "Procedure"];
    private static readonly string[] Papers = ["ClinicalImpression", "Composition", "DocumentReference"];
    private static readonly string[] Others = ["Appointment", "CarePlan", "Immunization", "SupplyDelivery", "RelatedPerson"];
    private const int NewestUnlinked = 200;

    /// <summary>Null when there is no such visit, or it is not of this person.</summary>
    public async Task<VisitDetail?> ReadAsync(string person, string visit, CancellationToken ct)
    {
        var stored = await store.ReadAsync("Encounter", visit, ct);
        if (stored is null || stored.IsDeleted)
        {
            return null;
        }

        using var document = JsonDocument.Parse(stored.Body);
        var head = Visit.Read(visit, document.RootElement);
        var ids = await links.LinkedAsync(person, ct);
        if (!ids.Contains(head.Patient, StringComparer.Ordinal))
        {
            return null;
        }

        var diagnoses = FindAsync("Condition", visit, Diagnosis.Read, ct);
        var requests = FindAsync("MedicationRequest", visit, MedicineEvent.Request, ct);
        var dispenses = FindAsync("MedicationDispense", visit, MedicineEvent.Dispense, ct);
        var results = FindAsync("Observation", visit, ResultEvent.Read, ct);
        var reports = FindAsync("DiagnosticReport", visit, ReportLine.Read, ct);
        var services = LinesAsync(Services, visit, ct);
        var papers = LinesAsync(Papers, visit, ct);
        var others = OthersAsync(ids, head, ct);
        return new VisitDetail
        {
            Visit = head,
            Diagnoses = [.. (await diagnoses).OrderBy(d => head.Diagnoses.ToList().IndexOf(d.Id) is var i and >= 0 ? i : 99)],
            Medicines = MedicinePairs.Join(await requests, await dispenses),
            Results = [.. (await results).OrderBy(r => r.Category == "vital-signs" ? 0 : 1).ThenBy(r => r.Date?.Low)],
            Reports = await reports,
            Services = await services,
            Papers = await papers,
            Other = await others,
        };
    }

    private async Task<IReadOnlyList<DetailLine>> LinesAsync(string[] types, string visit, CancellationToken ct)
    {
        var lines = new List<DetailLine>();
        foreach (var type in types)
        {
            lines.AddRange(await FindAsync(type, visit, (_, body) => DetailLine.Read(type, body), ct));
        }

        return lines;
    }

    /// <summary>Types without a reference to the visit belong to it when they came in the same dossier.</summary>
    private async Task<IReadOnlyList<DetailLine>> OthersAsync(IReadOnlyList<string> ids, Visit visit, CancellationToken ct)
    {
        var lines = new List<DetailLine>();
        foreach (var type in Others)
        {
            if (SearchParameters.Find(type, "encounter") is not null)
            {
                lines.AddRange(await FindAsync(type, visit.Id, (_, body) => DetailLine.Read(type, body), ct));
            }
            else if (DossierUri.TryParse(visit.Source, out var dossier))
            {
                lines.AddRange(Parsed.Select(await store.CompartmentAsync(ids, type, NewestUnlinked, ct), (_, body) => DetailLine.Read(type, body))
                    .Where(line => DossierUri.TryParse(line.Source, out var source) && source.Facility == dossier.Facility && source.MaLk == dossier.MaLk));
            }
        }

        return lines;
    }

    private async Task<List<T>> FindAsync<T>(string type, string visit, Func<string, JsonElement, T?> read, CancellationToken ct) where T : class
    {
        var parameter = SearchParameters.Find(type, "encounter") ?? SearchParameters.Find(type, "context");
        if (parameter is null)
        {
            return [];
        }

        var query = SearchQuery.Parse(type, [new(parameter.Code, "Encounter/" + visit)]) with { Count = MostPerType };
        return Parsed.Select((await store.SearchAsync(query, ct)).Matches, read);
    }
}
