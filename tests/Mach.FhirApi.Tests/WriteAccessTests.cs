using Mach.Access;
using Mach.Access.Tests;
using Mach.Data;
using Mach.Testing;

namespace Mach.FhirApi.Tests;

/// <summary>Who may write what. Source: https://hl7.org/fhir/smart-app-launch/STU2.1/scopes-and-launch-context.html.</summary>
public sealed class WriteAccessTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private const string Patient = """{"resourceType":"Patient","id":"p","active":true}""";
    private const string Create = """{"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}}""";
    private const string Read = """{"request":{"method":"GET","url":"Patient/p"}}""";

    [Theory, MemberData(nameof(Engines))]
    public async Task Each_scope_opens_its_own_interactions(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        await api.PutAsync("Patient/p", Patient);
        // Rows: scope, and the status of create, update, delete of nothing, patch, conditional create, read.
        (string Scope, int[] Statuses)[] rows =
        [
            ("system/*.cruds", [201, 200, 204, 200, 200, 200]),
            ("system/Patient.cruds", [201, 200, 204, 200, 200, 200]),
            ("system/Patient.c", [201, 403, 403, 403, 403, 403]),
            ("system/Patient.u", [403, 200, 403, 200, 403, 403]),
            ("system/Patient.d", [403, 403, 204, 403, 403, 403]),
            ("system/Patient.cs", [201, 403, 403, 403, 200, 403]),
            ("system/Patient.write", [201, 200, 204, 200, 403, 403]),
            ("system/Observation.cruds", [403, 403, 403, 403, 403, 403]),
            ("system/*.rs", [403, 403, 403, 403, 403, 200]),
        ];
        foreach (var (scope, statuses) in rows)
        {
            var program = await api.Host.SignedInProgramAsync(scope);
            async Task<int> AskAsync(string method, string path, string? json, params (string, string)[] headers)
            {
                var answer = await Api.SendAsync(program, method, path, json is null ? null : System.Text.Encoding.UTF8.GetBytes(json), json?[0] == '[' ? "application/json-patch+json" : "application/fhir+json", headers);
                Assert.True(answer.Status != 403 || answer.Text.Contains("OperationOutcome"), answer.Text);
                return answer.Status;
            }

            int[] got =
            [
                await AskAsync("POST", "Patient", """{"resourceType":"Patient","active":false}"""),
                await AskAsync("PUT", "Patient/p", Patient),
                await AskAsync("DELETE", "Patient/none", null),
                await AskAsync("PATCH", "Patient/p", """[{"op":"replace","path":"/active","value":true}]"""),
                await AskAsync("POST", "Patient", """{"resourceType":"Patient"}""", ("If-None-Exist", "active=true")),
                await AskAsync("GET", "Patient/p", null),
            ];
            Assert.True(statuses.SequenceEqual(got), $"{scope}: {string.Join(',', got)}");
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task What_a_program_may_not_read_is_not_given_back_to_it(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        await api.PutAsync("Patient/p", Patient);
        var program = await api.Host.SignedInProgramAsync("system/Patient.us");
        var patched = await Api.SendAsync(program, "PATCH", "Patient/p", """[{"op":"add","path":"/gender","value":"male"}]"""u8.ToArray(), "application/json-patch+json", ("Prefer", "return=representation"));
        Assert.Equal((200, ""), (patched.Status, patched.Text));
        var creating = await api.Host.SignedInProgramAsync("system/Patient.cs");
        var found = await Api.SendAsync(creating, "POST", "Patient", """{"resourceType":"Patient"}"""u8.ToArray(), "application/fhir+json", ("If-None-Exist", "active=true"));
        Assert.Equal((200, ""), (found.Status, found.Text));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_bundle_opens_no_more_than_its_entries_would(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        await api.PutAsync("Patient/p", Patient);
        var reader = await api.Host.SignedInProgramAsync("system/*.rs");
        var writer = await api.Host.SignedInProgramAsync("system/Patient.c");
        string Bundle(string type) => $$"""{"resourceType":"Bundle","type":"{{type}}","entry":[{{Create}},{{Read}}]}""";
        async Task<Answer> PostAsync(HttpClient program, string type) => await Api.SendAsync(program, "POST", "", System.Text.Encoding.UTF8.GetBytes(Bundle(type)), "application/fhir+json");
        Assert.Equal(403, (await PostAsync(reader, "transaction")).Status);
        Assert.Equal(["403 Forbidden", "200 OK"], Statuses(await PostAsync(reader, "batch")));
        Assert.Equal(["201 Created", "403 Forbidden"], Statuses(await PostAsync(writer, "batch")));
        Assert.Equal(["201 Created", "403 Forbidden"], Statuses(await PostAsync(writer, "transaction")));
        Assert.Equal(3, await api.CountAsync("Patient"));
        Assert.Equal(401, (await Api.SendAsync(api.Host.Program(), "POST", "", System.Text.Encoding.UTF8.GetBytes(Bundle("batch")), "application/fhir+json")).Status);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Nobody_writes_by_signing_in_as_a_person(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        foreach (var role in Roles.All)
        {
            var browser = await host.SignedInBrowserAsync(role);
            var answer = await browser.PostRawAsync("/fhir/Patient", []);
            Assert.Equal(403, (int)answer.StatusCode);
        }

        Assert.Equal(0, await host.Store.SearchAsync(Mach.Fhir.Search.SearchQuery.Parse("Patient", []), default) is { Total: var total } ? total ?? 0 : -1);
    }

    private static string[] Statuses(Answer answer) =>
        [.. answer.Need(200).Json.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("response").GetProperty("status").GetString()!)];
}
