using System.Net;
using System.Text;
using Mach.Access.Tests;
using Mach.Data;
using Mach.Store;
using Mach.Testing;

namespace Mach.FhirApi.Tests;

/// <summary>What people decided is held against programs that act for themselves, by the facility and the purpose of each (docs/adr/0017).</summary>
public sealed class ProgramPurposeTests
{
    private const string Here = "25001";
    private const string Away = "25002";

    public static TheoryData<DbEngine, string?, string?, bool> Programs()
    {
        TheoryData<DbEngine, string?, string?, bool> rows = [];
        foreach (var engine in ((IEnumerable<object[]>)TestDb.Engines).Select(e => (DbEngine)e[0]))
        {
            foreach (var (facility, purpose, seen) in new (string?, string?, bool)[]
            {
                // Machinery of the house states none.
                (null, null, true),
                (Away, "TREAT", true), (Here, "TREAT", false),
                (null, "TREAT", true), (null, "HPAYMT", true),
                ("25003", "HRESCH", false), (null, "HRESCH", false),
                // Who wrote a piece keeps seeing it.
                (Away, "HRESCH", true),
            })
            {
                rows.Add(engine, facility, purpose, seen);
            }
        }

        return rows;
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task What_a_person_refused_to_a_facility_or_a_purpose_is_not_there_for_its_programs(DbEngine engine, string? facility, string? purpose, bool seen)
    {
        await using var host = await AccessHost.StartAsync(engine);
        await PutAsync(host, [
            .. Person("open"), .. Person("no"),
            Decision("place", "no", $$$""" "actor":[{"role":{"text":"nơi xem"},"reference":{"reference":"Organization/cskcb-{{{Here}}}"}}] """),
            Decision("reason", "no", """ "purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HRESCH"}] """),
        ]);
        await host.Accounts.EnsureClientAsync(AccessHost.ClientId, AccessHost.ClientSecret, ["system/*.rs"], default, facility, purpose);
        var program = await host.SignedInProgramAsync();

        foreach (var path in new[] { "Observation/no-o", "Observation/no-o/_history", "Observation/no-o/_history/1", "Observation/no-o/$meta" })
        {
            Assert.True(seen == ((await program.GetAsync("/fhir/" + path)).StatusCode == HttpStatusCode.OK), path);
        }

        foreach (var path in new[]
        {
            "Observation", "Observation?patient=no", "Observation?_id=no-o", "Observation?code=718-7", "Observation/_history", "_history?_count=50", "?_type=Observation", "Patient/no/Observation", "Patient/no/$everything",
            "Encounter?_id=no-e&_revinclude=Observation:encounter", "Encounter?patient=no&_include=Encounter:patient&_revinclude=Observation:encounter", "Provenance?_id=no-p&_include=Provenance:target", "Observation/$lastn?patient=no",
        })
        {
            var text = await program.GetStringAsync("/fhir/" + path);
            Assert.True(seen == text.Contains("\"id\":\"no-o\"", StringComparison.Ordinal), path + "\n" + text);
        }

        foreach (var (path, all) in new[] { ("Observation?_summary=count", 2), ("Patient?_has:Observation:patient:code=718-7&_summary=count", 2), ("Observation?patient.name=no&_summary=count", 1) })
        {
            Assert.Contains($"\"total\":{(seen ? all : all - 1)}", await program.GetStringAsync("/fhir/" + path), StringComparison.Ordinal);
        }

        using var bundle = new StringContent("""{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Observation/no-o"}},{"request":{"method":"GET","url":"Observation/open-o"}}]}""", Encoding.UTF8, "application/fhir+json");
        var entries = (await (await program.PostAsync("/fhir", bundle)).JsonAsync()).GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("response").GetProperty("status").GetString()![..3]);
        Assert.Equal([seen ? "200" : "404", "200"], entries);

        // Who the person is stays open: the decision does not name the type.
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/fhir/Patient/no")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_facility_keeps_seeing_what_it_wrote_and_a_purpose_given_later_counts_at_once(DbEngine engine)
    {
        await using var host = await AccessHost.StartAsync(engine);
        await PutAsync(host, [.. Person("no"), Decision("all", "no", "")]);
        await host.Accounts.EnsureClientAsync(AccessHost.ClientId, AccessHost.ClientSecret, ["system/*.rs"], default);
        var machinery = await host.SignedInProgramAsync();
        Assert.Equal(HttpStatusCode.OK, (await machinery.GetAsync("/fhir/Observation/no-o")).StatusCode);

        await host.Accounts.EnsureClientAsync(AccessHost.ClientId, AccessHost.ClientSecret, ["system/*.rs"], default, Here, "TREAT");
        Assert.Equal(HttpStatusCode.Unauthorized, (await machinery.GetAsync("/fhir/Observation/no-o")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await (await host.SignedInProgramAsync()).GetAsync("/fhir/Observation/no-o")).StatusCode);

        await host.Accounts.EnsureClientAsync(AccessHost.ClientId, AccessHost.ClientSecret, ["system/*.rs"], default, Away, "TREAT");
        Assert.Equal(HttpStatusCode.OK, (await (await host.SignedInProgramAsync()).GetAsync("/fhir/Observation/no-o")).StatusCode);
    }

    /// <summary>By id, by a search, by a patch, alone and in a transaction: what is hidden is not written over either, and a program that reads nothing may still write.</summary>
    [Theory, MemberData(nameof(Engines))]
    public async Task A_program_writes_over_nothing_that_is_hidden_from_it(DbEngine engine)
    {
        await using var host = await AccessHost.StartAsync(engine);
        await PutAsync(host, [.. Person("no"), .. Person("open"), Decision("all", "no", "")]);
        await host.Accounts.EnsureClientAsync(AccessHost.ClientId, AccessHost.ClientSecret, ["system/*.cruds"], default, Here, "TREAT");
        var program = await host.SignedInProgramAsync();
        HttpContent Body(string id) => new StringContent($$$"""{"resourceType":"Observation","id":"{{{id}}}-o","status":"amended","code":{"text":"x"},"subject":{"reference":"Patient/{{{id}}}"}}""", Encoding.UTF8, "application/fhir+json");
        Assert.Equal(HttpStatusCode.Forbidden, (await program.PutAsync("/fhir/Observation/no-o", Body("no"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await program.DeleteAsync("/fhir/Observation/no-o")).StatusCode);
        using var patch = new StringContent("""[{"op":"replace","path":"/status","value":"amended"}]""", Encoding.UTF8, "application/json-patch+json");
        Assert.Equal(HttpStatusCode.NotFound, (await program.PatchAsync("/fhir/Observation/no-o", patch)).StatusCode);
        using var transaction = new StringContent("""{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"DELETE","url":"Observation/open-o"}},{"request":{"method":"DELETE","url":"Observation/no-o"}}]}""", Encoding.UTF8, "application/fhir+json");
        Assert.Equal(HttpStatusCode.Forbidden, (await program.PostAsync("/fhir", transaction)).StatusCode);
        Assert.Equal(1, (await host.Store.ReadAsync("Observation", "no-o", default))!.Version);
        Assert.Equal(1, (await host.Store.ReadAsync("Observation", "open-o", default))!.Version);

        Assert.Equal(HttpStatusCode.OK, (await program.PutAsync("/fhir/Observation/open-o", Body("open"))).StatusCode);
        await host.Accounts.EnsureClientAsync(AccessHost.ClientId, AccessHost.ClientSecret, ["system/Observation.ud"], default, Here, "TREAT");
        var writer = await host.SignedInProgramAsync();
        Assert.Equal(HttpStatusCode.OK, (await writer.PutAsync("/fhir/Observation/open-o", Body("open"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await writer.DeleteAsync("/fhir/Observation/no-o")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await writer.DeleteAsync("/fhir/Observation/open-o")).StatusCode);
    }

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static (string, string)[] Person(string id) =>
    [
        ("Patient/" + id, $$""" "name":[{"text":"{{id}}"}],"gender":"female","birthDate":"1990-01-01" """),
        ("Encounter/" + id + "-e", $$""" "status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/{{id}}"},"period":{"start":"2026-11-01"},"serviceProvider":{"reference":"Organization/cskcb-{{Away}}"} """),
        ("Observation/" + id + "-o", $$""" "meta":{"source":"urn:mach:dossier:{{Away}}:1"},"status":"final","subject":{"reference":"Patient/{{id}}"},"encounter":{"reference":"Encounter/{{id}}-e"},"effectiveDateTime":"2026-11-01","code":{"coding":[{"system":"http://loinc.org","code":"718-7"}]},"valueQuantity":{"value":12,"unit":"g/dL"} """),
        ("Provenance/" + id + "-p", $$""" "target":[{"reference":"Observation/{{id}}-o"}],"recorded":"2026-11-02T00:00:00Z","agent":[{"who":{"display":"máy"} }] """),
    ];

    private static (string, string) Decision(string id, string patient, string provision) =>
        ("Consent/" + id, $$$""" "status":"active","scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},"category":[{"text":"quyết định"}],"patient":{"reference":"Patient/{{{patient}}}"},"policyRule":{"text":"quyết định"},"provision":{"type":"deny","class":[{"system":"http://hl7.org/fhir/resource-types","code":"Observation"}]{{{(provision.Length == 0 ? "" : "," + provision)}}}} """);

    private static async Task PutAsync(AccessHost host, (string Name, string Json)[] resources) =>
        await host.Store.CommitAsync(new Commit
        {
            Actor = "test",
            Writes = [.. resources.Select(r => new Write(WriteKind.Put, r.Name.Split('/')[0], r.Name.Split('/')[1], Encoding.UTF8.GetBytes("{\"resourceType\":\"" + r.Name.Split('/')[0] + "\",\"id\":\"" + r.Name.Split('/')[1] + "\"," + r.Json + "}")))],
        }, default);
}
