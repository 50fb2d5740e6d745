using System.Text.Json;
using Mach.Fhir.Types;
using Mach.Fhir.Validation;

namespace Mach.Fhir.Tests.Types;

public sealed class TypedAccessTests
{
    private const string Person = """
        {"resourceType":"Patient","id":"a","meta":{"versionId":"3","profile":["http://example.org/p"]},
         "extension":[{"url":"http://example.org/x","valueString":"y"}],
         "name":[{"family":"Nguyễn","given":["Văn",null],"_given":[null,{"extension":[{"url":"http://example.org/x","valueCode":"z"}]}]},{"text":"An"}],
         "deceasedBoolean":false,"active":true,"birthDate":"1980-02","contact":[{"name":{"text":"Mẹ"},"gender":"female"}],
         "contained":[{"resourceType":"Organization","id":"o","name":"Trạm"}],"managingOrganization":{"reference":"#o"}}
        """;

    [Fact]
    public void Elements_are_properties()
    {
        using var document = JsonDocument.Parse(Person);
        var patient = Patient.Of(document.RootElement);
        Assert.Equal(("a", "3", true, "1980-02"), (patient.Id, patient.Meta?.VersionId, patient.Active, patient.BirthDate));
        Assert.Equal(["Nguyễn", null], patient.Name.Select(n => n.Family));
        Assert.Equal(["Văn", null], patient.Name[0].Given);
        Assert.Equal(("Mẹ", "female"), (patient.Contact[0].Name?.Text, patient.Contact[0].Gender));
        Assert.Equal("y", patient.Extension[0].Value.Text);
        Assert.Equal("#o", patient.ManagingOrganization?.ReferenceValue);
        Assert.Equal("Trạm", patient.Contained[0].As<Organization>()?.Name);
        Assert.Null(patient.Contained[0].As<Patient>());
    }

    [Fact]
    public void A_choice_is_one_of_its_types()
    {
        using var document = JsonDocument.Parse("""{"resourceType":"Observation","valueQuantity":{"value":1.50,"code":"mg"},"component":[{"valueInteger":3},{"valueDateTime":"2020"},{}]}""");
        var observation = Observation.Of(document.RootElement);
        Assert.Equal(("Quantity", 1.50m, "mg"), (observation.Value.Type, observation.Value.As<Quantity>()?.Value, observation.Value.As<Quantity>()?.Code));
        Assert.Null(observation.Value.As<Period>());
        Assert.Equal((3m, "2020"), (observation.Component[0].Value.Number, observation.Component[1].Value.Text));
        Assert.True(observation.Component[2].Value.IsMissing);
        Assert.Equal(false, Patient.Of(JsonDocument.Parse(Person).RootElement).Deceased.Flag);
    }

    [Fact]
    public void What_is_missing_or_of_another_kind_reads_as_nothing()
    {
        using var document = JsonDocument.Parse("""{"name":"x","active":"yes","birthDate":3,"multipleBirthInteger":"1","meta":[]}""");
        var patient = Patient.Of(document.RootElement);
        Assert.Empty(patient.Name);
        Assert.True(patient is { Active: null, BirthDate: null, Meta: null, MaritalStatus: null });
        Assert.Null(Patient.Of(default).BirthDate);
        Assert.True(Patient.Of(default).Deceased.IsMissing);
    }

    /// <summary>The same definitions stand behind the typed access and the validator: what the one reads, the other accepts.</summary>
    [Fact]
    public void What_is_read_is_what_is_valid()
    {
        using var document = JsonDocument.Parse(Person);
        Assert.DoesNotContain(ResourceValidator.Validate(document.RootElement), i => i.Severity == IssueSeverity.Error);
    }
}
