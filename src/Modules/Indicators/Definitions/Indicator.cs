using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mach.Indicators.Definitions;

/// <summary>One version of the definition of an indicator. A definition is never changed: the next version takes its place.</summary>
public sealed record Indicator
{
    /// <summary>Letters, digits and hyphens; the same in all versions.</summary>
    [JsonPropertyName("code")] public required string Code { get; init; }
    [JsonPropertyName("version")] public int Version { get; init; } = 1;
    [JsonPropertyName("group")] public string Group { get; init; } = "activity";
    [JsonPropertyName("vi")] public required string Vi { get; init; }
    [JsonPropertyName("en")] public required string En { get; init; }

    /// <summary>What is counted, or what stands above the line.</summary>
    [JsonPropertyName("of")] public required MeasureSpec Of { get; init; }

    /// <summary>What stands below the line; null = the indicator is a count or a sum.</summary>
    [JsonPropertyName("per")] public MeasureSpec? Per { get; init; }

    /// <summary>A known amount that stands below the line instead: one of <see cref="Asking.KnownAmounts"/>; null = none.</summary>
    [JsonPropertyName("perKnown")] public string? PerKnown { get; init; }

    /// <summary>What the quotient is multiplied with: 100 for per cent, 10,000 per ten thousand people.</summary>
    [JsonPropertyName("factor")] public decimal Factor { get; init; } = 1;
    [JsonPropertyName("unitVi")] public string UnitVi { get; init; } = "";
    [JsonPropertyName("unitEn")] public string UnitEn { get; init; } = "";

    /// <summary>Digits behind the decimal point.</summary>
    [JsonPropertyName("digits")] public int Digits { get; init; }

    /// <summary>up, down or none: what is better.</summary>
    [JsonPropertyName("better")] public string Better { get; init; } = "none";

    /// <summary>What is aimed at; null = nothing.</summary>
    [JsonPropertyName("target")] public decimal? Target { get; init; }

    /// <summary>Fewer rows than this are not shown to who may not see the people; 0 = all are shown.</summary>
    [JsonPropertyName("min")] public int Min { get; init; }

    /// <summary>care: where it was done; residence: where the person lives.</summary>
    [JsonPropertyName("place")] public string Place { get; init; } = "care";

    /// <summary>Form and cell of a statutory report; empty = none.</summary>
    [JsonPropertyName("form")] public string Form { get; init; } = "";

    /// <summary>Where the rule is written.</summary>
    [JsonPropertyName("source")] public string Source { get; init; } = "";

    [JsonIgnore] public string Name => Ui.Texts.IsEnglish ? En : Vi;
    [JsonIgnore] public string Unit => Ui.Texts.IsEnglish ? UnitEn : UnitVi;
    [JsonIgnore] public bool IsRate => Per is not null || PerKnown is not null;

    internal static Indicator Read(string json) => JsonSerializer.Deserialize<Indicator>(json) ?? throw new JsonException("Nothing.");

    internal string Write() => JsonSerializer.Serialize(this);
}
