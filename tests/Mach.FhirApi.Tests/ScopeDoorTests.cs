using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Mach.Access;
using Mach.Access.Programs;
using Mach.Access.Tests;
using Mach.Data;
using Mach.Store;
using Mach.Testing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Browser = Mach.Access.Tests.Browser;

namespace Mach.FhirApi.Tests;

/// <summary>
/// Scopes with a patient and with conditions. Two servers: one holds what the scopes of a program do not open, the other does not hold it at all. Through every door the
/// program gets the same answer, to the letter. Source: SMART App Launch 2.1, "Scopes for requesting FHIR Resources".
/// </summary>
public sealed partial class ScopeDoorTests
{
    private const string Category = "http://terminology.hl7.org/CodeSystem/observation-category";
    private const string Lab = Category + "|laboratory";
    private const string Verifier = "mot-chuoi-ngau-nhien-dai-hon-bon-muoi-ba-ky-tu";

    private static readonly string Scope = $"patient/Patient.rs patient/Encounter.rs patient/Observation.rs?category={Uri.EscapeDataString(Lab)} patient/Provenance.s";

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task A_program_cannot_tell_what_its_scopes_do_not_open_from_what_is_not_there(DbEngine engine)
    {
        await using var full = await StartAsync(engine, withHidden: true);
        await using var bare = await StartAsync(engine, withHidden: false);
        var (one, other) = (await ProgramAsync(full, Scope, "mine"), await ProgramAsync(bare, Scope, "mine"));
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
    public async Task A_program_of_the_house_is_narrowed_by_conditions_too(DbEngine engine)
    {
        await using var full = await StartAsync(engine, withHidden: true);
        await full.WithClientAsync($"system/Observation.rs?category={Lab}", "system/Encounter.r");
        var program = await full.SignedInProgramAsync();
        Assert.Contains("\"total\":3", await program.GetStringAsync("/fhir/Observation?_summary=count"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync("/fhir/Observation/mine-pulse")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/fhir/Observation/mine-lab")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/fhir/Encounter/mine-e")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync("/fhir/Encounter")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync("/fhir/Patient/mine")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Old_versions_are_held_against_the_conditions_by_what_they_said(DbEngine engine)
    {
        await using var host = await StartAsync(engine, withHidden: false);
        await PutAsync(host, Observation("turned", "mine", Category, "vital-signs", "Bí mật"));
        await PutAsync(host, Observation("turned", "mine", Category, "laboratory", "Nhìn thấy"));
        await PutAsync(host, Observation("left", "mine", Category, "laboratory", "Nhìn thấy"));
        await PutAsync(host, Observation("left", "mine", Category, "vital-signs", "Bí mật"));
        await PutAsync(host, Observation("gone", "mine", Category, "vital-signs", "Bí mật"));
        await host.Store.CommitAsync(new Commit { Actor = "test", Writes = [new Write(WriteKind.Delete, "Observation", "gone", default)] }, default);
        var program = await ProgramAsync(host, Scope, "mine");
        foreach (var path in new[] { "Observation/turned/_history", "Observation/turned/_history/1", "Observation/turned/_history/2", "Observation/left", "Observation/left/_history", "Observation/left/_history/1", "Observation/_history", "Observation/gone/_history", "Observation/gone", "Observation?_sort=-_lastUpdated", "Patient/mine/$everything" })
        {
            Assert.DoesNotContain("Bí mật", await AskAsync(program, "GET", path, null), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync("/fhir/Observation/turned/_history/1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/fhir/Observation/turned/_history/2")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync("/fhir/Observation/left")).StatusCode);
    }

    /// <summary>A summary with gaps would be taken for a whole one. This host has no room that makes summaries, so that what passes the scopes is 501.</summary>
    [Fact]
    public async Task A_summary_is_asked_of_scopes_that_open_all_of_it()
    {
        await using var host = await StartAsync(DbEngine.Sqlite, withHidden: false);
        string[] others = ["Patient", "Condition", "AllergyIntolerance", "MedicationRequest", "MedicationDispense", "Immunization", "Procedure", "DiagnosticReport", "Medication", "Organization", "Practitioner"];
        var all = string.Join(' ', others.Select(type => $"patient/{type}.rs"));
        foreach (var (scope, status) in new[] { (Scope, 403), (all, 403), ($"{all} patient/Observation.rs?category={Uri.EscapeDataString(Lab)}", 403), (all + " patient/Observation.rs", 501), ("patient/*.rs", 501) })
        {
            Assert.Equal((scope, status), (scope, (int)(await (await ProgramAsync(host, scope, "mine")).GetAsync("/fhir/Patient/mine/$summary")).StatusCode));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_person_sees_no_more_through_a_program_and_nothing_is_written_by_it(DbEngine engine)
    {
        await using var host = await StartAsync(engine, withHidden: true);
        // A doctor of another facility: nothing of either person, whatever the scopes say.
        await host.Accounts.EnsureAsync(new NewAccount("noi.khac", "Bác sĩ", AccessHost.Password, [Roles.Doctor], "25009"), default);
        await host.Accounts.EnsureAsync(new NewAccount("tiep.don", "Tiếp đón", AccessHost.Password, [Roles.Registrar]), default);
        var elsewhere = await ProgramAsync(host, "user/*.rs", null, "noi.khac");
        Assert.Equal(HttpStatusCode.NotFound, (await elsewhere.GetAsync("/fhir/Patient/mine")).StatusCode);
        Assert.Contains("\"total\":0", await elsewhere.GetStringAsync("/fhir/Observation?_summary=count"), StringComparison.Ordinal);
        var launched = await ProgramAsync(host, "patient/*.rs", "mine", "noi.khac");
        Assert.Equal(HttpStatusCode.NotFound, (await launched.GetAsync("/fhir/Patient/mine")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await ProgramAsync(host, "user/*.rs", null, "tiep.don")).GetAsync("/fhir/Patient/mine")).StatusCode);

        // What the person may not see any more, the program does not either.
        var doctor = await ProgramAsync(host, "user/Patient.rs user/Observation.r patient/Encounter.rs", null);
        Assert.Equal(HttpStatusCode.OK, (await doctor.GetAsync("/fhir/Patient/other")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await doctor.GetAsync("/fhir/Observation/mine-pulse")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await doctor.GetAsync("/fhir/Observation")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await doctor.GetAsync("/fhir/Encounter/mine-e")).StatusCode);
        using var content = new StringContent("""{"resourceType":"Basic","code":{"text":"x"}}""", Encoding.UTF8, "application/fhir+json");
        Assert.Equal(HttpStatusCode.Forbidden, (await doctor.PostAsync("/fhir/Basic", content)).StatusCode);
        using var bundle = new StringContent("""{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Encounter/mine-e"}},{"request":{"method":"GET","url":"Condition/mine-c"}},{"request":{"method":"DELETE","url":"Patient/mine"}}]}""", Encoding.UTF8, "application/fhir+json");
        var entries = (await (await doctor.PostAsync("/fhir", bundle)).JsonAsync()).GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("response").GetProperty("status").GetString()![..3]);
        Assert.Equal(["404", "403", "403"], entries);

        await host.Accounts.SetRolesAsync("bac.si", [Roles.Registrar], default);
        Assert.Equal(HttpStatusCode.Unauthorized, (await doctor.GetAsync("/fhir/Patient/other")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Conditions_that_cannot_be_understood_open_nothing(DbEngine engine)
    {
        await using var host = await StartAsync(engine, withHidden: false);
        foreach (var condition in new[] { "khong-co=1", "subject.name=x", "_has:Provenance:target:agent=x", "_list=all", "category:khong-co=x", "_include=*", "_count=5" })
        {
            var program = await ProgramAsync(host, "user/Observation.rs?" + condition, null);
            Assert.Contains("\"total\":0", await program.GetStringAsync("/fhir/Observation?_summary=count"), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync("/fhir/Observation/mine-lab")).StatusCode);
        }

        foreach (var (condition, seen) in new[] { ("category=laboratory", true), ("category=vital-signs,laboratory&status=final", true), ("category=laboratory&status=preliminary", false), ("date=ge2026-01-01", true), ("date=lt2026-01-01", false), ("code:not=718-7", false), ("_id=mine-lab", true), ("value-quantity=gt100", false) })
        {
            var program = await ProgramAsync(host, "user/Observation.rs?" + condition, null);
            Assert.True(seen == ((await program.GetAsync("/fhir/Observation/mine-lab")).StatusCode == HttpStatusCode.OK), condition);
            Assert.True(seen == (await program.GetStringAsync("/fhir/Observation?_id=mine-lab&_summary=count")).Contains("\"total\":1", StringComparison.Ordinal), condition);
        }
    }

    private static async Task<AccessHost> StartAsync(DbEngine engine, bool withHidden)
    {
        var host = await AccessHost.StartAsync(engine);
        await host.Accounts.EnsureAsync(new NewAccount("bac.si", "Bác sĩ", AccessHost.Password, [Roles.Doctor]), default);
        await PutAsync(host, [.. Person("mine", "Nhìn thấy"), Observation("mine-lab", "mine", Category, "laboratory", "Nhìn thấy"), Observation("mine-lab2", "mine", Category, "laboratory", "Nhìn thấy")]);
        if (withHidden)
        {
            await PutAsync(host, [
                .. Person("other", "Bí mật"),
                Observation("mine-pulse", "mine", Category, "vital-signs", "Bí mật"),
                // The same code of another system, and no category at all: the condition names the system.
                Observation("mine-like", "mine", "urn:khac", "laboratory", "Bí mật"),
                ("Observation/mine-none", """ "status":"final","subject":{"reference":"Patient/mine"},"effectiveDateTime":"2026-11-01","code":{"text":"Bí mật"} """),
                ("Condition/mine-c", """ "subject":{"reference":"Patient/mine"},"encounter":{"reference":"Encounter/mine-e"},"recordedDate":"2026-11-01","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"I10"}],"text":"Bí mật"} """),
                ("Provenance/other-p", """ "target":[{"reference":"Patient/other"}],"recorded":"2026-11-02T00:00:00Z","agent":[{"who":{"display":"Bí mật"}}] """),
                ("Practitioner/bs", """ "name":[{"text":"Bí mật"}] """),
                ("Group/all", """ "type":"person","actual":true,"name":"Bí mật","member":[{"entity":{"reference":"Patient/mine"}}] """),
            ]);
            await PutAsync(host, ("Observation/other-none", """ "status":"final","subject":{"reference":"Patient/other"},"code":{"text":"Bí mật"} """), Observation("other-lab", "other", Category, "laboratory", "Bí mật"));
        }

        return host;
    }

    private static (string, string)[] Person(string id, string name) =>
    [
        ("Patient/" + id, $$""" "name":[{"text":"{{name}} {{id}}"}],"identifier":[{"system":"urn:so","value":"so-{{id}}"}],"gender":"female","birthDate":"1990-01-01" """),
        ("Encounter/" + id + "-e", $$""" "status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/{{id}}"},"period":{"start":"2026-11-01"},"serviceType":{"text":"{{name}}"} """),
    ];

    private static (string, string) Observation(string id, string patient, string system, string category, string text) =>
        ("Observation/" + id, $$""" "status":"final","category":[{"coding":[{"system":"{{system}}","code":"{{category}}"}]}],"subject":{"reference":"Patient/{{patient}}"},"encounter":{"reference":"Encounter/{{patient}}-e"},"effectiveDateTime":"2026-11-01","code":{"text":"{{text}}","coding":[{"system":"http://loinc.org","code":"718-7"}]},"valueQuantity":{"value":12,"unit":"g/dL"} """);

    private static async Task PutAsync(AccessHost host, params (string Name, string Json)[] resources) =>
        await host.Store.CommitAsync(new Commit
        {
            Actor = "test",
            Writes = [.. resources.DistinctBy(r => r.Name).Select(r => new Write(WriteKind.Put, r.Name.Split('/')[0], r.Name.Split('/')[1], Encoding.UTF8.GetBytes("{\"resourceType\":\"" + r.Name.Split('/')[0] + "\",\"id\":\"" + r.Name.Split('/')[1] + "\"," + r.Json + "}")))],
        }, default);

    /// <summary>A program that a person let in.</summary>
    internal static async Task<HttpClient> ProgramAsync(AccessHost host, string scope, string? patient, string account = "bac.si")
    {
        var clients = host.App.Services.GetRequiredService<Clients>();
        if (await clients.FindAsync("ung-dung", default) is null)
        {
            await clients.RegisterAsync(new Client { Id = "ung-dung", Name = "Ứng dụng", Operator = "Thử", Method = ClientMethods.None, Scopes = ["launch/patient", "user/*.crs", "patient/*.crs"], Redirects = ["https://app.example.vn/cb"] }, "test", default);
        }

        var browser = new Browser(host.Program());
        await browser.SignInAsync(account, AccessHost.Password);
        var query = QueryHelpers.AddQueryString("", new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = "ung-dung",
            ["redirect_uri"] = "https://app.example.vn/cb",
            ["scope"] = scope,
            ["aud"] = "http://localhost/fhir",
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
            ["code_challenge_method"] = "S256",
            ["person"] = patient ?? (scope.Contains("patient/", StringComparison.Ordinal) ? "khong-ai" : ""),
        });
        List<KeyValuePair<string, string>> form = [new("__RequestVerificationToken", SignInHost.Token(await (await browser.GetAsync("/sign-in")).Content.ReadAsStringAsync())), new("request", query), new("decision", "allow"), .. scope.Split(' ').Select(s => KeyValuePair.Create("scope", s))];
        var back = (await browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/oauth/consent") { Content = new FormUrlEncodedContent(form) })).Headers.Location!.OriginalString;
        var code = QueryHelpers.ParseQuery(new Uri(back).Query)["code"].ToString();
        using var redeem = Content.Form(("grant_type", "authorization_code"), ("client_id", "ung-dung"), ("code", code), ("redirect_uri", "https://app.example.vn/cb"), ("code_verifier", Verifier));
        return host.Program((await (await host.Program().PostAsync("/oauth/token", redeem)).JsonAsync()).GetProperty("access_token").GetString());
    }

    private static IEnumerable<(string Method, string Path, string? Body)> Doors()
    {
        foreach (var id in new[] { "mine", "other", "nobody" })
        {
            foreach (var path in new[]
            {
                $"Patient/{id}", $"Patient/{id}/_history", $"Patient/{id}/_history/1", $"Patient/{id}/$everything", $"Patient/{id}/$everything?_count=1", $"Patient/{id}/Observation", $"Patient/{id}/*", $"Encounter/{id}-e", $"Encounter/{id}-e/$everything",
                $"Patient?_id={id}", $"Patient?identifier=so-{id}", $"Patient?identifier=urn:so|so-{id}&_summary=count", $"Observation?patient={id}", $"Observation?subject=Patient/{id}&_total=accurate", $"Observation?patient.identifier=so-{id}",
                $"Observation?patient={id}&_sort=-date&_count=1", $"Observation/$lastn?patient={id}", $"Encounter?_has:Observation:encounter:code=718-7&patient={id}", $"Observation?patient={id}&_summary=count",
            })
            {
                yield return ("GET", path, null);
            }

            yield return ("HEAD", $"Patient/{id}", null);
            yield return ("POST", "Observation/_search", $"patient={id}");
            yield return ("POST", "", $$"""{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/{{id}}"} },{"request":{"method":"GET","url":"Observation?patient={{id}}"} }]}""");
        }

        foreach (var path in new[]
        {
            "Patient", "Patient?_summary=count", "Patient?_total=accurate&_count=1", "Patient?_sort=name", "Patient?name=Bí", "Patient?gender=female&_count=1&_total=accurate", "Patient?_has:Observation:patient:code=718-7", "Patient?_has:Observation:patient:category=vital-signs", "Patient?_has:Condition:patient:code=I10",
            "Patient?_revinclude=Observation:patient", "Patient?_revinclude=Condition:patient&_revinclude=Observation:subject", "Patient?_revinclude=Provenance:target", "Patient?_revinclude=Group:member", "Patient?_list=all", "Condition", "Condition/mine-c", "Condition?patient=mine&_summary=count",
            "Observation", "Observation?_summary=count", "Observation?_total=accurate&_count=1", "Observation?category=vital-signs", "Observation?category=laboratory", "Observation?category=urn:khac|laboratory&_summary=count", "Observation?category:missing=true&_summary=count", "Observation?category:not=laboratory&_summary=count",
            "Observation?code=718-7&_summary=count", "Observation?_sort=-date&_count=1&_total=accurate", "Observation?_include=Observation:patient&_include=Observation:encounter", "Observation?_include=Observation:*&_include:iterate=Encounter:*", "Observation?value-quantity=gt1&_summary=count", "Observation?patient.name=Bí", "Observation?encounter.status=finished",
            "Observation/mine-pulse", "Observation/mine-pulse/_history", "Observation/mine-pulse/_history/1", "Observation/mine-like", "Observation/mine-none", "Observation/mine-lab", "Observation/mine-lab/_history", "Observation/_history", "Observation/_history?_count=1", "Encounter", "Encounter?_revinclude=Observation:encounter",
            "Encounter?_revinclude=Condition:encounter", "Encounter?_summary=count", "Encounter?_has:Condition:encounter:code=I10", "Provenance", "Provenance?_summary=count", "Practitioner", "Practitioner/bs", "Group", "Group/all", "?_type=Patient,Observation", "?_type=Observation,Encounter&_summary=count", "?_type=Patient,Condition", "_history", "_history?_count=2",
            "Patient/_history", "Observation?_lastUpdated=ge2020-01-01&_summary=count", "Observation?_elements=code&_count=1", "Observation/$meta", "$meta", "Observation?_id=mine-pulse,mine-lab,other-none", "Observation?_text=x",
        })
        {
            yield return ("GET", path, null);
        }
    }

    private static async Task<string> AskAsync(HttpClient program, string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Length == 0 || path[0] == '?' ? "/fhir" + path : "/fhir/" + path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(body[0] == '{' ? "application/fhir+json" : "application/x-www-form-urlencoded");
        }

        using var answer = await program.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var told = $"{(int)answer.StatusCode} {answer.Headers.ETag} {answer.Content.Headers.LastModified}\n" + Varying().Replace(text, "…");
        return method == "GET" && Next().Match(text) is { Success: true } next ? told + "\n" + await AskAsync(program, method, next.Groups[1].Value, null) : told;
    }

    /// <summary>Cursors are sealed with the secret of each server; instants of writing differ by when each was filled.</summary>
    [GeneratedRegex("(?<=_cursor=)[^\"&]+|(?<=_before=)[^\"&]+|\"(timestamp|lastUpdated)\":\"[^\"]*\"|(?<=\"id\":\")[0-9a-f-]{32,36}(?=\")")]
    private static partial Regex Varying();

    [GeneratedRegex("\"relation\":\"next\",\"url\":\"[^\"]*?/fhir/?([^\"]*)\"")]
    private static partial Regex Next();
}
