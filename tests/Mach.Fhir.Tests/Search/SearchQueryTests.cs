using Mach.Fhir.Search;

namespace Mach.Fhir.Tests.Search;

public class SearchQueryTests
{
    [Theory]
    [InlineData("Patient", "shoe-size", "42", "not-supported")]
    [InlineData("Patient", "name:phonetic", "a", "not-supported")]
    [InlineData("Patient", "birthdate", "yesterday", "invalid")]
    [InlineData("Patient", "birthdate", "xx1965", "invalid")]
    [InlineData("Patient", "gender:missing", "perhaps", "invalid")]
    [InlineData("Patient", "name", "", "invalid")]
    [InlineData("Patient", "identifier", "a|b|c", "invalid")]
    [InlineData("Patient", "_count", "-1", "invalid")]
    [InlineData("Patient", "_count", "many", "invalid")]
    [InlineData("Patient", "_sort", "shoe-size", "not-supported")]
    [InlineData("Observation", "_sort", "code-value-quantity", "not-supported")]
    [InlineData("Patient", "_sort", "name,name,name,name,name,name,name,name,name", "too-costly")]
    [InlineData("Patient", "_total", "all", "invalid")]
    [InlineData("Patient", "_summary", "some", "invalid")]
    [InlineData("Patient", "_lastUpdated", "soon", "invalid")]
    [InlineData("Encounter", "_include", "Encounter:status", "not-supported")]
    [InlineData("Encounter", "_include", "Observation:encounter", "not-supported")]
    [InlineData("Encounter", "_revinclude", "Observation:based-on", "not-supported")]
    [InlineData("Encounter", "_include", "Encounter:subject:Nobody", "not-supported")]
    [InlineData("Encounter", "patient", "has space", "invalid")]
    [InlineData("Provenance", "target.name", "a", "invalid")]
    [InlineData("Encounter", "subject.shoe-size", "a", "not-supported")]
    [InlineData("Encounter", "patient.", "a", "invalid")]
    [InlineData("Encounter", "part-of.part-of.part-of.part-of.part-of.part-of.status", "a", "too-costly")]
    [InlineData("Observation", "code-value-quantity", "8480-6", "invalid")]
    [InlineData("Observation", "code-value-quantity", "8480-6$high", "invalid")]
    [InlineData("Patient", "identifier:of-type", "a|b", "invalid")]
    [InlineData("Patient", "gender:in", "http://example.org/no-such-set", "not-supported")]
    [InlineData("RiskAssessment", "probability", "likely", "invalid")]
    [InlineData("Location", "near", "1|2|3|km", "not-supported")]
    [InlineData("Patient", "_text", "an", "not-supported")]
    [InlineData("Patient", "_content", "an", "not-supported")]
    [InlineData("Patient", "_filter", "name eq an", "not-supported")]
    [InlineData("Encounter", "status.name", "a", "invalid")]
    [InlineData("Observation", "value-quantity", "a lot", "invalid")]
    [InlineData("Observation", "subject:Encounter", "1", "invalid")]
    [InlineData("Patient", "_has:Observation:patient", "1", "invalid")]
    [InlineData("Patient", "_has:Observation:encounter:code", "1", "not-supported")]
    [InlineData("Patients", "name", "a", "not-supported")]
    public void What_cannot_be_answered_is_said_so(string type, string name, string value, string code)
    {
        var e = Assert.Throws<SearchException>(() => Parse(type, (name, value)));
        Assert.Equal(code, e.Code);
        Assert.NotEmpty(e.Message);
    }

    [Fact]
    public void A_lenient_reader_leaves_out_what_it_does_not_know_but_not_what_is_malformed()
    {
        var query = SearchQuery.Parse("Patient", [new("shoe-size", "42"), new("gender", "male"), new("name:phonetic", "a")], lenient: true);
        Assert.Equal(["shoe-size", "name:phonetic"], query.Ignored);
        Assert.Equal(["gender"], query.Clauses.Select(c => c.Parameter.Code));
        Assert.Throws<SearchException>(() => SearchQuery.Parse("Patient", [new("birthdate", "x")], lenient: true));
    }

    [Fact]
    public void Control_parameters_are_read()
    {
        var query = Parse("Encounter", ("_count", "5000"), ("_sort", "-date"), ("_total", "accurate"), ("_include", "Encounter:service-provider"),
            ("_revinclude", "Observation:encounter"), ("_id", "a,b"), ("_id", "b,c"), ("_format", "json"), ("_cursor", "abc"));
        Assert.Equal(1000, query.Count);
        Assert.Equal("-date", query.Sort);
        Assert.True(query.Total);
        Assert.Equal([new SearchInclude("Encounter", "service-provider", null, false)], query.Includes);
        Assert.Equal([new SearchInclude("Observation", "encounter", null, false)], query.RevIncludes);
        Assert.Equal(["b"], query.Ids);
        Assert.Equal("abc", query.Cursor);
        Assert.Empty(query.Clauses);
    }

    [Fact]
    public void Commas_separate_unless_escaped() =>
        Assert.Equal(["a\\,b", "c"], Parse("Patient", ("identifier", "a\\,b,c")).Clauses[0].Values);

    [Fact]
    public void A_chain_keeps_its_far_end()
    {
        var chain = Assert.Single(Parse("Observation", ("subject:Patient.identifier", "urn:x|1")).Clauses[0].Chains);
        Assert.Equal("Patient", chain.Type);
        Assert.Equal("identifier", chain.Query.Clauses[0].Parameter.Code);
        Assert.Equal(["Device", "Group", "Location", "Patient"], Parse("Observation", ("subject.identifier", "1")).Clauses[0].Chains.Select(c => c.Type).Order(StringComparer.Ordinal));
        Assert.Equal("code", Parse("Patient", ("_has:Observation:patient:code", "x")).Has[0].Query.Clauses[0].Parameter.Code);
        Assert.Equal("target", Assert.Single(Parse("Patient", ("_has:Observation:patient:_has:Provenance:target:recorded", "2025")).Has[0].Query.Has).Reference.Code);
        Assert.Equal(["x"], Parse("Observation", ("patient._id", "x")).Clauses[0].Chains[0].Query.Ids);
    }

    private static SearchQuery Parse(string type, params (string Name, string Value)[] pairs) =>
        SearchQuery.Parse(type, pairs.Select(p => new KeyValuePair<string, string>(p.Name, p.Value)));
}
