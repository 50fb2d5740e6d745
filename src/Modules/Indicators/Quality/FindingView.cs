using Mach.Contracts.Registry;
using Mach.Indicators.Asking;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;
using Mach.Indicators.Pages;

namespace Mach.Indicators.Quality;

/// <summary>A finding in words, as one caller may read it.</summary>
/// <param name="PlaceName">Of the facility, the tier or the whole.</param>
/// <param name="Said">What was found, with its numbers; a small number is only said to be small.</param>
/// <param name="OwnerName">Who has to settle it: a person, else the place.</param>
public sealed record FindingView(FindingStep Step, CheckRule Rule, Indicator? Indicator, string PlaceName, string Said, string OwnerName, bool IsOverdue)
{
    public string Href => "/indicators/quality/" + Step.Key.Address;

    /// <summary>good, warn, bad, info or nothing: by the weight of the check, and whether it is over time.</summary>
    public string? Kind => !Step.IsOpen ? null : IsOverdue || Rule.Level == 1 ? "bad" : Rule.Level == 2 ? "warn" : "info";

    public string State => Words.T["finding-" + FindingBook.Word(Step.Act)];

    public string EffectText => Step.Effect == 0 || Step.Key.Place == "*" ? "" : (Step.Effect > 0 ? "+" : "−") + Shown.Percent((decimal)Math.Abs(Step.Effect));

    /// <summary>The number in doubt; null where there is none.</summary>
    public string? NumberHref => Indicator is null ? null : Step.Key.Place.StartsWith('t') ? $"/indicators/{Indicator.Code}?period={Period}&by=tier" : $"/indicators/{Indicator.Code}?period={Period}&by=facility";

    /// <summary>The records behind it.</summary>
    public string? RecordsHref => Indicator is null || Rule.Kind is "silent" || Step.Key.Place.StartsWith('t') ? null
        : Step.Key.Place == Delta.Everywhere ? $"/indicators/{Indicator.Code}/records?period={Period}" : $"/indicators/{Indicator.Code}/records?period={Period}&by=facility&key={Uri.EscapeDataString(Step.Key.Place)}";

    /// <summary>The month, or the year of what is about one.</summary>
    public string When => Rule.Kind is "year" or "plan" ? Period : Closing.ClosingPage.Show(Step.Key.Month);

    private string Period => Rule.Kind is "year" or "plan" ? (Step.Key.Month / 100).ToString(System.Globalization.CultureInfo.InvariantCulture) : Closing.ClosingPage.Address(Step.Key.Month);
}

/// <summary>Puts findings into words.</summary>
/// <param name="names">Display names of accounts.</param>
internal sealed class FindingWording(IReadOnlyDictionary<string, Indicator> indicators, IFacilityDirectory facilities, IReadOnlyDictionary<string, string> names, DateOnly today, bool seesPeople)
{
    private static readonly Dictionary<string, CheckRule> s_rules = CheckRule.Shipped.ToDictionary(r => r.Code, StringComparer.Ordinal);

    /// <summary>Null for a check that no longer exists.</summary>
    public FindingView? Of(FindingStep step)
    {
        if (!s_rules.TryGetValue(step.Key.Rule, out var rule))
        {
            return null;
        }

        var indicator = indicators.GetValueOrDefault(step.Key.Indicator);
        var place = PlaceName(step.Key.Place);
        var isSmall = indicator is not null && Scope.IsSmall(indicator, new Parts(step.Rows, 0, null), seesPeople);
        return new(step, rule, indicator, place, Said(step, rule, indicator, isSmall), step.Owner.Length == 0 ? place : names.GetValueOrDefault(step.Owner) ?? step.Owner, step.IsOpen && step.Due < today);
    }

    private string PlaceName(string place) => place == Delta.Everywhere ? Words.T["of-all"] : place.StartsWith("t:", StringComparison.Ordinal) ? Words.T["tier-" + place[2..]] : facilities.Find(place)?.Name ?? place;

    private string Said(FindingStep step, CheckRule rule, Indicator? indicator, bool isSmall)
    {
        var digits = indicator?.Digits ?? 0;
        string Value(double value) => isSmall ? "< " + indicator!.Min.ToString(System.Globalization.CultureInfo.InvariantCulture) : Shown.Number((decimal)value, digits);
        var text = rule.Kind switch
        {
            "silent" => Words.T.Format("said-silent", Shown.Number((decimal)step.Value), Shown.Number((decimal)step.Expected, 1)),
            "magnitude" or "outlier" or "province" or "year" => Words.T.Format("said-compared", Value(step.Value), Shown.Number((decimal)step.Expected, digits), isSmall ? "?" : step.Expected < 0.5 ? Words.T["said-new"] : Signed(Judging.PerCent(step.Value, step.Expected))),
            "pair" => Words.T.Format("said-pair", Value(step.Value), indicator?.Name, Shown.Number((decimal)step.Expected, digits), indicators.GetValueOrDefault(rule.Other)?.Name ?? rule.Other),
            "above" or "below" => Words.T.Format("said-share", Value(step.Value), indicator?.Unit, Shown.Number((decimal)step.Expected, digits)),
            "duplicate" => Words.T.Format("said-duplicate", Value(step.Value)),
            "plan" => Words.T.Format("said-plan", Shown.Number((decimal)step.Value, 1)),
            "target" => Words.T.Format("said-target", Value(step.Value), indicator?.Unit, Shown.Number((decimal)step.Expected, digits)),
            "closing" => Words.T.Format("said-closing", Closing.ClosingPage.Show(step.Key.Month), Shown.Number((decimal)step.Value)),
            "drift" => Words.T.Format("said-drift", Shown.Number((decimal)step.Value)),
            _ => "",
        };
        return indicator is null || rule.Kind is "pair" or "silent" or "duplicate" ? text : indicator.Name + ": " + text;
    }

    private static string Signed(double perCent) => (perCent < 0 ? "−" : "+") + Shown.Number((decimal)Math.Min(Math.Abs(perCent), 1e6), 0) + " %";
}
