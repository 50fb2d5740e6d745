using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;
using static Mach.Indicators.Asking.Sums;

namespace Mach.Indicators.Asking;

/// <summary>Answers questions from the cube. A rate is made anew of its parts for each line; it is never averaged.</summary>
internal sealed class Asker(Db db, Sums sums, Counter counter, IUnits units, IFacilityDirectory facilities, KnownAmounts amounts)
{
    public async Task<Answer> AskAsync(Question question, CancellationToken ct)
    {
        var counted = await counter.PlaceAsync(ct);
        await using var connection = await db.OpenAsync(ct);
        var kept = await MeasureTable.ReadAsync(connection, null, ct);
        MeasureTable.Kept? Find(MeasureSpec? spec) => spec is null ? null : kept.FirstOrDefault(k => k.Measure.Spec.Key == spec.Key);
        var (above, below) = (Find(question.Indicator.Of), Find(question.Indicator.Per));
        if (above is null || (question.Indicator.Per is not null && below is null))
        {
            return new Answer(question, default, [], counted, IsFilling: true);
        }

        var map = await units.AsKnownAsync(null, ct);
        var places = new Places(map, facilities, question);
        async Task<Dictionary<string, (long N, decimal V, decimal Estimated)>> PartAsync(Measure measure, Grouping by)
        {
            var lines = new Dictionary<string, (long, decimal, decimal)>(StringComparer.Ordinal);
            foreach (var sum in await sums.AskAsync(connection, measure, question.From, question.To, ApartBy(by, question.Indicator), question.Facilities, ct))
            {
                foreach (var (key, share, isExact) in places.Of(sum, by))
                {
                    var (n, v, estimated) = lines.GetValueOrDefault(key);
                    var amount = sum.V / 100m * share;
                    lines[key] = (n + sum.N, v + amount, estimated + (isExact ? 0 : amount));
                }
            }

            return lines;
        }

        async Task<Dictionary<string, Parts>> LinesAsync(Grouping by)
        {
            var tops = await PartAsync(above.Measure, by);
            var bottoms = below is null ? [] : await PartAsync(below.Measure, by);
            var known = question.Indicator.PerKnown is not { } name ? []
                : name == KnownAmounts.Population ? places.Population(by)
                : await amounts.BedDaysAsync(name, by, question.From, question.To, question.Facilities, ct);
            return tops.Keys.Union(bottoms.Keys).ToDictionary(
                key => key,
                key => tops.GetValueOrDefault(key) is var (n, v, estimated)
                    ? new Parts(n, v, below is not null ? bottoms.GetValueOrDefault(key).V : known.TryGetValue(key, out var people) ? people : null, estimated) : default,
                StringComparer.Ordinal);
        }

        // Persons counted once do not add up, so a total is always asked for itself.
        var total = (await LinesAsync(Grouping.None)).GetValueOrDefault("");
        var lines = question.By == Grouping.None ? [] : await LinesAsync(question.By);
        return new Answer(
            question, total, [.. lines.Select(l => new Line(l.Key, places.Label(l.Key, question.By), l.Value)).OrderBy(l => l.Key.Length == 0).ThenBy(l => question.By == Grouping.Month ? l.Key : "", StringComparer.Ordinal).ThenByDescending(l => question.By == Grouping.Month ? 0 : l.Parts.Above).ThenBy(l => l.Label, StringComparer.Ordinal)],
            counted, above.Place is not null || below?.Place is not null);
    }

    /// <summary>The measure above the line, as it is counted now; null when it is not there yet.</summary>
    public async Task<Measure?> MeasureAsync(MeasureSpec spec, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await MeasureTable.ReadAsync(connection, null, ct)).FirstOrDefault(k => k.Measure.Spec.Key == spec.Key)?.Measure;
    }

    private static Apart ApartBy(Grouping by, Indicator indicator) => by switch
    {
        Grouping.Month => Apart.Month,
        Grouping.Facility or Grouping.Tier => Apart.Facility,
        Grouping.FormerProvince => indicator.Place == "residence" ? Apart.Commune | Apart.Month : Apart.Facility,
        Grouping.Commune => Apart.Commune | Apart.Month,
        Grouping.Stratum => Apart.Stratum,
        _ => Apart.Nothing,
    };
}
