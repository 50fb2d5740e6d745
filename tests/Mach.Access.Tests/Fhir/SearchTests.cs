using System.Net;
using System.Text.Json;
using Mach.Data;
using Mach.Testing;

namespace Mach.Access.Tests.Fhir;

// Source of all rows: http://hl7.org/fhir/R4/http.html#search, http://hl7.org/fhir/R4/search.html
public sealed class SearchTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task Walking_the_next_links_sees_every_match_once(DbEngine engine)
    {
        await using var host = await (await (await AccessHost.StartAsync(engine)).WithClientAsync()).WithRecordsAsync();
        var program = await host.SignedInProgramAsync();
        foreach (var query in new[] { "Encounter?patient=Patient/p1&_count=7&_total=accurate", "Encounter?patient=p1&_sort=-date&_count=4", "Encounter?_count=10" })
        {
            var ids = new List<string>();
            var pages = 0;
            string? url = "http://localhost/fhir/" + query;
            while (url is not null)
            {
                Assert.True(++pages < 20);
                var bundle = await (await program.GetAsync(url)).JsonAsync();
                Assert.Equal("searchset", bundle.GetProperty("type").GetString());
                Assert.StartsWith("http://localhost/fhir/Encounter?", Link(bundle, "self"));
                foreach (var entry in bundle.GetProperty("entry").EnumerateArray())
                {
                    var id = entry.GetProperty("resource").GetProperty("id").GetString()!;
                    Assert.Equal("http://localhost/fhir/Encounter/" + id, entry.GetProperty("fullUrl").GetString());
                    Assert.Equal("match", entry.GetProperty("search").GetProperty("mode").GetString());
                    ids.Add(id);
                }

                if (query.Contains("_total"))
                {
                    Assert.Equal(FhirSeed.Encounters, bundle.GetProperty("total").GetInt32());
                }

                url = Link(bundle, "next");
            }

            Assert.Equal(FhirSeed.Encounters, ids.Count);
            Assert.Equal(ids.Count, ids.Distinct().Count());
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Post_searches_like_get_with_body_and_address_together(DbEngine engine)
    {
        await using var host = await (await (await AccessHost.StartAsync(engine)).WithClientAsync()).WithRecordsAsync();
        var program = await host.SignedInProgramAsync();
        var answer = await program.PostAsync("/fhir/Patient/_search?gender=female", Content.Form(("name", "Nguyễn Thị Lan")));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var bundle = await answer.JsonAsync();
        Assert.Equal("p1", Assert.Single(bundle.GetProperty("entry").EnumerateArray()).GetProperty("resource").GetProperty("id").GetString());
        Assert.Equal("http://localhost/fhir/Patient?gender=female&name=Nguy%E1%BB%85n%20Th%E1%BB%8B%20Lan", Link(bundle, "self"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await program.PostAsync("/fhir/Patient/_search", Content.Json("{}"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await program.PostAsync("/fhir/Patient/_search", null)).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task An_unknown_parameter_is_refused_or_said_to_be_left_out(DbEngine engine)
    {
        await using var host = await (await (await AccessHost.StartAsync(engine)).WithClientAsync()).WithRecordsAsync();
        var program = await host.SignedInProgramAsync();
        var strict = await program.GetAsync("/fhir/Patient?gender=female&mood=good");
        Assert.Equal(HttpStatusCode.BadRequest, strict.StatusCode);
        Assert.Contains("mood", (await strict.JsonAsync()).GetProperty("issue")[0].GetProperty("diagnostics").GetString());

        program.DefaultRequestHeaders.Add("Prefer", "handling=lenient");
        var bundle = await (await program.GetAsync("/fhir/Patient?gender=female&mood=good")).JsonAsync();
        Assert.Equal("http://localhost/fhir/Patient?gender=female", Link(bundle, "self"));
        var outcome = bundle.GetProperty("entry").EnumerateArray().Single(e => e.GetProperty("search").GetProperty("mode").GetString() == "outcome");
        Assert.Contains("mood", outcome.GetProperty("resource").GetProperty("issue")[0].GetProperty("diagnostics").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await program.GetAsync("/fhir/Patient?birthdate=yesterday")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Bad_values_and_cursors_are_400_and_empty_ones_are_ignored(DbEngine engine)
    {
        await using var host = await (await (await AccessHost.StartAsync(engine)).WithClientAsync()).WithRecordsAsync();
        var program = await host.SignedInProgramAsync();
        foreach (var query in new[] { "_count=-1", "_count=many", "_sort=mood", "_cursor=forged", "_summary=some", "name:sounds=lan" })
        {
            var answer = await program.GetAsync("/fhir/Patient?" + query);
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{query}: {answer.StatusCode}");
            Assert.Equal("OperationOutcome", (await answer.JsonAsync()).GetProperty("resourceType").GetString());
        }

        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/fhir/Patient?name=&gender=female")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Counting_gives_a_total_and_no_entries(DbEngine engine)
    {
        await using var host = await (await (await AccessHost.StartAsync(engine)).WithClientAsync()).WithRecordsAsync();
        var program = await host.SignedInProgramAsync();
        foreach (var query in new[] { "Encounter?patient=p1&_summary=count", "Encounter?patient=p1&_count=0&_total=accurate" })
        {
            var bundle = await (await program.GetAsync("/fhir/" + query)).JsonAsync();
            Assert.Equal(FhirSeed.Encounters, bundle.GetProperty("total").GetInt32());
            Assert.False(bundle.TryGetProperty("entry", out _));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Included_resources_are_told_from_matches(DbEngine engine)
    {
        await using var host = await (await (await AccessHost.StartAsync(engine)).WithClientAsync()).WithRecordsAsync();
        var program = await host.SignedInProgramAsync();
        var forward = await (await program.GetAsync("/fhir/Encounter?_id=e1&_include=Encounter:subject")).JsonAsync();
        Assert.Equal(["Encounter match", "Patient include"], Modes(forward));
        var reverse = await (await program.GetAsync("/fhir/Patient?_id=p1&_revinclude=Observation:subject")).JsonAsync();
        Assert.Equal(["Patient match", "Observation include"], Modes(reverse));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_stored_number_keeps_its_digits_in_a_bundle(DbEngine engine)
    {
        await using var host = await (await (await AccessHost.StartAsync(engine)).WithClientAsync()).WithRecordsAsync();
        var program = await host.SignedInProgramAsync();
        Assert.Contains("5.60", await program.GetStringAsync("/fhir/Observation?patient=p1&code=http://loinc.org|2339-0"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task The_links_follow_the_host_that_was_asked(DbEngine engine)
    {
        await using var host = await (await (await AccessHost.StartAsync(engine)).WithClientAsync()).WithRecordsAsync();
        var program = await host.SignedInProgramAsync();
        var bundle = await (await program.GetAsync("https://hoso.example.vn/fhir/Encounter?patient=p1")).JsonAsync();
        Assert.StartsWith("https://hoso.example.vn/fhir/Encounter?", Link(bundle, "next"));
    }

    internal static string? Link(JsonElement bundle, string relation) => bundle.GetProperty("link").EnumerateArray()
        .Where(l => l.GetProperty("relation").GetString() == relation).Select(l => l.GetProperty("url").GetString()).SingleOrDefault();

    private static string[] Modes(JsonElement bundle) => [.. bundle.GetProperty("entry").EnumerateArray()
        .Select(e => $"{e.GetProperty("resource").GetProperty("resourceType").GetString()} {e.GetProperty("search").GetProperty("mode").GetString()}")];
}
