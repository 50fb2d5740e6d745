using System.Text.Json.Nodes;
using Mach.Chart.Print;
using Mach.Chart.Reading;
using Mach.Chart.Record;
using Mach.Chart.Visits;
using Mach.Contracts.Registry;
using Mach.Kernel;
using Mach.Store;
using Mach.Ui;

namespace Mach.Chart.Ips;

/// <summary>What goes into a summary of one person.</summary>
/// <param name="Patient">The body of the one asked for.</param>
/// <param name="Persons">Ids of all records that are of this person, the one asked for first.</param>
/// <param name="Bodies">By relative reference: what the sections name, and what those refer to and cannot be read without.</param>
internal sealed record IpsContent(JsonObject Patient, IReadOnlyList<string> Persons, IReadOnlyList<IpsSection> Sections, IReadOnlyDictionary<string, JsonObject> Bodies);

/// <summary>Reads what the page of the record shows, as resources: through the caller's sight, so that a summary never says more than the page.</summary>
internal sealed class IpsReader(RecordView store, RecordReader records, IFacilityDirectory directory)
{
    private const int MostResults = 80, MostReports = 20, NewestImmunizations = 200, NewestProcedures = 60;
    private static readonly string[] Carried = ["Medication", "Organization", "Practitioner"];
    private readonly FacilityNames _facilities = new(directory);

    /// <summary>Null when there is no such person.</summary>
    public async Task<IpsContent?> ReadAsync(string id, CancellationToken ct)
    {
        if (await records.ReadAsync(id, new TimeLineFilter(null, null, null), clinical: true, ct) is not { Clinical: { } clinical } record || await store.ReadAsync("Patient", id, ct) is not { IsDeleted: false } patient)
        {
            return null;
        }

        List<string> persons = [id, .. record.Card.Linked];
        var sections = await SectionsAsync(record.Card, clinical, persons, ct);
        var bodies = await BodiesAsync(sections.SelectMany(s => s.Lines).Select(l => l.Reference), ct);
        foreach (var (reference, body) in await BodiesAsync(bodies.Values.SelectMany(IpsBody.References).Where(IsCarried), ct))
        {
            bodies[reference] = body;
        }

        // Records of one person are one here.
        var self = Parse(patient);
        self.Remove("link");
        return new(self, persons, sections, bodies);
    }

    private async Task<List<IpsSection>> SectionsAsync(PersonCard card, ClinicalSummary clinical, List<string> persons, CancellationToken ct)
    {
        var results = clinical.Results.Laboratory.Take(MostResults).Select(l => new IpsLine("Observation/" + l.Latest.Id, Said(l.Latest)))
            .Concat(clinical.Reports.Take(MostReports).Select(r => new IpsLine("DiagnosticReport/" + r.Id, Joined(r.Name, r.Conclusion, Day(r.Date), _facilities.Of(r.Facility)))));
        return
        [
            new("11450-4", "Ips.Problems", [.. clinical.Problems.Lasting.Select(p => new IpsLine("Condition/" + p.Id, Joined(p.Code, p.Text, Day(p.Last), p.Facilities.Count > 0 ? _facilities.Of(p.Facilities[0]) : null)))], ("Condition", "no-problem-info")),
            new("48765-2", "Ips.Allergies", [.. card.Allergies.Select(a => new IpsLine("AllergyIntolerance/" + a.Id, Joined(a.Text, a.Reaction, Day(a.Recorded), _facilities.Of(a.Facility))))], ("AllergyIntolerance", "no-allergy-info")),
            new("10160-0", "Ips.Medicines", [.. clinical.Medicines.Current.Select(m => new IpsLine(m.Latest.Reference, Joined(m.Latest.Name, m.Latest.Dose, Day(m.Latest.Date), _facilities.Of(m.Latest.Facility))))], ("MedicationStatement", "no-medication-info")),
            new("11369-6", "Ips.Immunizations", await GeneralAsync("Immunization", persons, NewestImmunizations, ct)),
            new("47519-4", "Ips.Procedures", await GeneralAsync("Procedure", persons, NewestProcedures, ct)),
            new("30954-2", "Ips.Results", [.. results]),
            new("8716-3", "Ips.Vitals", [.. clinical.Results.Vitals.Select(l => new IpsLine("Observation/" + l.Latest.Id, Said(l.Latest)))]),
        ];
    }

    private async Task<List<IpsLine>> GeneralAsync(string type, List<string> persons, int newest, CancellationToken ct) =>
        Parsed.Select(await store.CompartmentAsync(persons, type, newest, ct), (id, body) => DetailLine.Read(type, body) is { } line && body.Text("status") is not "not-done"
            ? new IpsLine($"{type}/{id}", Joined(line.Name.Length > 0 ? line.Name : body.Child("vaccineCode").ConceptText() ?? "—", Day(line.Date), _facilities.Of(body.FacilityCode())))
            : null);

    private async Task<SortedDictionary<string, JsonObject>> BodiesAsync(IEnumerable<string> references, CancellationToken ct)
    {
        var keys = references.Distinct(StringComparer.Ordinal).Select(r => r.Split('/')).Select(p => (p[0], p[1])).ToList();
        return new((await store.ReadManyAsync(keys, ct)).ToDictionary(r => $"{r.Type}/{r.Id}", Parse), StringComparer.Ordinal);
    }

    private static bool IsCarried(string reference) => reference.Split('/') is [var type, { Length: > 0 }] && Carried.Contains(type);

    private static JsonObject Parse(StoredResource resource) => JsonNode.Parse(resource.Body.Span)!.AsObject();

    private string Said(ResultEvent result) =>
        Joined(result.Name, $"{result.Value} {result.Unit}".TrimEnd(), result.Range is null ? null : $"[{result.Range}]", ResultEvent.IsAbnormal(result.Flag) ? Words.T.Find("Flag." + result.Flag) ?? result.Flag : null, Day(result.Date), _facilities.Of(result.Facility));

    private static string? Day(PartialDate? date) => date is { } d ? Dates.Show(d) : null;

    private static string Joined(params string?[] parts) => string.Join(" · ", parts.Where(p => !string.IsNullOrWhiteSpace(p)));
}
