using System.Globalization;
using Mach.Data;
using Mach.Testing;

namespace Mach.FhirApi.Tests.Bundles;

// Source of all rows: http://hl7.org/fhir/R4/http.html#transaction, #trules
public sealed class TransactionTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private const string Urn1 = "urn:uuid:0b2a3c4d-0000-4000-8000-000000000001";
    private const string Urn2 = "urn:uuid:0b2a3c4d-0000-4000-8000-000000000002";

    [Theory, MemberData(nameof(Engines))]
    public async Task Entries_refer_to_each_other_by_their_full_urls_in_every_form(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        await api.PutAsync("Practitioner/known", """{"resourceType":"Practitioner","id":"known","identifier":[{"system":"urn:test","value":"bs"}]}""");
        var answer = await api.PostAsync("", Bundle("transaction",
            Post("Patient", $$$"""{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"{{{Urn2}}}\">a</a> urn:uuid:x</div>"},"photo":[{"url":"urn:oid:1.2.3"}]}""", Urn1),
            Post("Binary", """{"resourceType":"Binary","contentType":"text/plain","data":"YQ=="}""", "urn:oid:1.2.3"),
            Post("Observation", $$$"""
                {"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"{{{Urn1}}}","display":"{{{Urn1}}}"},
                "performer":[{"reference":"Practitioner?identifier=urn:test|bs"},{"reference":"http://localhost/fhir/Practitioner/known"},{"reference":"http://other.example/fhir/Practitioner/known"},{"reference":"#c"}],
                "contained":[{"resourceType":"Practitioner","id":"c","extension":[{"url":"urn:ext","valueReference":{"reference":"{{{Urn1}}}"}}]}],
                "encounter":{"reference":"http://other.example/fhir/Encounter/e1"}}
                """, Urn2),
            Post("Encounter", """{"resourceType":"Encounter","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/p7"}}""", "http://other.example/fhir/Encounter/e1"),
            Put("Patient/p7", """{"resourceType":"Patient","id":"p7"}""", "http://other.example/fhir/Patient/p7")));
        var (patient, binary, observation, encounter) = (IdAt(answer.Need(200), 0), IdAt(answer, 1), IdAt(answer, 2), IdAt(answer, 3));
        var observed = (await api.GetAsync($"Observation/{observation}")).Json;
        Assert.Equal($"Patient/{patient}", observed.GetProperty("subject").GetProperty("reference").GetString());
        Assert.Equal(
            ["Practitioner/known", "Practitioner/known", "http://other.example/fhir/Practitioner/known", "#c"],
            observed.GetProperty("performer").EnumerateArray().Select(p => p.GetProperty("reference").GetString()));
        Assert.Equal($"Patient/{patient}", observed.GetProperty("contained")[0].GetProperty("extension")[0].GetProperty("valueReference").GetProperty("reference").GetString());
        Assert.Equal($"Encounter/{encounter}", observed.GetProperty("encounter").GetProperty("reference").GetString());
        Assert.Equal("Patient/p7", (await api.GetAsync($"Encounter/{encounter}")).Json.GetProperty("subject").GetProperty("reference").GetString());
        var person = (await api.GetAsync($"Patient/{patient}")).Json;
        Assert.Contains($"<a href=\"Observation/{observation}\">a</a> urn:uuid:x", person.GetProperty("text").GetProperty("div").GetString());
        Assert.Equal($"Binary/{binary}", person.GetProperty("photo")[0].GetProperty("url").GetString());
        Assert.Equal(1, await api.CountAsync($"Observation?subject=Patient/{patient}"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task One_bad_entry_leaves_nothing(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        await api.PutAsync("Patient/there", """{"resourceType":"Patient","id":"there"}""");
        string good = Post("Patient", """{"resourceType":"Patient"}""", Urn1);
        (string Bad, int Status, string Code)[] rows =
        [
            (Put("Patient/there", """{"resourceType":"Patient","id":"there","active":true}""", null, "\"ifMatch\":\"W/\\\"7\\\"\","), 412, "conflict"),
            (Put("Patient/a", """{"resourceType":"Patient","id":"b"}"""), 400, "invalid"),
            (Put("Patient/there", """{"resourceType":"Patient","id":"there"}""", Urn1), 400, "duplicate"),
            (Post("Nonsense", """{"resourceType":"Nonsense"}"""), 404, "not-supported"),
            (Post("Patient", """{"resourceType":"Observation"}"""), 400, "invalid"),
            (Post("Observation", """{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient?identifier=none"}}"""), 412, "not-found"),
            ("""{"request":{"method":"BREW","url":"Patient"}}""", 400, "code-invalid"),
            ("""{"request":{"method":"POST","url":"Patient"}}""", 400, "required"),
            ("""{"resource":{"resourceType":"Patient"}}""", 400, "required"),
            ("""{"request":{"method":"DELETE","url":"Patient?_sort=name"}}""", 400, "invalid"),
            ("""{"request":{"method":"DELETE","url":"http://other.example/fhir/Patient/1"}}""", 400, "invalid"),
            ("""{"request":{"method":"POST","url":"Patient/$validate"}}""", 400, "not-supported"),
        ];
        foreach (var (bad, status, code) in rows)
        {
            var answer = (await api.PostAsync("", Bundle("transaction", good, bad))).Need(status, code);
            Assert.StartsWith("Bundle.entry[1]", answer.Json.GetProperty("issue")[0].GetProperty("expression")[0].GetString(), StringComparison.Ordinal);
            Assert.Equal(1, await api.CountAsync("Patient"));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task References_by_search_find_what_there_is_when_the_transaction_is_done(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        foreach (var (id, value) in ((string, string)[])[("old", "1"), ("moved", "2"), ("stays", "3")])
        {
            (await api.PutAsync($"Patient/{id}", $$$"""{"resourceType":"Patient","id":"{{{id}}}","identifier":[{"system":"urn:t","value":"{{{value}}}"}]}""")).Need(201);
        }

        static string Seen(string search) => Post("Observation", $$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"{{{search}}}"}}""");
        async Task<string> SubjectAsync(Answer answer, int at) =>
            (await api.GetAsync($"Observation/{IdAt(answer, at)}")).Need(200).Json.GetProperty("subject").GetProperty("reference").GetString()!;

        // Created, changed to answer, taken over from one that is deleted, and as it stands.
        var done = (await api.PostAsync("", Bundle("transaction",
            Seen("Patient?identifier=urn:t|new"), Seen("Patient?identifier=urn:t|22"), Seen("Patient?identifier=urn:t|1"), Seen("http://localhost/fhir/Patient?identifier=urn:t|3"),
            Post("Patient", """{"resourceType":"Patient","identifier":[{"system":"urn:t","value":"new"}]}"""),
            Put("Patient/moved", """{"resourceType":"Patient","id":"moved","identifier":[{"system":"urn:t","value":"22"}]}"""),
            Delete("Patient/old"),
            Put("Patient/heir", """{"resourceType":"Patient","id":"heir","identifier":[{"system":"urn:t","value":"1"}]}""")))).Need(200);
        Assert.Equal(
            [$"Patient/{IdAt(done, 4)}", "Patient/moved", "Patient/heir", "Patient/stays"],
            [await SubjectAsync(done, 0), await SubjectAsync(done, 1), await SubjectAsync(done, 2), await SubjectAsync(done, 3)]);

        var before = await api.CountAsync("Observation");
        // No longer there, not any more what it answers, and two: one that is stored and one that is written.
        (await api.PostAsync("", Bundle("transaction", Seen("Patient?identifier=urn:t|3"), Delete("Patient/stays")))).Need(412, "not-found");
        (await api.PostAsync("", Bundle("transaction", Seen("Patient?identifier=urn:t|3"), Put("Patient/stays", """{"resourceType":"Patient","id":"stays"}""")))).Need(412, "not-found");
        (await api.PostAsync("", Bundle("transaction", Seen("Patient?identifier=urn:t|3"), Post("Patient", """{"resourceType":"Patient","identifier":[{"system":"urn:t","value":"3"}]}""")))).Need(412, "multiple-matches");
        Assert.Equal(before, await api.CountAsync("Observation"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_resource_is_written_once_in_a_transaction(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        await api.PutAsync("Patient/a", """{"resourceType":"Patient","id":"a","identifier":[{"value":"1"}]}""");
        var put = Put("Patient/a", """{"resourceType":"Patient","id":"a"}""");
        foreach (var other in (string[])[put, Delete("Patient/a"), Delete("Patient?identifier=1"), Put("Patient?identifier=1", """{"resourceType":"Patient"}""")])
        {
            (await api.PostAsync("", Bundle("transaction", put, other))).Need(400, "duplicate");
        }

        (await api.PostAsync("", Bundle("transaction", Put("Patient?identifier=9", """{"resourceType":"Patient"}"""), Put("Patient?identifier=9", """{"resourceType":"Patient"}""")))).Need(400, "duplicate");
        Assert.Equal("W/\"1\"", (await api.GetAsync("Patient/a")).ETag);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Answers_stand_in_the_order_of_the_request_whatever_the_order_of_processing(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        await api.PutAsync("Patient/old", """{"resourceType":"Patient","id":"old"}""");
        var answer = (await api.PostAsync("", Bundle("transaction",
            """{"request":{"method":"GET","url":"Patient?_id=new,old"}}""",
            Put("Patient/new", """{"resourceType":"Patient","id":"new"}"""),
            Delete("Patient/old"),
            Post("Patient", """{"resourceType":"Patient"}"""),
            """{"request":{"method":"GET","url":"Patient/none"}}""",
            Delete("Patient/none")))).Need(200);
        Assert.Equal("transaction-response", answer.Json.GetProperty("type").GetString());
        Assert.Equal(["200 OK", "201 Created", "204 No Content", "201 Created", "404 Not Found", "204 No Content"], Statuses(answer));
        var entries = answer.Json.GetProperty("entry");
        Assert.Equal(1, entries[0].GetProperty("resource").GetProperty("entry").GetArrayLength());
        Assert.Equal("Patient/new/_history/1", entries[1].GetProperty("response").GetProperty("location").GetString());
        Assert.Equal("W/\"2\"", entries[2].GetProperty("response").GetProperty("etag").GetString());
        Assert.False(entries[1].TryGetProperty("resource", out _));
        Assert.Equal("OperationOutcome", entries[4].GetProperty("response").GetProperty("outcome").GetProperty("resourceType").GetString());

        var whole = (await api.PostAsync("", Bundle("transaction", Post("Patient", """{"resourceType":"Patient"}""")), ("Prefer", "return=representation"))).Need(200);
        Assert.Equal(IdAt(whole, 0), whole.Json.GetProperty("entry")[0].GetProperty("resource").GetProperty("id").GetString());
        var said = (await api.PostAsync("", Bundle("transaction", Post("Patient", """{"resourceType":"Patient"}""")), ("Prefer", "return=OperationOutcome"))).Need(200);
        Assert.Equal("OperationOutcome", said.Json.GetProperty("entry")[0].GetProperty("response").GetProperty("outcome").GetProperty("resourceType").GetString());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Conditional_forms_work_inside_and_fail_the_whole(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        var bundle = Bundle("transaction",
            Post("Organization", """{"resourceType":"Organization","identifier":[{"system":"urn:o","value":"1"}],"name":"Bệnh viện"}""", Urn1, "\"ifNoneExist\":\"identifier=urn:o|1\","),
            Post("Organization", """{"resourceType":"Organization","identifier":[{"system":"urn:o","value":"1"}],"name":"Bệnh viện"}""", Urn2, "\"ifNoneExist\":\"identifier=urn:o|1\","),
            Put("Patient?identifier=urn:p|1", $$$"""{"resourceType":"Patient","identifier":[{"system":"urn:p","value":"1"}],"managingOrganization":{"reference":"{{{Urn1}}}"},"generalPractitioner":[{"reference":"{{{Urn2}}}"},{"reference":"Organization?identifier=urn:o|1"}]}"""));
        var first = (await api.PostAsync("", bundle)).Need(200);
        Assert.Equal(["201 Created", "200 OK", "201 Created"], Statuses(first));
        Assert.Equal(IdAt(first, 0), IdAt(first, 1));
        var second = (await api.PostAsync("", bundle)).Need(200);
        Assert.Equal(["200 OK", "200 OK", "200 OK"], Statuses(second));
        Assert.Equal((IdAt(first, 0), IdAt(first, 2)), (IdAt(second, 0), IdAt(second, 2)));
        var patient = (await api.GetAsync($"Patient/{IdAt(first, 2)}")).Json;
        Assert.Equal("1", patient.GetProperty("meta").GetProperty("versionId").GetString());
        Assert.Equal($"Organization/{IdAt(first, 0)}", patient.GetProperty("managingOrganization").GetProperty("reference").GetString());
        Assert.Equal([$"Organization/{IdAt(first, 0)}", $"Organization/{IdAt(first, 0)}"], patient.GetProperty("generalPractitioner").EnumerateArray().Select(g => g.GetProperty("reference").GetString()));

        await api.PutAsync("Patient/x", """{"resourceType":"Patient","id":"x","identifier":[{"system":"urn:p","value":"1"}]}""");
        (await api.PostAsync("", Bundle("transaction", Post("Basic", """{"resourceType":"Basic","code":{"text":"a"}}"""), Delete("Patient?identifier=urn:p|1")))).Need(412, "multiple-matches");
        Assert.Equal(0, await api.CountAsync("Basic"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Thirty_two_transactions_with_the_same_conditional_create_make_one(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => api.PostAsync("", Bundle("transaction",
            Post("Organization", """{"resourceType":"Organization","identifier":[{"system":"urn:o","value":"1"}],"name":"Trạm"}""", Urn1, "\"ifNoneExist\":\"identifier=urn:o|1\","),
            Post("Patient", $$$"""{"resourceType":"Patient","identifier":[{"value":"{{{i}}}"}],"managingOrganization":{"reference":"{{{Urn1}}}"}}""")))));
        Assert.All(answers, a => a.Need(200));
        Assert.Equal(1, await api.CountAsync("Organization"));
        Assert.Equal(32, await api.CountAsync($"Patient?organization=Organization/{IdAt(answers[0], 0)}"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_transaction_with_a_key_is_done_once(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        await api.PutAsync("Patient/gone", """{"resourceType":"Patient","id":"gone","identifier":[{"value":"gone"}]}""");
        var bundle = Bundle("transaction",
            Post("Patient", """{"resourceType":"Patient"}""", Urn1),
            Put("Basic/b", """{"resourceType":"Basic","id":"b","code":{"text":"a"}}"""),
            Post("Organization", """{"resourceType":"Organization","name":"a"}""", null, "\"ifNoneExist\":\"name=a\","),
            Put("Organization?name=b", """{"resourceType":"Organization","name":"b"}"""),
            Delete("Patient?identifier=gone"));
        var first = (await api.PostAsync("", bundle, ("Idempotency-Key", "k1"))).Need(200);
        var again = (await api.PostAsync("", bundle, ("Idempotency-Key", "k1"))).Need(200);
        Assert.Equal(first.Text, again.Text);
        (await api.PostAsync("", bundle.Replace("\"text\":\"a\"", "\"text\":\"b\""), ("Idempotency-Key", "k1"))).Need(422, "business-rule");
        Assert.Equal(1, await api.CountAsync("Patient"));
        Assert.Equal(2, await api.CountAsync("Organization"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_batch_answers_each_entry_by_itself(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        await api.PutAsync("Patient/a", """{"resourceType":"Patient","id":"a"}""");
        var answer = (await api.PostAsync("", Bundle("batch",
            """{"request":{"method":"GET","url":"Patient/a"}}""",
            Post("Patient", """{"resourceType":"Patient","active":true}"""),
            Put("Patient/b", """{"resourceType":"Patient","id":"c"}"""),
            Put("Patient/a", """{"resourceType":"Patient","id":"a","active":true}""", null, "\"ifMatch\":\"W/\\\"9\\\"\","),
            """{"request":{"method":"GET","url":"/Patient/none"}}""",
            """{"request":{"method":"GET","url":"http://localhost/fhir/Patient?_id=a&_summary=count"}}""",
            """{"request":{"method":"BREW","url":"Patient"}}""",
            Post("Patient", """{"resourceType":"Patient"}""", null, "\"ifNoneExist\":\"active=true\","),
            Delete("Patient/none"),
            """{"request":{"method":"GET","url":"Patient/a","ifNoneMatch":"W/\"1\""}}""",
            """{"request":{"method":"GET","url":"metadata"}}""",
            """{"request":{"method":"POST","url":"Patient/_search?_id=a&_summary=count"}}"""))).Need(200);
        Assert.Equal("batch-response", answer.Json.GetProperty("type").GetString());
        var statuses = Statuses(answer);
        Assert.Equal(["200 OK", "201 Created", "400 Bad Request", "412 Precondition Failed", "404 Not Found", "200 OK", "400 Bad Request"], statuses[..7]);
        Assert.Equal(["204 No Content", "304 Not Modified", "200 OK", "200 OK"], statuses[8..]);
        var entries = answer.Json.GetProperty("entry");
        Assert.Equal("a", entries[0].GetProperty("resource").GetProperty("id").GetString());
        Assert.Equal("invalid", entries[2].GetProperty("response").GetProperty("outcome").GetProperty("issue")[0].GetProperty("code").GetString());
        Assert.Equal(1, entries[5].GetProperty("resource").GetProperty("total").GetInt32());
        Assert.Equal(1, entries[11].GetProperty("resource").GetProperty("total").GetInt32());
        Assert.Equal("W/\"1\"", entries[1].GetProperty("response").GetProperty("etag").GetString());
        Assert.StartsWith("Patient/", entries[1].GetProperty("response").GetProperty("location").GetString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Bundles_of_other_kinds_and_shapes_are_refused(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        (await api.PostAsync("", """{"resourceType":"Patient"}""")).Need(400, "invalid");
        (await api.PostAsync("", Bundle("collection"))).Need(400, "value");
        (await api.PostAsync("", """{"resourceType":"Bundle","type":"batch","entry":{}}""")).Need(400, "structure");
        Assert.Equal("transaction-response", (await api.PostAsync("", """{"resourceType":"Bundle","type":"transaction"}""")).Need(200).Json.GetProperty("type").GetString());
        var many = string.Join(',', Enumerable.Repeat(Delete("Patient/none"), 5001));
        (await api.PostAsync("", $$"""{"resourceType":"Bundle","type":"transaction","entry":[{{many}}]}""")).Need(413, "too-long");
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Random_transactions_leave_exactly_what_they_say(DbEngine engine)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        await using var api = await Api.StartAsync(engine);
        var expected = new Dictionary<string, int>();
        for (var round = 0; round < 25; round++)
        {
            var ids = Enumerable.Range(0, 12).OrderBy(_ => random.Next()).Take(random.Next(1, 8)).Select(i => $"r{i}").ToArray();
            var plan = ids.Select(id => (Id: id, Value: random.Next(4))).ToArray();
            var fails = random.Next(4) == 0;
            var entries = plan.Select(p => p.Value == 0 ? Delete($"Basic/{p.Id}") : Put($"Basic/{p.Id}", $$$"""{"resourceType":"Basic","id":"{{{p.Id}}}","code":{"text":"{{{p.Value}}}"}}""")).ToList();
            if (fails)
            {
                entries.Insert(random.Next(entries.Count + 1), Put("Basic/other", """{"resourceType":"Basic","id":"other","code":{"text":"a"}}""", null, "\"ifMatch\":\"W/\\\"1\\\"\","));
            }

            (await api.PostAsync("", Bundle("transaction", [.. entries]))).Need(fails ? 412 : 200);
            foreach (var (id, value) in fails ? [] : plan)
            {
                expected[id] = value;
            }

            foreach (var (id, value) in expected)
            {
                var read = await api.GetAsync($"Basic/{id}");
                Assert.True(value == 0 ? read.Status is 404 or 410 : read.Need(200).Json.GetProperty("code").GetProperty("text").GetString() == value.ToString(CultureInfo.InvariantCulture), $"seed {seed}, round {round}, {id}");
            }
        }
    }

    internal static string Bundle(string type, params string[] entries) => entries.Length == 0
        ? $$"""{"resourceType":"Bundle","type":"{{type}}"}"""
        : $$"""{"resourceType":"Bundle","type":"{{type}}","entry":[{{string.Join(',', entries)}}]}""";

    internal static string Post(string type, string resource, string? fullUrl = null, string more = "") => Entry("POST", type, resource, fullUrl, more);

    internal static string Put(string url, string resource, string? fullUrl = null, string more = "") => Entry("PUT", url, resource, fullUrl, more);

    internal static string Delete(string url) => $$$"""{"request":{"method":"DELETE","url":"{{{url}}}"}}""";

    internal static string Entry(string method, string url, string resource, string? fullUrl = null, string more = "") =>
        $$$"""{{{{(fullUrl is null ? "" : $"\"fullUrl\":\"{fullUrl}\",")}}}"resource":{{{resource}}},"request":{{{{more}}}"method":"{{{method}}}","url":"{{{url}}}"}}""";

    private static string[] Statuses(Answer answer) =>
        [.. answer.Json.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("response").GetProperty("status").GetString()!)];

    internal static string IdAt(Answer answer, int index) =>
        answer.Json.GetProperty("entry")[index].GetProperty("response").GetProperty("location").GetString()!.Split('/')[1];
}
