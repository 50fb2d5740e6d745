using System.Text.Json;
using Mach.Data;
using Mach.Testing;

namespace Mach.FhirApi.Tests.Operations;

/// <summary>Operations on resources: http://hl7.org/fhir/R4/operations.html.</summary>
public class OperationTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static async Task<Api> FilledAsync(DbEngine engine)
    {
        var api = await Api.StartAsync(engine);
        (await api.PutAsync("Organization/x", """{"resourceType":"Organization","id":"x","name":"Trạm Y tế xã Tân Lập"}""")).Need(201);
        foreach (var patient in new[] { "a", "b" })
        {
            (await api.PutAsync($"Patient/{patient}", $$"""{"resourceType":"Patient","id":"{{patient}}","name":[{"text":"Nguyễn Văn An"}]}""")).Need(201);
            (await api.PutAsync($"Encounter/e{patient}", $$"""{"resourceType":"Encounter","id":"e{{patient}}","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/{{patient}}" },"serviceProvider":{"reference":"Organization/x"},"period":{"start":"2025-07-01"} }""")).Need(201);
            for (var i = 0; i < 4; i++)
            {
                (await api.PutAsync($"Observation/{patient}{i}", $$"""{"resourceType":"Observation","id":"{{patient}}{{i}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"c{{i % 2}}" }]},"subject":{"reference":"Patient/{{patient}}" },"encounter":{"reference":"Encounter/e{{patient}}" },"effectiveDateTime":"2025-07-0{{i + 1}}" }""")).Need(201);
            }
        }

        (await api.PutAsync("Observation/other", """{"resourceType":"Observation","id":"other","status":"final","code":{"text":"Sữa mẹ"},"subject":{"reference":"Patient/b"},"performer":[{"reference":"Patient/a"}]}""")).Need(201);
        return api;
    }

    private static List<string> Names(JsonElement bundle, string? mode = null) =>
        bundle.TryGetProperty("entry", out var entries)
            ? [.. entries.EnumerateArray().Where(e => mode is null || e.GetProperty("search").GetProperty("mode").GetString() == mode).Select(e => e.GetProperty("resource")).Select(r => $"{r.GetProperty("resourceType").GetString()}/{r.GetProperty("id").GetString()}")]
            : [];

    [Fact]
    public async Task A_parameter_that_an_operation_does_not_know_is_refused_unless_handling_is_lenient()
    {
        await using var api = await FilledAsync(DbEngine.Sqlite);
        const string Gender = "http://hl7.org/fhir/ValueSet/administrative-gender";
        foreach (var path in (string[])["Patient/a/$everything?_sinc=2026", $"ValueSet/$expand?url={Gender}&date=2020", $"ValueSet/$expand?url={Gender}&includeDefinition=true",
            "CodeSystem/$lookup?system=http://hl7.org/fhir/sid/icd-10&code=I10&version=2", "CodeSystem/$validate-code?url=http://hl7.org/fhir/sid/icd-10&code=I10&abstract=true",
            $"ValueSet/$validate-code?url={Gender}&code=male&context=x", "Patient/a/$validate?modus=update"])
        {
            (await api.GetAsync(path)).Need(400, "not-supported");
            (await api.SendAsync("GET", path, null, ("Prefer", "handling=lenient"))).Need(200);
        }

        (await api.PostAsync("Patient/a/$meta-add", """{"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"tag":[{"code":"x"}]}},{"name":"mta","valueMeta":{}}]}""")).Need(400, "not-supported");
        (await api.GetAsync($"ValueSet/$expand?url={Gender}&activeOnly=true&excludeNested=true&includeDefinition=false&_elements=expansion")).Need(200);
        (await api.GetAsync("Patient/a/$everything?_count=2&_summary=true")).Need(200);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Everything_is_the_person_the_compartment_and_what_it_refers_to(DbEngine engine)
    {
        await using var api = await FilledAsync(engine);
        var bundle = (await api.GetAsync("Patient/a/$everything")).Need(200).Json;
        Assert.Equal(["Encounter/ea", "Observation/a0", "Observation/a1", "Observation/a2", "Observation/a3", "Observation/other", "Organization/x", "Patient/a"], Names(bundle).Order(StringComparer.Ordinal));
        Assert.Equal("Patient/a", Names(bundle)[0]);
        Assert.Equal(["Organization/x"], Names(bundle, "include"));
        Assert.Equal(["Encounter/ea", "Observation/a0", "Observation/a1", "Observation/a2", "Observation/a3", "Organization/x"],
            Names((await api.GetAsync("Encounter/ea/$everything")).Need(200).Json).Order(StringComparer.Ordinal));
        Assert.Equal(["Observation/a0", "Observation/a1", "Observation/a2", "Observation/a3", "Observation/other"], Names((await api.GetAsync("Patient/a/$everything?_type=Observation")).Need(200).Json).Order(StringComparer.Ordinal));
        Assert.Equal(["Observation/a2", "Observation/a3", "Observation/other"], Names((await api.GetAsync("Patient/a/$everything?_type=Observation&start=2025-07-03")).Need(200).Json).Order(StringComparer.Ordinal));
        Assert.Empty(Names((await api.GetAsync("Patient/a/$everything?_since=2100-01-01")).Need(200).Json));
        (await api.GetAsync("Patient/nobody/$everything")).Need(404, "not-found");
        (await api.GetAsync("Patient/a/$everything?_count=no")).Need(400, "invalid");
        (await api.GetAsync("Patient/a/$everything?_cursor=i.1")).Need(400, "invalid");
        (await api.GetAsync("Observation/a0/$everything")).Need(404);
        (await api.DeleteAsync("Patient/b")).Need(204);
        (await api.GetAsync("Patient/b/$everything")).Need(410, "deleted");
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Everything_comes_page_by_page_each_match_once_while_others_write(DbEngine engine)
    {
        await using var api = await FilledAsync(engine);
        var found = new List<string>();
        for (var path = "Patient/a/$everything?_count=2"; path is not null;)
        {
            var bundle = (await api.GetAsync(path)).Need(200).Json;
            found.AddRange(Names(bundle, "match"));
            Assert.True(Names(bundle, "match").Count <= 2);
            await api.PutAsync("Observation/late", """{"resourceType":"Observation","id":"late","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/b"}}""");
            path = bundle.GetProperty("link").EnumerateArray().Where(l => l.GetProperty("relation").GetString() == "next").Select(l => l.GetProperty("url").GetString()!.Split("/fhir/")[1]).FirstOrDefault();
        }

        Assert.Equal(["Encounter/ea", "Observation/a0", "Observation/a1", "Observation/a2", "Observation/a3", "Observation/other", "Patient/a"], found.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Everything_brings_what_it_refers_to_once_over_all_pages(DbEngine engine)
    {
        await using var api = await FilledAsync(engine);
        (await api.PutAsync("Practitioner/d", """{"resourceType":"Practitioner","id":"d"}""")).Need(201);
        (await api.PutAsync("Practitioner/e", """{"resourceType":"Practitioner","id":"e"}""")).Need(201);
        for (var i = 0; i < 5; i++)
        {
            (await api.PutAsync($"Condition/c{i}", $$"""{"resourceType":"Condition","id":"c{{i}}","subject":{"reference":"Patient/a"},"asserter":{"reference":"Practitioner/{{(i < 4 ? "d" : "e")}}" },"recordedDate":"2025-07-0{{i + 1}}"}""")).Need(201);
        }

        // Of another patient, but performed by this one: it comes as a match, though the report refers to it too.
        (await api.PutAsync("Observation/mine", """{"resourceType":"Observation","id":"mine","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/b"},"performer":[{"reference":"Patient/a"},{"reference":"Practitioner/d"}]}""")).Need(201);
        (await api.PutAsync("DiagnosticReport/r", """{"resourceType":"DiagnosticReport","id":"r","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/a"},"result":[{"reference":"Observation/mine"}]}""")).Need(201);
        foreach (var search in new[] { "", "&_type=Condition,Practitioner,Observation", "&start=2025-07-03" })
        {
            foreach (var focus in new[] { "Patient/a", "Encounter/ea" })
            {
                var whole = Names((await api.GetAsync($"{focus}/$everything?_count=1000{search}")).Need(200).Json).Order(StringComparer.Ordinal).ToList();
                var found = new List<string>();
                for (var path = $"{focus}/$everything?_count=2{search}"; path is not null;)
                {
                    var bundle = (await api.GetAsync(path)).Need(200).Json;
                    found.AddRange(Names(bundle));
                    path = bundle.GetProperty("link").EnumerateArray().Where(l => l.GetProperty("relation").GetString() == "next").Select(l => l.GetProperty("url").GetString()!.Split("/fhir/")[1]).FirstOrDefault();
                }

                Assert.Equal(whole, found.Order(StringComparer.Ordinal));
                Assert.Equal(whole.Count, whole.Distinct().Count());
                Assert.True(focus != "Patient/a" || (whole.Contains("Practitioner/e") && whole.Contains("Observation/mine")), search + ": " + string.Join(" ", whole));
            }
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Validate_says_all_that_is_wrong_and_stores_nothing(DbEngine engine)
    {
        await using var api = await FilledAsync(engine);
        var good = (await api.PostAsync("Patient/$validate", """{"resourceType":"Patient","gender":"female","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">An</div>"}}""")).Need(200).Json;
        Assert.Equal("information", Assert.Single(good.GetProperty("issue").EnumerateArray()).GetProperty("severity").GetString());
        var bad = (await api.PostAsync("Patient/$validate", """{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"resourceType":"Patient","gender":"nam","hoTen":"An"}}]}""")).Need(200).Json;
        var places = bad.GetProperty("issue").EnumerateArray().Where(i => i.GetProperty("severity").GetString() == "error").Select(i => i.GetProperty("expression")[0].GetString()).ToList();
        Assert.Contains("Patient.gender", places);
        Assert.Contains(places, p => p!.StartsWith("Patient", StringComparison.Ordinal) && p != "Patient.gender");
        Assert.Equal(2, await api.CountAsync("Patient"));
        Assert.DoesNotContain((await api.GetAsync("Patient/a/$validate")).Need(200).Json.GetProperty("issue").EnumerateArray(), i => i.GetProperty("severity").GetString() == "error");
        Assert.Contains((await api.PostAsync("Patient/$validate?profile=http://mach.example/other", """{"resourceType":"Patient"}""")).Need(200).Json.GetProperty("issue").EnumerateArray(), i => i.GetProperty("code").GetString() == "not-supported");
        (await api.PostAsync("Patient/$validate", "{}")).Need(400);
        (await api.PostAsync("Patient/$validate?mode=guess", """{"resourceType":"Patient"}""")).Need(400, "value");
        (await api.GetAsync("Patient/$validate")).Need(400, "required");
        (await api.GetAsync("Patient/nobody/$validate")).Need(404);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Labels_are_added_and_taken_away_in_new_versions(DbEngine engine)
    {
        await using var api = await FilledAsync(engine);
        const string Labels = """{"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"tag":[{"system":"urn:t","code":"x"}],"security":[{"system":"urn:s","code":"R"}],"profile":["http://mach.example/p"]}}]}""";
        (await api.PostAsync("Patient/a/$meta-add", Labels)).Need(200);
        var twice = (await api.PostAsync("Patient/a/$meta-add", Labels)).Need(200).Json.GetProperty("parameter")[0].GetProperty("valueMeta");
        Assert.Equal(("2", 1), (twice.GetProperty("versionId").GetString(), twice.GetProperty("tag").GetArrayLength()));
        Assert.Equal(1, await api.CountAsync("Patient?_tag=urn:t|x&_security=R&_profile=http://mach.example/p"));
        (await api.PostAsync("Patient/a/$meta-delete", """{"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"tag":[{"system":"urn:t","code":"x"}]}}]}""")).Need(200);
        var left = (await api.GetAsync("Patient/a/$meta")).Need(200).Json.GetProperty("parameter")[0].GetProperty("valueMeta");
        Assert.False(left.TryGetProperty("tag", out _));
        Assert.Equal("3", left.GetProperty("versionId").GetString());
        Assert.Equal(0, await api.CountAsync("Patient?_tag=urn:t|x"));
        (await api.PostAsync("Patient/a/$meta-add", """{"resourceType":"Parameters"}""")).Need(400, "required");
        (await api.PostAsync("Patient/nobody/$meta-add", Labels)).Need(404);
        (await api.GetAsync("Patient/a/$meta-add")).Need(405, "not-supported");
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task The_last_of_each_kind_of_observation_are_found(DbEngine engine)
    {
        await using var api = await FilledAsync(engine);
        Assert.Equal(["Observation/a3", "Observation/a2"], Names((await api.GetAsync("Observation/$lastn?patient=a")).Need(200).Json));
        Assert.Equal(["Observation/a3", "Observation/a2", "Observation/a1", "Observation/a0"], Names((await api.GetAsync("Observation/$lastn?patient=Patient/a&max=3")).Need(200).Json));
        Assert.Equal(["Observation/a2"], Names((await api.GetAsync("Observation/$lastn?subject=Patient/a&code=c0")).Need(200).Json));
        Assert.Equal(["Observation/b3", "Observation/b2", "Observation/other"], Names((await api.PostAsync("Observation/$lastn", """{"resourceType":"Parameters","parameter":[{"name":"patient","valueString":"b"},{"name":"max","valuePositiveInt":1}]}""")).Need(200).Json));
        (await api.GetAsync("Observation/$lastn")).Need(400, "required");
        (await api.GetAsync("Observation/$lastn?patient=a&max=0")).Need(400, "invalid");
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_new_search_parameter_shows_its_progress_and_is_searched(DbEngine engine)
    {
        await using var api = await FilledAsync(engine);
        (await api.GetAsync("Organization?ten-goi=tram")).Need(400, "not-supported");
        (await api.PostAsync("SearchParameter", """{"resourceType":"SearchParameter","url":"http://mach.example/SearchParameter/ten-goi","name":"TenGoi","status":"active","description":"Tên gọi","code":"ten-goi","base":["Organization"],"type":"string","expression":"Organization.name | Organization.alias"}""")).Need(201);
        for (var i = 0; i < 100 && (await api.GetAsync("SearchParameter/$index-state")).Need(200).Text.Contains("building", StringComparison.Ordinal); i++)
        {
            await Task.Delay(20);
        }

        Assert.Contains("\"enabled\"", (await api.GetAsync("SearchParameter/$index-state")).Text, StringComparison.Ordinal);
        Assert.Equal(1, await api.CountAsync("Organization?ten-goi=tan lap"));
    }
}
