using System.Text.Json;
using Mach.Fhir.Search;

namespace Mach.Fhir.Tests.Search;

/// <summary>":below" and ":above" of tokens: http://hl7.org/fhir/R4/search.html#token.</summary>
public class Icd10HierarchyTests
{
    private const string Icd10 = "http://hl7.org/fhir/sid/icd-10";

    [Theory]
    [InlineData("J10", "J10", true)]
    [InlineData("J10.1", "J10", true)]
    [InlineData("j101", "J10", true)]
    [InlineData("J10†", "J10", true)]
    [InlineData("J11.0", "J10", false)]
    [InlineData("J10", "J10.1", false)]
    [InlineData("E11.90", "E11.9", true)]
    [InlineData("J10.8", "J09-J18", true)]
    [InlineData("J19", "J09-J18", false)]
    [InlineData("J09-J18", "J00-J99", true)]
    [InlineData("J00-J99", "J09-J18", false)]
    [InlineData("J09-J18", "J10", false)]
    [InlineData("C7A.0", "C00-D48", true)]
    [InlineData("15074-8", "J10", false)]
    [InlineData("xyz", "J10", false)]
    public void A_code_is_below_what_it_begins_with_and_below_its_ranges(string code, string of, bool below)
    {
        Assert.Equal(below, Matches(code, "code:below", $"{Icd10}|{of}"));
        Assert.Equal(below, Matches(code, "code:below", of));
        if (Icd10Hierarchy.TryParse(code, out var stored) && Icd10Hierarchy.TryParse(of, out var asked))
        {
            Assert.Equal(below, Matches(of, "code:above", $"{Icd10}|{code}"));
            // What matches has a row under a key that is asked for.
            Assert.True(!below || (asked.KeysBelow().Contains(stored.Key) && stored.KeysAbove().Contains(asked.Key)));
        }
    }

    [Fact]
    public void Only_codes_of_that_system_are_below()
    {
        Assert.False(Matches("J10.1", "code:below", Icd10 + "|J10", "http://loinc.org"));
        Assert.True(Matches("J10.1", "code:below", Icd10 + "-vn|J10", Icd10 + "-vn"));
        Assert.False(Matches("J10.1", "code:below", Icd10 + "|J10", Icd10 + "-vn"));
        Assert.True(Matches("J10.1", "code:below", "J10", Icd10 + "-vn"));
    }

    [Theory]
    [InlineData("code:below", "http://snomed.info/sct|73211009", "not-supported", "ICD-10")]
    [InlineData("code:below", "http://hl7.org/fhir/sid/icd-10|J1", "invalid", "J09-J18")]
    [InlineData("code:above", "http://hl7.org/fhir/sid/icd-10|J18-J09", "invalid", "J09-J18")]
    [InlineData("code:in", "http://mach.example/ValueSet/none", "not-supported", "not known here")]
    [InlineData("_text", "x", "not-supported", "code:text")]
    [InlineData("_filter", "code eq x", "not-supported", "as a parameter")]
    [InlineData("_content", "x", "not-supported", ":contains")]
    public void What_cannot_be_told_is_refused_with_what_can(string name, string value, string code, string says)
    {
        var refused = Assert.Throws<SearchException>(() => SearchQuery.Parse("Condition", [new(name, value)]));
        Assert.Equal(code, refused.Code);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    private static bool Matches(string code, string name, string value, string system = Icd10)
    {
        var resource = JsonSerializer.SerializeToElement(new { resourceType = "Condition", code = new { coding = new[] { new { system, code } } } });
        return SearchMatcher.Matches(resource, SearchQuery.Parse("Condition", [new(name, value)]), 0);
    }
}
