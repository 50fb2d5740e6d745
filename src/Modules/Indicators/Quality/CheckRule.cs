using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mach.Indicators.Quality;

/// <summary>One check of the numbers, as data.</summary>
public sealed record CheckRule
{
    /// <summary>Letters, digits and hyphens.</summary>
    [JsonPropertyName("code")] public required string Code { get; init; }

    /// <summary>How it compares: silent, magnitude, outlier, year, pair, above, below, duplicate, plan, target, province, closing or drift (docs/adr/0029).</summary>
    [JsonPropertyName("kind")] public required string Kind { get; init; }

    /// <summary>quality: the numbers may be wrong; steering: they are right and want a decision.</summary>
    [JsonPropertyName("for")] public required string For { get; init; }

    [JsonPropertyName("indicator")] public string Indicator { get; init; } = "";
    [JsonPropertyName("indicators")] public IReadOnlyList<string> Indicators { get; init; } = [];

    /// <summary>Of a pair, the indicator that is not to be less.</summary>
    [JsonPropertyName("other")] public string Other { get; init; } = "";

    /// <summary>What is still accepted: days, a number of standard units, or per cent, by kind.</summary>
    [JsonPropertyName("limit")] public double Limit { get; init; }

    /// <summary>Fewer rows of the record in a usual month (of shares: less below the line) are not looked at: chance is larger than the finding.</summary>
    [JsonPropertyName("least")] public double Least { get; init; }

    /// <summary>How many finished months are looked at.</summary>
    [JsonPropertyName("months")] public int Months { get; init; } = 1;

    /// <summary>1 first, 3 last.</summary>
    [JsonPropertyName("level")] public int Level { get; init; } = 3;

    /// <summary>Days after it was found until it is to be settled.</summary>
    [JsonPropertyName("days")] public int Days { get; init; } = 7;

    [JsonPropertyName("vi")] public required string Vi { get; init; }
    [JsonPropertyName("en")] public required string En { get; init; }
    [JsonPropertyName("source")] public string Source { get; init; } = "";

    [JsonIgnore] public string Name => Ui.Texts.IsEnglish ? En : Vi;
    [JsonIgnore] public IReadOnlyList<string> Of => Indicators.Count > 0 ? Indicators : Indicator.Length > 0 ? [Indicator] : [];

    private static readonly Lazy<IReadOnlyList<CheckRule>> s_shipped = new(Load);

    /// <summary>Those that come with the program (Data/checks.json).</summary>
    public static IReadOnlyList<CheckRule> Shipped => s_shipped.Value;

    private static List<CheckRule> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("checks.json")!;
        return JsonSerializer.Deserialize<List<CheckRule>>(stream)!;
    }
}
