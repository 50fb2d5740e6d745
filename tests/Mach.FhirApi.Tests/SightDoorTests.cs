using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Mach.Access;
using Mach.Access.Tests;
using Mach.Data;
using Mach.Store;
using Mach.Testing;
using Browser = Mach.Access.Tests.Browser;

namespace Mach.FhirApi.Tests;

/// <summary>
/// Two servers: one holds people and facts that a doctor of one facility may not see, the other does not hold them at all. Through every door of the API
/// the doctor gets the same answer, to the letter, from both: no row, no count, no page, no status tells that anything is hidden.
/// </summary>
public sealed partial class SightDoorTests
{
    private const string Confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task A_doctor_cannot_tell_what_is_hidden_from_what_is_not_there(DbEngine engine)
    {
        await using var full = await StartAsync(engine, withHidden: true);
        await using var bare = await StartAsync(engine, withHidden: false);
        var (one, other) = (await BrowserAsync(full), await BrowserAsync(bare));
        var shown = 0;
        foreach (var (method, path, body) in Doors())
        {
            var (a, b) = (await AskAsync(one, method, path, body), await AskAsync(other, method, path, body));
            Assert.True(a == b, $"{method} {path} {body}\n--- with what is hidden\n{a}\n--- without\n{b}");
            Assert.DoesNotContain("Bí mật", a, StringComparison.Ordinal);
            shown += a.Contains("Nhìn thấy", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.True(shown > 10, $"Only {shown} doors showed what may be seen.");
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_program_with_the_whole_system_and_a_data_officer_of_no_facility_see_everything(DbEngine engine)
    {
        await using var host = await StartAsync(engine, withHidden: true);
        await host.WithClientAsync("system/*.rs");
        var program = await host.SignedInProgramAsync();
        Assert.Contains("\"total\":5", await program.GetStringAsync("/fhir/Patient?_summary=count"), StringComparison.Ordinal);
        Assert.Contains("B20", await program.GetStringAsync("/fhir/Condition/seen-hiv"), StringComparison.Ordinal);
    }

    private static async Task<AccessHost> StartAsync(DbEngine engine, bool withHidden)
    {
        var host = await AccessHost.StartAsync(engine);
        await host.Accounts.EnsureAsync(new NewAccount("bac.si", "Bác sĩ", AccessHost.Password, [Roles.Doctor], "25001"), default);
        await PutAsync(host, [
            ("Organization/cskcb-25001", """ "name":"Nhìn thấy" """),
            ("Organization/cskcb-25002", """ "name":"Nhìn thấy" """),
            .. Person("seen", "25001", "Nhìn thấy", "I10"),
            .. Person("seen2", "25001", "Nhìn thấy", "E11"),
            ("Encounter/seen-away", """ "status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/seen"},"period":{"start":"2026-11-02"},"serviceProvider":{"reference":"Organization/cskcb-25002","display":"Nhìn thấy"} """),
            // The person does not want results of elsewhere to be seen here.
            ("Consent/seen-no", """ "status":"active","scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},"category":[{"text":"Nhìn thấy"}],"patient":{"reference":"Patient/seen"},"policyRule":{"text":"Nhìn thấy"},"provision":{"type":"deny","actor":[{"role":{"text":"nơi xem"},"reference":{"reference":"Organization/cskcb-25001"}}],"class":[{"system":"http://hl7.org/fhir/resource-types","code":"Observation"}]} """),
        ]);
        if (withHidden)
        {
            await PutAsync(host, [
                .. Person("secret", "25002", "Bí mật", "J10"),
                .. Person("secret2", "25002", "Bí mật", "I10"),
                .. Person("gone", "25002", "Bí mật", "I10"),
                .. Person("star", "25001", "Bí mật", "I10", security: "V"),
                // Delicate facts of somebody who is seen, written elsewhere.
                ("Condition/seen-hiv", """ "subject":{"reference":"Patient/seen"},"encounter":{"reference":"Encounter/seen-away"},"recordedDate":"2026-11-02","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"B20.1"}],"text":"Bí mật"} """),
                ("Provenance/seen-hiv-p", """ "meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]},"target":[{"reference":"Condition/seen-hiv"},{"reference":"Patient/seen"}],"recorded":"2026-11-02T00:00:00Z","agent":[{"who":{"display":"Bí mật"}}] """),
                ("Observation/seen-objected", """ "status":"final","subject":{"reference":"Patient/seen"},"encounter":{"reference":"Encounter/seen-away"},"effectiveDateTime":"2026-11-02","code":{"text":"Bí mật","coding":[{"system":"http://loinc.org","code":"718-7"}]},"meta":{"source":"urn:mach:dossier:25002:1"},"valueQuantity":{"value":9,"unit":"g/dL"} """),
                ("Group/all", """ "type":"person","actual":true,"name":"Bí mật","member":[{"entity":{"reference":"Patient/seen"}}] """),
                ("List/all", """ "status":"current","mode":"working","title":"Bí mật","entry":[{"item":{"reference":"Patient/seen"}},{"item":{"reference":"Patient/secret"}}] """),
            ]);
            await host.Store.CommitAsync(new Commit { Actor = "test", Writes = [new Write(WriteKind.Delete, "Patient", "gone", default), new Write(WriteKind.Delete, "Observation", "gone-o", default)] }, default);
        }

        return host;
    }

    private static (string, string)[] Person(string id, string facility, string name, string code, string? security = null) =>
    [
        ("Patient/" + id, $$""" {{(security is null ? "" : "\"meta\":{\"security\":[{\"system\":\"" + Confidentiality + "\",\"code\":\"" + security + "\"}]},")}} "name":[{"text":"{{name}} {{id}}","family":"{{name}}"}],"identifier":[{"system":"urn:so","value":"so-{{id}}"}],"gender":"female","birthDate":"1990-01-01" """),
        ("Encounter/" + id + "-e", $$""" "status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/{{id}}"},"period":{"start":"2026-11-01"},"serviceProvider":{"reference":"Organization/cskcb-{{facility}}","display":"{{name}}"} """),
        ("Condition/" + id + "-c", $$""" "subject":{"reference":"Patient/{{id}}"},"encounter":{"reference":"Encounter/{{id}}-e"},"recordedDate":"2026-11-01","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"{{code}}"}],"text":"{{name}}"} """),
        ("Observation/" + id + "-o", $$""" "status":"final","subject":{"reference":"Patient/{{id}}"},"encounter":{"reference":"Encounter/{{id}}-e"},"effectiveDateTime":"2026-11-01","code":{"text":"{{name}}","coding":[{"system":"http://loinc.org","code":"718-7"}]},"valueQuantity":{"value":12,"unit":"g/dL"} """),
    ];

    private static async Task PutAsync(AccessHost host, (string Name, string Json)[] resources) =>
        await host.Store.CommitAsync(new Commit
        {
            Actor = "test",
            Writes = [.. resources.Select(r => new Write(WriteKind.Put, r.Name.Split('/')[0], r.Name.Split('/')[1], Encoding.UTF8.GetBytes("{\"resourceType\":\"" + r.Name.Split('/')[0] + "\",\"id\":\"" + r.Name.Split('/')[1] + "\"," + r.Json + "}")))],
        }, default);

    /// <summary>Every form of reading, about those who are seen and those who are not.</summary>
    private static IEnumerable<(string Method, string Path, string? Body)> Doors()
    {
        foreach (var id in new[] { "seen", "secret", "gone", "star", "nobody" })
        {
            foreach (var path in new[]
            {
                $"Patient/{id}", $"Patient/{id}/_history", $"Patient/{id}/_history/1", $"Patient/{id}/_history/2", $"Patient/{id}/$everything", $"Patient/{id}/$everything?_count=1", $"Patient/{id}/$meta",
                $"Patient/{id}/Observation", $"Patient/{id}/*", $"Observation/{id}-o", $"Observation/{id}-o/_history", $"Encounter/{id}-e/$everything", $"Encounter/{id}-e",
                $"Patient?_id={id}", $"Patient?identifier=so-{id}", $"Patient?identifier=urn:so|so-{id}&_summary=count", $"Observation?patient={id}", $"Observation?subject=Patient/{id}&_total=accurate",
                $"Observation?patient.identifier=so-{id}", $"Encounter?_has:Condition:encounter:subject=Patient/{id}", $"Patient?_list={id}", $"Observation?patient={id}&_sort=-date&_count=1", $"Observation/$lastn?patient={id}",
                $"Patient?name={id}", $"Patient?_id={id},seen&_sort=name",
            })
            {
                yield return ("GET", path, null);
            }

            yield return ("HEAD", $"Patient/{id}", null);
            yield return ("POST", "Patient/_search", $"identifier=so-{id}");
            yield return ("POST", "", $$"""{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/{{id}}"} },{"request":{"method":"GET","url":"Observation?patient={{id}}"} }]}""");
        }

        foreach (var path in new[]
        {
            "Patient", "Patient?_summary=count", "Patient?_total=accurate&_count=1", "Patient?_sort=name", "Patient?_sort=-_lastUpdated&_count=1", "Patient?name=Bí", "Patient?name:contains=mật", "Patient?gender=female&_count=1&_total=accurate",
            "Patient?birthdate=1990", "Patient?_has:Observation:patient:code=718-7", "Patient?_has:Condition:patient:code=J10", "Patient?_has:Condition:patient:code=http://hl7.org/fhir/sid/icd-10|B20.1", "Patient?_revinclude=Condition:patient",
            "Patient?_revinclude=Provenance:target", "Patient?_revinclude=List:item&_revinclude=Group:member", "Patient?_list=all", "Condition", "Condition?code=J10", "Condition?code=B20.1&_summary=count", "Condition?code:below=http://hl7.org/fhir/sid/icd-10|B20", "Condition?patient=seen",
            "Condition?encounter=Encounter/seen-away", "Condition?_include=Condition:patient&_include=Condition:encounter", "Condition?patient.name=Bí", "Condition?encounter.service-provider=Organization/cskcb-25002", "Observation?_sort=-date&_count=2&_total=accurate",
            "Observation?value-quantity=gt1&_summary=count", "Observation?_include=Observation:*&_include:iterate=Encounter:*", "Encounter?service-provider=Organization/cskcb-25002", "Encounter?service-provider=Organization/cskcb-25002&_summary=count", "Encounter?_revinclude=Observation:encounter",
            "Organization?_revinclude=Encounter:service-provider", "Group", "List", "Provenance", "Provenance?target=Condition/seen-hiv", "Condition/seen-hiv", "Condition/seen-hiv/_history", "Provenance/seen-hiv-p", "Group/all", "List/all", "Patient/star", "Encounter/star-e", "Observation?patient=star",
            "_history?_count=5", "Patient/_history?_count=3", "Condition/_history", "Condition/_history?_count=1", "?_type=Patient,Condition&_count=50", "?_type=Patient,Observation&_summary=count", "?_type=Patient,Observation&_sort=-_lastUpdated&_count=2", "Patient?_security=" + Confidentiality + "|V", "Provenance?_security=" + Confidentiality + "|R",
            "Patient?_elements=name&_count=2", "Patient?_lastUpdated=ge2020-01-01&_summary=count", "Condition/$meta", "Patient/$meta", "$meta", "Patient?organization:missing=true&_summary=count", "Condition?_text=x", "Practitioner", "Organization",
        })
        {
            yield return ("GET", path, null);
        }
    }

    private static async Task<Browser> BrowserAsync(AccessHost host)
    {
        var browser = new Browser(host.Program());
        Assert.Equal("/", (await browser.SignInAsync("bac.si", AccessHost.Password)).Headers.Location?.OriginalString);
        return browser;
    }

    private static async Task<string> AskAsync(Browser browser, string method, string path, string? body)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path.Length == 0 || path[0] == '?' ? "/fhir" + path : "/fhir/" + path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(body[0] == '{' ? "application/fhir+json" : "application/x-www-form-urlencoded");
        }

        using var answer = await browser.SendAsync(request);
        // The next pages, too, to the end.
        var text = await answer.Content.ReadAsStringAsync();
        var told = $"{(int)answer.StatusCode} {answer.Headers.ETag} {answer.Content.Headers.LastModified}\n" + Varying().Replace(text, "…");
        return method == "GET" && Next().Match(text) is { Success: true } next ? told + "\n" + await AskAsync(browser, method, next.Groups[1].Value, null) : told;
    }

    /// <summary>Cursors are sealed with the secret of each server; instants of writing differ by when each was filled.</summary>
    [GeneratedRegex("(?<=_cursor=)[^\"&]+|(?<=_before=)[^\"&]+|\"(timestamp|lastUpdated)\":\"[^\"]*\"|(?<=\"id\":\")[0-9a-f-]{32,36}(?=\")")]
    private static partial Regex Varying();

    [GeneratedRegex("\"relation\":\"next\",\"url\":\"[^\"]*?/fhir/?([^\"]*)\"")]
    private static partial Regex Next();
}
