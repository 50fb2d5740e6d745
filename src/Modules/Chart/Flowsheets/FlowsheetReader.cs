using Mach.Chart.Reading;
using Mach.Chart.Record;
using Mach.Contracts.People;

namespace Mach.Chart.Flowsheets;

/// <summary>Reads the results of one person for tables and charts.</summary>
internal sealed class FlowsheetReader(RecordDigests digests, IPersonLinks links)
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
        var (events, isWhole) = await digests.NewestAsync(ids, Kinds.Results, NewestResults, ct);
        return isWhole ? ([.. events], true) : (await WithLaboratoryAsync(digests, ids, events, NewestLaboratory, ct), false);
    }

    /// <summary>The newest results, and where signs taken each day fill them, the newest of the laboratory besides.</summary>
    internal static async Task<List<ResultEvent>> WithLaboratoryAsync(RecordDigests digests, IReadOnlyList<string> ids, IReadOnlyList<ResultEvent> newest, int most, CancellationToken ct)
    {
        if (newest.Count >= most && newest.All(e => e.Category == "laboratory"))
        {
            return [.. newest];
        }

        var laboratory = await digests.NewestAsync(ids, Kinds.Results, "category", ["laboratory"], most, ct);
        return [.. newest.Concat(laboratory.Items).DistinctBy(e => e.Id, StringComparer.Ordinal)];
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
            events.AddRange((await digests.NewestAsync(ids, Kinds.Results, "code", codes, MostOfOne, ct)).Items.Where(e => e.Series == key));
        }

        return FlowsheetRow.Of(key, events.DistinctBy(e => e.Id, StringComparer.Ordinal), card.Person.Gender, card.Person.Birth);
    }

    /// <summary>Supplies of medicines, and stays in hospital, that may lie under a curve.</summary>
    public async Task<(IReadOnlyList<MedicineEvent> Medicines, IReadOnlyList<Visits.Visit> Visits)> ReadCourseAsync(string person, CancellationToken ct)
    {
        var ids = await links.LinkedAsync(person, ct);
        var requests = await digests.NewestAsync(ids, Kinds.Requests, NewestMedicines, ct);
        var dispenses = await digests.NewestAsync(ids, Kinds.Dispenses, NewestMedicines, ct);
        var visits = await digests.NewestAsync(ids, Kinds.Visits, NewestVisits, ct);
        return (MedicinePairs.Join(requests.Items, dispenses.Items), visits.Items);
    }
}
