using Mach.Data;
using Mach.Testing;

namespace Mach.FhirApi.Tests.Operations;

// Source: http://hl7.org/fhir/R4/resource-operation-meta.html
public sealed class MetaOfManyTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task Meta_of_a_type_or_of_all_is_every_label_in_use_once(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        (await api.GetAsync("Patient/$meta")).Need(200);
        Assert.False((await api.GetAsync("$meta")).Need(200).Json.TryGetProperty("parameter", out _));
        foreach (var (type, id, meta) in new[]
        {
            ("Patient", "a", """{"profile":["urn:p:2","urn:p:1"],"tag":[{"system":"urn:t","code":"x","display":"X"},{"code":"y"}]}"""),
            ("Patient", "b", """{"profile":["urn:p:1"],"tag":[{"system":"urn:t","code":"x"}],"security":[{"system":"urn:s","code":"R"}]}"""),
            ("Patient", "gone", """{"tag":[{"system":"urn:t","code":"gone"}]}"""),
            ("Basic", "c", """{"tag":[{"system":"urn:t","code":"z"}]}"""),
        })
        {
            var rest = type == "Basic" ? ""","code":{"text":"x"}""" : "";
            (await api.PutAsync($"{type}/{id}", $$"""{"resourceType":"{{type}}","id":"{{id}}","meta":{{meta}}{{rest}}}""")).Need(201);
        }

        (await api.DeleteAsync("Patient/gone")).Need(204);
        const string OfPatients = """{"resourceType":"Parameters","parameter":[{"name":"return","valueMeta":{"profile":["urn:p:1","urn:p:2"],"security":[{"system":"urn:s","code":"R"}],"tag":[{"code":"y"},{"system":"urn:t","code":"x","display":"X"}]}}]}""";
        Assert.Equal(OfPatients, (await api.GetAsync("Patient/$meta")).Need(200).Text);
        Assert.Equal(OfPatients, (await api.PostAsync("Patient/$meta", """{"resourceType":"Parameters"}""")).Need(200).Text);
        Assert.Equal(OfPatients.Replace("""
            "display":"X"}
            """.Trim(), """
            "display":"X"},{"system":"urn:t","code":"z"}
            """.Trim(), StringComparison.Ordinal), (await api.GetAsync("$meta")).Need(200).Text);
        (await api.GetAsync("Patient/$meta?name=x")).Need(400, "not-supported");
        (await api.GetAsync("Patient/$meta?_elements=tag")).Need(400, "not-supported");
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Operations_that_answer_with_resources_show_the_part_that_is_asked_for(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        (await api.PutAsync("Patient/a", """{"resourceType":"Patient","id":"a","name":[{"text":"An"}],"photo":[{"title":"x"}]}""")).Need(201);
        (await api.PutAsync("Observation/o", """{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/a"},"note":[{"text":"n"}]}""")).Need(201);
        foreach (var path in new[] { "Patient/a/$everything?_summary=true&_pretty=true", "Observation/$lastn?patient=a&_summary=true&_pretty=true", "Patient/a/$everything?_elements=name,code&_pretty=true" })
        {
            var answer = (await api.GetAsync(path)).Need(200);
            Assert.Contains("\n  ", answer.Text);
            Assert.Contains("SUBSETTED", answer.Text);
            Assert.DoesNotContain("\"photo\"", answer.Text);
            Assert.DoesNotContain("\"note\"", answer.Text);
            Assert.Contains(path.Contains("_summary") ? "_summary=true" : "_elements=name", answer.Json.GetProperty("link")[0].GetProperty("url").GetString());
        }

        var counted = (await api.GetAsync("Observation/$lastn?patient=a&_summary=count")).Need(200).Json;
        Assert.Equal((1, false), (counted.GetProperty("total").GetInt32(), counted.TryGetProperty("entry", out _)));
        (await api.GetAsync("Patient/a/$everything?_summary=count")).Need(400, "not-supported");
        var expanded = (await api.GetAsync("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender&_elements=status")).Need(200).Json;
        Assert.Equal(["resourceType", "status", "meta"], expanded.EnumerateObject().Select(p => p.Name));
        (await api.GetAsync("Patient/a/$validate?_summary=true")).Need(400, "not-supported");
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Summary_and_elements_together_both_narrow(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        (await api.PutAsync("Patient/a", """{"resourceType":"Patient","id":"a","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">An</div>"},"name":[{"text":"An"}],"photo":[{"title":"x"}],"gender":"male"}""")).Need(201);
        foreach (var (query, shown) in new[]
        {
            ("_summary=true&_elements=name,photo", "resourceType id meta name"), ("_summary=data&_elements=name,text", "resourceType id meta name"), ("_elements=photo&_summary=false", "resourceType id meta photo"), ("_summary=text&_elements=name", "resourceType id meta"),
        })
        {
            Assert.Equal((query, shown), (query, string.Join(' ', (await api.GetAsync("Patient/a?" + query)).Need(200).Json.EnumerateObject().Select(p => p.Name))));
        }
    }
}
