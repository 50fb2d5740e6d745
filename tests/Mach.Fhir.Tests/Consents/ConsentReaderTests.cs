using System.Text.Json;
using Mach.Fhir.Consents;
using Mach.Kernel;

namespace Mach.Fhir.Tests.Consents;

/// <summary>Consents as rows. Source: http://hl7.org/fhir/R4/consent.html (policyRule, provision, exceptions within it).</summary>
public class ConsentReaderTests
{
    [Theory]
    // what stands in the Consent → its rules: depth, deny or permit, facility, practitioner, labels, type, purposes
    [InlineData("""{"policyRule":{"coding":[{"code":"OPTOUT"}]}}""", "0 deny")]
    [InlineData("""{"policyRule":{"coding":[{"code":"OPTIN"}]}}""", "0 permit")]
    [InlineData("""{"policyRule":{"coding":[{"code":"OPTIN"}]},"provision":{"period":{"start":"2026-01-01"}}}""", "0 permit")]
    [InlineData("""{"provision":{"type":"deny","actor":[{"reference":{"reference":"Organization/cskcb-25001"}},{"reference":{"reference":"Practitioner/bs1"}}]}}""", "0 deny 25001; 0 deny bs1")]
    [InlineData("""{"policyRule":{"coding":[{"code":"OPTOUT"}]},"provision":{"type":"permit","actor":[{"reference":{"reference":"Organization/cskcb-25001"}}]}}""", "0 deny; 1 permit 25001")]
    [InlineData("""{"provision":{"type":"deny","provision":[{"type":"permit","actor":[{"reference":{"reference":"Organization/cskcb-25001"}}],"provision":[{"type":"deny","securityLabel":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"HIV"}]}]}]}}""", "0 deny; 1 permit 25001; 2 deny 25001 Hiv")]
    [InlineData("""{"provision":{"type":"deny","class":[{"system":"http://hl7.org/fhir/resource-types","code":"Observation"}],"purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HRESCH"}]}}""", "0 deny Observation Research")]
    [InlineData("""{"scope":{"coding":[{"code":"research"}]},"provision":{"type":"deny"}}""", "0 deny Research")]
    // An exception for another facility than the provision around it speaks of nobody.
    [InlineData("""{"provision":{"type":"deny","actor":[{"reference":{"reference":"Organization/cskcb-25001"}}],"provision":[{"type":"permit","actor":[{"reference":{"reference":"Organization/cskcb-25002"}}]}]}}""", "0 deny 25001")]
    // Collecting and correcting are no seeing.
    [InlineData("""{"provision":{"type":"deny","action":[{"coding":[{"code":"collect"}]}]}}""", "")]
    [InlineData("""{"status":"inactive","provision":{"type":"deny"}}""", "")]
    [InlineData("""{"scope":{"coding":[{"code":"adr"}]},"provision":{"type":"deny"}}""", "")]
    public void Rules_are_those_of_the_provisions(string parts, string expected) => Assert.Equal(expected, string.Join("; ", ConsentReader.Rules(Consent(parts)).Select(Show)));

    [Theory]
    // what cannot be enforced → where, and a denial that is wider, or a permission that is none
    [InlineData("""{"provision":{"type":"deny","actor":[{"reference":{"reference":"RelatedPerson/r1"}}]}}""", "Consent.provision.actor[0]", "0 deny")]
    [InlineData("""{"provision":{"type":"permit","actor":[{"reference":{"reference":"RelatedPerson/r1"}}]}}""", "Consent.provision.actor[0]", "")]
    [InlineData("""{"provision":{"type":"deny","securityLabel":[{"system":"urn:x","code":"HIV"}]}}""", "Consent.provision.securityLabel[0]", "0 deny")]
    [InlineData("""{"provision":{"type":"permit","class":[{"system":"http://hl7.org/fhir/resource-types","code":"Nothing"}]}}""", "Consent.provision.class[0]", "")]
    [InlineData("""{"provision":{"type":"deny","code":[{"coding":[{"code":"718-7"}]}]}}""", "Consent.provision.code", "0 deny")]
    [InlineData("""{"provision":{"type":"permit","data":[{"meaning":"instance","reference":{"reference":"Observation/o1"}}]}}""", "Consent.provision.data", "")]
    [InlineData("""{"provision":{"type":"deny","purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HMARKT"}]}}""", "Consent.provision.purpose[0]", "0 deny")]
    [InlineData("""{"provision":{"type":"permit","provision":[{"period":{"start":"2026"}}]}}""", "Consent.provision.provision[0].type", "0 permit; 1 deny")]
    [InlineData("""{}""", "Consent", "")]
    public void What_cannot_be_enforced_is_named_and_never_shows_more(string parts, string where, string expected)
    {
        var consent = Consent(parts);
        Assert.Equal(where, Assert.Single(ConsentReader.Check(consent)).Expression);
        Assert.Equal(expected, string.Join("; ", ConsentReader.Rules(consent).Select(Show)));
    }

    [Fact]
    public void More_rules_than_a_person_makes_deny_everything()
    {
        var actors = string.Join(',', Enumerable.Range(0, 40).Select(i => $$$"""{"reference":{"reference":"Organization/cskcb-{{{25000 + i}}}"}}"""));
        var types = string.Join(',', new[] { "Observation", "Condition", "Procedure", "Encounter", "Immunization", "Coverage", "Claim", "Goal", "List", "Task", "Device", "Group", "Basic", "Media" }.Select(t => $$"""{"system":"http://hl7.org/fhir/resource-types","code":"{{t}}"}"""));
        var consent = Consent($$$"""{"provision":{"type":"permit","actor":[{{{actors}}}],"class":[{{{types}}}]}}""");
        Assert.True(ConsentReader.Rules(consent)[^1] is { Denies: true, Facility: null, Type: null, Labels: DataLabels.None });
        Assert.Single(ConsentReader.Check(consent));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","managingOrganization":{"reference":"Organization/cskcb-25001"},"generalPractitioner":[{"reference":"Practitioner/a"},{"reference":"Organization/x"}]}""", "Registration 25001; Team a")]
    [InlineData("""{"resourceType":"ServiceRequest","status":"active","authoredOn":"2026-03-05","performer":[{"reference":"Organization/cskcb-25001"},{"reference":"Practitioner/a"}]}""", "Referral 25001")]
    [InlineData("""{"resourceType":"ServiceRequest","status":"revoked","performer":[{"reference":"Organization/cskcb-25001"}]}""", "")]
    [InlineData("""{"resourceType":"Task","status":"accepted","owner":{"reference":"Practitioner/a"}}""", "Team a")]
    [InlineData("""{"resourceType":"Task","status":"completed","owner":{"reference":"Practitioner/a"}}""", "")]
    [InlineData("""{"resourceType":"Encounter","status":"in-progress","location":[{"location":{"reference":"Location/k1"}},{"location":{"reference":"Location/k2"},"status":"completed"}],"participant":[{"individual":{"reference":"Practitioner/a"}}]}""", "Ward k1; Team a")]
    [InlineData("""{"resourceType":"Encounter","status":"finished","location":[{"location":{"reference":"Location/k1"}}]}""", "")]
    [InlineData("""{"resourceType":"CareTeam","status":"active","participant":[{"member":{"reference":"Practitioner/a"}}]}""", "Team a")]
    [InlineData("""{"resourceType":"Observation","status":"final","performer":[{"reference":"Organization/cskcb-25001"}]}""", "")]
    public void Ties_are_what_stands(string body, string expected)
    {
        using var document = JsonDocument.Parse(body);
        Assert.Equal(expected, string.Join("; ", Tie.Of(document.RootElement).Select(t => $"{t.Kind} {t.Facility ?? t.Other}")));
    }

    private static JsonElement Consent(string parts)
    {
        var body = System.Text.Json.Nodes.JsonNode.Parse(parts)!.AsObject();
        body["status"] ??= "active";
        body["scope"] ??= System.Text.Json.Nodes.JsonNode.Parse("""{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]}""");
        return JsonSerializer.SerializeToElement(body);
    }

    private static string Show(ConsentRule rule) => string.Join(' ', new[]
    {
        rule.Depth.ToString(System.Globalization.CultureInfo.InvariantCulture), rule.Denies ? "deny" : "permit", rule.Facility, rule.Practitioner,
        rule.Labels == 0 ? null : rule.Labels.ToString(), rule.Type, rule.Purposes == 0 ? null : rule.Purposes.ToString(),
    }.Where(p => p is not null));
}
