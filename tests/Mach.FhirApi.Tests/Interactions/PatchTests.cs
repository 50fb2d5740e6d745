using System.Text;
using System.Text.Json;
using Mach.Data;
using Mach.Testing;

namespace Mach.FhirApi.Tests.Interactions;

// Source of all rows: http://hl7.org/fhir/R4/http.html#patch, RFC 6902, http://hl7.org/fhir/R4/fhirpatch.html
public sealed class PatchTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private const string Lan = """
        {"resourceType":"Patient","id":"p1","identifier":[{"system":"urn:test","value":"a"}],"name":[{"family":"Nguyễn","given":["Thị","Lan"]}],"gender":"female","birthDate":"1990","extension":[{"url":"urn:x","valueDecimal":1.50}]}
        """;

    [Theory, MemberData(nameof(Engines))]
    public async Task Json_patch_changes_adds_removes_moves_copies_and_tests(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        await api.PutAsync("Patient/p1", Lan);
        var patched = (await JsonAsync(api, "Patient/p1", """
            [{"op":"test","path":"/name/0/family","value":"Nguy\u1ec5n"},{"op":"test","path":"/meta/versionId","value":"1"},{"op":"replace","path":"/gender","value":"other"},
            {"op":"add","path":"/name/0/given/1","value":"Ngọc"},{"op":"add","path":"/name/0/given/-","value":"Cuối"},{"op":"remove","path":"/name/0/given/0"},
            {"op":"copy","from":"/name/0","path":"/name/-"},{"op":"move","from":"/birthDate","path":"/name/1/text"},{"op":"remove","path":"/identifier/0"}]
            """)).Need(200);
        Assert.Equal("W/\"2\"", patched.ETag);
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse("""[{"family":"Nguyễn","given":["Ngọc","Lan","Cuối"]},{"family":"Nguyễn","given":["Ngọc","Lan","Cuối"],"text":"1990"}]""").RootElement, patched.Json.GetProperty("name")), patched.Text);
        Assert.False(patched.Json.TryGetProperty("identifier", out _));
        Assert.Contains("1.50", patched.Text);
        Assert.Equal(patched.Text, (await api.GetAsync("Patient/p1")).Text);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_json_patch_that_does_not_fit_changes_nothing(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        await api.PutAsync("Patient/p1", Lan);
        (string Patch, int Status)[] rows =
        [
            ("""[{"op":"replace","path":"/gender","value":"male"},{"op":"test","path":"/gender","value":"female"}]""", 422),
            ("""[{"op":"remove","path":"/telecom"}]""", 422),
            ("""[{"op":"replace","path":"/telecom","value":[]}]""", 422),
            ("""[{"op":"add","path":"/name/7","value":{}}]""", 422),
            ("""[{"op":"add","path":"/name/01","value":{}}]""", 422),
            ("""[{"op":"add","path":"/a/b/c","value":{}}]""", 422),
            ("""[{"op":"move","from":"/name","path":"/name/0/x"}]""", 422),
            ("""[{"op":"replace","path":"/id","value":"p2"}]""", 422),
            ("""[{"op":"replace","path":"/resourceType","value":"Person"}]""", 422),
            ("""[{"op":"replace","path":"","value":5}]""", 422),
            ("""[{"op":"add","path":"name","value":5}]""", 400),
            ("""[{"op":"add","path":"/name~2","value":5}]""", 400),
            ("""[{"op":"add","path":"/name"}]""", 400),
            ("""[{"op":"move","path":"/name"}]""", 400),
            ("""[{"op":"brew","path":"/name"}]""", 400),
            ("""{"op":"remove","path":"/name"}""", 400),
            ("[", 400),
            ("[5]", 400),
        ];
        foreach (var (patch, status) in rows)
        {
            var answer = await JsonAsync(api, "Patient/p1", patch);
            Assert.True(status == answer.Status, $"{patch}: {answer.Status} {answer.Text}");
        }

        Assert.Equal("W/\"1\"", (await api.GetAsync("Patient/p1")).ETag);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Patch_knows_conditions_and_what_is_not_there(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        const string Male = """[{"op":"replace","path":"/gender","value":"male"}]""";
        await api.PutAsync("Patient/p1", Lan);
        await api.PutAsync("Patient/p2", Lan.Replace("\"p1\"", "\"p2\""));
        (await JsonAsync(api, "Patient/none", Male)).Need(404, "not-found");
        (await JsonAsync(api, "Patient/p1", Male, ("If-Match", "W/\"2\""))).Need(412, "conflict");
        (await JsonAsync(api, "Patient/p1", Male, ("If-Match", "W/\"1\""))).Need(200);
        Assert.Equal("W/\"2\"", (await JsonAsync(api, "Patient/p1", Male)).Need(200).ETag);
        (await JsonAsync(api, "Patient?identifier=urn:test|a", Male)).Need(412, "multiple-matches");
        (await JsonAsync(api, "Patient?identifier=urn:test|none", Male)).Need(404, "not-found");
        (await JsonAsync(api, "Patient?_id=p2", Male)).Need(200);
        (await JsonAsync(api, "Patient", Male)).Need(400, "invalid");
        Assert.Equal("", (await JsonAsync(api, "Patient/p2", Male, ("Prefer", "return=minimal"))).Need(200).Text);
        await api.DeleteAsync("Patient/p1");
        (await JsonAsync(api, "Patient/p1", Male)).Need(410, "deleted");
        (await api.SendAsync("PATCH", "Patient/p2", Lan)).Need(400, "invalid");
        Assert.Equal(415, (await Api.SendAsync(api.Http, "PATCH", "Patient/p2", "<a/>"u8.ToArray(), "application/xml-patch+xml")).Status);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Thirty_two_patches_of_one_resource_all_count(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        await api.PutAsync("Patient/p1", Lan);
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => JsonAsync(api, "Patient/p1", $$$"""[{"op":"add","path":"/name/-","value":{"text":"{{{i}}}"}}]""")));
        Assert.All(answers, a => a.Need(200));
        var read = (await api.GetAsync("Patient/p1")).Json;
        Assert.Equal(33, read.GetProperty("name").GetArrayLength());
        Assert.Equal("33", read.GetProperty("meta").GetProperty("versionId").GetString());
    }

    // The operations of http://hl7.org/fhir/R4/fhirpatch.html, on a small resource each.
    [Theory]
    [InlineData("""{"id":"p"}""", "type=add,path=Patient,name=birthDate", "\"valueDate\":\"1930-01-01\"", """{"id":"p","birthDate":"1930-01-01"}""")]
    [InlineData("""{"id":"p","gender":"male"}""", "type=replace,path=Patient.gender", "\"valueCode\":\"female\"", """{"id":"p","gender":"female"}""")]
    [InlineData("""{"id":"p","birthDate":"1920","_birthDate":{"id":"x"}}""", "type=replace,path=Patient.birthDate", "\"valueDate\":\"1930\"", """{"id":"p","birthDate":"1930"}""")]
    [InlineData("""{"id":"p","birthDate":"1920","_birthDate":{"id":"x"}}""", "type=delete,path=Patient.birthDate", null, """{"id":"p"}""")]
    [InlineData("""{"id":"p"}""", "type=delete,path=Patient.birthDate", null, """{"id":"p"}""")]
    [InlineData("""{"id":"p","contact":[{"name":{"text":"a"}}]}""", "type=add,path=Patient.contact[0],name=gender", "\"valueCode\":\"male\"", """{"id":"p","contact":[{"name":{"text":"a"},"gender":"male"}]}""")]
    [InlineData("""{"id":"p"}""", "type=add,path=Patient,name=contact", "\"part\":[{\"name\":\"name\",\"valueHumanName\":{\"text\":\"a\"}},{\"name\":\"gender\",\"valueCode\":\"male\"},{\"name\":\"telecom\",\"valueContactPoint\":{\"system\":\"phone\",\"value\":\"1\"}}]", """{"id":"p","contact":[{"name":{"text":"a"},"gender":"male","telecom":[{"system":"phone","value":"1"}]}]}""")]
    [InlineData("""{"id":"p"}""", "type=add,path=Patient,name=deceased", "\"valueBoolean\":true", """{"id":"p","deceasedBoolean":true}""")]
    [InlineData("""{"id":"p","deceasedBoolean":true}""", "type=replace,path=Patient.deceased", "\"valueDateTime\":\"2026\"", """{"id":"p","deceasedDateTime":"2026"}""")]
    [InlineData("""{"id":"p","identifier":[{"value":"a"},{"value":"b"}]}""", "type=insert,path=Patient.identifier,index=1", "\"valueIdentifier\":{\"value\":\"c\"}", """{"id":"p","identifier":[{"value":"a"},{"value":"c"},{"value":"b"}]}""")]
    [InlineData("""{"id":"p"}""", "type=insert,path=Patient.identifier,index=0", "\"valueIdentifier\":{\"value\":\"c\"}", """{"id":"p","identifier":[{"value":"c"}]}""")]
    [InlineData("""{"id":"p","identifier":[{"value":"a"},{"value":"b"},{"value":"c"}]}""", "type=move,path=Patient.identifier,source=2,destination=0", null, """{"id":"p","identifier":[{"value":"c"},{"value":"a"},{"value":"b"}]}""")]
    [InlineData("""{"id":"p","identifier":[{"value":"a"},{"value":"b"}]}""", "type=delete,path=Patient.identifier[0]", null, """{"id":"p","identifier":[{"value":"b"}]}""")]
    [InlineData("""{"id":"p","name":[{"given":["a","b"],"_given":[null,{"id":"x"}]}]}""", "type=delete,path=Patient.name[0].given[0]", null, """{"id":"p","name":[{"given":["b"],"_given":[{"id":"x"}]}]}""")]
    [InlineData("""{"id":"p","identifier":[{"value":"a"},{"value":"b"}]}""", "type=replace,path=Patient.identifier[1].value", "\"valueString\":\"c\"", """{"id":"p","identifier":[{"value":"a"},{"value":"c"}]}""")]
    [InlineData("""{"id":"p","identifier":[{"value":"a"}]}""", "type=delete,path=Patient.identifier[0]", null, """{"id":"p"}""")]
    [InlineData("""{"id":"p","identifier":[{"system":"urn:a","value":"a"},{"system":"urn:b","value":"b"}]}""", "type=delete,path=Patient.identifier.where(system~'urn:a')", null, """{"id":"p","identifier":[{"system":"urn:b","value":"b"}]}""")]
    [InlineData("""{"id":"p","name":[{"use":"old","given":["a","b"]}]}""", "type=insert,path=Patient.name.where(use~'old').given,index=1", "\"valueString\":\"c\"", """{"id":"p","name":[{"use":"old","given":["a","c","b"]}]}""")]
    [InlineData("""{"id":"p","name":[{"use":"old"},{"use":"usual"}]}""", "type=insert,path=Patient.name.last().given,index=0", "\"valueString\":\"c\"", """{"id":"p","name":[{"use":"old"},{"use":"usual","given":["c"]}]}""")]
    public async Task Fhirpath_patch_does_what_the_standard_shows(string resource, string parts, string? value, string expected)
    {
        await using var api = await Api.StartAsync(DbEngine.Sqlite);
        await api.PutAsync("Patient/p", Typed(resource));
        var patched = (await api.SendAsync("PATCH", "Patient/p", Parameters(parts, value))).Need(200);
        var meta = $",\"meta\":{patched.Json.GetProperty("meta").GetRawText()}";
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(Typed(expected)).RootElement, JsonDocument.Parse(patched.Text.Replace(meta, "")).RootElement), patched.Text);
    }

    [Theory]
    [InlineData("type=replace,path=Patient.birthDate", "\"valueDate\":\"1930\"", 422)]
    [InlineData("type=add,path=Patient,name=gender", "\"valueCode\":\"male\"", 422)]
    [InlineData("type=add,path=Patient,name=madeUp", "\"valueCode\":\"male\"", 422)]
    [InlineData("type=add,path=Patient,name=gender", null, 400)]
    [InlineData("type=delete,path=Patient.identifier", null, 422)]
    [InlineData("type=insert,path=Patient.identifier,index=3", "\"valueIdentifier\":{\"value\":\"c\"}", 422)]
    [InlineData("type=move,path=Patient.identifier,source=0,destination=2", null, 422)]
    [InlineData("type=insert,path=Patient.gender,index=0", "\"valueCode\":\"c\"", 422)]
    [InlineData("type=brew,path=Patient.gender", null, 400)]
    [InlineData("type=delete,path=Patient.gender.length()", null, 422)]
    [InlineData("type=delete,path=Patient.identifier.value.single()", null, 422)]
    [InlineData("type=delete", null, 400)]
    [InlineData("type=delete,path=Patient.[", null, 400)]
    [InlineData("type=delete,path=Patient", null, 422)]
    public async Task A_fhirpath_patch_that_does_not_fit_is_refused(string parts, string? value, int status)
    {
        await using var api = await Api.StartAsync(DbEngine.Sqlite);
        await api.PutAsync("Patient/p", Typed("""{"id":"p","gender":"male","identifier":[{"value":"a"},{"value":"b"}]}"""));
        var answer = (await api.SendAsync("PATCH", "Patient/p", Parameters(parts, value))).Need(status);
        Assert.StartsWith("Parameters.parameter[0]", answer.Json.GetProperty("issue")[0].GetProperty("expression")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("W/\"1\"", (await api.GetAsync("Patient/p")).ETag);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Patches_are_entries_of_bundles_too(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        await api.PutAsync("Patient/p1", Lan);
        await api.PutAsync("Patient/p2", Lan.Replace("\"p1\"", "\"p2\"").Replace("\"a\"", "\"b\""));
        var json = Convert.ToBase64String(Encoding.UTF8.GetBytes("""[{"op":"replace","path":"/gender","value":"male"}]"""));
        foreach (var (type, version) in ((string, int)[])[("transaction", 2), ("batch", 3)])
        {
            var gender = version == 2 ? "male" : "unknown";
            var answer = (await api.PostAsync("", Bundles.TransactionTests.Bundle(type,
                Bundles.TransactionTests.Entry("PATCH", "Patient/p1", $$"""{"resourceType":"Binary","contentType":"application/json-patch+json","data":"{{json.Replace(Convert.ToBase64String("male"u8), Convert.ToBase64String(Encoding.UTF8.GetBytes(gender)))}}"}"""),
                Bundles.TransactionTests.Entry("PATCH", "Patient?identifier=urn:test|b", Parameters("type=replace,path=Patient.gender", $"\"valueCode\":\"{gender}\""))))).Need(200);
            Assert.All(answer.Json.GetProperty("entry").EnumerateArray(), e => Assert.Equal("200 OK", e.GetProperty("response").GetProperty("status").GetString()));
            Assert.Equal(gender, (await api.GetAsync("Patient/p2")).Json.GetProperty("gender").GetString());
        }

        Assert.Equal("male", (await api.GetAsync("Patient/p1")).Json.GetProperty("gender").GetString());
        (await api.PostAsync("", Bundles.TransactionTests.Bundle("transaction", Bundles.TransactionTests.Entry("PATCH", "Patient/p1", Lan)))).Need(400, "invalid");
    }

    private static Task<Answer> JsonAsync(Api api, string path, string patch, params (string, string)[] headers) =>
        Api.SendAsync(api.Http, "PATCH", path, Encoding.UTF8.GetBytes(patch), "application/json-patch+json", headers);

    private static string Typed(string json) => "{\"resourceType\":\"Patient\"," + json[1..];

    private static string Parameters(string parts, string? value)
    {
        var all = parts.Split(',').Select(p => p.Split('=')).Select(p => p[0] is "index" or "source" or "destination"
            ? $"{{\"name\":\"{p[0]}\",\"valueInteger\":{p[1]}}}"
            : $"{{\"name\":\"{p[0]}\",\"value{(p[0] == "type" ? "Code" : "String")}\":\"{p[1]}\"}}").ToList();
        if (value is not null)
        {
            all.Add($"{{\"name\":\"value\",{value}}}");
        }

        return $$"""{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{{string.Join(',', all)}}]}]}""";
    }
}
