using System.Text.Json;
using System.Text.Json.Serialization;
using Mach.Indicators.Facts;
using Mach.Indicators.Language;

namespace Mach.Indicators.Definitions;

/// <summary>What is counted of a view. Two definitions that count the same share it.</summary>
/// <param name="View">Name of the view.</param>
/// <param name="Where">Which rows; empty = all.</param>
/// <param name="Value">What each row gives; empty = 1. Rounded to hundredths.</param>
/// <param name="Distinct">Each person once, whatever the value.</param>
/// <param name="Stratum">By what it can be parted; empty = not at all.</param>
public sealed record MeasureSpec(
    [property: JsonPropertyName("view")] string View,
    [property: JsonPropertyName("where")] string Where = "",
    [property: JsonPropertyName("value")] string Value = "",
    [property: JsonPropertyName("distinct")] bool Distinct = false,
    [property: JsonPropertyName("stratum")] string Stratum = "")
{
    /// <summary>One text a distinct measure: how it is known in the tables.</summary>
    [JsonIgnore]
    public string Key => JsonSerializer.Serialize(this with { Where = Where.Trim(), Value = Value.Trim(), Stratum = Stratum.Trim() });
}

/// <summary>A measure, compiled.</summary>
internal sealed class Measure
{
    /// <summary>More than this of one row is no amount that is met: the row gives nothing, and <see cref="Give"/> says so.</summary>
    public const decimal Most = 1_000_000_000_000_000m;

    private readonly Formula _where, _value, _stratum;

    /// <param name="number">In the tables; 0 = none.</param>
    /// <exception cref="FormulaException">An expression cannot be read.</exception>
    public Measure(int number, MeasureSpec spec)
    {
        (Number, Spec) = (number, spec);
        View = FactView.Find(spec.View) ?? throw new FormulaException(0, $"Không có bảng '{spec.View}'. Có: {Views}.", $"There is no view '{spec.View}'. There are: {Views}.");
        _where = Formula.Parse(spec.Where, View, FormulaKind.Truth, Formula.OfTruth(static _ => true));
        _value = Formula.Parse(spec.Value, View, FormulaKind.Number, Formula.OfNumber(static _ => 1));
        _stratum = Formula.Parse(spec.Stratum, View, FormulaKind.Text, Formula.OfText(static _ => ""));
    }

    public int Number { get; }
    public MeasureSpec Spec { get; }
    public FactView View { get; }

    private static string Views => string.Join(", ", FactView.All.Select(v => v.Name));

    /// <summary>What a row gives, in hundredths, and under which stratum; null when it is not counted.</summary>
    public (long Hundredths, string Stratum)? Give(Fact fact)
    {
        if (fact.IsTest || !_where.IsTrue(fact) || Amount(fact) is not { } amount)
        {
            return null;
        }

        return ((long)decimal.Round(amount * 100, 0, MidpointRounding.AwayFromZero), _stratum.Text(fact) ?? "");
    }

    private decimal? Amount(Fact fact)
    {
        try
        {
            return _value.Number(fact) is { } amount and > -Most and < Most ? amount : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
