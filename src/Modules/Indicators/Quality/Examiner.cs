using System.Data.Common;
using Dapper;
using Mach.Data;
using Mach.Indicators.Closing;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;
using Mach.Indicators.Facts;
using Mach.Indicators.Plans;
using Mach.Ui;

namespace Mach.Indicators.Quality;

/// <summary>Runs the checks over the numbers as they are now. It reads sums, never bodies, so that it costs the same for a province as for a village.</summary>
internal sealed class Examiner(Db db, DefinitionBook book, FindingBook findings, PlanReport plans, ClosingBook closings, Recount recount, TimeProvider clock)
{
    /// <summary>Months that a check may look back on: two years of their own, and the twelve before the first.</summary>
    private const int History = 60;
    private const int SilentDays = 400, RhythmDays = 90;
    private const string All = Delta.Everywhere;
    private const string Days = "SELECT facility, day, n FROM ind_day WHERE m=@m AND day>=@from AND facility<>@everywhere";
    private const string Twice = """
        SELECT facility, SUM(c - 1) AS extra, COUNT(*) AS groups FROM (
          SELECT facility, day, person, COUNT(*) AS c FROM ind_fact WHERE view=@view AND day>=@from AND day<=@to AND person<>'' AND facility<>'' GROUP BY facility, day, person HAVING COUNT(*)>1
        ) AS twice GROUP BY facility
        """;
    private const string TwiceOf = """
        SELECT f.day, f.patient, f.id FROM ind_fact f JOIN (
          SELECT day, person FROM ind_fact WHERE view=@view AND day>=@from AND day<=@to AND facility=@facility AND person<>'' GROUP BY day, person HAVING COUNT(*)>1
        ) AS twice ON twice.day=f.day AND twice.person=f.person
        WHERE f.view=@view AND f.day>=@from AND f.day<=@to AND f.facility=@facility ORDER BY f.day, f.person, f.id LIMIT @most
        """;

    /// <summary>Checks everything and keeps what was found; nothing while a definition is still being filled, since what it does not know yet would be taken for mended.</summary>
    /// <returns>Steps that were written; null when it has to wait.</returns>
    public async Task<int?> RunAsync(CancellationToken ct)
    {
        await using (var connection = await db.OpenAsync(ct))
        {
            var known = (await MeasureTable.ReadAsync(connection, null, ct)).Where(k => k.Place is null).Select(k => k.Measure.Spec.Key).ToHashSet(StringComparer.Ordinal);
            if ((await book.CurrentAsync(ct)).Any(i => !known.Contains(i.Of.Key) || (i.Per is { } per && !known.Contains(per.Key))))
            {
                return null;
            }
        }

        var rules = CheckRule.Shipped.ToDictionary(r => r.Code, StringComparer.Ordinal);
        return await findings.KeepAsync(await FindAsync(ct), code => rules[code].Days, ct);
    }

    /// <summary>What all checks find now.</summary>
    public async Task<IReadOnlyList<Found>> FindAsync(CancellationToken ct)
    {
        var today = Dates.Today(clock);
        var last = Spans.MonthOf(new DateOnly(today.Year, today.Month, 1).AddMonths(-1));
        var open = (await findings.LastsAsync(null, ct)).Where(f => f.Act != FindingAct.Gone).ToLookup(f => f.Key.Rule, f => f.Key.Month, StringComparer.Ordinal);
        var current = await book.CurrentAsync(ct);
        await using var connection = await db.OpenAsync(ct);
        var wanted = CheckRule.Shipped.SelectMany(r => r.Of.Append(r.Other)).ToHashSet(StringComparer.Ordinal);
        var series = await Series.ReadAsync(db, connection, [.. current.Where(i => wanted.Contains(i.Code) || i.Target is not null)], Series.Back(last, History).First(), last, ct);
        var found = new List<Found>();
        // What never was before has no months of its own: it is held against all those that the record knows.
        var begin = series.Values.SelectMany(s => s.First is { } first ? new[] { first } : []).DefaultIfEmpty(last).Min();
        foreach (var rule in CheckRule.Shipped)
        {
            // A month that has left the window is still looked at while something is open in it: time alone settles nothing.
            var months = Series.Back(last, rule.Months).Concat(open[rule.Code].Where(m => m <= last && m >= Series.Back(last, History - 24).First())).Distinct().Order().ToList();
            var of = rule.Of.Where(series.ContainsKey).Select(code => series[code]).ToList();
            found.AddRange(rule.Kind switch
            {
                "silent" => await SilentAsync(connection, rule, today, ct),
                "magnitude" => of.SelectMany(s => months.SelectMany(m => Magnitudes(rule, s, m))),
                "outlier" => of.SelectMany(s => months.SelectMany(m => Outliers(rule, s, m))),
                "province" => of.SelectMany(s => months.SelectMany(m => Province(rule, s, m, begin))),
                "year" => of.SelectMany(s => Years(rule, s, last)),
                "pair" => series.TryGetValue(rule.Other, out var other) ? of.SelectMany(s => months.SelectMany(m => Pairs(rule, s, other, m))) : [],
                "above" or "below" => of.SelectMany(s => months.SelectMany(m => Shares(rule, s, m))),
                "duplicate" => await DuplicatesAsync(connection, rule, of, months, ct),
                "plan" => await PlansAsync(rule, current, last, today, ct),
                "target" => series.Values.Where(s => s.Indicator is { Target: not null, Better: not "none" }).SelectMany(s => Targets(rule, s, last)),
                "closing" => await UnsignedAsync(rule, months, today, ct),
                "drift" => await recount.LastAsync(ct) is { Drift: > 0 } drift ? [new Found(new(rule.Code, "", All, Spans.MonthOf(DateOnly.FromDateTime(drift.At.UtcDateTime))), drift.Drift, 0, drift.Drift / (double)Math.Max(1, drift.Cells), 0)] : [],
                _ => throw new InvalidOperationException($"Data/checks.json: no kind '{rule.Kind}' (check '{rule.Code}')."),
            });
        }

        // Nothing at all is said once: by the check of silence. What is ten times too much is unusual too, and is said once.
        var silent = found.Where(f => f.Key.Rule == "silent").Select(f => f.Key.Place).ToHashSet(StringComparer.Ordinal);
        var large = found.Where(f => f.Key.Rule == "magnitude").Select(f => f.Key with { Rule = "outlier" }).ToHashSet();
        return [.. found.Where(f => (f.Value != 0 || f.Key.Indicator.Length == 0 || !silent.Contains(f.Key.Place)) && !large.Contains(f.Key))];
    }

    /// <summary>Visits of a month at a facility that are of one person on one day, by day and person.</summary>
    public async Task<IReadOnlyList<(DateOnly Day, string Patient, string Id)>> TwiceAsync(string facility, int month, int most, CancellationToken ct)
    {
        var first = Spans.FirstOf(month);
        await using var connection = await db.OpenAsync(ct);
        return [.. (await connection.QueryAsync<(int Day, string Patient, string Id)>(new CommandDefinition(
            TwiceOf, new { view = FactView.Visit.Number, facility, from = first.DayNumber, to = first.AddMonths(1).AddDays(-1).DayNumber, most }, cancellationToken: ct))).Select(r => (DateOnly.FromDayNumber(r.Day), r.Patient, r.Id))];
    }

    /// <summary>A facility that sends less often than every day is silent only when it is so for much longer than it usually is.</summary>
    private async Task<IReadOnlyList<Found>> SilentAsync(DbConnection connection, CheckRule rule, DateOnly today, CancellationToken ct)
    {
        var indicator = (await book.CurrentAsync(ct)).FirstOrDefault(i => i.Code == rule.Indicator);
        var measure = indicator is null ? null : (await MeasureTable.ReadAsync(connection, null, ct)).FirstOrDefault(k => k.Place is null && k.Measure.Spec.Key == indicator.Of.Key)?.Measure;
        if (measure is null)
        {
            return [];
        }

        var days = (await connection.QueryAsync<(string Facility, int Day, long N)>(new CommandDefinition(Days, new { m = measure.Number, from = today.AddDays(-SilentDays).DayNumber, everywhere = All }, cancellationToken: ct))).ToLookup(d => d.Facility);
        var rates = days.Select(g => (Facility: g.Key, Last: g.Max(d => d.Day), Of: g.ToList())).Select(g => (g.Facility, g.Last, Rhythm: g.Of.Where(d => d.Day > g.Last - RhythmDays).ToList()))
            .Select(g => (g.Facility, g.Last, PerDay: g.Rhythm.Sum(d => d.N) / (double)RhythmDays, Gap: RhythmDays / (double)Math.Max(1, g.Rhythm.Count))).ToList();
        var all = rates.Sum(r => r.PerDay);
        return [.. rates.Where(r => r.Facility.Length > 0 && r.PerDay >= rule.Least)
            .Select(r => (r.Facility, r.PerDay, Silent: today.DayNumber - r.Last, r.Gap, r.Last)).Where(r => r.Silent > Math.Max(rule.Limit, 3 * r.Gap))
            .Select(r => new Found(new(rule.Code, rule.Indicator, r.Facility, Spans.MonthOf(DateOnly.FromDayNumber(r.Last + 1))), r.Silent, r.PerDay, all == 0 ? 0 : -r.PerDay / all, 0))];
    }

    private static IEnumerable<Found> Magnitudes(CheckRule rule, Series series, int month) => Facilities(series).Select(place => (place, Months: series.Until(place, month, 13)))
        .Where(p => p.Months.Count == 13 && UsualRows(series, p.place, month) >= rule.Least).Select(p => (p.place, Value: p.Months[^1], Expected: Judging.Median(p.Months.SkipLast(1))))
        .Where(p => p.Expected > 0 && Math.Abs(Judging.Magnitude(p.Value, p.Expected)) > rule.Limit)
        .Select(p => Compared(rule, series, p.place, month, p.Value, p.Expected));

    private static IEnumerable<Found> Outliers(CheckRule rule, Series series, int month) => Facilities(series)
        .Select(place => (place, Months: series.Until(place, month, History)))
        .Select(p => (p.place, p.Months, Judged: Judging.Unusual(p.Months, [.. Series.Back(month, p.Months.Count).Select(m => series.Value(All, m) - series.Value(p.place, m))])))
        .Where(p => UsualRows(series, p.place, month) >= rule.Least && Math.Abs(p.Judged.Z) > rule.Limit)
        .Select(p => Compared(rule, series, p.place, month, p.Months[^1], p.Judged.Expected));

    private static IEnumerable<Found> Province(CheckRule rule, Series series, int month, int begin)
    {
        var months = Series.Back(month, History).Where(m => m >= begin).Select(m => series.Value(All, m)).ToList();
        return months.Count > 0 && Judging.Unusual(months, null) is var (z, expected) && Math.Abs(z) > rule.Limit && Math.Max(UsualRows(series, All, month), series.At(All, month).Rows) >= rule.Least ? [Compared(rule, series, All, month, months[^1], expected)] : [];
    }

    /// <summary>The year until the last month, against the mean of the same months of the three years before, of those that the place was there.</summary>
    private static IEnumerable<Found> Years(CheckRule rule, Series series, int last)
    {
        var months = Series.Back(last, last % 100).ToList();
        foreach (var place in Facilities(series))
        {
            double Sum(int back) => months.Sum(m => series.Value(place, m - (100 * back)));
            var earlier = Enumerable.Range(1, 3).Select(Sum).Where(s => s > 0).ToList();
            if (earlier.Count >= 2 && months.Average(m => UsualRows(series, place, m)) * months.Count >= rule.Least && earlier.Average() is var expected && Math.Abs(Judging.PerCent(Sum(0), expected)) > rule.Limit)
            {
                // One finding a year, whichever month it was first seen in.
                yield return Compared(rule, series, place, (last / 100 * 100) + 1, Sum(0), expected, months.Sum(m => series.Value(All, m)));
            }
        }
    }

    /// <summary>What is part of something else, or comes before it, beside it.</summary>
    private static IEnumerable<Found> Pairs(CheckRule rule, Series less, Series more, int month) => Facilities(less)
        .Select(place => (place, Less: less.Value(place, month), More: more.Value(place, month)))
        .Where(p => p.Less >= rule.Least && p.Less > p.More && Judging.PerCent(p.More, p.Less) < -rule.Limit)
        .Select(p => new Found(new(rule.Code, less.Indicator.Code, p.place, month), p.Less, p.More, Share(p.Less - p.More, less.Value(All, month)), less.At(p.place, month).Rows));

    /// <summary>A share that is to be below, or above, a limit.</summary>
    private static IEnumerable<Found> Shares(CheckRule rule, Series series, int month) => Facilities(series)
        .Select(place => (place, Parts: series.At(place, month))).Where(p => p.Parts.Below is { } below && (double)below >= rule.Least)
        .Select(p => (p.place, p.Parts, Value: (double)(p.Parts.Value(series.Indicator) ?? 0))).Where(p => rule.Kind == "above" ? p.Value > rule.Limit : p.Value < rule.Limit)
        .Select(p => new Found(new(rule.Code, series.Indicator.Code, p.place, month), p.Value, rule.Limit, Share((double)p.Parts.Below!.Value * Math.Abs(p.Value - rule.Limit) / 100, (double)(series.At(All, month).Below ?? 0)), p.Parts.Rows));

    private static IEnumerable<Found> Targets(CheckRule rule, Series series, int month)
    {
        var (parts, target) = (series.At(All, month), series.Indicator.Target!.Value);
        return parts.Value(series.Indicator) is { } value && parts.Rows >= rule.Least && (series.Indicator.Better == "up" ? value < target : value > target)
            ? [new Found(new(rule.Code, series.Indicator.Code, All, month), (double)value, (double)target, target == 0 ? 1 : (double)((value - target) / Math.Abs(target)), parts.Rows)] : [];
    }

    /// <summary>One person twice at one facility on one day: two visits may be right, many are a dossier that was sent twice under two numbers.</summary>
    private static async Task<IReadOnlyList<Found>> DuplicatesAsync(DbConnection connection, CheckRule rule, List<Series> of, List<int> months, CancellationToken ct)
    {
        var found = new List<Found>();
        foreach (var month in of.Count == 0 ? [] : months)
        {
            var first = Spans.FirstOf(month);
            foreach (var (facility, extra, groups) in await connection.QueryAsync<(string Facility, long Extra, long Groups)>(new CommandDefinition(
                Twice, new { view = FactView.Visit.Number, from = first.DayNumber, to = first.AddMonths(1).AddDays(-1).DayNumber }, cancellationToken: ct)))
            {
                var visits = of[0].Value(facility, month);
                if (extra >= rule.Least && visits > 0 && extra / visits * 100 > rule.Limit)
                {
                    found.Add(new(new(rule.Code, rule.Indicator, facility, month), extra, groups, Share(extra, of[0].Value(All, month)), extra));
                }
            }
        }

        return found;
    }

    /// <summary>Places with a plan whose pace, by what the years before had reached by now, is below the limit.</summary>
    private async Task<IReadOnlyList<Found>> PlansAsync(CheckRule rule, IReadOnlyList<Indicator> current, int last, DateOnly today, CancellationToken ct)
    {
        var found = new List<Found>();
        foreach (var indicator in current.Where(i => rule.Of.Contains(i.Code) && !i.IsRate))
        {
            // The last finished month: days of the running one are still coming in. In January the year before is judged.
            var table = await plans.AskAsync(indicator, Spans.FirstOf(last).AddMonths(1).AddDays(-1), null, ct);
            var tiers = table.Groups.Single(g => g.Key == "by-tier").Lines;
            // A plan of some tiers alone says nothing of the whole.
            var isWhole = tiers.All(t => t.Plan is null) || tiers.All(t => t.Plan is not null || t.Actual == 0);
            var lines = tiers.Concat(table.Groups.Single(g => g.Key == "by-facility").Lines).Concat(isWhole ? [table.Total] : []);
            found.AddRange(lines.Where(l => l.Key.Length > 0 && l.Plan is { } plan && (double)plan >= rule.Least && l.Pace is { } pace && (double)pace * 100 < rule.Limit)
                .Select(l => new Found(new(rule.Code, indicator.Code, l.Key.StartsWith("f:", StringComparison.Ordinal) ? l.Key[2..] : l.Key, Spans.MonthOf(today) / 100 * 100 + 1), (double)l.Pace!.Value * 100, 100,
                    Share((double)(l.Actual - (l.Plan!.Value * l.Season.Mean)), (double)(table.Total.Plan ?? l.Plan.Value)), l.Rows)));
        }

        return found;
    }

    private async Task<IReadOnlyList<Found>> UnsignedAsync(CheckRule rule, List<int> months, DateOnly today, CancellationToken ct)
    {
        var steps = (await closings.StepsAsync(months[0], months[^1], ct)).Where(s => s.Place == ClosingBook.Department).ToLookup(s => s.Month);
        return [.. months.Select(m => (Month: m, Late: today.DayNumber - Spans.FirstOf(m).AddMonths(1).DayNumber)).Where(m => m.Late > rule.Limit && !steps[m.Month].Any()).Select(m => new Found(new(rule.Code, "", All, m.Month), m.Late, rule.Limit, 0, 0))];
    }

    /// <summary>Rows of the record behind a usual month: of few, whatever they add up to, chance is larger than any finding.</summary>
    private static double UsualRows(Series series, string place, int month) => Judging.Median(Series.Back(month, 13).SkipLast(1).Select(m => (double)series.At(place, m).Rows));

    private static IEnumerable<string> Facilities(Series series) => series.Places.Where(p => p.Length > 0 && p != All);

    private static Found Compared(CheckRule rule, Series series, string place, int month, double value, double expected, double? all = null) =>
        new(new(rule.Code, series.Indicator.Code, place, month), value, expected, place == All ? (expected == 0 ? 1 : (value - expected) / expected) : Share(value - expected, all ?? series.Value(All, month)), series.At(place, month).Rows);

    private static double Share(double part, double all) => all == 0 ? 0 : part / all;
}
