using Mach.Chart.Own;
using Mach.Chart.Record;

namespace Mach.Chart.Tests;

/// <summary>A result beside its range, in words for the person. Source: http://hl7.org/fhir/R4/valueset-observation-interpretation.html.</summary>
public sealed class RangeMeaningTests
{
    [Theory]
    [InlineData("5.0", "3.9 – 6.4", null, "Within")]
    [InlineData("3.9", "3,9-6,4", null, "Within")]
    [InlineData("3.8", "3.9 – 6.4", null, "Below")]
    [InlineData("7", "3.9 – 6.4", null, "Above")]
    [InlineData("7", "≤ 5", null, "Above")]
    [InlineData("5", "≤ 5", null, "Within")]
    [InlineData("59.9", "≥ 60", null, "Below")]
    // What the source says goes before its numbers.
    [InlineData("5.0", "3.9 – 6.4", "H", "Above")]
    [InlineData("9", "3.9 – 6.4", "N", "Within")]
    [InlineData("9", null, "LL", "Below")]
    [InlineData("dương tính", null, "POS", "Marked")]
    // What cannot be compared is not.
    [InlineData("5.0", null, null, "Unknown")]
    [InlineData("120/80", "90 – 140", null, "Unknown")]
    [InlineData("< 0.5", "0.1 – 0.4", null, "Unknown")]
    [InlineData("5.0", "nam 3–6, nữ 2–5", null, "Unknown")]
    [InlineData("5.0", "6 – 4", null, "Unknown")]
    [InlineData("1500", "1,000 – 2,000", null, "Unknown")]
    public void A_result_is_said_to_be_within_above_or_below_only_where_that_is_known(string value, string? range, string? flag, string meaning) =>
        Assert.Equal(meaning, RangeMeanings.Of(new ResultEvent
        {
            Name = "x",
            Group = "x",
            Value = value,
            Number = double.TryParse(value.TrimStart('<', ' ').Split('/')[0], System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null,
            Range = range,
            Flag = flag,
        }).ToString());
}
