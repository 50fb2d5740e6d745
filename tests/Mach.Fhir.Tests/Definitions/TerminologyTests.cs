using Mach.Fhir.Definitions;

namespace Mach.Fhir.Tests.Definitions;

public sealed class TerminologyTests
{
    [Theory]
    [InlineData("http://hl7.org/fhir/ValueSet/observation-status", null, "final", true)]
    [InlineData("http://hl7.org/fhir/ValueSet/observation-status|4.0.1", "http://hl7.org/fhir/observation-status", "final", true)]
    [InlineData("http://hl7.org/fhir/ValueSet/observation-status", "http://example.org", "final", false)]
    [InlineData("http://hl7.org/fhir/ValueSet/observation-status", null, "Final", false)]
    [InlineData("http://hl7.org/fhir/ValueSet/units-of-time", "http://unitsofmeasure.org", "wk", true)]
    [InlineData("http://hl7.org/fhir/ValueSet/units-of-time", null, "year", false)]
    [InlineData("http://hl7.org/fhir/ValueSet/resource-types", null, "Patient", true)]
    [InlineData("http://hl7.org/fhir/ValueSet/event-timing", null, "MORN", true)]
    [InlineData("http://hl7.org/fhir/ValueSet/event-timing", null, "ACM", true)]
    public void Value_sets_contain_their_codes(string url, string? system, string code, bool expected) =>
        Assert.Equal(expected, ValueSets.Find(url)!.Contains(system, code));

    /// <summary>v3 sets are defined by descent: the children of a concept, without the concept itself where it is excluded.</summary>
    [Fact]
    public void Sets_by_descent_are_written_down()
    {
        var roles = ValueSets.Find("http://terminology.hl7.org/ValueSet/v3-FamilyMember")!;
        Assert.True(roles.Contains("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "MTH"));
        Assert.False(roles.Contains("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "AMB"));
    }

    [Fact]
    public void A_code_has_a_display_a_definition_and_a_parent()
    {
        var mother = CodeSystems.Find("http://terminology.hl7.org/CodeSystem/v3-RoleCode")!.Find("MTH")!;
        Assert.Equal("mother", mother.Display);
        Assert.Equal("PRN", mother.Parent!.Code);
        Assert.NotNull(CodeSystems.Find("http://hl7.org/fhir/observation-status|4.0.1")!.Find("final")!.Definition);
        Assert.Null(CodeSystems.Find("http://hl7.org/fhir/observation-status")!.Find("nothing"));
    }

    [Theory]
    [InlineData("http://snomed.info/sct")]
    [InlineData("http://hl7.org/fhir/ValueSet/mimetypes")]
    [InlineData("")]
    public void What_cannot_be_listed_is_unknown(string url)
    {
        Assert.Null(CodeSystems.Find(url));
        Assert.Null(ValueSets.Find(url));
    }

    [Fact]
    public void Every_set_and_system_can_be_read()
    {
        Assert.All(ValueSets.Urls, url => Assert.All(ValueSets.Find(url)!.Concepts, c => Assert.True(ValueSets.Find(url)!.Contains(c.System, c.Code))));
        Assert.All(CodeSystems.Urls, url => Assert.NotEmpty(CodeSystems.Find(url)!.Concepts));
    }

    /// <summary>What stays without codes are the sets over systems of others, which are checked by form.</summary>
    [Fact]
    public void Required_bindings_have_codes_but_for_the_systems_of_others() =>
        Assert.Equal(
            ["http://hl7.org/fhir/ValueSet/currencies", "http://hl7.org/fhir/ValueSet/mimetypes", "http://hl7.org/fhir/ValueSet/ucum-units", "http://loinc.org/vs/LL379-9"],
            R4.Types.SelectMany(t => t.Elements).Where(e => e.Binding is { Strength: BindingStrength.Required } b && ValueSets.Find(b.ValueSet) is null).Select(e => e.Binding!.ValueSet).Distinct().Order(StringComparer.Ordinal));
}
