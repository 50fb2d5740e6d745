using Mach.Access.Tests;
using Mach.Data;
using Mach.Testing;

namespace Mach.FhirApi.Tests.Operations;

/// <summary>http://hl7.org/fhir/R4/terminology-service.html.</summary>
public class TerminologyTests
{
    private const string Icd10 = "http://hl7.org/fhir/sid/icd-10";

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static List<string> Codes(Answer answer) => answer.Need(200).Json.GetProperty("expansion").TryGetProperty("contains", out var codes) ? [.. codes.EnumerateArray().Select(c => c.GetProperty("code").GetString()!)] : [];

    [Theory]
    [InlineData("tăng huyết áp", "I10")]
    [InlineData("tang huyet ap", "I10")]
    [InlineData("ap huyet tang", "I10")]
    [InlineData("I10", "I10")]
    [InlineData("dtd", "E10")]
    [InlineData("e119", "E11.9")]
    public async Task A_diagnosis_is_found_as_people_type_it(string filter, string expected)
    {
        await using var api = await Api.StartAsync(DbEngine.Sqlite);
        Assert.Contains(expected, Codes(await api.GetAsync($"ValueSet/$expand?url={Uri.EscapeDataString(Icd10 + "?fhir_vs")}&filter={Uri.EscapeDataString(filter)}&count=20")));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Value_sets_are_expanded_page_by_page(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        Assert.Equal(["male", "female", "other", "unknown"], Codes(await api.GetAsync("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender")));
        var page = await api.GetAsync($"ValueSet/$expand?url={Uri.EscapeDataString(Icd10 + "?fhir_vs")}&count=3&offset=3");
        Assert.Equal(3, Codes(page).Count);
        Assert.True(page.Json.GetProperty("expansion").GetProperty("total").GetInt32() > 10_000);
        var english = (await api.GetAsync($"ValueSet/$expand?url={Uri.EscapeDataString(Icd10 + "?fhir_vs")}&filter=E11.9&displayLanguage=en&includeDesignations=true")).Need(200).Json.GetProperty("expansion").GetProperty("contains")[0];
        Assert.Contains("diabetes", english.GetProperty("display").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("vi", english.GetProperty("designation")[0].GetProperty("language").GetString());

        (await api.PutAsync("ValueSet/mine", """{"resourceType":"ValueSet","id":"mine","url":"http://mach.example/vs","status":"active","compose":{"include":[{"system":"http://hl7.org/fhir/sid/icd-10","concept":[{"code":"I10"},{"code":"J18.9","display":"Viêm phổi"}]},{"valueSet":["http://hl7.org/fhir/ValueSet/administrative-gender"]}],"exclude":[{"system":"http://hl7.org/fhir/administrative-gender","concept":[{"code":"unknown"}]}]}}""")).Need(201);
        Assert.Equal(["I10", "J18.9", "male", "female", "other"], Codes(await api.GetAsync("ValueSet/mine/$expand")));
        Assert.Equal(["J18.9"], Codes(await api.GetAsync("ValueSet/$expand?url=http://mach.example/vs&filter=phoi%20viem")));
        (await api.GetAsync("ValueSet/$expand?url=http://mach.example/none")).Need(404, "not-found");
        (await api.GetAsync("ValueSet/$expand")).Need(400, "required");
        (await api.GetAsync("ValueSet/$expand?url=http://mach.example/vs&count=x")).Need(400, "invalid");
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Codes_are_looked_up_and_validated(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        var found = (await api.GetAsync($"CodeSystem/$lookup?system={Icd10}&code=E11.9")).Need(200).Text;
        Assert.Contains("parent", found, StringComparison.Ordinal);
        Assert.Contains("\"E11\"", found, StringComparison.Ordinal);
        (await api.GetAsync($"CodeSystem/$lookup?system={Icd10}&code=Z99.99")).Need(404, "not-found");
        (await api.GetAsync("CodeSystem/$lookup?system=http://mach.example/none&code=1")).Need(404, "not-found");
        (await api.GetAsync("CodeSystem/$lookup?code=1")).Need(400, "required");
        Assert.True(Result(await api.GetAsync($"CodeSystem/$validate-code?url={Icd10}&code=I10")));
        Assert.False(Result(await api.GetAsync($"CodeSystem/$validate-code?url={Icd10}&code=X")));
        Assert.True(Result(await api.GetAsync("ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/administrative-gender&code=male")));
        Assert.False(Result(await api.GetAsync("ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/administrative-gender&code=male&display=Female")));
        Assert.True(Result(await api.PostAsync("ValueSet/$validate-code", """{"resourceType":"Parameters","parameter":[{"name":"url","valueUri":"http://hl7.org/fhir/ValueSet/administrative-gender"},{"name":"codeableConcept","valueCodeableConcept":{"coding":[{"system":"urn:x","code":"nam"},{"system":"http://hl7.org/fhir/administrative-gender","code":"male"}]}}]}""")));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_code_is_held_against_a_set_that_is_stored_or_sent(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        const string Set = """{"resourceType":"ValueSet","id":"few","status":"active","compose":{"include":[{"system":"http://hl7.org/fhir/administrative-gender","concept":[{"code":"male"}]}]}}""";
        (await api.PutAsync("ValueSet/few", Set)).Need(201);
        Assert.True(Result(await api.GetAsync("ValueSet/few/$validate-code?code=male&system=http://hl7.org/fhir/administrative-gender")));
        Assert.False(Result(await api.GetAsync("ValueSet/few/$validate-code?code=female&system=http://hl7.org/fhir/administrative-gender")));
        Assert.False(Result(await api.GetAsync("ValueSet/few/$validate-code?code=male&system=urn:other")));
        (await api.GetAsync("ValueSet/none/$validate-code?code=male")).Need(404, "not-found");
        (await api.GetAsync("ValueSet/few/$validate-code")).Need(400, "required");
        foreach (var (code, expected) in ((string, bool)[])[("male", true), ("female", false)])
        {
            var sent = $$"""{"resourceType":"Parameters","parameter":[{"name":"valueSet","resource":{{Set}}},{"name":"code","valueCode":"{{code}}"}]}""";
            Assert.Equal(expected, Result(await api.PostAsync("ValueSet/$validate-code", sent)));
        }
    }

    [Fact]
    public async Task Without_a_scope_on_value_sets_nothing_is_told()
    {
        await using var host = await (await AccessHost.StartAsync(DbEngine.Sqlite)).WithClientAsync("system/Patient.rs");
        var program = await host.SignedInProgramAsync();
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await program.GetAsync("/fhir/ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender")).StatusCode);
    }

    private static bool Result(Answer answer) => answer.Need(200).Json.GetProperty("parameter").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "result").GetProperty("valueBoolean").GetBoolean();

    /// <remarks>http://hl7.org/fhir/R4/search.html#token.</remarks>
    [Theory, MemberData(nameof(Engines))]
    public async Task A_search_takes_the_codes_of_a_stored_set_and_what_is_below_a_code(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        foreach (var (id, code) in new[] { ("a", "J10.1"), ("b", "J11.0"), ("c", "I10") })
        {
            (await api.PutAsync($"Condition/{id}", $$$"""{"resourceType":"Condition","id":"{{{id}}}","subject":{"reference":"Patient/p"},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"{{{code}}}"}]}}""")).Need(201);
        }

        (await api.PutAsync("ValueSet/flu", """{"resourceType":"ValueSet","id":"flu","url":"http://mach.example/ValueSet/flu","status":"active","compose":{"include":[{"system":"http://hl7.org/fhir/sid/icd-10","concept":[{"code":"J10.1"},{"code":"J11.0"}]}]}}""")).Need(201);
        foreach (var (search, found) in new[]
        {
            ("code:in=http://mach.example/ValueSet/flu", "a b"),
            ("code:not-in=http://mach.example/ValueSet/flu", "c"),
            ("code:in=http://hl7.org/fhir/ValueSet/icd-10", "a b c"),
            ("code:below=http://hl7.org/fhir/sid/icd-10|J10", "a"),
            ("code:below=J09-J18", "a b"),
            ("code:below=J00-J99,I10", "a b c"),
            ("code:above=http://hl7.org/fhir/sid/icd-10|I10.9", "c"),
        })
        {
            var bundle = (await api.GetAsync("Condition?" + search)).Need(200).Json;
            Assert.Equal(found, string.Join(' ', bundle.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource").GetProperty("id").GetString()).Order()));
        }

        Assert.Contains("code:in", (await api.GetAsync("Condition?code:in=http://mach.example/ValueSet/none")).Need(400, "not-supported").Json.GetRawText());
        (await api.GetAsync("Location?near=1|2")).Need(400, "not-supported");
    }
}
