using System.Data.Common;
using System.Text.Json;
using Dapper;
using Mach.Data;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;
using Mach.Indicators.Facts;

namespace Mach.Indicators.Asking;

/// <summary>Where facts of one measure lie, and what they add up to there.</summary>
/// <param name="Month">First month where sums are by month, else 0.</param>
internal readonly record struct Sum(int Month, string Facility, string Commune, string Stratum, long N, long V);

/// <summary>
/// Sums of a measure over days: whole months from the cells, the days at both ends from the cells by day, or from the facts where those do not know what is asked by. Persons counted once
/// come from the cells where the days are exactly a month, a quarter or a year, else from the facts.
/// </summary>
internal sealed class Sums(Db db, FactTable facts)
{
    private const int Step = 5_000;

    /// <summary>What the sums are to be told apart by.</summary>
    [Flags]
    internal enum Apart { Nothing = 0, Month = 1, Facility = 2, Commune = 4, Stratum = 8 }

    public async Task<IReadOnlyList<Sum>> AskAsync(DbConnection connection, Measure measure, DateOnly from, DateOnly to, Apart apart, IReadOnlyList<string>? facilities, CancellationToken ct)
    {
        if (from > to)
        {
            return [];
        }

        if (measure.Spec.Distinct)
        {
            return await PersonsAsync(connection, measure, from, to, apart, facilities, ct);
        }

        var (first, end) = (from.Day == 1 ? from : new DateOnly(from.Year, from.Month, 1).AddMonths(1), to.AddDays(1).Day == 1 ? to : new DateOnly(to.Year, to.Month, 1).AddDays(-1));
        if (first > end)
        {
            return await DaysAsync(connection, measure, from, to, apart, facilities, ct);
        }

        var sums = new List<Sum>(await MonthsAsync(connection, measure, first, end, apart, facilities, ct));
        sums.AddRange(from < first ? await DaysAsync(connection, measure, from, first.AddDays(-1), apart, facilities, ct) : []);
        sums.AddRange(to > end ? await DaysAsync(connection, measure, end.AddDays(1), to, apart, facilities, ct) : []);
        return sums;
    }

    /// <summary>Rows that a measure counts, in the order of their days; what a number opens to.</summary>
    public async IAsyncEnumerable<(Fact Fact, long V, string Stratum)> RowsAsync(DbConnection connection, Measure measure, DateOnly from, DateOnly to, (DateOnly Day, string Facility, string Id)? place, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        while (await facts.BetweenAsync(connection, measure.View, from, to, place, Step, ct) is { Count: > 0 } rows)
        {
            foreach (var fact in rows)
            {
                if (measure.Give(fact) is var (v, stratum))
                {
                    yield return (fact, v, stratum);
                }
            }

            if (rows.Count < Step)
            {
                yield break;
            }

            place = (rows[^1].Day, rows[^1].Facility, rows[^1].Id);
        }
    }

    private async Task<IReadOnlyList<Sum>> MonthsAsync(DbConnection connection, Measure measure, DateOnly from, DateOnly to, Apart apart, IReadOnlyList<string>? facilities, CancellationToken ct)
    {
        var columns = Columns(apart);
        var isSmall = (apart & (Apart.Commune | Apart.Stratum)) == 0;
        var place = !isSmall ? Of(facilities) : facilities is not null ? Of(facilities) : apart.HasFlag(Apart.Facility) ? " AND facility<>@everywhere" : " AND facility=@everywhere";
        var sql = $"SELECT {string.Join(", ", columns.Select(c => c.Is ? c.Name : c.None + " AS " + c.Name))}, SUM(n) AS n, SUM(v) AS v FROM {(isSmall ? "ind_month" : "ind_cell")} WHERE m=@m AND month>=@from AND month<=@to{place}{By(columns)}";
        return await QueryAsync(connection, sql, new { m = measure.Number, from = Spans.MonthOf(from), to = Spans.MonthOf(to), everywhere = Delta.Everywhere, facilities = JsonSerializer.Serialize(facilities ?? []) }, ct);
    }

    private async Task<IReadOnlyList<Sum>> DaysAsync(DbConnection connection, Measure measure, DateOnly from, DateOnly to, Apart apart, IReadOnlyList<string>? facilities, CancellationToken ct)
    {
        if ((apart & (Apart.Commune | Apart.Stratum)) != 0)
        {
            return await FactsAsync(connection, measure, from, to, facilities, ct);
        }

        var sums = new List<Sum>();
        // A piece of days lies in one month at either end; without a whole month between, it may lie in two.
        for (var start = from; start <= to;)
        {
            var end = new DateOnly(start.Year, start.Month, 1).AddMonths(1).AddDays(-1);
            end = end > to ? to : end;
            var columns = Columns(apart & Apart.Facility).Where(c => c.Name is "facility").ToList();
            var sql = $"SELECT {Spans.MonthOf(start)} AS month, {(columns[0].Is ? "facility" : "''")} AS facility, '' AS commune, '' AS stratum, SUM(n) AS n, SUM(v) AS v FROM ind_day WHERE m=@m AND day>=@from AND day<=@to{Of(facilities)}{By(columns)}";
            sums.AddRange(await QueryAsync(connection, sql, new { m = measure.Number, from = start.DayNumber, to = end.DayNumber, facilities = JsonSerializer.Serialize(facilities ?? []) }, ct));
            start = end.AddDays(1);
        }

        return sums;
    }

    private async Task<IReadOnlyList<Sum>> FactsAsync(DbConnection connection, Measure measure, DateOnly from, DateOnly to, IReadOnlyList<string>? facilities, CancellationToken ct)
    {
        var sums = new Dictionary<(int, string, string, string), (long N, long V)>();
        await foreach (var (fact, v, stratum) in RowsAsync(connection, measure, from, to, null, ct))
        {
            if (facilities?.Contains(fact.Facility) != false)
            {
                Delta.Sum(sums, (Spans.MonthOf(fact.Day), fact.Facility, fact.Commune, stratum), 1, v);
            }
        }

        return [.. sums.Select(s => new Sum(s.Key.Item1, s.Key.Item2, s.Key.Item3, s.Key.Item4, s.Value.N, s.Value.V))];
    }

    private async Task<IReadOnlyList<Sum>> PersonsAsync(DbConnection connection, Measure measure, DateOnly from, DateOnly to, Apart apart, IReadOnlyList<string>? facilities, CancellationToken ct)
    {
        if (Spans.Exactly(from, to) is > 0 and var span && apart is Apart.Nothing or Apart.Facility && (facilities is null || facilities.Count == 1))
        {
            var place = apart == Apart.Nothing && facilities is null ? "facility=@everywhere" : facilities is null ? "facility<>@everywhere" : "facility=@only";
            var sql = $"SELECT 0 AS month, facility, '' AS commune, '' AS stratum, n, v FROM ind_month WHERE m=@m AND month=@month AND {place}";
            return await QueryAsync(connection, sql, new { m = measure.Number, month = Spans.CellOf(Spans.SinceOf(from, span), span), everywhere = Delta.Everywhere, only = facilities?[0] }, ct);
        }

        var persons = new Dictionary<(int, string, string, string), HashSet<string>>();
        await foreach (var (fact, _, stratum) in RowsAsync(connection, measure, from, to, null, ct))
        {
            if (fact.Person.Length > 0 && facilities?.Contains(fact.Facility) != false)
            {
                var key = (apart.HasFlag(Apart.Month) ? Spans.MonthOf(fact.Day) : 0, apart.HasFlag(Apart.Facility) ? fact.Facility : "", apart.HasFlag(Apart.Commune) ? fact.Commune : "", apart.HasFlag(Apart.Stratum) ? stratum : "");
                (persons.TryGetValue(key, out var set) ? set : persons[key] = new(StringComparer.Ordinal)).Add(fact.Person);
            }
        }

        return [.. persons.Select(p => new Sum(p.Key.Item1, p.Key.Item2, p.Key.Item3, p.Key.Item4, p.Value.Count, p.Value.Count * 100L))];
    }

    private static IReadOnlyList<(string Name, string None, bool Is)> Columns(Apart apart) =>
        [("month", "0", apart.HasFlag(Apart.Month)), ("facility", "''", apart.HasFlag(Apart.Facility)), ("commune", "''", apart.HasFlag(Apart.Commune)), ("stratum", "''", apart.HasFlag(Apart.Stratum))];

    private static string By(IEnumerable<(string Name, string None, bool Is)> columns) =>
        columns.Where(c => c.Is).Select(c => c.Name).ToList() is { Count: > 0 } names ? " GROUP BY " + string.Join(", ", names) : " HAVING COUNT(*)>0";

    private static string Of(IReadOnlyList<string>? facilities) => facilities is null ? "" : " AND facility {in:facilities}";

    private async Task<IReadOnlyList<Sum>> QueryAsync(DbConnection connection, string sql, object parameters, CancellationToken ct) =>
        [.. (await connection.QueryAsync<(int Month, string Facility, string Commune, string Stratum, long N, long V)>(new CommandDefinition(db.Sql(sql), parameters, cancellationToken: ct))).Select(r => new Sum(r.Month, r.Facility, r.Commune, r.Stratum, r.N, r.V))];
}
