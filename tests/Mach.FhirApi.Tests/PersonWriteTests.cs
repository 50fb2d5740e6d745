using System.Text;
using Mach.Access;
using Mach.Access.Authority;
using Mach.Access.Tests;
using Mach.Data;
using Mach.Store;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.FhirApi.Tests;

/// <summary>What programs add for people: the person's role, the scope, and whom the person may see. Source: docs/adr/0017-programs.md.</summary>
public sealed class PersonWriteTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task A_program_adds_what_role_scope_and_sight_allow_together(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        // Rows: account, scope, patient of the launch, type, patient that is written about, status.
        (string Account, string Scope, string? Launch, string Type, string About, int Status)[] rows =
        [
            ("bac.si", "user/*.crs", null, "Observation", "seen", 201),
            ("bac.si", "user/Observation.c", null, "Observation", "seen", 201),
            ("bac.si", "user/Condition.c user/*.rs", null, "Observation", "seen", 403),
            ("bac.si", "user/*.rs", null, "Observation", "seen", 403),
            ("bac.si", "user/*.crs", null, "Condition", "seen", 201),
            // Of another facility, refused as one who is not there.
            ("bac.si", "user/*.crs", null, "Observation", "hidden", 403),
            ("bac.si", "user/*.crs", null, "Observation", "khong-ai", 403),
            ("bac.si", "patient/*.crs", "seen", "Observation", "seen", 201),
            ("bac.si", "patient/*.crs", "seen", "Observation", "seen2", 403),
            ("bac.si", "patient/*.crs", "hidden", "Observation", "hidden", 403),
            ("bac.si", "patient/*.rs user/Condition.c", "seen", "Observation", "seen", 403),
            // What no role writes by a program.
            ("bac.si", "user/*.crs", null, "Consent", "seen", 403),
            ("bac.si", "user/*.crs", null, "MedicationRequest", "seen", 403),
            // Who does not lie on the ward.
            ("dieu.duong", "user/*.crs", null, "Observation", "seen", 403),
            ("dieu.duong", "user/*.crs", null, "Condition", "seen", 403),
            ("nguoi.dan", "patient/*.crs", "seen", "Observation", "seen", 201),
            ("nguoi.dan", "patient/*.crs", "seen", "Condition", "seen", 403),
            ("nguoi.dan", "user/*.crs", null, "Observation", "seen2", 403),
            ("du.lieu", "user/*.crs", null, "Observation", "seen", 403),
            ("tiep.don", "user/*.crs", null, "Observation", "seen", 403),
        ];
        foreach (var row in rows)
        {
            var program = await ScopeDoorTests.ProgramAsync(host, row.Scope, row.Launch, row.Account);
            var answer = await SendAsync(program, "POST", row.Type, Body(row.Type, row.About));
            Assert.True(row.Status == answer.Status, $"{row}: {answer.Status} {answer.Text}");
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Nothing_is_changed_deleted_or_added_by_another_way(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var program = await ScopeDoorTests.ProgramAsync(host, "user/*.crs", null, "bac.si");
        var mine = Body("Observation", "seen");
        (string What, string Method, string Path, string? Body)[] refused =
        [
            ("update", "PUT", "Observation/seen-o", mine[..1] + "\"id\":\"seen-o\"," + mine[1..]),
            ("update as create", "PUT", "Observation/moi", mine[..1] + "\"id\":\"moi\"," + mine[1..]),
            ("delete", "DELETE", "Observation/seen-o", null),
            ("patch", "PATCH", "Observation/seen-o", """[{"op":"replace","path":"/status","value":"amended"}]"""),
            ("conditional update", "PUT", "Observation?code=718-7", mine),
            ("labels", "POST", "Observation/seen-o/$meta-add", """{"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"tag":[{"code":"x"}]}}]}"""),
            ("no subject", "POST", "Observation", """{"resourceType":"Observation","status":"final","code":{"text":"x"}}"""),
            ("a group", "POST", "Observation", mine.Replace("Patient/seen", "Group/seen", StringComparison.Ordinal)),
            ("another server's", "POST", "Observation", mine.Replace("Patient/seen", "https://khac.example.vn/fhir/Patient/seen", StringComparison.Ordinal)),
            ("a contained one", "POST", "Observation", mine[..1] + "\"contained\":[{\"resourceType\":\"Patient\",\"id\":\"p\"}]," + mine[1..].Replace("Patient/seen", "#p", StringComparison.Ordinal)),
            ("as of a dossier", "POST", "Observation", mine[..1] + "\"meta\":{\"source\":\"urn:mach:dossier:25002:1\"}," + mine[1..]),
            ("at a visit of somebody hidden", "POST", "Observation", mine[..1] + "\"encounter\":{\"reference\":\"Encounter/hidden-e\"}," + mine[1..]),
            ("at a visit of somebody else", "POST", "Observation", mine[..1] + "\"encounter\":{\"reference\":\"Encounter/seen2-e\"}," + mine[1..]),
        ];
        foreach (var (what, method, path, body) in refused)
        {
            var answer = await SendAsync(program, method, path, body);
            Assert.True(answer.Status is 403, $"{what}: {answer.Status} {answer.Text}");
        }

        Assert.Equal(201, (await SendAsync(program, "POST", "Observation", mine[..1] + "\"encounter\":{\"reference\":\"Encounter/seen-e\"}," + mine[1..])).Status);

        // A transaction is refused as a whole; a batch entry by entry.
        string Bundle(string type) => $$$"""{"resourceType":"Bundle","type":"{{{type}}}","entry":[{"resource":{{{mine}}},"request":{"method":"POST","url":"Observation"} },{"resource":{{{Body("Observation", "hidden")}}},"request":{"method":"POST","url":"Observation"} }]}""";
        Assert.Equal(403, (await SendAsync(program, "POST", "", Bundle("transaction"))).Status);
        var batch = await SendAsync(program, "POST", "", Bundle("batch"));
        Assert.True(batch.Text.Contains("\"201", StringComparison.Ordinal) && batch.Text.Contains("\"403", StringComparison.Ordinal), batch.Text);
        var counted = await host.Store.SearchAsync(Fhir.Search.SearchQuery.Parse("Observation", [new("patient", "hidden"), new("_summary", "count")]), default);
        Assert.Equal(0, counted.Total);
    }

    private static async Task<AccessHost> StartAsync(DbEngine engine)
    {
        var host = await AccessHost.StartAsync(engine);
        foreach (var (name, role, facility) in new[] { ("bac.si", Roles.Doctor, "25001"), ("dieu.duong", Roles.Nurse, "25001"), ("nguoi.dan", Roles.Person, null), ("du.lieu", Roles.DataOfficer, null), ("tiep.don", Roles.Registrar, "25001") })
        {
            await host.Accounts.EnsureAsync(new NewAccount(name, name, AccessHost.Password, [role], facility), default);
        }

        await host.Store.CommitAsync(new Commit { Actor = "test", Writes = [.. Person("seen", "25001"), .. Person("seen2", "25001"), .. Person("hidden", "25002"), Write("Observation/seen-o", Body("Observation", "seen"))] }, default);
        await BindAsync(host, "nguoi.dan", "seen");
        return host;
    }

    private static Task BindAsync(AccessHost host, string account, string patient) => host.App.Services.GetRequiredService<Workplaces>().IdentifyAsync("test", account, null, patient, default);

    private static Write[] Person(string id, string facility) =>
    [
        Write("Patient/" + id, $$"""{"resourceType":"Patient","name":[{"text":"{{id}}"}]}"""),
        Write("Encounter/" + id + "-e", $$$"""{"resourceType":"Encounter","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/{{{id}}}"},"period":{"start":"2026-01-01"},"serviceProvider":{"reference":"Organization/cskcb-{{{facility}}}"}}"""),
    ];

    private static Write Write(string name, string json) => new(WriteKind.Put, name.Split('/')[0], name.Split('/')[1], Encoding.UTF8.GetBytes(json[..1] + "\"id\":\"" + name.Split('/')[1] + "\"," + json[1..]));

    private static string Body(string type, string patient) => "{\"resourceType\":\"" + type + "\"," + type switch
    {
        "Condition" => "\"code\":{\"text\":\"x\"},",
        "Consent" => """ "status":"active","scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},"category":[{"text":"x"}],"policyRule":{"text":"x"}, """,
        "MedicationRequest" => "\"status\":\"active\",\"intent\":\"order\",\"medicationCodeableConcept\":{\"text\":\"x\"},",
        _ => "\"status\":\"final\",\"code\":{\"text\":\"x\",\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"718-7\"}]},",
    } + $"\"{(type == "Consent" ? "patient" : "subject")}\":{{\"reference\":\"Patient/{patient}\"}}}}";

    private static async Task<Answer> SendAsync(HttpClient program, string method, string path, string? body) =>
        await Api.SendAsync(program, method, path, body is null ? null : Encoding.UTF8.GetBytes(body), body is ['[', ..] ? "application/json-patch+json" : "application/fhir+json");
}
