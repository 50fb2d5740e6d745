using Mach.Contracts.Registry;
using Mach.Indicators.Asking;
using Mach.Indicators.Definitions;

namespace Mach.Indicators.Plans;

/// <summary>Plan against actual until a day: the province, its tiers, the former provinces, each facility.</summary>
/// <param name="Groups">Key of the words of each group, and its lines.</param>
public sealed record PlanTable(DateOnly Until, PlanLine Total, IReadOnlyList<(string Key, IReadOnlyList<PlanLine> Lines)> Groups);

/// <summary>Sources of the formulas: attainment A = actual ÷ plan, pace = actual ÷ (plan · s), year end = actual ÷ s, s = mean cumulative share of the last three years.</summary>
internal sealed class PlanReport(PlanBook book, Asker asker, IFacilityDirectory facilities)
{
    private const int SeasonYears = 3;

    public async Task<PlanTable> AskAsync(Indicator indicator, DateOnly until, IReadOnlyList<string>? scope, CancellationToken ct)
    {
        var year = new DateOnly(until.Year, 1, 1);
        var plan = (await book.ReadAsync(indicator.Code, until.Year, ct)).ToDictionary(p => p.Place, p => p.Value, StringComparer.Ordinal);
        var actual = (await asker.AskAsync(new Question(indicator, year, until, Grouping.Facility, null, scope), ct)).Lines.ToDictionary(l => l.Key, l => l.Parts, StringComparer.Ordinal);
        var months = (await asker.AskAsync(new Question(indicator, year.AddYears(-SeasonYears), year.AddDays(-1), Grouping.Month, null, scope), ct)).Lines.ToDictionary(l => l.Key, l => l.Parts.Above, StringComparer.Ordinal);
        var season = SeasonalShare.Of(Enumerable.Range(1, SeasonYears).Select(back => (IReadOnlyList<decimal>)[.. Enumerable.Range(1, 12).Select(m => months.GetValueOrDefault($"{until.Year - back}{m:00}"))]), until);
        var places = facilities.All.Where(f => scope?.Contains(f.Code) != false && (plan.ContainsKey("f:" + f.Code) || actual.ContainsKey(f.Code))).OrderBy(f => f.Code, StringComparer.Ordinal).ToList();

        decimal? Planned(IEnumerable<Facility> of) => of.Select(f => plan.TryGetValue("f:" + f.Code, out var v) ? v : (decimal?)null).Where(v => v is not null).ToList() is { Count: > 0 } known ? known.Sum() : null;
        PlanLine Group(string key, string label, decimal? own, IReadOnlyCollection<Facility> of) => new(key, label, own ?? Planned(of), of.Sum(f => actual.GetValueOrDefault(f.Code).Above), season) { Rows = of.Sum(f => actual.GetValueOrDefault(f.Code).Rows) };

        var tiers = places.GroupBy(f => f.Tier ?? "").OrderBy(g => Order(g.Key)).Select(g => Group("t:" + g.Key, g.Key.Length == 0 ? Words.T["unknown"] : Words.T["tier-" + g.Key], scope is null && plan.TryGetValue("t:" + g.Key, out var own) ? own : null, [.. g])).ToList();
        var former = places.GroupBy(f => f.FormerProvince ?? "").OrderBy(g => g.Key.Length == 0).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => Group("", g.Key.Length == 0 ? Words.T["unknown"] : g.Key, null, [.. g])).ToList();
        var total = new PlanLine("*", Words.T["total"], scope is null && plan.TryGetValue("*", out var all) ? all : tiers.Any(t => t.Plan is not null) ? tiers.Sum(t => t.Plan ?? 0) : null, actual.Values.Sum(a => a.Above), season) { Rows = actual.Values.Sum(a => a.Rows) };
        return new PlanTable(until, total, [("by-tier", tiers), ("by-former-province", former), ("by-facility", [.. places.Select(f => Group("f:" + f.Code, f.Name, null, [f]))])]);
    }

    private static int Order(string tier) => tier switch { "specialised" => 0, "basic" => 1, "initial" => 2, _ => 3 };
}
