using Mach.Data;
using Mach.Testing;

namespace Mach.FhirApi.Tests.Interactions;

// Source of all rows: http://hl7.org/fhir/R4/http.html#update, #upsert, #cond-update, #concurrency
public sealed class UpdateTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static string Patient(string? id, string name, string value = "a") => $$"""
        {"resourceType":"Patient",{{(id is null ? "" : $"\"id\":\"{id}\",")}}"identifier":[{"system":"urn:test","value":"{{value}}"}],"name":[{"text":"{{name}}"}]}
        """;

    [Theory, MemberData(nameof(Engines))]
    public async Task Update_creates_then_updates_and_makes_no_version_when_nothing_changes(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        var created = (await api.PutAsync("Patient/p1", Patient("p1", "Lan"))).Need(201);
        Assert.Equal("http://localhost/fhir/Patient/p1/_history/1", created.Location);
        api.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        var same = (await api.PutAsync("Patient/p1", Patient("p1", "Lan"))).Need(200);
        Assert.Equal((created.ETag, created.LastModified, created.Text), (same.ETag, same.LastModified, same.Text));
        Assert.Equal("W/\"2\"", (await api.PutAsync("Patient/p1", Patient("p1", "Mai"))).Need(200).ETag);
        var read = await api.GetAsync("Patient/p1");
        Assert.Equal("W/\"2\"", (await api.PutAsync("Patient/p1", read.Text)).Need(200).ETag);
        Assert.Equal(2, (await api.GetAsync("Patient/p1/_history")).Json.GetProperty("total").GetInt32());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_deleted_resource_comes_back_with_the_next_version(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        await api.PutAsync("Patient/p1", Patient("p1", "Lan"));
        Assert.Equal("W/\"2\"", (await api.DeleteAsync("Patient/p1")).Need(204).ETag);
        (await api.PutAsync("Patient/p1", Patient("p1", "Lan"), ("If-Match", "W/\"2\""))).Need(412, "conflict");
        Assert.Equal("W/\"3\"", (await api.PutAsync("Patient/p1", Patient("p1", "Lan"))).Need(201).ETag);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task If_match_lets_only_the_expected_version_be_changed(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        await api.PutAsync("Patient/p1", Patient("p1", "Lan"));
        await api.PutAsync("Patient/p1", Patient("p1", "Mai"));
        foreach (var (match, status) in ((string, int)[])[
            ("W/\"1\"", 412), ("\"1\"", 412), ("W/\"no-such-version\"", 412), ("W/\"99999999999999\"", 412), ("2", 400), ("W/2", 400), ("\"2", 400), ("W/\"1\", W/\"3\"", 412)])
        {
            Assert.True(status == (await api.PutAsync("Patient/p1", Patient("p1", "Hoa"), ("If-Match", match))).Status, match);
            Assert.True(status == (await api.DeleteAsync("Patient/p1", ("If-Match", match))).Status, match);
        }

        (await api.PutAsync("Patient/none", Patient("none", "Hoa"), ("If-Match", "*"))).Need(412);
        (await api.PutAsync("Patient/none", Patient("none", "Hoa"), ("If-Match", "W/\"1\""))).Need(412);
        (await api.PutAsync("Patient/p1", Patient("p1", "Hoa"), ("If-Match", "W/\"2\""))).Need(200);
        (await api.PutAsync("Patient/p1", Patient("p1", "Huệ"), ("If-Match", "W/\"1\", W/\"3\""))).Need(200);
        (await api.PutAsync("Patient/p1", Patient("p1", "Hồng"), ("If-Match", "*"))).Need(200);
        (await api.PutAsync("Patient/p1", Patient("p1", "Hương"), ("If-None-Match", "*"))).Need(412, "conflict");
        (await api.PutAsync("Patient/p2", Patient("p2", "Hương"), ("If-None-Match", "*"))).Need(201);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Address_and_body_must_agree(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        (await api.PutAsync("Patient/p1", Patient("p2", "Lan"))).Need(400, "invalid");
        (await api.PutAsync("Patient/p1", Patient(null, "Lan"))).Need(400, "invalid");
        (await api.PutAsync("Patient/p1", """{"resourceType":"Observation","id":"p1"}""")).Need(400, "invalid");
        (await api.PutAsync("Patient/not_an_id", Patient("not_an_id", "Lan"))).Need(400, "value");
        (await api.PutAsync("Nonsense/p1", Patient("p1", "Lan"))).Need(404, "not-supported");
        Assert.Equal(0, await api.CountAsync("Patient"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Conditional_update_creates_updates_or_refuses_by_what_it_finds(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        var created = (await api.PutAsync("Patient?identifier=urn:test|a", Patient(null, "Lan"))).Need(201);
        var updated = (await api.PutAsync("Patient?identifier=urn:test|a", Patient(null, "Mai"))).Need(200);
        Assert.Equal(("W/\"2\"", created.Id), (updated.ETag, updated.Json.GetProperty("id").GetString()));
        (await api.PutAsync("Patient?identifier=urn:test|a", Patient(created.Id, "Hoa"))).Need(200);
        (await api.PutAsync("Patient?identifier=urn:test|a", Patient("other", "Hoa"))).Need(400, "invalid");
        (await api.PutAsync("Patient?identifier=urn:test|b", Patient("own", "Hoa", "b"))).Need(201);
        (await api.PutAsync("Patient?identifier=urn:test|c", Patient("own", "Hoa", "c"))).Need(409, "conflict");
        (await api.PutAsync("Patient?identifier=urn:test|a", Patient(null, "Hoa"), ("If-Match", "W/\"1\""))).Need(412, "conflict");
        (await api.PutAsync("Patient?identifier=urn:test|a", Patient(null, "Hồng"), ("If-Match", "W/\"3\""))).Need(200);
        (await api.PutAsync("Patient", Patient(null, "Hoa"))).Need(400, "invalid");
        (await api.PutAsync("Patient?_sort=name", Patient(null, "Hoa"))).Need(400, "invalid");
        (await api.PutAsync("Patient?identifier=", Patient(null, "Hoa"))).Need(400, "invalid");
        (await api.PutAsync("Patient?identifier=urn:test|a,urn:test|b", Patient(null, "Hoa"))).Need(412, "multiple-matches");
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Thirty_two_clients_lose_no_update(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => api.PutAsync("Patient/p1", Patient("p1", $"Người {i}"))));
        Assert.Single(answers, a => a.Status == 201);
        Assert.Equal(31, answers.Count(a => a.Status == 200));
        Assert.Equal(32, answers.Select(a => a.ETag).Distinct().Count());
        Assert.Equal(32, (await api.GetAsync("Patient/p1/_history?_count=100")).Json.GetProperty("entry").GetArrayLength());

        var matched = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => api.PutAsync("Patient/p1", Patient("p1", $"Lần {i}"), ("If-Match", "W/\"32\""))));
        Assert.Single(matched, a => a.Status == 200);
        Assert.Equal(31, matched.Count(a => a.Status == 412));

        var conditional = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => api.PutAsync("Patient?identifier=urn:test|moi", Patient(null, $"Mới {i}", "moi"))));
        Assert.Single(conditional, a => a.Status == 201);
        Assert.Equal(31, conditional.Count(a => a.Status == 200));
        Assert.Equal(1, await api.CountAsync("Patient?identifier=urn:test|moi"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Delete_is_quiet_conditional_and_refuses_many(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        (await api.DeleteAsync("Patient/none")).Need(204);
        await api.PutAsync("Patient/p1", Patient("p1", "Lan"));
        await api.PutAsync("Patient/p2", Patient("p2", "Mai"));
        (await api.DeleteAsync("Patient?identifier=urn:test|a")).Need(412, "multiple-matches");
        (await api.DeleteAsync("Patient")).Need(400, "invalid");
        (await api.DeleteAsync("Patient?identifier=urn:test|none")).Need(204);
        (await api.DeleteAsync("Patient?_id=p1")).Need(204);
        (await api.DeleteAsync("Patient/p1")).Need(204);
        (await api.GetAsync("Patient/p1")).Need(410, "deleted");
        Assert.Equal("OperationOutcome", (await api.DeleteAsync("Patient/p2", ("Prefer", "return=OperationOutcome"))).Need(200).Json.GetProperty("resourceType").GetString());
        Assert.Equal(0, await api.CountAsync("Patient"));
    }
}
