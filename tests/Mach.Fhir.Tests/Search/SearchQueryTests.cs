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
    [InlineData("Patient", "_sort", "gender", "not-supported")]
    [InlineData("Patient", "_sort", "name,birthdate", "not-supported")]
    [InlineData("Patient", "_total", "all", "invalid")]
    [InlineData("Patient", "_summary", "text", "not-supported")]
    [InlineData("Patient", "_lastUpdated", "soon", "invalid")]
    [InlineData("Encounter", "_include", "Encounter:status", "not-supported")]
    [InlineData("Encounter", "_include", "Observation:encounter", "not-supported")]
    [InlineData("Encounter", "_revinclude", "Observation:based-on", "not-supported")]
    [InlineData("Encounter", "patient", "has space", "invalid")]
    [InlineData("Encounter", "subject.name", "a", "invalid")]
    [InlineData("Encounter", "patient.organization.name", "a", "not-supported")]
    [InlineData("Encounter", "status.name", "a", "invalid")]
    [InlineData("Observation", "value-quantity", "a lot", "invalid")]
    [InlineData("Observation", "subject:Encounter", "1", "invalid")]
    [InlineData("Patient", "_has:Observation:patient", "1", "invalid")]
    [InlineData("Patient", "_has:Observation:encounter:code", "1", "invalid")]
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
        Assert.Equal([("Encounter", "service-provider")], query.Includes);
        Assert.Equal([("Observation", "encounter")], query.RevIncludes);
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
        var chain = Parse("Observation", ("subject:Patient.identifier", "urn:x|1")).Clauses[0].Chain!;
        Assert.Equal("Patient", chain.Type);
        Assert.Equal("identifier", chain.Clause.Parameter.Code);
        Assert.NotNull(Parse("Observation", ("patient.name", "an")).Clauses[0].Chain);
        Assert.Equal("code", Parse("Patient", ("_has:Observation:patient:code", "x")).Has[0].Clause.Parameter.Code);
    }

    private static SearchQuery Parse(string type, params (string Name, string Value)[] pairs) =>
        SearchQuery.Parse(type, pairs.Select(p => new KeyValuePair<string, string>(p.Name, p.Value)));
}
