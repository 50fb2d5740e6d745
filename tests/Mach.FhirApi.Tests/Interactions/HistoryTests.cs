using System.Text;
using System.Text.Json;
using Mach.Data;
using Mach.Store;
using Mach.Testing;

namespace Mach.FhirApi.Tests.Interactions;

// Source of all rows: http://hl7.org/fhir/R4/http.html#history
public sealed class HistoryTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static string Patient(string id, string name) => $$"""{"resourceType":"Patient","id":"{{id}}","name":[{"text":"{{name}}"}] }""";

    private static List<JsonElement> Entries(JsonElement bundle) => bundle.TryGetProperty("entry", out var entries) ? [.. entries.EnumerateArray()] : [];

    private static string Step(JsonElement entry)
    {
        var (request, response) = (entry.GetProperty("request"), entry.GetProperty("response"));
        return $"{request.GetProperty("method").GetString()} {request.GetProperty("url").GetString()} {response.GetProperty("status").GetString()} {response.GetProperty("etag").GetString()}";
    }

    private static string? Next(JsonElement bundle) =>
        bundle.GetProperty("link").EnumerateArray().Where(l => l.GetProperty("relation").GetString() == "next").Select(l => l.GetProperty("url").GetString()!.Split("/fhir/")[1]).FirstOrDefault();

    [Theory, MemberData(nameof(Engines))]
    public async Task Each_version_says_what_made_it(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        var id = (await api.PostAsync("Patient", """{"resourceType":"Patient"}""")).Need(201).Id;
        (await api.SendAsync("PATCH", $"Patient/{id}", """{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"add"},{"name":"path","valueString":"Patient"},{"name":"name","valueString":"gender"},{"name":"value","valueCode":"female"}]}]}""")).Need(200);
        (await api.PutAsync("Patient/p", Patient("p", "Lan"))).Need(201);
        (await api.DeleteAsync("Patient/p")).Need(204);
        (await api.PutAsync("Patient/p", Patient("p", "Mai"))).Need(201);
        var bundle = (await api.PostAsync("", """{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:uuid:0b2b1f4e-6f0c-4a43-9a52-7d0d3f0c7a11","resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}}]}""")).Need(200).Json;
        var history = (await api.GetAsync("Patient/_history")).Need(200).Json;
        Assert.Equal(["POST Patient 201 W/\"1\"", "PUT Patient/p 201 W/\"3\"", "DELETE Patient/p 204 W/\"2\"", "PUT Patient/p 201 W/\"1\"", $"PUT Patient/{id} 200 W/\"2\"", "POST Patient 201 W/\"1\""], Entries(history).Select(Step));
        Assert.Equal(6, history.GetProperty("total").GetInt32());
        Assert.Equal(Entries(history)[0].GetProperty("resource").GetProperty("id").GetString(), Entries(bundle)[0].GetProperty("response").GetProperty("location").GetString()!.Split('/')[1]);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Of_a_time_are_the_versions_that_were_current_in_it(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        var start = api.Host.Clock.Now;
        foreach (var (name, day) in new[] { ("một", 0), ("hai", 1), ("ba", 2) })
        {
            api.Host.Clock.Now = start.AddDays(day);
            await WriteAsync("p", Patient("p", name));
            await WriteAsync($"q{day}", Patient($"q{day}", name));
        }

        api.Host.Clock.Now = start.AddDays(3);
        await WriteAsync("q0", null);
        using var program = await api.Host.SignedInProgramAsync();
        Task<Answer> GetAsync(string path) => Api.SendAsync(program, "GET", path, null, null);
        Task WriteAsync(string id, string? body) => api.Host.Store.CommitAsync(new Commit
        {
            Actor = "test",
            Writes = [new Write(body is null ? WriteKind.Delete : WriteKind.Put, "Patient", id, Encoding.UTF8.GetBytes(body ?? ""))],
        }, default);
        string Day(int n) => start.AddDays(n).ToOffset(TimeSpan.FromHours(7)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (at, steps) in new[]
        {
            (Day(-1), ""),
            (Day(0), "q0/1 p/1"),
            (Day(1), "q1/1 p/2 q0/1 p/1"),
            (Uri.EscapeDataString(start.AddDays(1).AddHours(2).ToString("O", System.Globalization.CultureInfo.InvariantCulture)), "q1/1 p/2 q0/1"),
            (Day(3), "q0/2 q2/1 p/3 q1/1 q0/1"),
            (Day(9), "q2/1 p/3 q1/1"),
        })
        {
            var found = Entries((await GetAsync("Patient/_history?_at=" + at)).Need(200).Json).Select(e => $"{e.GetProperty("fullUrl").GetString()!.Split('/')[^1]}/{e.GetProperty("response").GetProperty("etag").GetString()![3..^1]}");
            Assert.Equal((at, steps), (at, string.Join(' ', found)));
            Assert.Equal(found, Entries((await GetAsync("_history?_at=" + at)).Need(200).Json).Select(e => $"{e.GetProperty("fullUrl").GetString()!.Split('/')[^1]}/{e.GetProperty("response").GetProperty("etag").GetString()![3..^1]}"));
        }

        Assert.Equal(["PUT Patient/p 200 W/\"2\"", "PUT Patient/p 201 W/\"1\""], Entries((await GetAsync("Patient/p/_history?_at=" + Day(1))).Need(200).Json).Select(Step));
        Assert.Equal(2, (await GetAsync($"Patient/p/_history?_at={Day(1)}&_summary=count")).Need(200).Json.GetProperty("total").GetInt32());
        (await GetAsync($"Patient/_history?_at={Day(1)}&_summary=count")).Need(400, "not-supported");
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Paging_sees_each_version_once_while_others_write(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        for (var i = 0; i < 9; i++)
        {
            (await api.PutAsync($"Patient/p{i % 4}", Patient($"p{i % 4}", $"Tên {i}"))).Need(i < 4 ? 201 : 200);
        }

        var seen = new List<string>();
        var late = 0;
        for (var path = "Patient/_history?_count=2"; path is not null;)
        {
            var bundle = (await api.GetAsync(path)).Need(200).Json;
            seen.AddRange(Entries(bundle).Select(Step));
            path = Next(bundle);
            Assert.True(path is null || path.Contains("_count=2", StringComparison.Ordinal));
            (await api.PutAsync("Patient/p1", Patient("p1", $"Mới {late++}"))).Need(200);
        }

        Assert.Equal((9, 9), (seen.Count, seen.Distinct().Count()));
        Assert.Equal(9 + late, (await api.GetAsync("Patient/_history?_summary=count")).Need(200).Json.GetProperty("total").GetInt32());
        Assert.Equal(9 + late, (await api.GetAsync("_history?_count=0")).Need(200).Json.GetProperty("total").GetInt32());
        Assert.Equal(9 + late, (await api.GetAsync("_history?_count=1")).Need(200).Json.GetProperty("total").GetInt32());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Since_is_exact_and_a_list_narrows_a_type(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        for (var i = 0; i < 4; i++)
        {
            // One commit a microsecond later than the other: the clock stands still.
            (await api.PutAsync($"Patient/p{i}", Patient($"p{i}", "Lan"))).Need(201);
        }

        (await api.PutAsync("Patient/p1", Patient("p1", "Mai"))).Need(200);
        var third = (await api.GetAsync("Patient/p2")).Json.GetProperty("meta").GetProperty("lastUpdated").GetString()!;
        Assert.Equal(["p1/2", "p3/1", "p2/1"], Entries((await api.GetAsync("Patient/_history?_since=" + Uri.EscapeDataString(third))).Need(200).Json).Select(Name));
        (await api.PutAsync("List/l", """{"resourceType":"List","id":"l","status":"current","mode":"working","entry":[{"item":{"reference":"Patient/p1"}},{"item":{"reference":"Patient/p3"}}]}""")).Need(201);
        Assert.Equal(["p1/2", "p3/1", "p1/1"], Entries((await api.GetAsync("Patient/_history?_list=l")).Need(200).Json).Select(Name));
        Assert.Equal(3, (await api.GetAsync("Patient/_history?_list=l&_count=0")).Need(200).Json.GetProperty("total").GetInt32());
        Assert.Empty(Entries((await api.GetAsync("Patient/_history?_list=none")).Need(200).Json));

        static string Name(JsonElement entry) => $"{entry.GetProperty("resource").GetProperty("id").GetString()}/{entry.GetProperty("resource").GetProperty("meta").GetProperty("versionId").GetString()}";
    }

    [Fact]
    public async Task What_a_history_cannot_do_is_refused_by_name()
    {
        await using var api = await Api.StartAsync(DbEngine.Sqlite);
        (await api.PutAsync("Patient/p", Patient("p", "Lan"))).Need(201);
        foreach (var query in new[] { "_sort=_lastUpdated", "_sort=name", "_at=hôm qua", "_since=9999-99", "_list=a/b", "_count=x", "_since=2025&_since=2026", "_total=accurate", "name=Lan", "_cursor=x", "_summary=perhaps" })
        {
            var outcome = (await api.GetAsync("Patient/_history?" + query)).Need(400).Json;
            Assert.Equal(query.Split('=')[0], outcome.GetProperty("issue")[0].GetProperty("expression")[0].GetString());
        }

        (await api.GetAsync("_history?_list=l")).Need(400, "not-supported");
        (await api.GetAsync("Patient/p/_history?_list=l")).Need(400, "not-supported");
        Assert.Single(Entries((await api.GetAsync("Patient/_history?_sort=-_lastUpdated&_summary=true&_elements=name")).Need(200).Json));
    }
}
