using Mach.Chart.Reading;
using Mach.Chart.Record;
using Mach.Contracts.People;
using Mach.Fhir.Search;
using Mach.Store;

namespace Mach.Chart.Flowsheets;

/// <summary>Reads the results of one person for tables and charts.</summary>
internal sealed class FlowsheetReader(RecordView store, IPersonLinks links)
{
    private const int NewestResults = 1000, NewestLaboratory = 1000, MostOfOne = 2000, NewestMedicines = 600, NewestVisits = 400;
    /// <summary>Codes that are asked for at once; a thing measured rarely has more than two or three.</summary>
    private const int MostCodes = 20;

    public async Task<Flowsheet> ReadAsync(string person, FlowsheetFilter filter, PersonCard card, CancellationToken ct)
    {
        var (events, isWhole) = await EventsAsync(await links.LinkedAsync(person, ct), ct);
        return Flowsheet.From(events, filter, card.Person.Gender, card.Person.Birth, isWhole);
    }

    /// <summary>The newest results, in no order.</summary>
    public async Task<IReadOnlyList<ResultEvent>> ReadEventsAsync(string person, CancellationToken ct) => (await EventsAsync(await links.LinkedAsync(person, ct), ct)).Events;

    /// <summary>Every row of what is asked for, over all days.</summary>
    public async Task<IReadOnlyList<FlowsheetRow>> ReadRowsAsync(string person, FlowsheetFilter filter, PersonCard card, CancellationToken ct)
    {
        var (events, _) = await EventsAsync(await links.LinkedAsync(person, ct), ct);
        return Flowsheet.RowsOf(events, filter, card.Person.Gender, card.Person.Birth);
    }

    /// <summary>The newest results; when there are more, the newest of the laboratory besides, which signs taken each day would hide.</summary>
    private async Task<(List<ResultEvent> Events, bool IsWhole)> EventsAsync(IReadOnlyList<string> ids, CancellationToken ct)
    {
        var stored = await store.CompartmentAsync(ids, "Observation", NewestResults, ct);
        var events = Parsed.Select(stored, ResultEvent.Read);
        if (stored.Count < NewestResults)
        {
            return (events, true);
        }

        foreach (var id in ids)
        {
            var query = SearchQuery.Parse("Observation", [new("patient", id), new("category", "laboratory"), new("_sort", "-date")]) with { Count = NewestLaboratory };
            events.AddRange(Parsed.Select((await store.SearchAsync(query, ct)).Matches, ResultEvent.Read));
        }

        return ([.. events.DistinctBy(e => e.Id, StringComparer.Ordinal)], false);
    }

    /// <summary>Every value of one thing, and of another beside it when asked, with the names of all others that have numbers; null when the person has none of it.</summary>
    public async Task<(FlowsheetRow Row, FlowsheetRow? With, IReadOnlyList<(string Key, string Name)> Others)?> ReadSeriesAsync(string person, string key, string? with, PersonCard card, CancellationToken ct)
    {
        var ids = await links.LinkedAsync(person, ct);
        var (events, isWhole) = await EventsAsync(ids, ct);
        if (await RowAsync(ids, events, isWhole, key, card, ct) is not { } row)
        {
            return null;
        }

        var beside = with is null || with == key ? null : await RowAsync(ids, events, isWhole, with, card, ct);
        var others = events.Where(e => e.Series != key && e.Compared is not null).GroupBy(e => e.Series, StringComparer.Ordinal)
            .Select(g => (g.Key, Name: g.First().Analyte?.Name ?? g.First().Name)).OrderBy(o => o.Name, StringComparer.Ordinal).ToList();
        return (row, beside, others);
    }

    private async Task<FlowsheetRow?> RowAsync(IReadOnlyList<string> ids, List<ResultEvent> read, bool isWhole, string key, PersonCard card, CancellationToken ct)
    {
        var events = read.Where(e => e.Series == key).ToList();
        if (events.Count == 0)
        {
            return null;
        }

        var codes = events.SelectMany(e => e.Codes).Distinct(StringComparer.Ordinal).Take(MostCodes).ToList();
        if (!isWhole && codes.Count > 0)
        {
            foreach (var id in ids)
            {
                var query = SearchQuery.Parse("Observation", [new("patient", id), new("code", string.Join(',', codes)), new("_sort", "-date")]) with { Count = MostOfOne };
                events.AddRange(Parsed.Select((await store.SearchAsync(query, ct)).Matches, ResultEvent.Read).Where(e => e.Series == key));
            }
        }

        return FlowsheetRow.Of(key, events.DistinctBy(e => e.Id, StringComparer.Ordinal), card.Person.Gender, card.Person.Birth);
    }

    /// <summary>Supplies of medicines, and stays in hospital, that may lie under a curve.</summary>
    public async Task<(IReadOnlyList<MedicineEvent> Medicines, IReadOnlyList<Visits.Visit> Visits)> ReadCourseAsync(string person, CancellationToken ct)
    {
        var ids = await links.LinkedAsync(person, ct);
        var requests = await store.CompartmentAsync(ids, "MedicationRequest", NewestMedicines, ct);
        var dispenses = await store.CompartmentAsync(ids, "MedicationDispense", NewestMedicines, ct);
        var visits = await store.CompartmentAsync(ids, "Encounter", NewestVisits, ct);
        return (MedicinePairs.Join(Parsed.Select(requests, MedicineEvent.Request), Parsed.Select(dispenses, MedicineEvent.Dispense)), Parsed.Select(visits, Visits.Visit.Read));
    }
}
