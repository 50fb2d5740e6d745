using Mach.Data;
using Mach.Fhir.Validation;

namespace Mach.FhirApi.Tests.Interactions;

// Source: http://hl7.org/fhir/R4/http.html#capabilities
public sealed class CapabilitiesTests
{
    [Theory]
    [InlineData("", "CapabilityStatement")]
    [InlineData("mode=full", "CapabilityStatement")]
    [InlineData("mode=normative", "CapabilityStatement")]
    [InlineData("mode=terminology", "TerminologyCapabilities")]
    [InlineData("mode=full&_summary=true", "CapabilityStatement")]
    public async Task Each_mode_gives_a_valid_statement(string query, string type)
    {
        await using var api = await Api.StartAsync(DbEngine.Sqlite);
        var statement = (await Api.SendAsync(api.Host.Program(), "GET", "metadata?" + query, null, null)).Need(200).Json;
        Assert.Equal(type, statement.GetProperty("resourceType").GetString());
        Assert.DoesNotContain(ResourceValidator.Validate(statement), i => i.Severity == IssueSeverity.Error);
    }

    [Fact]
    public async Task Normative_leaves_out_what_is_on_trial_and_terminology_names_the_code_systems()
    {
        await using var api = await Api.StartAsync(DbEngine.Sqlite);
        var full = (await api.GetAsync("metadata")).Json.GetProperty("rest")[0];
        var normative = (await api.GetAsync("metadata?mode=normative")).Json.GetProperty("rest")[0];
        Assert.True(full.TryGetProperty("security", out _) && full.GetProperty("resource")[0].TryGetProperty("conditionalRead", out _));
        Assert.False(normative.TryGetProperty("security", out _) || normative.GetProperty("resource")[0].TryGetProperty("conditionalRead", out _) || normative.GetProperty("resource")[0].TryGetProperty("searchInclude", out _));
        Assert.Equal(full.GetProperty("resource")[0].GetProperty("searchParam").GetArrayLength(), normative.GetProperty("resource")[0].GetProperty("searchParam").GetArrayLength());
        var systems = (await api.GetAsync("metadata?mode=terminology")).Json.GetProperty("codeSystem").EnumerateArray().Select(s => s.GetProperty("uri").GetString()).ToList();
        Assert.Contains("http://hl7.org/fhir/sid/icd-10", systems);
        Assert.Contains("http://hl7.org/fhir/administrative-gender", systems);
    }

    [Fact]
    public async Task Another_mode_or_parameter_is_refused()
    {
        await using var api = await Api.StartAsync(DbEngine.Sqlite);
        (await api.GetAsync("metadata?mode=partial")).Need(400, "value");
        (await api.GetAsync("metadata?name=x")).Need(400, "not-supported");
        (await api.GetAsync("metadata?_summary=some")).Need(400, "invalid");
    }
}
