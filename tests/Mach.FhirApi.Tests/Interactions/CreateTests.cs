using System.Text.Json;
using Mach.Data;
using Mach.Testing;

namespace Mach.FhirApi.Tests.Interactions;

// Source of all rows: http://hl7.org/fhir/R4/http.html#create, #ccreate
public sealed class CreateTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private const string Lan = """{"resourceType":"Patient","identifier":[{"system":"urn:test","value":"lan"}],"name":[{"text":"Nguyễn Thị Lan"}]}""";

    [Theory, MemberData(nameof(Engines))]
    public async Task A_created_resource_has_an_id_a_version_and_the_bytes_that_were_sent(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        var created = (await api.PostAsync("Patient", Lan)).Need(201);
        Assert.Equal("W/\"1\"", created.ETag);
        Assert.NotNull(created.LastModified);
        Assert.Equal($"http://localhost/fhir/Patient/{created.Id}/_history/1", created.Location);
        Assert.Equal(7, Guid.Parse(created.Id).Version);
        var read = (await api.GetAsync($"Patient/{created.Id}")).Need(200);
        Assert.Equal(created.Text, read.Text);
        var meta = $",\"meta\":{read.Json.GetProperty("meta").GetRawText()}";
        Assert.Equal(Lan, read.Text.Replace(meta, "").Replace($",\"id\":\"{created.Id}\"", ""));
        Assert.Equal(1, await api.CountAsync("Patient?identifier=urn:test|lan"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Id_version_and_time_of_the_body_are_ignored(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        var created = (await api.PostAsync("Patient", """{"meta":{"versionId":"9","lastUpdated":"2001-01-01T00:00:00Z","tag":[{"code":"a"}]},"id":"own","resourceType":"Patient","active":true}""")).Need(201);
        Assert.NotEqual("own", created.Id);
        var meta = (await api.GetAsync($"Patient/{created.Id}")).Json.GetProperty("meta");
        Assert.Equal("1", meta.GetProperty("versionId").GetString());
        Assert.Equal("a", meta.GetProperty("tag")[0].GetProperty("code").GetString());
        (await api.GetAsync("Patient/own")).Need(404);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task If_none_exist_creates_once_and_then_answers_with_what_is_there(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        var first = (await api.PostAsync("Patient", Lan, ("If-None-Exist", "identifier=urn:test|lan"))).Need(201);
        var second = (await api.PostAsync("Patient", Lan, ("If-None-Exist", "identifier=urn%3Atest%7Clan"))).Need(200);
        Assert.Equal(first.Id, second.Id);
        await api.PostAsync("Patient", Lan);
        (await api.PostAsync("Patient", Lan, ("If-None-Exist", "identifier=urn:test|lan"))).Need(412, "multiple-matches");
        (await api.PostAsync("Patient", Lan, ("If-None-Exist", "?"))).Need(400, "invalid");
        (await api.PostAsync("Patient", Lan, ("If-None-Exist", "_count=1"))).Need(400, "invalid");
        (await api.PostAsync("Patient", Lan, ("If-None-Exist", "made-up=1"))).Need(400, "not-supported");
        Assert.Equal(2, await api.CountAsync("Patient"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Thirty_two_clients_with_if_none_exist_make_one_resource(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => api.PostAsync("Patient", Lan, ("If-None-Exist", "identifier=urn:test|lan"))));
        Assert.Single(answers, a => a.Status == 201);
        Assert.Equal(31, answers.Count(a => a.Status == 200));
        Assert.Single(answers.Select(a => a.Id).Distinct());
        Assert.Equal(1, await api.CountAsync("Patient"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Return_preferences_are_kept(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        Assert.Equal("", (await api.PostAsync("Patient", Lan, ("Prefer", "return=minimal"))).Need(201).Text);
        Assert.Equal("Patient", (await api.PostAsync("Patient", Lan, ("Prefer", "return=representation"))).Need(201).Json.GetProperty("resourceType").GetString());
        Assert.Equal("OperationOutcome", (await api.PostAsync("Patient", Lan, ("Prefer", "return=OperationOutcome"))).Need(201).Json.GetProperty("resourceType").GetString());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Every_resource_type_is_created_read_and_deleted(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        foreach (var type in (string[])["Binary", "Basic", "MeasureReport", "SubstanceSpecification", "VisionPrescription"])
        {
            var created = (await api.PostAsync(type, Minimal(type))).Need(201);
            (await api.GetAsync($"{type}/{created.Id}")).Need(200);
            (await api.DeleteAsync($"{type}/{created.Id}")).Need(204);
            (await api.GetAsync($"{type}/{created.Id}")).Need(410);
        }

        var metadata = (await api.GetAsync("metadata")).Json.GetProperty("rest")[0].GetProperty("resource");
        Assert.True(metadata.GetArrayLength() >= 146);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task The_same_idempotency_key_gets_the_same_answer_and_another_body_is_refused(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        (string, string) key = ("Idempotency-Key", "\"dong-1\"");
        var first = (await api.PostAsync("Patient", Lan, key)).Need(201);
        var again = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => api.PostAsync("Patient", Lan, key)));
        Assert.All(again, a => Assert.Equal((201, first.Id, first.ETag, first.Text), (a.Status, a.Id, a.ETag, a.Text)));
        (await api.PostAsync("Patient", Lan.Replace("Lan", "Mai"), key)).Need(422, "business-rule");
        (await api.PutAsync("Patient/x", """{"resourceType":"Patient","id":"x"}""", key)).Need(422, "business-rule");
        (await api.PostAsync("Patient", Lan, ("Idempotency-Key", " "))).Need(400, "invalid");
        Assert.Equal(1, await api.CountAsync("Patient"));

        var parallel = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => api.PostAsync("Patient", Lan, ("Idempotency-Key", "dong-2"))));
        Assert.Single(parallel.Select(a => (a.Status, a.Id, a.ETag)).Distinct());
        Assert.Equal(2, await api.CountAsync("Patient"));
    }

    private static string Minimal(string type) => type switch
    {
        "Binary" => """{"resourceType":"Binary","contentType":"text/plain","data":"eGluIGNow6Bv"}""",
        "Basic" => """{"resourceType":"Basic","code":{"text":"ghi chú"}}""",
        "MeasureReport" => """{"resourceType":"MeasureReport","status":"complete","type":"summary","measure":"http://example.org/Measure/m","period":{"start":"2026-01-01"}}""",
        "VisionPrescription" => """{"resourceType":"VisionPrescription","status":"active","created":"2026-01-01","patient":{"display":"a"},"dateWritten":"2026-01-01","prescriber":{"display":"b"},"lensSpecification":[{"product":{"text":"kính"},"eye":"left"}]}""",
        _ => JsonSerializer.Serialize(new { resourceType = type }),
    };
}
