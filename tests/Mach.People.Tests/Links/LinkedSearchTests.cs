using System.Net;
using System.Text;
using System.Text.Json;
using Mach.Access;
using Mach.Data;
using Mach.People.Pairs;
using Mach.Store;
using Mach.Testing;

namespace Mach.People.Tests.Links;

/// <summary>Searches that mean a person by ":mdm", not the one record that a reference names; docs/adr/0024.</summary>
public sealed class LinkedSearchTests
{
    private const int People = 9, Facts = 40;

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Any_record_of_a_person_finds_what_is_written_under_any_other_and_after_taking_apart_no_more(DbEngine engine)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var host = await PeopleHost.StartAsync(engine);
        var (written, edges) = await FillAsync(host, random);
        using var client = await host.FhirAsync();
        await CheckAsync(client, written, edges, random, seed);
        foreach (var edge in edges.OrderBy(_ => random.Next()).Take(2).ToList())
        {
            Assert.Equal(VerdictOutcome.Done, await host.Get<Verdicts>().DecideAsync(new VerdictWanted(edge.One, edge.Other, PairRow.Undone, "an", "hai người"), default));
            edges.Remove(edge);
            await CheckAsync(client, written, edges, random, seed);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Totals_includes_chains_and_other_doors_follow_links_too(DbEngine engine)
    {
        await using var host = await ThreeAsync(engine);
        using var client = await host.FhirAsync();
        var page = await AskAsync(client, "Observation?patient:mdm=Patient/a&_count=2&_sort=-date&_total=accurate&_include=Observation:patient");
        Assert.Equal(4, page.GetProperty("total").GetInt32());
        Assert.Equal(["Observation/o-c", "Observation/o-b"], Names(page, "match"));
        Assert.Equal(["Patient/b", "Patient/c"], Names(page, "include").Order());
        Assert.Contains("patient:mdm=Patient%2Fa", Link(page, "self"), StringComparison.Ordinal);
        Assert.Equal(4, (await AskAsync(client, "Observation?subject:mdm=c&_summary=count")).GetProperty("total").GetInt32());
        Assert.Equal(["Patient/a", "Patient/b", "Patient/c"], Names(await AskAsync(client, "Patient?_id:mdm=b")).Order());
        Assert.Equal(["Patient/b"], Names(await AskAsync(client, "Patient?_id:mdm=a&_id=b,other")));
        Assert.Equal(["Condition/k", "Observation/o-a", "Observation/o-a2", "Observation/o-b", "Observation/o-c"], (await WalkAsync(client, "?_type=Observation,Condition&patient:mdm=b&_count=2")).Order());
        Assert.Equal(["Condition/k"], Names(await AskAsync(client, "Condition?encounter.subject:mdm=Patient/a")));
        Assert.Equal(["Encounter/e"], Names(await AskAsync(client, "Encounter?_has:Condition:encounter:subject:mdm=Patient/a")));
        Assert.Equal(["Observation/o-b"], Names(await AskAsync(client, "Patient/b/Observation?subject:mdm=http://localhost/fhir/Patient/a")));
        Assert.Equal(["Observation/o-c"], Names(await AskAsync(client, "Observation/$lastn?patient:mdm=Patient/a")));
        Assert.Equal(["Observation/o-x"], Names(await AskAsync(client, "Observation?patient:mdm=other")));
        Assert.Empty(Names(await AskAsync(client, "Observation?patient:mdm=nobody")));
        // As it always was: the reference that stands in the resource.
        Assert.Equal(["Observation/o-a", "Observation/o-a2"], Names(await AskAsync(client, "Observation?patient=a")).Order());

        using var form = await client.PostAsync("/fhir/Observation/_search", new FormUrlEncodedContent([new("patient:mdm", "a"), new("_summary", "count")]));
        Assert.Contains("\"total\":4", await form.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_page_of_a_person_who_was_taken_apart_says_to_begin_again(DbEngine engine)
    {
        await using var host = await ThreeAsync(engine);
        using var client = await host.FhirAsync();
        var next = Link(await AskAsync(client, "Observation?patient:mdm=Patient/a&_count=1"), "next");
        Assert.Equal(VerdictOutcome.Done, await host.Get<Verdicts>().DecideAsync(new VerdictWanted("b", "c", PairRow.Undone, "an", "hai người"), default));
        using var refused = await client.GetAsync(next);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("first page", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(["Observation/o-a", "Observation/o-a2", "Observation/o-b"], (await WalkAsync(client, "Observation?patient:mdm=Patient/a&_count=1")).Order());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Whoever_may_not_see_a_record_is_told_nothing_of_it_by_its_links(DbEngine engine)
    {
        await using var host = await ThreeAsync(engine);
        await host.Get<Accounts>().EnsureAsync(new NewAccount("bac.si", "Bác sĩ", PeopleHost.Password, [Roles.Doctor], "25001"), default);
        Assert.Equal(VerdictOutcome.Done, await host.Get<Verdicts>().DecideAsync(new VerdictWanted("a", "c", PairRow.Same, "an", ""), default));
        var doctor = await host.BrowserAsync("bac.si");
        // They were here under a: that opens the records that are linked, but no confidential one.
        Assert.Equal(["Observation/o-a", "Observation/o-a2", "Observation/o-b", "Observation/o-c"], Names(await ForAsync(doctor, "Observation?patient:mdm=Patient/a")).Order());
        var b = await host.BodyAsync("Patient", "b");
        await PutAsync(host, "Patient", "b", string.Concat(b.AsSpan(b.IndexOf("\"id\":\"b\"", StringComparison.Ordinal) + 8)[..^1], ""","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"V"}]}"""));
        var all = await ForAsync(doctor, "Observation?patient:mdm=Patient/a&_total=accurate&_include=Observation:patient&_count=50");
        Assert.Equal(["Observation/o-a", "Observation/o-a2", "Observation/o-c"], Names(all, "match").Order());
        Assert.Equal(3, all.GetProperty("total").GetInt32());
        Assert.DoesNotContain("Patient/b", Names(all));
        foreach (var (path, total) in new[] { ("Observation?patient:mdm=b", 0), ("Patient?_id:mdm=b", 0), ("Patient?_id:mdm=a", 2), ("Observation?patient:mdm=other", 0), ("Condition?patient:mdm=a", 1) })
        {
            Assert.Equal((path, total), (path, (await ForAsync(doctor, path + "&_summary=count")).GetProperty("total").GetInt32()));
        }

        using var program = await host.FhirAsync();
        Assert.Equal(4, (await AskAsync(program, "Observation?patient:mdm=b&_summary=count")).GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("Observation?code:mdm=a", "not-supported", "never refers to a Patient")]
    [InlineData("Observation?encounter:mdm=a", "not-supported", "never refers to a Patient")]
    [InlineData("Observation?subject:mdm=Group/g", "invalid", "is no Patient")]
    [InlineData("Observation?patient:mdm=http://other.example/fhir/Patient/a", "invalid", "is no Patient")]
    [InlineData("Observation?_id:mdm=a", "not-supported", "asked of Patient")]
    [InlineData("Observation?patient:mdm.name=an", "not-supported", "at the end")]
    [InlineData("Observation?patient:exact=a", "not-supported", ":mdm")]
    [InlineData("Observation?patient=a&_mdm=true", "not-supported", "_mdm")]
    [InlineData("Patient/a/$everything?_mdm=yes", "invalid", "true")]
    [InlineData("Encounter/e/$everything?_mdm=true", "not-supported", "_mdm")]
    public async Task What_cannot_be_asked_is_said(string path, string code, string says)
    {
        await using var host = await ThreeAsync(DbEngine.Sqlite);
        using var client = await host.FhirAsync();
        using var refused = await client.GetAsync("/fhir/" + path);
        var text = await refused.Content.ReadAsStringAsync();
        Assert.True(refused.StatusCode == HttpStatusCode.BadRequest, text);
        var issue = JsonDocument.Parse(text).RootElement.GetProperty("issue")[0];
        Assert.Equal(code, issue.GetProperty("code").GetString());
        Assert.Contains(says, issue.GetProperty("diagnostics").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conditional_write_names_each_record_and_too_many_people_are_refused()
    {
        await using var host = await ThreeAsync(DbEngine.Sqlite);
        using var client = await host.FhirAsync();
        using var deletion = await client.DeleteAsync("/fhir/Observation?patient:mdm=a&code=c");
        Assert.Equal(HttpStatusCode.BadRequest, deletion.StatusCode);
        Assert.Contains("name each record", await deletion.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var many = await client.GetAsync("/fhir/Observation?patient:mdm=" + string.Join(',', Enumerable.Range(0, 101).Select(i => $"p{i}")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, many.StatusCode);

        // Links stand in Patients: who may not read those may not ask.
        using var narrow = await host.FhirAsync("system/Observation.rs");
        using var plain = await narrow.GetAsync("/fhir/Observation?patient=a");
        Assert.Equal(HttpStatusCode.OK, plain.StatusCode);
        using var linked = await narrow.GetAsync("/fhir/Observation?patient:mdm=a");
        Assert.Equal(HttpStatusCode.Forbidden, linked.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Everything_follows_links_unless_it_is_told_not_to(DbEngine engine)
    {
        await using var host = await ThreeAsync(engine);
        using var client = await host.FhirAsync();
        var linked = await WalkAsync(client, "Patient/a/$everything?_count=2");
        Assert.Equal(linked, await WalkAsync(client, "Patient/a/$everything?_mdm=true&_count=2"));
        Assert.Contains("Observation/o-c", linked);
        // With what it refers to: the facility, and the Patient that its link names.
        Assert.Equal(["Encounter/here", "Observation/o-a", "Observation/o-a2", "Organization/cskcb-25001", "Patient/a", "Patient/b"], (await WalkAsync(client, "Patient/a/$everything?_mdm=false&_count=2")).Order());
        var parameters = new StringContent("""{"resourceType":"Parameters","parameter":[{"name":"_mdm","valueBoolean":false},{"name":"_count","valueInteger":2}]}""", Encoding.UTF8, "application/fhir+json");
        using var posted = await client.PostAsync("/fhir/Patient/a/$everything", parameters);
        Assert.Contains("_mdm=false", Link(JsonDocument.Parse(await posted.Content.ReadAsStringAsync()).RootElement, "next"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_capability_statement_says_where_links_are_followed()
    {
        await using var host = await PeopleHost.StartAsync(DbEngine.Sqlite);
        using var client = await host.FhirAsync();
        var types = (await AskAsync(client, "metadata")).GetProperty("rest")[0].GetProperty("resource").EnumerateArray().ToDictionary(r => r.GetProperty("type").GetString()!);
        string[] Following(string type) => [.. types[type].GetProperty("searchParam").EnumerateArray().Where(p => p.TryGetProperty("documentation", out var d) && d.GetString()!.Contains(":mdm", StringComparison.Ordinal)).Select(p => p.GetProperty("name").GetString()!).Order()];
        Assert.Equal(["_id", "link"], Following("Patient"));
        Assert.Equal(["focus", "patient", "performer", "subject"], Following("Observation"));
        Assert.Contains("_mdm", types["Patient"].GetProperty("operation").EnumerateArray().Single(o => o.GetProperty("name").GetString() == "everything").GetProperty("documentation").GetString(), StringComparison.Ordinal);
        Assert.False(types["Encounter"].GetProperty("operation").EnumerateArray().Single(o => o.GetProperty("name").GetString() == "everything").TryGetProperty("documentation", out _));
    }

    /// <summary>Every Patient, by several parameters, orders and page sizes, against a walk over the pairs.</summary>
    private static async Task CheckAsync(HttpClient client, List<(string Name, string Subject, string Performer)> written, List<(string One, string Other)> edges, Random random, int seed)
    {
        for (var p = 0; p < People; p++)
        {
            var person = PersonOf("p" + p, edges);
            var (count, sort) = (new[] { 1, 3, 1000 }[random.Next(3)], new[] { "", "&_sort=-date", "&_sort=-_lastUpdated", "&_sort=status" }[random.Next(4)]);
            foreach (var (path, expected) in new (string, IEnumerable<string>)[]
            {
                ($"Observation?patient:mdm=p{p}", written.Where(w => person.Contains(w.Subject)).Select(w => w.Name)),
                ($"Observation?subject:mdm=Patient/p{p}&code=c1", written.Where((w, i) => i % 2 == 1 && person.Contains(w.Subject)).Select(w => w.Name)),
                ($"Observation?performer:mdm=Patient/p{p}", written.Where(w => person.Contains(w.Performer)).Select(w => w.Name)),
                ($"Patient?_id:mdm=p{p}", person.Select(id => "Patient/" + id)),
            })
            {
                var asked = path + (path[0] == 'P' ? "" : sort) + "&_count=" + count;
                var found = await WalkAsync(client, asked);
                Assert.True(expected.Order(StringComparer.Ordinal).SequenceEqual(found.Order(StringComparer.Ordinal)), $"seed {seed}, {asked}: {string.Join(' ', found)}; expected {string.Join(' ', expected)}");
            }
        }
    }

    private static HashSet<string> PersonOf(string patient, List<(string One, string Other)> edges)
    {
        var person = new HashSet<string>(StringComparer.Ordinal) { patient };
        while (edges.Exists(e => person.Contains(e.One) != person.Contains(e.Other)))
        {
            foreach (var (one, other) in edges.Where(e => person.Contains(e.One) || person.Contains(e.Other)))
            {
                person.Add(one);
                person.Add(other);
            }
        }

        return person;
    }

    private static async Task<(List<(string Name, string Subject, string Performer)> Written, List<(string One, string Other)> Edges)> FillAsync(PeopleHost host, Random random)
    {
        for (var p = 0; p < People; p++)
        {
            await host.PutPatientAsync("p" + p, "Hán Thị Mùi", $"195{p}-06-07", "female");
        }

        var edges = new List<(string, string)>();
        while (edges.Count < 5)
        {
            var (one, other) = PairRow.Order("p" + random.Next(People), "p" + random.Next(People));
            if (one != other && !edges.Contains((one, other)))
            {
                Assert.Equal(VerdictOutcome.Done, await host.Get<Verdicts>().DecideAsync(new VerdictWanted(one, other, PairRow.Same, "an", ""), default));
                edges.Add((one, other));
            }
        }

        var written = new List<(string, string, string)>();
        for (var i = 0; i < Facts; i++)
        {
            var (subject, performer) = ("p" + random.Next(People), "p" + random.Next(People));
            await PutAsync(host, "Observation", $"o{i:00}", $$"""
                ,"status":"{{(random.Next(2) == 0 ? "final" : "amended")}}","code":{"coding":[{"system":"urn:c","code":"c{{i % 2}}"}]},"subject":{"reference":"Patient/{{subject}}"},"performer":[{"reference":"Patient/{{performer}}"}],"effectiveDateTime":"2026-0{{random.Next(1, 10)}}-1{{random.Next(10)}}"
                """);
            written.Add(($"Observation/o{i:00}", subject, performer));
        }

        return (written, edges);
    }

    /// <summary>a is linked to b and b to c; all have observations, c a visit with a condition, a a visit at facility 25001. Somebody else has an observation too.</summary>
    private static async Task<PeopleHost> ThreeAsync(DbEngine engine)
    {
        var host = await PeopleHost.StartAsync(engine);
        foreach (var id in new[] { "a", "b", "c", "other" })
        {
            await host.PutPatientAsync(id, "Hán Thị Mùi", "1955-06-07", "female");
        }

        await PutAsync(host, "Organization", "cskcb-25001", "");
        await PutAsync(host, "Encounter", "here", ""","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/a"},"period":{"start":"2026-11-01"},"serviceProvider":{"reference":"Organization/cskcb-25001"}""");
        await PutAsync(host, "Encounter", "e", ""","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/c"},"period":{"start":"2026-11-02"}""");
        await PutAsync(host, "Condition", "k", ""","subject":{"reference":"Patient/c"},"encounter":{"reference":"Encounter/e"},"code":{"text":"Sốt"}""");
        foreach (var (id, patient, day) in new[] { ("o-a", "a", 1), ("o-a2", "a", 2), ("o-b", "b", 3), ("o-c", "c", 4), ("o-x", "other", 5) })
        {
            await PutAsync(host, "Observation", id, $$""","status":"final","code":{"coding":[{"code":"c"}]},"subject":{"reference":"Patient/{{patient}}"},"effectiveDateTime":"2026-11-0{{day}}" """);
        }

        foreach (var (one, other) in new[] { ("a", "b"), ("b", "c") })
        {
            Assert.Equal(VerdictOutcome.Done, await host.Get<Verdicts>().DecideAsync(new VerdictWanted(one, other, PairRow.Same, "an", ""), default));
        }

        return host;
    }

    private static Task<CommitResult> PutAsync(PeopleHost host, string type, string id, string more) => host.Store.CommitAsync(
        new Commit { Writes = [new Write(WriteKind.Put, type, id, Encoding.UTF8.GetBytes($$"""{"resourceType":"{{type}}","id":"{{id}}"{{more}}}"""))], Actor = "test" }, default);

    private static async Task<JsonElement> AskAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path.StartsWith("http", StringComparison.Ordinal) ? path : path[0] == '?' ? "/fhir" + path : "/fhir/" + path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, path + ": " + text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task<JsonElement> ForAsync(Browser browser, string path)
    {
        var answer = await browser.GetAsync("/fhir/" + path, accept: "application/fhir+json");
        Assert.True(answer.Status == HttpStatusCode.OK, path + ": " + answer.Text);
        return answer.Json;
    }

    private static async Task<List<string>> WalkAsync(HttpClient client, string path)
    {
        var found = new List<string>();
        for (var next = path; next.Length > 0;)
        {
            var bundle = await AskAsync(client, next);
            found.AddRange(Names(bundle));
            next = Link(bundle, "next");
        }

        Assert.Equal(found.Count, found.Distinct().Count());
        return found;
    }

    private static IEnumerable<string> Names(JsonElement bundle, string? mode = null) => bundle.TryGetProperty("entry", out var entries)
        ? entries.EnumerateArray().Where(e => mode is null || e.GetProperty("search").GetProperty("mode").GetString() == mode).Select(e => e.GetProperty("resource")).Select(r => $"{r.GetProperty("resourceType").GetString()}/{r.GetProperty("id").GetString()}")
        : [];

    private static string Link(JsonElement bundle, string relation) =>
        bundle.GetProperty("link").EnumerateArray().Where(l => l.GetProperty("relation").GetString() == relation).Select(l => l.GetProperty("url").GetString()).FirstOrDefault() ?? "";
}
