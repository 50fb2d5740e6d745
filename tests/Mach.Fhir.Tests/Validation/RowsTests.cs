using System.Text.Json;
using Mach.Fhir.Validation;

namespace Mach.Fhir.Tests.Validation;

/// <summary>What is wrong, what it is called and where: one row each. Rows of <see cref="Valid"/> are allowed by the standard.</summary>
public sealed class RowsTests
{
    private const string Obs = """{"resourceType":"Observation","status":"final","code":{"text":"x"}""";
    private const string Text = "\"text\":{\"status\":\"generated\",\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">";

    public static TheoryData<string, string, string> Wrong => new()
    {
        // Structure: http://hl7.org/fhir/R4/json.html
        { """[]""", "structure", "Resource" },
        { """{"id":"x"}""", "structure", "Resource" },
        { """{"resourceType":"Bot"}""", "structure", "Resource" },
        { """{"resourceType":"DomainResource"}""", "structure", "Resource" },
        { """{"resourceType":"Patient","nick":"x"}""", "structure", "Patient.nick" },
        { """{"resourceType":"Patient","name":[{"nick":"x"}]}""", "structure", "Patient.name[0].nick" },
        { """{"resourceType":"Patient","name":{"family":"x"}}""", "structure", "Patient.name" },
        { """{"resourceType":"Patient","name":[]}""", "structure", "Patient.name" },
        { """{"resourceType":"Patient","name":[null]}""", "structure", "Patient.name[0]" },
        { """{"resourceType":"Patient","name":["x"]}""", "structure", "Patient.name[0]" },
        { """{"resourceType":"Patient","birthDate":["2000"]}""", "structure", "Patient.birthDate" },
        { """{"resourceType":"Patient","birthDate":null}""", "structure", "Patient.birthDate" },
        { """{"resourceType":"Patient","birthDate":2000}""", "structure", "Patient.birthDate" },
        { """{"resourceType":"Patient","active":"true"}""", "structure", "Patient.active" },
        { """{"resourceType":"Patient","active":true,"active":false}""", "structure", "Patient.active" },
        { """{"resourceType":"Patient","multipleBirthInteger":"2"}""", "structure", "Patient.multipleBirth" },
        { """{"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2020"}""", "structure", "Patient.deceased" },
        { """{"resourceType":"Patient","deceasedString":"x"}""", "structure", "Patient.deceasedString" },
        { """{"resourceType":"Patient","deceased":true}""", "structure", "Patient.deceased" },
        { """{"resourceType":"Patient","maritalStatus":"M"}""", "structure", "Patient.maritalStatus" },
        { """{"resourceType":"Patient","fhir_comments":["x"]}""", "structure", "Patient.fhir_comments" },
        { """{"resourceType":"Patient","name":[{"given":["A",null]}]}""", "structure", "Patient.name[0].given[1]" },
        { """{"resourceType":"Patient","name":[{"given":["A","B"],"_given":[{"id":"a"}]}]}""", "structure", "Patient.name[0].given" },
        { """{"resourceType":"Patient","_name":[{"id":"a"}]}""", "structure", "Patient._name" },
        { """{"resourceType":"Patient","_birthDate":"x"}""", "structure", "Patient.birthDate" },
        { """{"resourceType":"Patient","_birthDate":{"value":"x"}}""", "structure", "Patient.birthDate.value" },
        { """{"resourceType":"Patient","name":[{}]}""", "invariant", "Patient.name[0]" },
        { """{"resourceType":"Patient","name":[{"id":"a"}]}""", "invariant", "Patient.name[0]" },
        { """{"resourceType":"Patient","_birthDate":{"id":"a"}}""", "invariant", "Patient.birthDate" },
        { """{"resourceType":"Patient","birthDate":"2000","_birthDate":{}}""", "structure", "Patient.birthDate" },
        // Cardinality
        { """{"resourceType":"Observation","status":"final"}""", "required", "Observation.code" },
        { """{"resourceType":"Observation","code":{"text":"x"}}""", "required", "Observation.status" },
        { """{"resourceType":"Patient","link":[{"type":"refer"}]}""", "required", "Patient.link[0].other" },
        { """{"resourceType":"Patient","extension":[{"valueString":"x"}]}""", "required", "Patient.extension[0].url" },
        // Primitives: http://hl7.org/fhir/R4/datatypes.html#primitive
        { """{"resourceType":"Patient","id":"a b"}""", "value", "Patient.id" },
        { """{"resourceType":"Patient","id":"a_b"}""", "value", "Patient.id" },
        { """{"resourceType":"Patient","id":""}""", "value", "Patient.id" },
        { """{"resourceType":"Patient","birthDate":"2000-02-30"}""", "value", "Patient.birthDate" },
        { """{"resourceType":"Patient","birthDate":"2000-13"}""", "value", "Patient.birthDate" },
        { """{"resourceType":"Patient","birthDate":"00-01-01"}""", "value", "Patient.birthDate" },
        { """{"resourceType":"Patient","birthDate":"0000"}""", "value", "Patient.birthDate" },
        { """{"resourceType":"Patient","birthDate":"2000-01-01T00:00:00Z"}""", "value", "Patient.birthDate" },
        { """{"resourceType":"Patient","deceasedDateTime":"2000-01-01T10:00:00"}""", "value", "Patient.deceased" },
        { """{"resourceType":"Patient","deceasedDateTime":"2000-01-01T10:00Z"}""", "value", "Patient.deceased" },
        { """{"resourceType":"Patient","deceasedDateTime":"2000-01-01T24:00:00Z"}""", "value", "Patient.deceased" },
        { """{"resourceType":"Patient","deceasedDateTime":"2000-01-01T10:00:00+15:00"}""", "value", "Patient.deceased" },
        { """{"resourceType":"Patient","meta":{"lastUpdated":"2000-01-01"}}""", "value", "Patient.meta.lastUpdated" },
        { """{"resourceType":"Patient","multipleBirthInteger":1.0}""", "value", "Patient.multipleBirth" },
        { """{"resourceType":"Patient","multipleBirthInteger":2147483648}""", "value", "Patient.multipleBirth" },
        { """{"resourceType":"Patient","telecom":[{"rank":0}]}""", "value", "Patient.telecom[0].rank" },
        { """{"resourceType":"Patient","photo":[{"size":-1}]}""", "value", "Patient.photo[0].size" },
        { """{"resourceType":"Patient","photo":[{"contentType":"image/png","data":"abc"}]}""", "value", "Patient.photo[0].data" },
        { """{"resourceType":"Patient","implicitRules":"a b"}""", "value", "Patient.implicitRules" },
        { """{"resourceType":"Patient","identifier":[{"system":"urn:oid:3.4.5"}]}""", "value", "Patient.identifier[0].system" },
        { """{"resourceType":"Patient","identifier":[{"system":"urn:uuid:nothing"}]}""", "value", "Patient.identifier[0].system" },
        { """{"resourceType":"Patient","name":[{"family":""}]}""", "value", "Patient.name[0].family" },
        { """{"resourceType":"Patient","name":[{"family":"\ud800"}]}""", "value", "Patient.name[0].family" },
        { """{"resourceType":"Patient","language":" en"}""", "value", "Patient.language" },
        { """{"resourceType":"Patient","name":[{"family":"a\u0000b"}]}""", "value", "Patient.name[0].family" },
        { """{"resourceType":"Patient","name":[{"given":["a\u001f"]}]}""", "value", "Patient.name[0].given[0]" },
        { """{"resourceType":"Patient","identifier":[{"system":"urn:\u0000"}]}""", "value", "Patient.identifier[0].system" },
        { """{"resourceType":"Patient","identifier":[{"value":"\u00001"}]}""", "value", "Patient.identifier[0].value" },
        { """{"resourceType":"Patient","language":"e\u0000n"}""", "value", "Patient.language" },
        { """{"resourceType":"ValueSet","status":"draft","description":"a\u000bb"}""", "value", "ValueSet.description" },
        { Obs + ""","valueTime":"10:00"}""", "value", "Observation.value" },
        // Narrative: http://hl7.org/fhir/R4/narrative.html
        { """{"resourceType":"Patient",""" + Text + """<script>x</script></div>"}}""", "invariant", "Patient.text.div" },
        { """{"resourceType":"Patient",""" + Text + """<p onclick=\"x\">y</p></div>"}}""", "invariant", "Patient.text.div" },
        { """{"resourceType":"Patient",""" + Text + """<a href=\"javascript:x\">y</a></div>"}}""", "invariant", "Patient.text.div" },
        { """{"resourceType":"Patient",""" + Text + """<a href=\"java&#9;script:x\">y</a></div>"}}""", "invariant", "Patient.text.div" },
        { """{"resourceType":"Patient",""" + Text + """<a href=\"data:text/html,x\">y</a></div>"}}""", "invariant", "Patient.text.div" },
        { """{"resourceType":"Patient",""" + Text + """ </div>"}}""", "invariant", "Patient.text.div" },
        { """{"resourceType":"Patient",""" + Text + """<p>x</div>"}}""", "value", "Patient.text.div" },
        { """{"resourceType":"Patient","text":{"status":"generated","div":"<div>x</div>"}}""", "value", "Patient.text.div" },
        { """{"resourceType":"Patient","text":{"status":"generated","div":"hello"}}""", "value", "Patient.text.div" },
        // References: http://hl7.org/fhir/R4/references.html
        { Obs + ""","subject":{"reference":"nowhere"}}""", "value", "Observation.subject.reference" },
        { Obs + ""","subject":{"reference":"Bot/1"}}""", "value", "Observation.subject.reference" },
        { Obs + ""","subject":{"reference":"Patient/a b"}}""", "value", "Observation.subject.reference" },
        { Obs + ""","subject":{"reference":"Organization/1"}}""", "value", "Observation.subject.reference" },
        { Obs + ""","subject":{"reference":"https://example.org/fhir/Organization/1"}}""", "value", "Observation.subject.reference" },
        { Obs + ""","subject":{"reference":"Patient/1","type":"Group"}}""", "value", "Observation.subject.reference" },
        { Obs + ""","subject":{"type":"Organization","display":"x"}}""", "value", "Observation.subject.type" },
        { Obs + ""","subject":{"reference":"urn:uuid:x"}}""", "value", "Observation.subject.reference" },
        { Obs + ""","subject":{"reference":"#p"}}""", "invariant", "Observation.subject" },
        { Obs + ""","contained":[{"resourceType":"Organization","id":"p","name":"x"}],"subject":{"reference":"#p"}}""", "value", "Observation.subject.reference" },
        // Contained resources
        { Obs + ""","contained":[{"resourceType":"Patient","id":"p"}]}""", "invariant", "Observation.contained[0]" },
        { Obs + ""","contained":[{"resourceType":"Patient","id":"p","meta":{"versionId":"1"}}],"subject":{"reference":"#p"}}""", "invariant", "Observation.contained[0]" },
        { Obs + ""","contained":[{"resourceType":"Patient","id":"p","meta":{"security":[{"code":"R"}]}}],"subject":{"reference":"#p"}}""", "invariant", "Observation.contained[0]" },
        { Obs + ""","contained":[{"resourceType":"Patient","id":"p","birthDate":"x"}],"subject":{"reference":"#p"}}""", "value", "Observation.contained[0].birthDate" },
        { Obs + ""","contained":[{"resourceType":"Nobody","id":"p"}]}""", "structure", "Observation.contained[0]" },
        // Required bindings
        { """{"resourceType":"Patient","gender":"m"}""", "code-invalid", "Patient.gender" },
        { """{"resourceType":"Observation","status":"done","code":{"text":"x"}}""", "code-invalid", "Observation.status" },
        { """{"resourceType":"Condition","subject":{"reference":"Patient/1"},"clinicalStatus":{"coding":[{"system":"http://example.org","code":"active"}]}}""", "code-invalid", "Condition.clinicalStatus" },
        { """{"resourceType":"Condition","subject":{"reference":"Patient/1"},"clinicalStatus":{"text":"active"}}""", "code-invalid", "Condition.clinicalStatus" },
        { Obs + ""","effectiveTiming":{"repeat":{"period":1,"periodUnit":"week"}}}""", "code-invalid", "Observation.effective.repeat.periodUnit" },
        { """{"resourceType":"Invoice","status":"draft","totalNet":{"value":1,"currency":"VNĐ"}}""", "code-invalid", "Invoice.totalNet.currency" },
        { """{"resourceType":"Patient","photo":[{"contentType":"a picture"}]}""", "code-invalid", "Patient.photo[0].contentType" },
        { """{"resourceType":"RiskEvidenceSynthesis","status":"draft","population":{"reference":"EvidenceVariable/1"},"outcome":{"reference":"EvidenceVariable/2"},"riskEstimate":{"unitOfMeasure":{"coding":[{"code":"spoon"}]}}}""", "code-invalid", "RiskEvidenceSynthesis.riskEstimate.unitOfMeasure" },
        // Rules
        { """{"resourceType":"Patient","contact":[{"gender":"male"}]}""", "invariant", "Patient.contact[0]" },
        { """{"resourceType":"Patient","extension":[{"url":"http://example.org"}]}""", "invariant", "Patient.extension[0]" },
        { """{"resourceType":"Patient","extension":[{"url":"http://example.org","valueString":"x","extension":[{"url":"a","valueCode":"b"}]}]}""", "invariant", "Patient.extension[0]" },
        { """{"resourceType":"Patient","telecom":[{"value":"1"}]}""", "invariant", "Patient.telecom[0]" },
        { """{"resourceType":"Patient","name":[{"family":"A","period":{"start":"2020-02","end":"2020-01"}}]}""", "invariant", "Patient.name[0].period" },
        { Obs + ""","valueQuantity":{"value":1,"code":"mg"}}""", "invariant", "Observation.value" },
        { Obs + ""","valueInteger":1,"dataAbsentReason":{"text":"x"}}""", "invariant", "Observation" },
        { Obs + ""","referenceRange":[{"age":{"low":{"value":1}}}]}""", "invariant", "Observation.referenceRange[0]" },
        { Obs + ""","referenceRange":[{"low":{"value":1,"comparator":"<"}}]}""", "invariant", "Observation.referenceRange[0].low" },
        { """{"resourceType":"Observation","status":"final","code":{"coding":[{"code":"a"}]},"valueInteger":1,"component":[{"code":{"coding":[{"code":"a"}]},"valueInteger":1}]}""", "invariant", "Observation" },
        // Bundles
        { """{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","gender":"m"}}]}""", "code-invalid", "Bundle.entry[0].resource.gender" },
        { """{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"X"}}]}""", "structure", "Bundle.entry[0].resource" },
        { """{"resourceType":"Parameters","parameter":[{"name":"r","resource":{"resourceType":"Patient","active":1}}]}""", "structure", "Parameters.parameter[0].resource.active" },
    };

    public static TheoryData<string> Valid => new()
    {
        """{"resourceType":"Patient"}""",
        """{"resourceType":"Patient","birthDate":"2000"}""",
        """{"resourceType":"Patient","birthDate":"2024-02-29"}""",
        """{"resourceType":"Patient","deceasedDateTime":"2016-12-31T23:59:60.123456Z"}""",
        """{"resourceType":"Patient","deceasedDateTime":"2016-12-31T23:59:59+14:00"}""",
        """{"resourceType":"Patient","_birthDate":{"extension":[{"url":"http://example.org","valueString":"x"}]}}""",
        """{"resourceType":"Patient","birthDate":"2000","_birthDate":{"id":"a"}}""",
        """{"resourceType":"Patient","name":[{"given":["A",null],"_given":[null,{"extension":[{"url":"http://example.org","valueCode":"x"}]}]}]}""",
        """{"resourceType":"Patient","name":[{"_given":[{"extension":[{"url":"http://example.org","valueCode":"x"}]}]}]}""",
        """{"resourceType":"Patient","name":[{"given":["A"],"_given":[null]}]}""",
        """{"resourceType":"Patient","\u0061ctive":true}""",
        """{"resourceType":"Patient","name":[{"family":"Nguyễn \ud83d\ude00 \"x\""}]}""",
        """{"resourceType":"Patient","name":[{"family":" "}]}""",
        """{"resourceType":"Patient","name":[{"family":"a\tb\r\nc\u007f"}]}""",
        """{"resourceType":"Patient","photo":[{"contentType":"image/png; q=1","data":"YWJj ZGVm\nZ2hp"}]}""",
        """{"resourceType":"Patient","name":[{"family":"A","period":{"start":"2020-02","end":"2020"}}]}""",
        """{"resourceType":"Patient","name":[{"family":"A","period":{"start":"2020-01-01T00:00:00+07:00","end":"2019-12-31T17:00:00Z"}}]}""",
        """{"resourceType":"Patient",""" + Text + """<p class=\"a\" xml:lang=\"vi\">Chào&nbsp;bạn &amp; <b>x</b></p></div>"}}""",
        """{"resourceType":"Patient",""" + Text + """<img src=\"#a\" alt=\"x\"/></div>"}}""",
        Obs + ""","valueQuantity":{"value":1.50e-3,"system":"http://unitsofmeasure.org","code":"mg"}}""",
        Obs + ""","_valueString":{"extension":[{"url":"http://example.org","valueCode":"x"}]}}""",
        Obs + ""","subject":{"reference":"Patient/1/_history/2"}}""",
        Obs + ""","subject":{"reference":"https://example.org/fhir/Patient/1"}}""",
        Obs + ""","subject":{"reference":"https://example.org/person?id=1"}}""",
        Obs + ""","subject":{"reference":"urn:uuid:C757873D-ec9a-4326-a141-556f43239520"}}""",
        Obs + ""","subject":{"reference":"urn:oid:1.2.3","type":"Patient"}}""",
        Obs + ""","subject":{"type":"http://example.org/Model","display":"x"}}""",
        Obs + ""","focus":[{"reference":"Organization/1"}]}""",
        Obs + ""","contained":[{"resourceType":"Patient","id":"p"}],"subject":{"reference":"#p"}}""",
        Obs + ""","contained":[{"resourceType":"Provenance","id":"p","recorded":"2020-01-01T00:00:00Z","agent":[{"who":{"display":"x"}}],"target":[{"reference":"#"}]}]}""",
        """{"resourceType":"Condition","subject":{"reference":"Patient/1"},"clinicalStatus":{"coding":[{"system":"http://example.org","code":"x"},{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"verificationStatus":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}}""",
        """{"resourceType":"Invoice","status":"draft","totalNet":{"value":1,"currency":"VND"}}""",
        """{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520","resource":{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient?identifier=1"}},"request":{"method":"POST","url":"Observation"}}]}""",
        """{"resourceType":"Binary","contentType":"text/plain","data":"YWJj"}""",
        """{"resourceType":"Parameters","parameter":[{"name":"a","valueUnsignedInt":0},{"name":"b","part":[{"name":"c","valueString":"x"}]}]}""",
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_named_and_placed(string json, string code, string expression)
    {
        var issues = Validate(json).Where(i => i.Severity == IssueSeverity.Error).ToList();
        Assert.Contains(issues, i => i.Code == code && i.Expression == expression);
        Assert.True(issues.Count == 1, string.Join('\n', issues));
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void What_the_standard_allows_passes(string json) => Assert.DoesNotContain(Validate(json), i => i.Severity == IssueSeverity.Error);

    [Fact]
    public void Best_practice_warns()
    {
        var issue = Assert.Single(Validate("""{"resourceType":"Patient"}"""));
        Assert.Equal((IssueSeverity.Warning, "dom-6", "Patient"), (issue.Severity, issue.Key, issue.Expression));
        using var document = JsonDocument.Parse("""{"resourceType":"Patient"}""");
        Assert.Empty(ResourceValidator.Validate(document.RootElement, new ValidationOptions { Warnings = false }));
    }

    [Fact]
    public void A_reference_by_search_belongs_into_a_transaction()
    {
        using var document = JsonDocument.Parse(Obs + ""","subject":{"reference":"Patient?identifier=1"}}""");
        var options = new ValidationOptions { Warnings = false };
        Assert.Empty(ResourceValidator.Validate(document.RootElement, options));
        Assert.Equal("Observation.subject.reference", Assert.Single(ResourceValidator.Validate(document.RootElement, options with { ReferencesBySearch = false })).Expression);
    }

    [Theory]
    [InlineData("transaction", true)]
    [InlineData("batch", false)]
    [InlineData("collection", false)]
    public void Of_bundles_only_a_transaction_has_references_by_search(string type, bool allowed)
    {
        var entry = "{\"resource\":" + Obs + ",\"subject\":{\"reference\":\"Patient?identifier=1\"}}" + (type == "collection" ? "}" : ",\"request\":{\"method\":\"POST\",\"url\":\"Observation\"}}");
        var errors = Validate($$"""{"resourceType":"Bundle","type":"{{type}}","entry":[{{entry}}]}""").Where(i => i.Severity == IssueSeverity.Error).ToList();
        Assert.Equal(allowed ? [] : ["Bundle.entry[0].resource.subject.reference"], errors.Select(i => i.Expression));
    }

    [Fact]
    public void A_rule_that_cannot_be_evaluated_is_named_and_breaks_nothing()
    {
        // Of two names none is the one that must match a pattern.
        var issues = Validate("""{"resourceType":"ValueSet","status":"active","name":["A","B"]}""");
        var issue = Assert.Single(issues, i => i.Code == Issue.NotEvaluated);
        Assert.Equal((IssueSeverity.Warning, "vsd-0", "ValueSet"), (issue.Severity, issue.Key, issue.Expression));
        Assert.Contains("vsd-0", issue.Diagnostics);
        Assert.DoesNotContain(issues, i => i.Code == "invariant" && i.Key == "vsd-0");
    }

    [Fact]
    public void A_string_of_more_than_a_million_characters_is_too_long()
    {
        var issue = Assert.Single(Validate("{\"resourceType\":\"Basic\",\"code\":{\"text\":\"" + new string('x', (1024 * 1024) + 1) + "\"}}"), i => i.Severity == IssueSeverity.Error);
        Assert.Equal(("too-long", "Basic.code.text"), (issue.Code, issue.Expression));
        Assert.DoesNotContain(Validate("{\"resourceType\":\"Basic\",\"code\":{\"text\":\"" + new string('ế', 1024 * 1024) + "\"}}"), i => i.Severity == IssueSeverity.Error);
    }

    [Fact]
    public void Looking_ends_at_the_limit()
    {
        var json = "{\"resourceType\":\"Patient\",\"name\":[" + string.Join(',', Enumerable.Repeat("{}", 500)) + "]}";
        using var document = JsonDocument.Parse(json);
        Assert.Equal(7, ResourceValidator.Validate(document.RootElement, new ValidationOptions { MaxIssues = 7 }).Count);
    }

    private static IReadOnlyList<Issue> Validate(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ResourceValidator.Validate(document.RootElement);
    }
}
