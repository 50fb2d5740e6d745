using System.Data.Common;
using System.Text.Json;
using Dapper;
using Mach.Data;
using Mach.Indicators.Asking;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;

namespace Mach.Indicators.Quality;

/// <summary>Months of an indicator at each place, of the cells that are there anyway.</summary>
internal sealed class Series
{
    private const string Months = "SELECT m, month, facility, n, v FROM ind_month WHERE m {inlong:ms} AND month>=@from AND month<=@to";

    private readonly Dictionary<(string Place, int Month), Parts> _parts;

    private Series(Indicator indicator, Dictionary<(string Place, int Month), Parts> parts)
    {
        (Indicator, _parts) = (indicator, parts);
        Places = [.. parts.Keys.Select(k => k.Place).Distinct().Order(StringComparer.Ordinal)];
    }

    public Indicator Indicator { get; }

    /// <summary>Facilities, and * = all together.</summary>
    public IReadOnlyList<string> Places { get; }

    /// <summary>The first month that any place has something in; null = none has.</summary>
    public int? First => _parts.Count == 0 ? null : _parts.Keys.Min(k => k.Month);

    public Parts At(string place, int month) => _parts.GetValueOrDefault((place, month));

    public double Value(string place, int month) => (double)(At(place, month).Value(Indicator) ?? 0);

    /// <summary>Months from the first in which the place has anything, oldest first; empty where it never had.</summary>
    public IReadOnlyList<double> Until(string place, int month, int most)
    {
        var months = Back(month, most).ToList();
        var first = months.FindIndex(m => _parts.ContainsKey((place, m)));
        return first < 0 ? [] : [.. months.Skip(first).Select(m => Value(place, m))];
    }

    /// <summary>A month and those before it, oldest first.</summary>
    public static IEnumerable<int> Back(int month, int count) => Enumerable.Range(0, count).Select(i => Spans.MonthOf(Spans.FirstOf(month).AddMonths(i - count + 1)));

    /// <summary>Reads the months of some indicators; one that is new and still being filled, or that counts persons once, is left out.</summary>
    public static async Task<Dictionary<string, Series>> ReadAsync(Db db, DbConnection connection, IReadOnlyCollection<Indicator> indicators, int from, int to, CancellationToken ct)
    {
        var kept = (await MeasureTable.ReadAsync(connection, null, ct)).Where(k => k.Place is null && !k.Measure.Spec.Distinct).ToDictionary(k => k.Measure.Spec.Key, k => k.Measure.Number, StringComparer.Ordinal);
        var chosen = indicators.Where(i => kept.ContainsKey(i.Of.Key) && (i.Per is null || kept.ContainsKey(i.Per.Key))).ToList();
        var numbers = chosen.SelectMany(i => i.Per is null ? new[] { kept[i.Of.Key] } : [kept[i.Of.Key], kept[i.Per.Key]]).Distinct().Select(n => (long)n).ToList();
        var cells = (await connection.QueryAsync<(int M, int Month, string Facility, long N, long V)>(new CommandDefinition(db.Sql(Months), new { ms = JsonSerializer.Serialize(numbers), from, to }, cancellationToken: ct))).ToLookup(c => c.M);
        return chosen.ToDictionary(i => i.Code, i => new Series(i, Join(i, cells[kept[i.Of.Key]], i.Per is null ? null : cells[kept[i.Per.Key]])), StringComparer.Ordinal);
    }

    private static Dictionary<(string, int), Parts> Join(Indicator indicator, IEnumerable<(int M, int Month, string Facility, long N, long V)> above, IEnumerable<(int M, int Month, string Facility, long N, long V)>? below)
    {
        var parts = above.ToDictionary(c => (c.Facility, c.Month), c => new Parts(c.N, c.V / 100m, indicator.Per is null ? null : 0));
        foreach (var cell in below ?? [])
        {
            var key = (cell.Facility, cell.Month);
            parts[key] = parts.GetValueOrDefault(key) with { Below = cell.V / 100m };
        }

        return parts;
    }
}
