using System.Text.Json;
using Mach.Data;
using Mach.Testing;

namespace Mach.FhirApi.Tests.Presentation;

// Source of all rows: http://hl7.org/fhir/R4/search.html#summary, #elements
public sealed class ShapeTests
{
    private const string Patient = """
        {"resourceType":"Patient","id":"p1","meta":{"tag":[{"system":"urn:t","code":"x"}]},"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Lan</div>"},
         "name":[{"text":"Lan"}],"birthDate":"1990","_birthDate":{"id":"b"},"photo":[{"title":"ảnh"}],"contact":[{"name":{"text":"Mai"}}],"link":[{"other":{"reference":"Patient/p2"},"type":"seealso"}]}
        """;

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task Only_the_part_that_is_asked_for_is_shown_and_tagged(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        (await api.PutAsync("Patient/p2", """{"resourceType":"Patient","id":"p2"}""")).Need(201);
        (await api.PutAsync("Patient/p1", Patient)).Need(201);
        (await api.PutAsync("Observation/o1", """{"resourceType":"Observation","id":"o1","status":"final","code":{"text":"x"},"note":[{"text":"n"}],"valueString":"v"}""")).Need(201);
        foreach (var (path, properties) in ((string, string)[])[
            ("Patient/p1?_summary=true", "resourceType id meta name birthDate _birthDate link"),
            ("Patient/p1?_summary=text", "resourceType id meta text"),
            ("Patient/p1/_history/1?_summary=data", "resourceType id meta name birthDate _birthDate photo contact link"),
            ("Patient/p1?_elements=birthDate,Patient.contact", "resourceType id meta birthDate _birthDate contact"),
            ("Observation/o1?_elements=value", "resourceType id meta status code valueString"),
            ("Patient?_id=p1&_summary=text", "resourceType id meta text"),
            ("Patient/p1/_history?_elements=photo", "resourceType id meta photo")])
        {
            var shown = Resource((await api.GetAsync(path)).Need(200).Json);
            Assert.Equal((path, properties), (path, string.Join(' ', shown.EnumerateObject().Select(p => p.Name))));
            var tags = shown.GetProperty("meta").GetProperty("tag").EnumerateArray().Select(t => t.GetProperty("code").GetString()).ToArray();
            Assert.Equal(path.StartsWith("Patient", StringComparison.Ordinal) ? ["SUBSETTED", "x"] : ["SUBSETTED"], tags);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Whole_resources_are_not_tagged_and_strange_words_are_refused(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        (await api.PutAsync("Patient/p1", """{"resourceType":"Patient","id":"p1","name":[{"text":"Lan"}]}""")).Need(201);
        var whole = (await api.GetAsync("Patient/p1")).Need(200).Text;
        Assert.Equal(whole, (await api.GetAsync("Patient/p1?_summary=false")).Need(200).Text);
        Assert.DoesNotContain("SUBSETTED", whole);
        (await api.GetAsync("Patient/p1?_summary=count")).Need(400, "not-supported");
        (await api.GetAsync("Patient/p1?_summary=short")).Need(400, "invalid");
        (await api.GetAsync("Patient/p1?name=x")).Need(400, "not-supported");
        var counted = (await api.GetAsync("Patient/p1/_history?_summary=count")).Need(200).Json;
        Assert.Equal((1, false), (counted.GetProperty("total").GetInt32(), counted.TryGetProperty("entry", out _)));
    }

    private static JsonElement Resource(JsonElement answer) =>
        answer.GetProperty("resourceType").GetString() == "Bundle" ? answer.GetProperty("entry")[0].GetProperty("resource") : answer;
}
