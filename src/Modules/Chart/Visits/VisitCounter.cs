using Mach.Chart.Reading;
using Mach.Fhir.Search;
using Mach.Store;

namespace Mach.Chart.Visits;

/// <summary>Counts what came out of the visits of one page: one search per kind for all of them together.</summary>
internal sealed class VisitCounter(RecordView store)
{
    private const int MostPerKind = 1000;

    public async Task<Dictionary<string, VisitCounts>> CountAsync(IReadOnlyList<Visit> visits, CancellationToken ct)
    {
        var counts = visits.ToDictionary(v => v.Id, _ => default(VisitCounts), StringComparer.Ordinal);
        if (visits.Count == 0)
        {
            return counts;
        }

        var references = string.Join(',', visits.Select(v => "Encounter/" + v.Id));
        await Task.WhenAll(
            AddAsync("MedicationRequest", (c, n) => c with { Medicines = c.Medicines + n }),
            AddAsync("Observation", (c, n) => c with { Results = c.Results + n }),
            AddAsync("ServiceRequest", (c, n) => c with { Services = c.Services + n }),
            AddAsync("Procedure", (c, n) => c with { Services = c.Services + n }));
        return counts;

        async Task AddAsync(string type, Func<VisitCounts, int, VisitCounts> add)
        {
            if (SearchParameters.Find(type, "encounter") is null)
            {
                return;
            }

            var found = await store.SearchAsync(SearchQuery.Parse(type, [new("encounter", references)]) with { Count = MostPerKind }, ct);
            var visitsOf = Parsed.Select(found.Matches, (_, body) => body.ReferenceId("encounter"));
            lock (counts)
            {
                foreach (var group in visitsOf.GroupBy(id => id, StringComparer.Ordinal).Where(g => counts.ContainsKey(g.Key)))
                {
                    counts[group.Key] = add(counts[group.Key], group.Count());
                }
            }
        }
    }
}
