using Mach.Indicators.Asking;

namespace Mach.Indicators.Pages;

/// <summary>What of an answer by communes is drawn: what may be shown, by unit.</summary>
internal static class MapValues
{
    public static Dictionary<string, double> Of(Answer answer, bool seesPeople) => answer.Lines
        .Where(l => l.Key.Length > 0 && !Scope.IsSmall(answer.Question.Indicator, l.Parts, seesPeople) && l.Parts.Value(answer.Question.Indicator) is not null)
        .ToDictionary(l => l.Key, l => (double)l.Parts.Value(answer.Question.Indicator)!.Value, StringComparer.Ordinal);

    public static Dictionary<string, string> Said(Answer answer, bool seesPeople) => answer.Lines.Where(l => l.Key.Length > 0)
        .ToDictionary(l => l.Key, l => Shown.Value(answer.Question.Indicator, l.Parts, Scope.IsSmall(answer.Question.Indicator, l.Parts, seesPeople)), StringComparer.Ordinal);
}
