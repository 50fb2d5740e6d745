using Mach.Access;
using Mach.Access.Web;
using Mach.Indicators.Boards;
using Mach.Indicators.Definitions;
using Mach.Indicators.Pages;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Indicators.Subscriptions;

/// <summary>A subscription as it is listed.</summary>
/// <param name="Name">Of the board or indicator; null when it is no longer there, or not for this account.</param>
public sealed record SubscriptionLine(Subscription Of, string? Name, IReadOnlyList<Period> Ended);

/// <summary>Reports that come by themselves: a list of what is new, made when it is opened.</summary>
internal static class SubscriptionPages
{
    /// <summary>Of one account; more is a slip of a program.</summary>
    private const int MostOfOne = 50;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/indicators/subscriptions", List).WithName("ind-subscriptions").RequireAuthorization(Policies.ReadIndicators);
        routes.MapPost("/indicators/subscriptions", Change).WithName("ind-subscribe").RequireAuthorization(Policies.ReadIndicators);
    }

    internal static async Task<IResult> List(SubscriptionBook book, BoardBook boards, DefinitionBook definitions, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var (who, today) = (http.User.AccountName(), Dates.Today(clock));
        var (seen, indicators) = ((await boards.ListAsync(who, ct)).Where(b => !b.IsGone).ToList(), await definitions.CurrentAsync(ct));
        string? Name(string report) => report.Split(':', 2) switch
        {
            ["board", var id] => seen.Find(b => b.Id == id)?.Name,
            ["indicator", var code] => indicators.FirstOrDefault(i => i.Code == code)?.Name,
            _ => Words.T["briefing"],
        };
        return UiModule.Page<SubscriptionsPage>(new
        {
            Lines = (await book.ListAsync(who, ct)).Select(s => new SubscriptionLine(s, Name(s.Report), s.Ended(today))).ToList(),
            Boards = seen,
            Indicators = indicators,
        });
    }

    /// <summary>act: order (report, cadence), cancel, open (period): opening marks it as read and leads to it.</summary>
    internal static async Task<IResult> Change(SubscriptionBook book, BoardBook boards, DefinitionBook definitions, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var typed = await http.Request.FormAsync(ct);
        var (who, act, report, cadence) = (http.User.AccountName(), typed["act"].ToString(), typed["report"].ToString(), typed["cadence"].ToString());
        var own = await book.ListAsync(who, ct);
        if (act == "order")
        {
            var isThere = report.Split(':', 2) switch
            {
                ["briefing"] => true,
                ["board", var id] => await boards.FindAsync(id, ct) is { IsGone: false } board && board.MaySee(who),
                ["indicator", var code] => await definitions.FindAsync(code, null, ct) is not null,
                _ => false,
            };
            if (!isThere || !Subscription.Cadences.Contains(cadence) || own.Count >= MostOfOne)
            {
                return IndicatorPages.Wrong(Words.T.Format("subscription-wrong", MostOfOne));
            }

            await book.AddAsync(who, report, cadence, ct);
            return TypedResults.LocalRedirect("/indicators/subscriptions");
        }

        if (own.FirstOrDefault(s => s.Report == report && s.Cadence == cadence) is not { } found)
        {
            return TypedResults.NotFound();
        }

        if (act == "cancel")
        {
            await book.RemoveAsync(found, ct);
            return TypedResults.LocalRedirect("/indicators/subscriptions");
        }

        if (act != "open" || found.Ended(Dates.Today(clock)).FirstOrDefault(p => p.Text == typed["period"].ToString()) is not { } period)
        {
            return IndicatorPages.Wrong(Words.T["finding-no-act"]);
        }

        await book.SeeAsync(found, period.To, ct);
        return TypedResults.LocalRedirect(found.Href(period));
    }
}
