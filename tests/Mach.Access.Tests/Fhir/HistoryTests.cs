using System.Net;
using System.Text.Json;
using Mach.Data;
using Mach.Testing;

namespace Mach.Access.Tests.Fhir;

// Source of all rows: http://hl7.org/fhir/R4/http.html#history
public sealed class HistoryTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task A_history_tells_what_was_done_newest_first(DbEngine engine)
    {
        await using var host = await (await (await AccessHost.StartAsync(engine)).WithClientAsync()).WithRecordsAsync();
        var program = await host.SignedInProgramAsync();
        var bundle = await (await program.GetAsync("/fhir/Patient/p1/_history")).JsonAsync();
        Assert.Equal("history", bundle.GetProperty("type").GetString());
        Assert.Equal(3, bundle.GetProperty("total").GetInt32());
        Assert.Equal(["PUT 200 W/\"3\"", "PUT 200 W/\"2\"", "PUT 201 W/\"1\""], Steps(bundle));

        var deleted = await (await program.GetAsync("/fhir/Patient/p3/_history")).JsonAsync();
        Assert.Equal(["DELETE 204 W/\"2\"", "PUT 201 W/\"1\""], Steps(deleted));
        Assert.False(deleted.GetProperty("entry")[0].TryGetProperty("resource", out _));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Walking_the_next_links_sees_every_version_once(DbEngine engine)
    {
        await using var host = await (await (await AccessHost.StartAsync(engine)).WithClientAsync()).WithRecordsAsync();
        var program = await host.SignedInProgramAsync();
        foreach (var (path, expected) in new[] { ("_history?_count=7", FhirSeed.Encounters + 7), ("Encounter/_history?_count=10", FhirSeed.Encounters), ("Patient/p1/_history?_count=1", 3) })
        {
            var seen = new List<string>();
            for (var url = "http://localhost/fhir/" + path; url is not null;)
            {
                var bundle = await (await program.GetAsync(url)).JsonAsync();
                seen.AddRange(bundle.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("fullUrl").GetString() + e.GetProperty("response").GetProperty("etag").GetString()));
                Assert.True(seen.Count <= expected);
                url = SearchTests.Link(bundle, "next");
            }

            Assert.Equal(expected, seen.Distinct().Count());
            Assert.Equal(expected, seen.Count);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Since_leaves_out_what_is_older(DbEngine engine)
    {
        await using var host = await (await (await AccessHost.StartAsync(engine)).WithClientAsync()).WithRecordsAsync();
        var program = await host.SignedInProgramAsync();
        var versions = await (await program.GetAsync("/fhir/Patient/p1/_history")).JsonAsync();
        var second = versions.GetProperty("entry")[1].GetProperty("resource").GetProperty("meta").GetProperty("lastUpdated").GetString()!;
        var since = await (await program.GetAsync("/fhir/Patient/p1/_history?_since=" + Uri.EscapeDataString(second))).JsonAsync();
        Assert.Equal(2, since.GetProperty("entry").GetArrayLength());
        Assert.Contains("_since=", SearchTests.Link(since, "self"));
    }

    [Theory]
    [InlineData("Patient/p1/_history?_since=soon")]
    [InlineData("Patient/p1/_history?_count=-1")]
    [InlineData("Patient/_history?name=lan")]
    [InlineData("_history?_sort=_lastUpdated")]
    public async Task A_parameter_that_a_history_does_not_have_is_refused(string path)
    {
        await using var host = await (await (await AccessHost.StartAsync(DbEngine.Sqlite)).WithClientAsync()).WithRecordsAsync();
        var program = await host.SignedInProgramAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await program.GetAsync("/fhir/" + path)).StatusCode);
    }

    private static string[] Steps(JsonElement bundle) => [.. bundle.GetProperty("entry").EnumerateArray().Select(e =>
        $"{e.GetProperty("request").GetProperty("method").GetString()} {e.GetProperty("response").GetProperty("status").GetString()} {e.GetProperty("response").GetProperty("etag").GetString()}")];
}
