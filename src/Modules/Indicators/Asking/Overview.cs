using Dapper;
using Mach.Data;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;

namespace Mach.Indicators.Asking;

/// <summary>One indicator among all: the period, the same period a year before, and the months up to it.</summary>
/// <param name="Months">Values of the last twelve months that have one, oldest first.</param>
public sealed record Glance(Indicator Indicator, Parts Now, Parts Before, IReadOnlyList<double> Months, bool IsFilling);

/// <summary>A facility and its newest day with visits.</summary>
public sealed record Sender(string Facility, DateOnly Last);

/// <summary>All indicators at once, in one query over the sums of months.</summary>
internal sealed class Overview(Db db, DefinitionBook book, Sums sums, KnownAmounts amounts)
{
    private const string Months = "SELECT m, month, n, v FROM ind_month WHERE facility=@facility AND month>=@from AND month<=@to";
    private const string LastDays = "SELECT facility, MAX(day) AS day FROM ind_day WHERE m=@m AND day>=@from GROUP BY facility";

    /// <param name="from">First day of a month.</param>
    /// <param name="to">Last day of a month.</param>
    /// <param name="facility">Null = all together.</param>
    public async Task<IReadOnlyList<Glance>> AskAsync(DateOnly from, DateOnly to, string? facility, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var kept = await MeasureTable.ReadAsync(connection, null, ct);
        var first = from.AddYears(-1) is var before && to.AddMonths(-12) is var year && before < year ? before : year;
        var cells = (await connection.QueryAsync<(int M, int Month, long N, long V)>(new CommandDefinition(Months, new { facility = facility ?? Delta.Everywhere, from = Spans.MonthOf(first), to = Spans.MonthOf(to) }, cancellationToken: ct)))
            .ToLookup(c => c.M);
        var glances = new List<Glance>();
        foreach (var indicator in await book.CurrentAsync(ct))
        {
            var (above, below) = (Find(kept, indicator.Of), indicator.Per is null ? null : Find(kept, indicator.Per));
            if (above is null || (indicator.Per is not null && below is null))
            {
                glances.Add(new Glance(indicator, default, default, [], true));
                continue;
            }

            async Task<Parts> PartsAsync(DateOnly a, DateOnly b)
            {
                var (n, v) = await SumAsync(above.Measure, a, b);
                return new Parts(n, v, below is not null ? (await SumAsync(below.Measure, a, b)).V
                    : KnownAmounts.IsBedDays(indicator.PerKnown) && (await amounts.BedDaysAsync(indicator.PerKnown!, Grouping.None, a, b, facility is null ? null : [facility], ct)).TryGetValue("", out var beds) ? beds : null);
            }

            async Task<(long N, decimal V)> SumAsync(Measure measure, DateOnly a, DateOnly b)
            {
                if (measure.Spec.Distinct)
                {
                    var persons = await sums.AskAsync(connection, measure, a, b, Sums.Apart.Nothing, facility is null ? null : [facility], ct);
                    return (persons.Sum(p => p.N), persons.Sum(p => p.V) / 100m);
                }

                var months = cells[measure.Number].Where(c => c.Month >= Spans.MonthOf(a) && c.Month <= Spans.MonthOf(b)).ToList();
                return (months.Sum(c => c.N), months.Sum(c => c.V) / 100m);
            }

            var line = new List<double>();
            for (var month = new DateOnly(to.Year, to.Month, 1).AddMonths(-11); month <= to && !indicator.Of.Distinct && indicator.Per?.Distinct != true; month = month.AddMonths(1))
            {
                if ((await PartsAsync(month, month.AddMonths(1).AddDays(-1))).Value(indicator) is { } value)
                {
                    line.Add((double)value);
                }
            }

            glances.Add(new Glance(indicator, await PartsAsync(from, to), await PartsAsync(from.AddYears(-1), to.AddDays(1).AddYears(-1).AddDays(-1)), line, above.Place is not null || below?.Place is not null));
        }

        return glances;
    }

    /// <summary>Facilities that sent visits within 400 days, with the newest day of each, the longest silent first.</summary>
    public async Task<IReadOnlyList<Sender>> SendersAsync(DateOnly today, string? facility, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var visits = (await MeasureTable.ReadAsync(connection, null, ct)).FirstOrDefault(k => k.Measure.Spec.View == "visit" && k.Measure.Spec.Where.Length == 0 && !k.Measure.Spec.Distinct);
        return visits is null ? [] : [.. (await connection.QueryAsync<(string Facility, int Day)>(new CommandDefinition(LastDays, new { m = visits.Measure.Number, from = today.AddDays(-400).DayNumber }, cancellationToken: ct)))
            .Where(s => s.Facility.Length > 0 && (facility is null || s.Facility == facility)).Select(s => new Sender(s.Facility, DateOnly.FromDayNumber(s.Day))).OrderBy(s => s.Last).ThenBy(s => s.Facility, StringComparer.Ordinal)];
    }

    private static MeasureTable.Kept? Find(IReadOnlyList<MeasureTable.Kept> kept, MeasureSpec spec) => kept.FirstOrDefault(k => k.Measure.Spec.Key == spec.Key);
}
