using Mach.Contracts.Registry;
using Mach.Indicators.Asking;

namespace Mach.Indicators.Pages;

/// <summary>What an address asks of an indicator.</summary>
/// <param name="Map">Boundary of residence: today, former, event, or a day.</param>
public sealed record IndicatorQuery(Period Period, Grouping By, string Map)
{
    public static readonly IReadOnlyList<(string Key, Grouping By)> Ways =
        [("facility", Grouping.Facility), ("tier", Grouping.Tier), ("former-province", Grouping.FormerProvince), ("commune", Grouping.Commune), ("stratum", Grouping.Stratum), ("month", Grouping.Month)];

    public static readonly IReadOnlyList<string> Maps = ["today", "former", "event"];

    /// <summary>Null with what is wrong.</summary>
    internal static IndicatorQuery? Read(string? period, string? from, string? to, string? by, string? map, DateOnly today, out string? problem)
    {
        problem = null;
        var text = from is { Length: > 0 } && to is { Length: > 0 } ? $"{from}..{to}" : period;
        var days = string.IsNullOrEmpty(text) ? Period.YearOf(today) : Period.Parse(text);
        if (days is null)
        {
            problem = Words.T.Format("wrong-period", text);
        }
        else if (by is { Length: > 0 } && !Ways.Any(w => w.Key == by))
        {
            problem = Words.T.Format("wrong-by", by, string.Join(", ", Ways.Select(w => w.Key)));
        }
        else if (map is { Length: > 0 } && !Maps.Contains(map) && Period.Parse(map) is null)
        {
            problem = Words.T.Format("wrong-map", map, string.Join(", ", Maps));
        }

        return problem is not null ? null : new IndicatorQuery(days!, Ways.FirstOrDefault(w => w.Key == by) is { Key: not null } way ? way.By : Grouping.Facility, map is { Length: > 0 } ? map : "today");
    }

    public string ByKey => Ways.First(w => w.By == By).Key;

    internal Boundary BoundaryOf(DateOnly today) => Map switch
    {
        "former" => Boundary.Named(Boundary.FormerCommunes),
        "event" => Boundary.AtEvent,
        "today" => Boundary.AsOf(today),
        _ => Boundary.AsOf(Period.Parse(Map)!.To),
    };

    /// <summary>The rest of an address.</summary>
    public string Tail(Grouping? by = null) => $"?period={Uri.EscapeDataString(Period.Text)}&by={Ways.First(w => w.By == (by ?? By)).Key}&map={Uri.EscapeDataString(Map)}";
}
