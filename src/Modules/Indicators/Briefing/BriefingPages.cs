using System.Globalization;
using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Indicators.Asking;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;
using Mach.Indicators.Pages;
using Mach.Indicators.Plans;
using Mach.Ui;
using Mach.Ui.Print;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Mach.Indicators.Words;

namespace Mach.Indicators.Briefing;

/// <summary>The numbers of a meeting on a page or two of paper, as PDF: what the overview and the pages of plans show the caller, and no more.</summary>
internal static class BriefingPages
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/indicators/briefing.pdf", Show).WithName("ind-briefing").RequireAuthorization(Policies.ReadIndicators);

    /// <summary>The same period as the overview: whole months, the year so far when none is asked for.</summary>
    internal static async Task<IResult> Show(
        Overview overview, PlanBook plans, PlanReport report, Counter counter, IFacilityDirectory facilities, TimeProvider clock, HttpContext http, string? period, CancellationToken ct)
    {
        var (scope, today) = (Scope.Of(http), Dates.Today(clock));
        var days = string.IsNullOrEmpty(period) ? Period.YearOf(today) : Period.Parse(period);
        if (days is null || !days.IsWholeMonths)
        {
            return IndicatorPages.Wrong(T.Format(days is null ? "wrong-period" : "wrong-months", period));
        }

        IReadOnlyList<Glance> now = scope.IsNothing ? [] : await overview.AskAsync(days.From, days.To, scope.Facility, ct);
        IReadOnlyList<Glance> earlier = scope.IsNothing || days.Preceding == days.Before ? [] : await overview.AskAsync(days.Preceding.From, days.Preceding.To, scope.Facility, ct);
        var lines = new List<BriefingLine>();
        foreach (var code in BriefingList.Shipped.Indicators)
        {
            if (now.FirstOrDefault(g => g.Indicator.Code == code) is { } glance)
            {
                var plan = glance.Indicator.IsRate ? null : await PlanAsync(plans, report, glance.Indicator, days.To < today ? days.To : today, scope, ct);
                lines.Add(new(glance, earlier.FirstOrDefault(g => g.Indicator.Code == code)?.Now, plan));
            }
        }

        // To the minute: what stands on the paper and in the file is the same.
        var at = clock.GetUtcNow();
        at = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMinute));
        var place = scope.IsEverywhere ? T["of-all"] : facilities.Find(scope.Facility ?? "")?.Name ?? scope.Facility ?? "";
        var span = $"{Dates.Show(days.From)} – {Dates.Show(days.To)}";
        var paper = new Paper(T["briefing"], string.Join(" · ", new[] { T["briefing"], place, span }.Where(t => t.Length > 0)), T.Format("briefing-foot", Dates.Show(at), http.User.AccountName()), T["page-of"], Texts.IsEnglish ? "en" : "vi", at);
        var form = new BriefingForm(place, days, today, lines, await counter.PlaceAsync(ct), IndicatorPages.SeesPeople(http), scope.IsNothing);
        http.Response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"inline; filename=\"briefing-{days.Text}.pdf\"");
        return TypedResults.Bytes(PdfWriting.Write(paper, form.Build()), "application/pdf");
    }

    /// <summary>Of the whole of what the caller sees; null where nothing is planned.</summary>
    private static async Task<PlanLine?> PlanAsync(PlanBook plans, PlanReport report, Indicator indicator, DateOnly until, Scope scope, CancellationToken ct) =>
        (await plans.ReadAsync(indicator.Code, until.Year, ct)).Count > 0 && await report.AskAsync(indicator, until, scope.Facilities, ct) is { Total: { Plan: not null } total } ? total : null;
}
