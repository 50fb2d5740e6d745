using System.Text;
using Mach.Fhir.Definitions;
using Mach.Fhir.Search;

namespace Mach.Fhir.Tests.Definitions;

public sealed class R4Tests
{
    [Fact]
    public void R4_has_146_resources_and_they_are_those_that_the_store_numbers()
    {
        Assert.Equal(146, R4.Resources.Count);
        Assert.All(R4.Resources, r => Assert.True(ResourceTypes.Exists(r.Name), r.Name));
    }

    [Theory]
    [InlineData("Patient", "DomainResource Resource")]
    [InlineData("Bundle", "Resource")]
    [InlineData("Age", "Quantity Element")]
    [InlineData("code", "string Element")]
    [InlineData("positiveInt", "integer Element")]
    [InlineData("Patient.contact", "BackboneElement Element")]
    [InlineData("Timing.repeat", "Element")]
    [InlineData("Dosage", "BackboneElement Element")]
    public void Types_descend_from(string name, string ancestors)
    {
        var chain = new List<string>();
        for (var type = R4.Get(name).Base; type is not null; type = type.Base)
        {
            chain.Add(type.Name);
            Assert.True(R4.Get(name).IsA(type) && R4.Get(name).IsA(type.Name));
        }

        Assert.Equal(ancestors, string.Join(' ', chain));
    }

    [Theory]
    [InlineData("Patient", "id", 0, 1, false, "id")]
    [InlineData("Patient", "name", 0, int.MaxValue, true, "HumanName")]
    [InlineData("Patient", "deceased", 0, 1, false, "boolean dateTime")]
    [InlineData("Observation", "code", 1, 1, false, "CodeableConcept")]
    [InlineData("Observation", "value", 0, 1, false, "Quantity CodeableConcept string boolean integer Range Ratio SampledData time dateTime Period")]
    [InlineData("Extension", "url", 1, 1, false, "uri")]
    [InlineData("EvidenceVariable", "characteristic", 1, int.MaxValue, true, "BackboneElement")]
    [InlineData("Bundle.entry", "link", 0, int.MaxValue, true, "BackboneElement")]
    [InlineData("Age", "value", 0, 1, false, "decimal")]
    public void Elements_are_those_of_the_standard(string type, string name, int min, int max, bool isArray, string types)
    {
        var element = R4.Get(type).Find(name)!;
        Assert.Equal((min, max, isArray), (element.Min, element.Max, element.IsArray));
        Assert.Equal(types, string.Join(' ', element.Types.Select(t => t.Code)));
    }

    [Theory]
    [InlineData("Observation", "valueQuantity", "Observation.value[x]", "Quantity")]
    [InlineData("Observation", "status", "Observation.status", "code")]
    [InlineData("Patient", "deceasedDateTime", "Patient.deceased[x]", "dateTime")]
    [InlineData("Questionnaire.item", "item", "Questionnaire.item.item", "Questionnaire.item")]
    public void A_json_property_is_an_element_with_a_type(string type, string property, string path, string definition)
    {
        Assert.True(R4.Get(type).TryProperty(Encoding.UTF8.GetBytes(property), out var element, out var reference));
        Assert.Equal((path, definition), (element.Path, reference.Definition.Name));
    }

    [Theory]
    [InlineData("Observation", "value")]
    [InlineData("Observation", "valueMoney")]
    [InlineData("Observation", "_status")]
    [InlineData("Patient", "")]
    public void Other_properties_are_none(string type, string property) =>
        Assert.False(R4.Get(type).TryProperty(Encoding.UTF8.GetBytes(property), out _, out _));

    [Fact]
    public void References_know_their_targets_and_bindings_their_value_sets()
    {
        Assert.Equal(["Patient", "Group", "Device", "Location"], R4.Get("Observation").Find("subject")!.Types[0].Targets);
        Assert.Empty(R4.Get("Observation").Find("focus")!.Types[0].Targets);
        Assert.Equal(new Binding(BindingStrength.Required, "http://hl7.org/fhir/ValueSet/observation-status"), R4.Get("Observation").Find("status")!.Binding);
    }

    [Fact]
    public void Rules_stand_where_they_belong()
    {
        Assert.Equal(["dom-2", "dom-3", "dom-4", "dom-5", "dom-6"], R4.Get("Patient").Invariants.Select(r => r.Key).Order(StringComparer.Ordinal));
        Assert.Contains(R4.Get("Patient.contact").Invariants, r => r.Key == "pat-1");
        Assert.Empty(R4.Get("Patient").Find("contact")!.Invariants);
        Assert.Contains(R4.Get("Range").Find("low")!.Invariants, r => r.Key == "sqty-1");
    }

    /// <summary>The package's author added elements of R5 and of its own server, and took some of R4 away.</summary>
    [Theory]
    [InlineData("Meta", "versionId lastUpdated source profile security tag")]
    [InlineData("EvidenceVariable.characteristic", "description definition usageContext exclude participantEffective timeFromStart groupMeasure")]
    [InlineData("ResearchStudy.objective", "name type")]
    [InlineData("Binary", "contentType securityContext data")]
    public void Additions_of_the_package_are_undone(string type, string names) =>
        Assert.Equal(names.Split(' '), R4.Get(type).Elements.Select(e => e.Name).Except(["id", "extension", "modifierExtension", "meta", "implicitRules", "language"]));

    [Fact]
    public void What_other_releases_have_is_unknown()
    {
        Assert.Null(R4.Find("SubscriptionStatus"));
        Assert.Null(R4.Find("MetadataResource"));
        Assert.Null(R4.FindResource("DomainResource"u8));
        Assert.Null(R4.FindResource(new byte[200]));
        Assert.Equal("Patient", R4.FindResource("Patient"u8)!.Name);
        Assert.Throws<ArgumentException>(() => R4.Get("Bot"));
    }
}
