using Mach.Fhir.Search;

namespace Mach.Fhir.Tests.Search;

/// <summary>The data file is part of what is stored: its numbers are in every index row.</summary>
public class SearchParameterTests
{
    [Fact]
    public void R4_has_146_resource_types_with_fixed_numbers()
    {
        Assert.Equal(1, ResourceTypes.Number("Account"));
        Assert.Equal("VisionPrescription", ResourceTypes.Name(146));
        Assert.Throws<ArgumentOutOfRangeException>(() => ResourceTypes.Name(147));
        Assert.False(ResourceTypes.Exists("patient"));
        Assert.Throws<ArgumentException>(() => ResourceTypes.Number("Nothing"));
    }

    [Theory]
    [InlineData("Patient", "identifier", 10)]
    [InlineData("Patient", "name", 11)]
    [InlineData("Encounter", "identifier", 30)]
    [InlineData("Encounter", "_source", 4)]
    public void Numbers_of_parameters_never_change(string type, string code, short number) =>
        Assert.Equal(number, SearchParameters.Find(type, code)!.Number);

    [Fact]
    public void Every_path_can_be_walked_and_every_type_exists()
    {
        foreach (var parameter in SearchParameters.All)
        {
            Assert.NotEmpty(parameter.Paths);
            Assert.All(parameter.Compiled, path => Assert.True(path.Steps.Count > 0 || parameter.Kind == SearchKind.Composite));
            Assert.All(parameter.Components, component => Assert.All(component.Compiled, path => Assert.NotEmpty(path.Steps)));
            Assert.All(parameter.Union, code => Assert.NotNull(SearchParameters.Find(parameter.Type, code)));
            Assert.True(parameter.Type == "Resource" || ResourceTypes.Exists(parameter.Type));
            Assert.All(parameter.Targets, target => Assert.True(ResourceTypes.Exists(target)));
            Assert.True(parameter.Number < SearchParameter.FirstCustom);
        }
    }

    /// <summary>Source: the five CompartmentDefinitions of R4 4.0.1, http://hl7.org/fhir/R4/compartmentdefinition.html; the patient's has Task besides.</summary>
    [Theory]
    [InlineData("Patient", 67, 102)]
    [InlineData("Encounter", 24, 24)]
    [InlineData("RelatedPerson", 31, 39)]
    [InlineData("Practitioner", 58, 87)]
    [InlineData("Device", 32, 49)]
    public void A_compartment_has_the_types_and_parameters_of_its_definition(string compartment, int types, int parameters)
    {
        var found = ResourceTypes.All.Select(type => SearchCatalog.Standard.Compartment(compartment, type)).OfType<IReadOnlyList<SearchParameter>>().ToList();
        Assert.Equal((types, parameters), (found.Count, found.Sum(list => list.Count)));
        Assert.All(found, list => Assert.All(list, p => Assert.Equal(SearchKind.Reference, p.Kind)));
        Assert.Equal(5, SearchCatalog.Standard.CompartmentTypes.Count());
    }

    [Theory]
    [InlineData("Encounter", "RiskAssessment", null)]
    [InlineData("Patient", "Encounter", "patient")]
    [InlineData("Patient", "Patient", "link")]
    [InlineData("Patient", "Task", "patient,focus")]
    [InlineData("Practitioner", "Encounter", "practitioner,participant")]
    [InlineData("Practitioner", "Coverage", null)]
    [InlineData("Device", "MessageHeader", "target")]
    public void A_resource_belongs_by_the_parameters_that_the_definition_names(string compartment, string type, string? codes) =>
        Assert.Equal(codes, SearchCatalog.Standard.Compartment(compartment, type) is { } found ? string.Join(',', found.Select(p => p.Code)) : null);

    [Fact]
    public void Keys_of_our_own_cannot_be_asked_for()
    {
        Assert.Null(SearchParameters.Find("Patient", "_name-pair"));
        Assert.DoesNotContain(SearchParameters.ForType("Patient"), p => p.IsInternal);
    }

    [Theory]
    [InlineData("Observation.value.ofType(Quantity)", "valueQuantity")]
    [InlineData("Observation.component.value.ofType(CodeableConcept)", "component.valueCodeableConcept")]
    [InlineData("Procedure.performed.ofType(dateTime)", "performedDateTime")]
    [InlineData("Patient.name.family", "name.family")]
    public void Choices_become_property_names(string path, string steps) =>
        Assert.Equal(steps, string.Join('.', SearchPath.Parse(path).Steps.Select(step => step.Name)));

    [Theory]
    [InlineData("Patient.name.first()")]
    [InlineData("Patient.telecom.where(system = 'phone' or true)")]
    [InlineData("Patient.name | Patient.contact.name")]
    public void A_path_beyond_the_language_is_an_error(string path) =>
        Assert.Throws<FormatException>(() => SearchPath.Parse(path));
}
