using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Mach.Data;
using Mach.Testing;

namespace Mach.Access.Tests.Fhir;

// Source of all rows: http://hl7.org/fhir/R4/http.html
public sealed class ReadTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task A_resource_is_read_with_its_version_and_not_sent_twice(DbEngine engine)
    {
        await using var host = await (await (await AccessHost.StartAsync(engine)).WithClientAsync()).WithRecordsAsync();
        var program = await host.SignedInProgramAsync();
        var answer = await program.GetAsync("/fhir/Patient/p1");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/fhir+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("W/\"3\"", answer.Headers.ETag?.ToString());
        Assert.NotNull(answer.Content.Headers.LastModified);
        var json = await answer.JsonAsync();
        Assert.Equal("3", json.GetProperty("meta").GetProperty("versionId").GetString());
        Assert.Equal("Nguyễn Thị Lan Hương", json.GetProperty("name")[0].GetProperty("text").GetString());

        program.DefaultRequestHeaders.IfNoneMatch.Add(new EntityTagHeaderValue("\"3\"", isWeak: true));
        var again = await program.GetAsync("/fhir/Patient/p1");
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/fhir/Patient/p1/_history/2")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task If_modified_since_counts_in_whole_seconds(DbEngine engine)
    {
        await using var host = await (await (await AccessHost.StartAsync(engine)).WithClientAsync()).WithRecordsAsync();
        var program = await host.SignedInProgramAsync();
        program.DefaultRequestHeaders.IfModifiedSince = (await program.GetAsync("/fhir/Patient/p1")).Content.Headers.LastModified;
        Assert.Equal(HttpStatusCode.NotModified, (await program.GetAsync("/fhir/Patient/p1")).StatusCode);
        program.DefaultRequestHeaders.IfModifiedSince -= TimeSpan.FromSeconds(1);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/fhir/Patient/p1")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Every_kind_of_not_being_there_has_its_status(DbEngine engine)
    {
        await using var host = await (await (await AccessHost.StartAsync(engine)).WithClientAsync()).WithRecordsAsync();
        var program = await host.SignedInProgramAsync();
        (string Method, string Path, int Status, string Code)[] rows =
        [
            ("GET", "Patient/none", 404, "not-found"),
            ("GET", "Patient/not_an_id", 404, "not-found"),
            ("GET", "Patient/p3", 410, "deleted"),
            ("GET", "Patient/p3/_history/2", 410, "deleted"),
            ("GET", "Patient/p1/_history/9", 404, "not-found"),
            ("GET", "Patient/p1/_history/x", 404, "not-found"),
            ("GET", "Patient/none/_history", 404, "not-found"),
            ("GET", "Nonsense/1", 404, "not-supported"),
            ("GET", "Nonsense", 404, "not-supported"),
            ("GET", "Patient/p1/$nothing", 404, "not-supported"),
            ("GET", "Patient/p1/a/b/c", 404, "not-found"),
            ("GET", "Patient/p1?name=Lan", 400, "not-supported"),
            ("POST", "Patient", 403, "forbidden"),
            ("PUT", "Patient/p1", 403, "forbidden"),
            ("DELETE", "Patient/p1", 403, "forbidden"),
            ("POST", "Patient/p1", 405, "not-supported"),
            ("PUT", "metadata", 403, "forbidden"),
            ("DELETE", "Patient/p1/_history/1", 405, "not-supported"),
        ];
        foreach (var (method, path, status, code) in rows)
        {
            var answer = await program.SendAsync(new HttpRequestMessage(new(method), "/fhir/" + path));
            Assert.True(status == (int)answer.StatusCode, $"{method} {path}: {answer.StatusCode}");
            var outcome = await answer.JsonAsync();
            Assert.Equal("OperationOutcome", outcome.GetProperty("resourceType").GetString());
            Assert.Equal(code, outcome.GetProperty("issue")[0].GetProperty("code").GetString());
            Assert.NotEmpty(outcome.GetProperty("issue")[0].GetProperty("diagnostics").GetString()!);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Only_json_of_r4_is_given(DbEngine engine)
    {
        await using var host = await (await (await AccessHost.StartAsync(engine)).WithClientAsync()).WithRecordsAsync();
        (string? Accept, string Query, int Status)[] rows =
        [
            (null, "", 200), ("*/*", "", 200), ("application/json", "", 200), ("application/fhir+json; fhirVersion=4.0", "", 200),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "", 200),
            ("application/fhir+xml", "", 406), ("application/fhir+json; fhirVersion=5.0", "", 406), ("application/fhir+json;q=0", "", 406),
            ("application/fhir+xml", "?_format=json", 200), (null, "?_format=application/fhir%2Bjson", 200), (null, "?_format=application/fhir+json", 200),
            (null, "?_format=xml", 406), (null, "?_pretty=perhaps", 400),
        ];
        foreach (var (accept, query, status) in rows)
        {
            var program = await host.SignedInProgramAsync();
            if (accept is not null)
            {
                program.DefaultRequestHeaders.TryAddWithoutValidation("Accept", accept);
            }

            Assert.True(status == (int)(await program.GetAsync("/fhir/Patient/p1" + query)).StatusCode, $"{accept} {query}");
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Pretty_changes_white_space_alone_and_head_sends_no_body(DbEngine engine)
    {
        await using var host = await (await (await AccessHost.StartAsync(engine)).WithClientAsync()).WithRecordsAsync();
        var program = await host.SignedInProgramAsync();
        var plain = await program.GetStringAsync("/fhir/Observation/o1");
        var pretty = await program.GetStringAsync("/fhir/Observation/o1?_pretty=true");
        Assert.Contains("\n", pretty);
        Assert.Contains("5.60", plain);
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(plain).RootElement, JsonDocument.Parse(pretty).RootElement));
        Assert.Contains("5.60", pretty);

        var head = await program.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/fhir/Observation/o1"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal("W/\"1\"", head.Headers.ETag?.ToString());
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_narrow_token_opens_its_own_type_alone(DbEngine engine)
    {
        await using var host = await (await (await AccessHost.StartAsync(engine)).WithClientAsync()).WithRecordsAsync();
        var program = await host.SignedInProgramAsync("system/Encounter.rs");
        (string Path, int Status)[] rows =
        [
            ("Encounter/e1", 200), ("Encounter?patient=p1", 200), ("Encounter/_history", 200),
            ("Patient/p1", 403), ("Patient?name=lan", 403), ("_history", 403), ("Encounter?subject:Patient.name=lan", 403),
        ];
        foreach (var (path, status) in rows)
        {
            var answer = await program.GetAsync("/fhir/" + path);
            Assert.True(status == (int)answer.StatusCode, $"{path}: {answer.StatusCode}");
        }

        var bundle = await (await program.GetAsync("/fhir/Encounter?_id=e1&_include=Encounter:subject")).JsonAsync();
        Assert.Equal(1, bundle.GetProperty("entry").GetArrayLength());
    }
}
