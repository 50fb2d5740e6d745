using System.Text.Json;
using Mach.Fhir.Search;

namespace Mach.Fhir.Tests.Search;

/// <summary>Quantities are compared in canonical units when both sides name UCUM units: http://hl7.org/fhir/R4/search.html#quantity.</summary>
public class UnitSearchTests
{
    private const string Ucum = "http://unitsofmeasure.org";

    [Theory]
    [InlineData("5.6", "mmol/L", $"5.6|{Ucum}|mmol/L", true)]
    [InlineData("5.6", "mmol/L", $"5600|{Ucum}|umol/L", true)]
    [InlineData("5.6", "mmol/L", $"gt5.5|{Ucum}|mol/m3", true)]
    [InlineData("5.6", "mmol/L", $"gt5|{Ucum}|mol/L", false)]
    [InlineData("90", "mg/dL", $"0.9|{Ucum}|g/L", true)]
    [InlineData("90", "mg/dL", $"5|{Ucum}|mmol/L", false)]
    [InlineData("37", "Cel", $"98.6|{Ucum}|[degF]", true)]
    [InlineData("120", "mm[Hg]", $"120||mm[Hg]", true)]
    [InlineData("120", "mm[Hg]", $"120||mmHg", false)]
    [InlineData("120", "mm[Hg]", "120", true)]
    // By its digits a number stands for what is from half a last place below it up to, and without, half a last place above.
    [InlineData("5.5", "mmol/L", $"5|{Ucum}|mmol/L", false)]
    [InlineData("5.5", "mmol/L", $"6|{Ucum}|mmol/L", true)]
    [InlineData("5.5", "mmol/L", $"ne6|{Ucum}|mmol/L", false)]
    [InlineData("4.5", "mmol/L", $"5|{Ucum}|mmol/L", true)]
    [InlineData("5500", "umol/L", $"5|{Ucum}|mmol/L", false)]
    [InlineData("-5.5", "Cel", $"-5|{Ucum}|Cel", true)]
    [InlineData("-5.5", "Cel", $"-6|{Ucum}|Cel", false)]
    [InlineData("5.123456789012", "mmol/L", $"5.123456789012|{Ucum}|mmol/L", true)]
    [InlineData("5.123456789012", "mmol/L", $"ge5.123456789012|{Ucum}|mmol/L", true)]
    public void Amounts_are_equal_whatever_their_units(string value, string unit, string asked, bool expected)
    {
        using var document = JsonDocument.Parse($$"""{"resourceType":"Observation","id":"o","valueQuantity":{"value":{{value}},"system":"{{Ucum}}","code":"{{unit}}"} }""");
        Assert.Equal(expected, SearchMatcher.Matches(document.RootElement, SearchQuery.Parse("Observation", [new("value-quantity", asked)]), 0));
    }

    [Theory]
    [InlineData("gender:in", "http://hl7.org/fhir/ValueSet/administrative-gender", true)]
    [InlineData("gender:not-in", "http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1", false)]
    [InlineData("gender:in", "http://hl7.org/fhir/ValueSet/observation-status", false)]
    public void Known_value_sets_can_be_named(string name, string set, bool expected)
    {
        using var document = JsonDocument.Parse("""{"resourceType":"Patient","id":"p","gender":"female"}""");
        Assert.Equal(expected, SearchMatcher.Matches(document.RootElement, SearchQuery.Parse("Patient", [new(name, set.Replace("|", "\\|", StringComparison.Ordinal))]), 0));
    }
}
