using Mach.Data;
using Mach.Testing;

namespace Mach.FhirApi.Tests.Interactions;

/// <summary>Searches over several types, and within a compartment: http://hl7.org/fhir/R4/http.html#search.</summary>
public class WideSearchTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static async Task<Api> FilledAsync(DbEngine engine)
    {
        var api = await Api.StartAsync(engine);
        (await api.PutAsync("Patient/a", """{"resourceType":"Patient","id":"a","name":[{"text":"Nguyễn Văn An"}],"meta":{"tag":[{"code":"thử"}]}}""")).Need(201);
        (await api.PutAsync("Patient/b", """{"resourceType":"Patient","id":"b","name":[{"text":"Trần Thị Bình"}]}""")).Need(201);
        for (var i = 0; i < 5; i++)
        {
            (await api.PutAsync($"Observation/o{i}", $$"""{"resourceType":"Observation","id":"o{{i}}","status":"final","code":{"coding":[{"code":"c{{i % 2}}" } ] },"subject":{"reference":"Patient/{{(i < 3 ? "a" : "b")}}" },"performer":[{"reference":"Patient/b"}],"effectiveDateTime":"2025-07-0{{i + 1}}","meta":{"tag":[{"code":"thử"}]} }""")).Need(201);
        }

        (await api.PutAsync("Condition/c", """{"resourceType":"Condition","id":"c","code":{"text":"Sốt"},"subject":{"reference":"Patient/a"}}""")).Need(201);
        return api;
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Several_types_are_searched_page_by_page_each_resource_once(DbEngine engine)
    {
        await using var api = await FilledAsync(engine);
        Assert.Equal(["Observation/o0", "Observation/o1", "Observation/o2", "Observation/o3", "Observation/o4", "Patient/a"], await WalkAsync(api, "?_tag=th%E1%BB%AD&_count=2"));
        Assert.Equal(["Condition/c", "Patient/a", "Patient/b"], await WalkAsync(api, "?_type=Patient,Condition&_count=1"));
        Assert.Equal(2, (await api.GetAsync("?_type=Patient&_summary=count")).Need(200).Json.GetProperty("total").GetInt32());
        Assert.Equal(6, (await api.GetAsync("?_tag=th%E1%BB%AD&_total=accurate&_count=1")).Need(200).Json.GetProperty("total").GetInt32());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task An_absolute_reference_to_this_server_means_the_resource_here(DbEngine engine)
    {
        await using var api = await FilledAsync(engine);
        const string Own = "http://localhost/fhir/";
        Assert.Equal(3, await api.CountAsync($"Observation?subject={Own}Patient/a"));
        Assert.Equal(3, await api.CountAsync($"Observation?patient={Own}Patient/a/_history/1"));
        Assert.Equal(3, await api.CountAsync($"Observation?subject:Patient={Own}Patient/a"));
        Assert.Equal(5, await api.CountAsync($"Observation?subject={Own}Patient/a,{Own}Patient/b"));
        Assert.Equal(1, await api.CountAsync($"Patient?_has:Observation:subject:performer={Own}Patient/b&_id=a"));
        Assert.Equal(0, await api.CountAsync("Observation?subject=http://other.example/fhir/Patient/a"));
        Assert.Equal(0, await api.CountAsync("Observation?subject=http://localhost/fhir2/Patient/a"));
        (await api.PutAsync($"Observation?subject={Own}Patient/b&code=c1", """{"resourceType":"Observation","status":"amended","code":{"coding":[{"code":"c1"}]},"subject":{"reference":"Patient/b"}}""")).Need(200);

        // A canonical address is no reference: it is what it says, even below this server.
        (await api.PutAsync("ActivityDefinition/d", $$"""{"resourceType":"ActivityDefinition","id":"d","status":"draft","library":["{{Own}}Library/l"]}""")).Need(201);
        Assert.Equal(1, await api.CountAsync($"ActivityDefinition?depends-on={Own}Library/l"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_total_is_given_when_it_is_asked_for(DbEngine engine)
    {
        await using var api = await FilledAsync(engine);
        foreach (var (path, form) in ((string, string)[])[("Observation?", "_count=2"), ("Observation?subject=Patient/a", "&_count=1"), ("?_type=Patient,Observation", "&_count=2"), ("?_type=Patient,Observation", "&_count=2&_sort=-_lastUpdated")])
        {
            var expected = await api.CountAsync(path.TrimEnd('?'));
            Assert.Equal(expected, (await api.GetAsync(path + form + "&_total=accurate")).Need(200).Json.GetProperty("total").GetInt32());
            Assert.Equal(expected, (await api.GetAsync(path + form + "&_total=estimate")).Need(200).Json.GetProperty("total").GetInt32());
            Assert.False((await api.GetAsync(path + form + "&_total=none")).Need(200).Json.TryGetProperty("total", out _));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task What_only_some_types_know_is_refused_for_all_of_them(DbEngine engine)
    {
        await using var api = await FilledAsync(engine);
        (await api.GetAsync("?_type=Patient,Observation&name=an")).Need(400, "not-supported");
        (await api.GetAsync("?_type=Nobody")).Need(400, "invalid");
        (await api.GetAsync("?_type=Patient,Observation&_sort=birthdate")).Need(400, "not-supported");
        (await api.GetAsync("?_type=Patient,Practitioner&_sort=name")).Need(400, "not-supported");
        (await api.GetAsync("?_type=Patient,Observation&_include=Condition:subject")).Need(400, "not-supported");
        (await api.GetAsync("?_type=Patient&_cursor=7.x")).Need(400, "invalid");
        Assert.Equal(["Patient/a"], await WalkAsync(api, "?_type=Patient&name=an"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Several_types_come_in_one_order_page_by_page(DbEngine engine)
    {
        await using var api = await FilledAsync(engine);
        (await api.PutAsync("Patient/a", """{"resourceType":"Patient","id":"a","name":[{"text":"Nguyễn Văn An"}],"birthDate":"1990"}""")).Need(200);
        string[] byChange = ["Patient/b", "Observation/o0", "Observation/o1", "Observation/o2", "Observation/o3", "Observation/o4", "Condition/c", "Patient/a"];
        foreach (var count in new[] { 1, 3, 50 })
        {
            Assert.Equal(byChange, await WalkAsync(api, $"?_type=Patient,Observation,Condition&_sort=_lastUpdated&_count={count}", sorted: false));
            Assert.Equal(byChange.Reverse(), await WalkAsync(api, $"?_sort=-_lastUpdated&_count={count}", sorted: false));
            Assert.Equal(["Observation/o4", "Observation/o3", "Observation/o2", "Observation/o1", "Observation/o0"], await WalkAsync(api, $"?_tag=th%E1%BB%AD&_sort=-_lastUpdated&_count={count}", sorted: false));
            Assert.Equal(["Patient/a", "Patient/b", "Condition/c", "Observation/o0"], (await WalkAsync(api, $"?_type=Patient,Observation,Condition&_sort=_id&_count={count}", sorted: false)).Take(4));
            Assert.Equal(["Condition/c", "Observation/o2", "Observation/o1", "Observation/o0"], await WalkAsync(api, $"Patient/a/*?_type=Observation,Condition&_sort=-_lastUpdated&_count={count}", sorted: false));
        }

        var page = (await api.GetAsync("?_type=Patient,Observation&_sort=-_lastUpdated&_count=2&_total=accurate&_include=Observation:performer&_revinclude=Observation:subject")).Need(200).Json;
        Assert.Equal(7, page.GetProperty("total").GetInt32());
        Assert.Equal(["Patient/a match", "Observation/o4 match", "Observation/o0 include", "Observation/o1 include", "Observation/o2 include", "Patient/b include"], page.GetProperty("entry").EnumerateArray()
            .Select(e => $"{e.GetProperty("resource").GetProperty("resourceType").GetString()}/{e.GetProperty("resource").GetProperty("id").GetString()} {e.GetProperty("search").GetProperty("mode").GetString()}").OrderBy(t => t.EndsWith("include", StringComparison.Ordinal) ? t : ""));
        var next = page.GetProperty("link").EnumerateArray().First(l => l.GetProperty("relation").GetString() == "next").GetProperty("url").GetString()!.Split("/fhir")[1];
        (await api.GetAsync(next.Replace("Patient%2CObservation", "Patient%2CCondition", StringComparison.Ordinal).Replace("_include=Observation:performer&_revinclude=Observation:subject&", "", StringComparison.Ordinal))).Need(400, "invalid");
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_compartment_holds_what_any_of_its_parameters_says(DbEngine engine)
    {
        await using var api = await FilledAsync(engine);
        Assert.Equal(["Observation/o0", "Observation/o1", "Observation/o2"], await WalkAsync(api, "Patient/a/Observation?_count=2"));
        // As performer too, not as subject alone.
        Assert.Equal(["Observation/o0", "Observation/o1", "Observation/o2", "Observation/o3", "Observation/o4"], await WalkAsync(api, "Patient/b/Observation?_count=2"));
        Assert.Equal(["Observation/o0", "Observation/o2", "Observation/o4"], await WalkAsync(api, "Patient/b/Observation?code=c0"));
        Assert.Equal(["Condition/c", "Observation/o0", "Observation/o1", "Observation/o2"], await WalkAsync(api, "Patient/a/*?_count=3"));
        Assert.Empty(await WalkAsync(api, "Patient/nobody/Observation"));
        (await api.GetAsync("Patient/a/Organization")).Need(404, "not-supported");
        (await api.GetAsync("Organization/a/Patient")).Need(404, "not-supported");
    }

    private static async Task<List<string>> WalkAsync(Api api, string search, bool sorted = true)
    {
        var found = new List<string>();
        for (var path = search; ;)
        {
            var bundle = (await api.GetAsync(path)).Need(200).Json;
            found.AddRange(bundle.TryGetProperty("entry", out var entries) ? entries.EnumerateArray().Select(e => e.GetProperty("resource")).Select(r => $"{r.GetProperty("resourceType").GetString()}/{r.GetProperty("id").GetString()}") : []);
            var next = bundle.GetProperty("link").EnumerateArray().FirstOrDefault(l => l.GetProperty("relation").GetString() == "next");
            if (next.ValueKind == System.Text.Json.JsonValueKind.Undefined)
            {
                Assert.Equal(found.Count, found.Distinct().Count());
                return sorted ? [.. found.Order(StringComparer.Ordinal)] : found;
            }

            path = next.GetProperty("url").GetString()!.Split("/fhir")[1].TrimStart('/');
        }
    }
}
