using System.Text.Json;
using Dapper;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;

namespace Mach.Indicators.Asking;

/// <summary>How the values of the other facilities of a tier lie.</summary>
/// <param name="Count">Facilities that have a value; at least <see cref="Least"/>, so that no single one can be read from it.</param>
/// <param name="Low">Tenth percentile.</param>
/// <param name="High">Ninetieth percentile.</param>
/// <param name="Place">1 = the best of all with the own one; null where nothing is better or the own value is unknown.</param>
public sealed record Spread(int Count, double Low, double Quarter, double Median, double ThreeQuarters, double High, int? Place)
{
    public const int Least = 5;

    /// <summary>Null for fewer than <see cref="Least"/>.</summary>
    /// <param name="better">up, down or none.</param>
    internal static Spread? Of(IReadOnlyCollection<double> others, double? own, string better)
    {
        if (others.Count < Least)
        {
            return null;
        }

        var sorted = others.Order().ToList();
        int? place = own is { } value && better != "none" ? 1 + others.Count(o => better == "up" ? o > value : o < value) : null;
        return new(others.Count, At(sorted, 0.1), At(sorted, 0.25), At(sorted, 0.5), At(sorted, 0.75), At(sorted, 0.9), place);
    }

    /// <summary>Between the two values that a quantile lies between, by how near it is to each.</summary>
    private static double At(List<double> sorted, double part)
    {
        var at = part * (sorted.Count - 1);
        var below = (int)at;
        return below == sorted.Count - 1 ? sorted[below] : sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below]));
    }
}

/// <summary>One indicator of a facility: its own, another's, a year before, and how its tier lies.</summary>
public sealed record ScoreLine(Indicator Indicator, Parts Own, Parts? Beside, Parts Before, Spread? Peers);

/// <summary>A facility among those of its tier, by the sums of months.</summary>
internal sealed class Scorecard(Db db, DefinitionBook book, IFacilityDirectory facilities, KnownAmounts amounts)
{
    /// <summary>A rate of fewer is chance, and is left out of the spread.</summary>
    private const decimal LeastBelow = 10;

    private const string Sums = "SELECT m, facility, SUM(n) AS n, SUM(v) AS v FROM ind_month WHERE m {inlong:ms} AND month>=@from AND month<=@to AND facility<>@everywhere GROUP BY m, facility";

    /// <param name="from">First day of a month.</param>
    /// <param name="to">Last day of a month.</param>
    /// <param name="beside">Another facility; null = none.</param>
    public async Task<IReadOnlyList<ScoreLine>> AskAsync(string facility, string? beside, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var current = (await book.CurrentAsync(ct)).ToDictionary(i => i.Code, StringComparer.Ordinal);
        var tier = facilities.Find(facility)?.Tier;
        var peers = facilities.All.Where(f => f.Tier == tier && f.Code != facility).Select(f => f.Code).ToHashSet(StringComparer.Ordinal);
        await using var connection = await db.OpenAsync(ct);
        // One that is new and still being filled, or that counts persons once, has no sums that may be added.
        var kept = (await MeasureTable.ReadAsync(connection, null, ct)).Where(k => k.Place is null && !k.Measure.Spec.Distinct).ToDictionary(k => k.Measure.Spec.Key, k => (int)k.Measure.Number, StringComparer.Ordinal);
        var indicators = CodeList.Scorecard.Select(code => current.GetValueOrDefault(code)).OfType<Indicator>().Where(i => kept.ContainsKey(i.Of.Key) && (i.Per is null || kept.ContainsKey(i.Per.Key))).ToList();
        var numbers = JsonSerializer.Serialize(indicators.SelectMany(i => i.Per is null ? new[] { kept[i.Of.Key] } : [kept[i.Of.Key], kept[i.Per.Key]]).Distinct());

        async Task<Dictionary<(int M, string Facility), (long N, decimal V)>> SumAsync(int back) => (await connection.QueryAsync<(int M, string Facility, long N, decimal V)>(new CommandDefinition(
            db.Sql(Sums), new { ms = numbers, from = Spans.MonthOf(from.AddYears(-back)), to = Spans.MonthOf(to.AddYears(-back)), everywhere = Delta.Everywhere }, cancellationToken: ct))).ToDictionary(s => (s.M, s.Facility), s => (s.N, s.V / 100m));
        var (now, before) = (await SumAsync(0), await SumAsync(1));
        var lines = new List<ScoreLine>();
        foreach (var indicator in indicators)
        {
            async Task<Dictionary<string, decimal>> BedsAsync(int back) => KnownAmounts.IsBedDays(indicator.PerKnown) ? await amounts.BedDaysAsync(indicator.PerKnown!, Grouping.Facility, from.AddYears(-back), to.AddDays(1).AddYears(-back).AddDays(-1), null, ct) : [];
            var (beds, bedsBefore) = (await BedsAsync(0), await BedsAsync(1));
            Parts Of(Dictionary<(int M, string Facility), (long N, decimal V)> sums, Dictionary<string, decimal> known, string place)
            {
                var (n, v) = sums.GetValueOrDefault((kept[indicator.Of.Key], place));
                return new(n, v, indicator.Per is not null ? sums.GetValueOrDefault((kept[indicator.Per.Key], place)).V : known.TryGetValue(place, out var amount) ? amount : null);
            }

            var own = Of(now, beds, facility);
            var others = peers.Select(p => Of(now, beds, p)).Where(p => p.Below is { } below ? below >= LeastBelow : p.Rows > 0).Select(p => p.Value(indicator)).OfType<decimal>().Select(v => (double)v).ToList();
            lines.Add(new ScoreLine(indicator, own, beside is null ? null : Of(now, beds, beside), Of(before, bedsBefore, facility), Spread.Of(others, (double?)own.Value(indicator), indicator.Better)));
        }

        return lines;
    }
}
