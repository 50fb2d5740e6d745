using Mach.Kernel;

namespace Mach.Chart.Record;

/// <summary>
/// Puts a prescription and what was handed over for it together: the prescription says what, how strong and how to take it,
/// the dispensing when and how much.
/// </summary>
internal static class MedicinePairs
{
    /// <summary>One event per prescription, with its dispensing's day and quantity; dispensings without a prescription after them, named as that medicine was prescribed.</summary>
    public static List<MedicineEvent> Join(IReadOnlyList<MedicineEvent> requests, IReadOnlyList<MedicineEvent> dispenses)
    {
        var bySource = dispenses.Where(d => d.Source is not null).ToLookup(d => (d.Source!, Key(d)));
        var byVisit = dispenses.Where(d => d.Visit is not null).ToLookup(d => (d.Visit!, Key(d)));
        var used = new HashSet<MedicineEvent>(ReferenceEqualityComparer.Instance);
        var all = new List<MedicineEvent>();
        foreach (var request in requests)
        {
            var given = (request.Source is { } source ? bySource[(source, Key(request))].FirstOrDefault(d => !used.Contains(d)) : null)
                ?? (request.Visit is { } visit ? byVisit[(visit, Key(request))].FirstOrDefault(d => !used.Contains(d)) : null);
            if (given is not null)
            {
                used.Add(given);
            }

            all.Add(given is null ? request : request with { Date = given.Date ?? request.Date, Quantity = given.Quantity ?? request.Quantity, Days = given.Days ?? request.Days, IsDispense = true });
        }

        var names = requests.GroupBy(Key).ToDictionary(g => g.Key, g => g.MaxBy(r => r.Date?.Low ?? DateTimeOffset.MinValue)!.Name);
        all.AddRange(dispenses.Where(d => !used.Contains(d)).Select(d => d with { Name = names.GetValueOrDefault(Key(d), d.Name) }));
        return all;
    }

    /// <summary>The medication code does not tell brands apart, so the name as sent belongs to it.</summary>
    private static (string, string) Key(MedicineEvent medicine) => (medicine.Code ?? "", VietnameseText.Fold(medicine.BareName));
}
