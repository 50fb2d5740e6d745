using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Indicators.Asking;
using Mach.Indicators.Definitions;
using Mach.Indicators.Plans;
using Mach.Indicators.Quality;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Indicators.Pages;

/// <summary>One facility of a list.</summary>
public sealed record FacilityLine(Facility Facility, Parts Now, Parts Before, DateOnly? Last, int Findings);

/// <summary>The facilities beside each other, and one of them among those of its tier.</summary>
internal static class ScorecardPages
{
    /// <summary>Facilities are listed by this indicator.</summary>
    public const string First = "visits";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/indicators/facilities", List).WithName("ind-facilities").RequireAuthorization(Policies.ReadIndicators);
        routes.MapGet("/indicators/facilities/{facility}", Show).WithName("ind-facility").RequireAuthorization(Policies.ReadIndicators);
    }

    internal static async Task<IResult> List(DefinitionBook book, Asker asker, Overview overview, FindingBook findings, IFacilityDirectory facilities, TimeProvider clock, HttpContext http, string? period, CancellationToken ct)
    {
        var (scope, today) = (Scope.Of(http), Dates.Today(clock));
        if (scope.Facility is { } only && !scope.IsEverywhere)
        {
            return TypedResults.LocalRedirect("/indicators/facilities/" + Uri.EscapeDataString(only));
        }

        if (Months(period, today) is not { } days)
        {
            return IndicatorPages.Wrong(Words.T.Format("wrong-months", period));
        }

        if (scope.IsNothing || await book.FindAsync(First, null, ct) is not { } indicator)
        {
            return UiModule.Page<FacilitiesPage>(new { Scope = scope, Period = days, Today = today });
        }

        async Task<Dictionary<string, Parts>> AskAsync(Period of) => (await asker.AskAsync(new Question(indicator, of.From, of.To, Grouping.Facility), ct)).Lines.ToDictionary(l => l.Key, l => l.Parts, StringComparer.Ordinal);
        var (now, before) = (await AskAsync(days), await AskAsync(days.Before));
        var lasts = (await overview.SendersAsync(today, null, ct)).ToDictionary(s => s.Facility, s => s.Last, StringComparer.Ordinal);
        var open = (await findings.LastsAsync(null, ct)).Where(f => f.IsOpen).GroupBy(f => f.Key.Place).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        return UiModule.Page<FacilitiesPage>(new
        {
            Scope = scope,
            Period = days,
            Today = today,
            Indicator = indicator,
            SeesPeople = IndicatorPages.SeesPeople(http),
            Lines = facilities.All.Where(f => now.ContainsKey(f.Code) || before.ContainsKey(f.Code)).Select(f => new FacilityLine(f, now.GetValueOrDefault(f.Code), before.GetValueOrDefault(f.Code), lasts.TryGetValue(f.Code, out var last) ? last : null, open.GetValueOrDefault(f.Code)))
                .OrderByDescending(l => l.Now.Above).ThenBy(l => l.Facility.Code, StringComparer.Ordinal).ToList(),
        });
    }

    /// <summary>beside: another facility, for who sees all of them.</summary>
    internal static async Task<IResult> Show(Scorecard scorecard, DefinitionBook book, FindingBook findings, Accounts accounts, PlanReport plans, Overview overview, IFacilityDirectory facilities, TimeProvider clock, HttpContext http, string facility, string? beside, string? period, CancellationToken ct)
    {
        var (scope, today) = (Scope.Of(http), Dates.Today(clock));
        if (!scope.Sees(facility) || facilities.Find(facility) is not { } own)
        {
            return TypedResults.NotFound();
        }

        if (Months(period, today) is not { } days)
        {
            return IndicatorPages.Wrong(Words.T.Format("wrong-months", period));
        }

        var other = string.IsNullOrEmpty(beside) || beside == facility ? null : facilities.Find(beside);
        if (!string.IsNullOrEmpty(beside) && beside != facility && (other is null || !scope.Sees(beside)))
        {
            return IndicatorPages.Wrong(Words.T.Format("wrong-facility", beside));
        }

        var wording = await QualityPages.WordingAsync(book, accounts, facilities, today, http, ct);
        var planned = new List<(Indicator Indicator, PlanLine Line)>();
        foreach (var indicator in (await book.CurrentAsync(ct)).Where(i => CodeList.Scorecard.Contains(i.Code) && !i.IsRate))
        {
            if (days.From is { Month: 1, Day: 1 } && days.From.Year == days.To.Year
                && (await plans.AskAsync(indicator, days.To < today ? days.To : today, [facility], ct)).Groups.Single(g => g.Key == "by-facility").Lines.FirstOrDefault(l => l.Key == "f:" + facility) is { Plan: not null } line
                && !Scope.IsSmall(indicator, new Parts(line.Rows, 0, null), IndicatorPages.SeesPeople(http)))
            {
                planned.Add((indicator, line));
            }
        }

        return UiModule.Page<ScorecardPage>(new
        {
            Scope = scope,
            Period = days,
            Today = today,
            Facility = own,
            Beside = other,
            Others = scope.IsEverywhere ? facilities.All.Where(f => f.Code != facility && f.Status == FacilityStatus.Active).OrderBy(f => f.Tier != own.Tier).ThenBy(f => f.Tier, StringComparer.Ordinal).ThenBy(f => f.Name, StringComparer.Ordinal).ToList() : [],
            Lines = await scorecard.AskAsync(facility, other?.Code, days.From, days.To, ct),
            Planned = planned,
            Findings = QualityPages.Ranked((await findings.LastsAsync(facility, ct)).Where(f => f.IsOpen).Select(wording.Of).OfType<FindingView>()).ToList(),
            Last = await overview.SendersAsync(today, facility, ct) is [var sender, ..] ? sender.Last : (DateOnly?)null,
            SeesPeople = IndicatorPages.SeesPeople(http),
        });
    }

    /// <summary>Whole months; null when it is none.</summary>
    private static Period? Months(string? period, DateOnly today) => string.IsNullOrEmpty(period) ? Period.YearOf(today) : Period.Parse(period) is { IsWholeMonths: true } days ? days : null;
}
