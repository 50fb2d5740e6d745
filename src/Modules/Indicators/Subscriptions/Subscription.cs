using System.Globalization;
using Mach.Indicators.Pages;

namespace Mach.Indicators.Subscriptions;

/// <summary>A report that somebody wants whenever a period has ended. It is made when it is opened, by the rights of then: nothing is kept of it but how far it was read.</summary>
/// <param name="Report">briefing, board:ID or indicator:CODE.</param>
/// <param name="Cadence">month, quarter or year.</param>
/// <param name="Since">Periods that end before are not given.</param>
/// <param name="Seen">Last day of the newest period that was opened; null = none.</param>
public sealed record Subscription(string Account, string Report, string Cadence, DateOnly Since, DateOnly? Seen)
{
    public static readonly IReadOnlyList<string> Cadences = ["month", "quarter", "year"];

    /// <summary>How many periods back are listed.</summary>
    public const int Most = 12;

    /// <summary>Periods that have ended since it was ordered, the newest first; the one before it was ordered is the first that is given.</summary>
    public IReadOnlyList<Period> Ended(DateOnly today)
    {
        var months = Cadence switch { "month" => 1, "quarter" => 3, _ => 12 };
        var next = new DateOnly(today.Year, ((today.Month - 1) / months * months) + 1, 1);
        return [.. Enumerable.Range(1, Most).Select(i => Named(next.AddMonths(-i * months), months)).TakeWhile(p => p.From.AddMonths(2 * months) > Since)];
    }

    /// <summary>Where a period of it is found.</summary>
    public string Href(Period period) => Report.Split(':', 2) switch
    {
        ["board", var id] => "/indicators/boards/" + id,
        ["indicator", var code] => $"/indicators/{code}.xlsx?period={Uri.EscapeDataString(period.Text)}",
        _ => "/indicators/briefing.pdf?period=" + Uri.EscapeDataString(period.Text),
    };

    private static Period Named(DateOnly first, int months) => Period.Parse(months switch
    {
        1 => first.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        3 => string.Create(CultureInfo.InvariantCulture, $"{first.Year}-q{((first.Month - 1) / 3) + 1}"),
        _ => first.Year.ToString(CultureInfo.InvariantCulture),
    })!;
}
