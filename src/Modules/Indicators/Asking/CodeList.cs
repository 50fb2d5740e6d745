using System.Reflection;
using System.Text.Json;

namespace Mach.Indicators.Asking;

/// <summary>Codes of indicators in an order, as data of the program.</summary>
public static class CodeList
{
    private static readonly Lazy<IReadOnlyList<string>> s_morning = new(() => Load("morning.json")), s_scorecard = new(() => Load("scorecard.json"));

    /// <summary>The few numbers that matter (Data/morning.json).</summary>
    public static IReadOnlyList<string> Morning => s_morning.Value;

    /// <summary>What facilities are compared by (Data/scorecard.json).</summary>
    public static IReadOnlyList<string> Scorecard => s_scorecard.Value;

    private static List<string> Load(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        return JsonSerializer.Deserialize<List<string>>(stream)!;
    }
}
