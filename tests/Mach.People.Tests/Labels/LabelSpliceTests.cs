using System.Text;
using System.Text.Json;
using Mach.Contracts.People;
using Mach.People.Labels;

namespace Mach.People.Tests.Labels;

/// <summary>Source: http://hl7.org/fhir/R4/security-labels.html; docs/adr/0012 (what is added can be taken away again, byte for byte).</summary>
public sealed class LabelSpliceTests
{
    public static TheoryData<string> Bodies => new(
        """{"resourceType":"Patient","id":"a"}""",
        """{ "resourceType" : "Patient" , "id" : "a" , "active" : true }""",
        """{"meta":{"source":"urn:x"},"resourceType":"Patient","id":"a"}""",
        """{"resourceType":"Patient","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"N"}],"source":"urn:x"},"id":"a"}""",
        """{"resourceType":"Patient","meta":{"tag":[{"system":"urn:t","code":"V"}, {"code":"HTEST"}]},"id":"a","contact":[{"name":{"text":"meta, security"}}]}""",
        """{"resourceType":"Patient","id":"a","extension":[{"url":"meta","valueString":"[\",\"]"}],"meta":{ "versionId":"1" , "security":[ {"code":"V"} ] } }""",
        "{\n  \"resourceType\": \"Patient\",\n  \"id\": \"a\",\n  \"meta\": {\n    \"source\": \"urn:x\"\n  }\n}");

    [Theory]
    [MemberData(nameof(Bodies))]
    public void What_was_added_is_read_added_once_and_taken_away_to_the_byte(string body)
    {
        foreach (var (label, meaning) in new[] { (LabelTable.Confidential, PersonLabels.Confidential), (LabelTable.Test, PersonLabels.Test) })
        {
            var bytes = Encoding.UTF8.GetBytes(body);
            Assert.Null(LabelSplice.Remove(bytes, label));
            var labelled = LabelSplice.Add(bytes, label)!;
            Assert.Equal(meaning, PersonLabel.Read(labelled));
            Assert.Null(LabelSplice.Add(labelled, label));
            Assert.Equal(body, Encoding.UTF8.GetString(LabelSplice.Remove(labelled, label)!));
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Both_labels_come_and_go_in_any_order(string body)
    {
        var both = LabelSplice.Add(LabelSplice.Add(Encoding.UTF8.GetBytes(body), LabelTable.Confidential), LabelTable.Test)!;
        Assert.Equal(PersonLabels.Confidential | PersonLabels.Test, PersonLabel.Read(both));
        var one = LabelSplice.Remove(both, LabelTable.Confidential)!;
        Assert.Equal(PersonLabels.Test, PersonLabel.Read(one));
        var none = LabelSplice.Remove(one, LabelTable.Test)!;
        using var was = JsonDocument.Parse(body);
        using var now = JsonDocument.Parse(none);
        Assert.True(JsonElement.DeepEquals(was.RootElement, now.RootElement), Encoding.UTF8.GetString(none));
    }

    [Theory]
    [InlineData("""{"meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"V"}]}}""", PersonLabels.Confidential)]
    [InlineData("""{"meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]}}""", PersonLabels.None)]
    [InlineData("""{"meta":{"security":[{"code":"V"}]}}""", PersonLabels.None)]
    [InlineData("""{"meta":{"tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"V"}]}}""", PersonLabels.None)]
    [InlineData("""{"meta":{"tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HTEST"}]}}""", PersonLabels.Test)]
    [InlineData("""{"meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HTEST"}]}}""", PersonLabels.Test)]
    [InlineData("""{"meta":{"security":"V","tag":[1,null,{"code":7}]}}""", PersonLabels.None)]
    [InlineData("[]", PersonLabels.None)]
    public void Only_the_label_itself_counts(string body, PersonLabels expected) => Assert.Equal(expected, PersonLabel.Read(Encoding.UTF8.GetBytes(body)));
}
