using System.Net;
using System.Text;
using Mach.Access;
using Mach.Contracts.People;
using Mach.Data;
using Mach.People.Labels;
using Mach.People.Pairs;
using Mach.Testing;

namespace Mach.People.Tests.Labels;

/// <summary>Source: docs/adr/0012 "Labels".</summary>
public sealed class MarksTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private const string Meta = ""","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}],"source":"urn:x"}""";

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_mark_adds_its_label_beside_others_says_who_and_why_and_is_taken_back_to_the_byte(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        var before = await host.PutPatientAsync("a", "Hán Thị Mùi", "1955-06-07", "female", Meta);
        var marks = host.Get<Marks>();
        Assert.Equal(MarkOutcome.NeedsReason, await marks.MarkAsync("a", Marks.Confidential, "officer", "  ", default));
        Assert.Equal(MarkOutcome.Unknown, await marks.MarkAsync("nobody", Marks.Confidential, "officer", "why", default));
        Assert.Equal(MarkOutcome.Unknown, await marks.MarkAsync("a", "perhaps", "officer", "why", default));
        Assert.Equal(MarkOutcome.Nothing, await marks.MarkAsync("a", Marks.Open, "officer", "why", default));
        Assert.Equal(MarkOutcome.Done, await marks.MarkAsync("a", Marks.Confidential, "officer", "xin giữ kín", default));
        Assert.Equal(MarkOutcome.Nothing, await marks.MarkAsync("a", Marks.Confidential, "officer", "again", default));
        var body = await host.BodyAsync("Patient", "a");
        Assert.Contains("\"code\":\"R\"}", body, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"V\"", body, StringComparison.Ordinal);
        Assert.Equal(["a"], await ConfidentialAsync(host, "a", "b"));
        Assert.Equal(MarkOutcome.Done, await marks.MarkAsync("a", Marks.Open, "officer", "không cần nữa", default));
        Assert.Equal(before, await host.BodyAsync("Patient", "a"));
        Assert.Empty(await ConfidentialAsync(host, "a"));
        Assert.Equal([("confidential", "officer", "xin giữ kín"), ("open", "officer", "không cần nữa")], (await host.Get<MarkTable>().OfAsync(["a"], default)).Select(m => (m.Mark, m.Officer, m.Why)));
        Assert.Empty((await host.Store.VerifyAsync(null, default)).Problems);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_program_that_does_not_know_of_a_label_cannot_lose_it(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await host.PutPatientAsync("a", "Hán Thị Mùi", "1955-06-07", "female", Meta);
        await host.Get<Marks>().MarkAsync("a", Marks.Confidential, "officer", "why", default);
        await host.Get<Marks>().MarkAsync("a", Marks.Test, "officer", "why", default);
        var fhir = await host.FhirAsync();
        async Task KeptAsync(HttpResponseMessage answer)
        {
            using (answer)
            {
                Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            }

            Assert.Equal(PersonLabels.Confidential | PersonLabels.Test, PersonLabel.Read(Encoding.UTF8.GetBytes(await host.BodyAsync("Patient", "a"))));
            Assert.Equal(["a"], await ConfidentialAsync(host, "a"));
        }

        const string Plain = """{"resourceType":"Patient","id":"a","name":[{"text":"Hán Thị Mùi"}],"gender":"female"}""";
        await KeptAsync(await fhir.PutAsync("/fhir/Patient/a", Json(Plain)));
        await KeptAsync(await fhir.PutAsync("/fhir/Patient?_id=a", Json(Plain.Replace("Mùi", "Mười", StringComparison.Ordinal))));
        await KeptAsync(await fhir.PatchAsync("/fhir/Patient/a", new StringContent("""[{"op":"remove","path":"/meta/security"},{"op":"replace","path":"/gender","value":"male"}]""", Encoding.UTF8, "application/json-patch+json")));
        await KeptAsync(await fhir.PostAsync("/fhir/Patient/a/$meta-delete", Json($$$"""{"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"security":[{"system":"{{{PersonLabel.ConfidentialitySystem}}}","code":"V"}],"tag":[{"system":"{{{PersonLabel.ReasonSystem}}}","code":"HTEST"}]}}]}""")));
        await KeptAsync(await fhir.PostAsync("/fhir", Json($$$"""{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{{{Plain}}},"request":{"method":"PUT","url":"Patient/a"}}]}""")));
        using (var deleted = await fhir.DeleteAsync("/fhir/Patient/a"))
        {
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }

        await KeptAsync(await fhir.PutAsync("/fhir/Patient/a", Json(Plain)));
        Assert.Empty((await host.Store.VerifyAsync(null, default)).Problems);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_label_that_a_program_writes_holds_at_once_and_after_a_rebuild(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        var fhir = await host.FhirAsync();
        using var made = await fhir.PutAsync("/fhir/Patient/a", Json($$$"""{"resourceType":"Patient","id":"a","meta":{"security":[{"system":"{{{PersonLabel.ConfidentialitySystem}}}","code":"V"}],"tag":[{"system":"{{{PersonLabel.ReasonSystem}}}","code":"HTEST"}]}}"""));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal(["a"], await ConfidentialAsync(host, "a"));
        Assert.Equal(["a"], await host.Get<ITestPersons>().AllTestAsync(default));
        await host.PutPatientAsync("b", "Lê Thị Hoa", "1990-05-20", "female", Meta.Replace("\"R\"", "\"V\"", StringComparison.Ordinal));
        await host.Get<PeopleService>().RebuildAsync(null, default);
        Assert.Equal(["a", "b"], await ConfidentialAsync(host, "a", "b"));
    }

    /// <summary>Officers mark and unmark while programs write: whatever the order, the label at the end is what the officer said last.</summary>
    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Marks_and_writes_at_once_end_with_what_the_officer_said(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await host.PutPatientAsync("a", "Hán Thị Mùi", "1955-06-07", "female");
        var fhir = await host.FhirAsync();
        foreach (var (mark, expected) in new[] { (Marks.Confidential, 1), (Marks.Open, 0), (Marks.Confidential, 1) })
        {
            var writes = Enumerable.Range(0, 6).Select(async i =>
            {
                using var answer = await fhir.PutAsync("/fhir/Patient/a", Json($$"""{"resourceType":"Patient","id":"a","name":[{"text":"Hán Thị Mùi {{i}} {{mark}}"}]}"""));
                Assert.True(answer.IsSuccessStatusCode);
            }).ToList();
            MarkOutcome outcome;
            do
            {
                try
                {
                    outcome = await host.Get<Marks>().MarkAsync("a", mark, "officer", "why", default);
                }
                catch (Store.CommitConflictException)
                {
                    outcome = MarkOutcome.Unknown;
                }
            }
            while (outcome != MarkOutcome.Done);
            await Task.WhenAll(writes);
            Assert.Equal(expected, (await ConfidentialAsync(host, "a")).Length);
            Assert.Equal((PersonLabels)expected, PersonLabel.Read(Encoding.UTF8.GetBytes(await host.BodyAsync("Patient", "a"))));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_label_holds_for_every_linked_record(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await host.PutPatientAsync("a", "Hán Thị Mùi", "1955-06-07", "female");
        await host.PutPatientAsync("b", "Hán Thị Mùi", "1955-06-07", "female");
        await host.PutPatientAsync("c", "Lê Thị Hoa", "1990-05-20", "female");
        await host.Get<Marks>().MarkAsync("a", Marks.Confidential, "officer", "why", default);
        Assert.Equal(["a"], await ConfidentialAsync(host, "a", "b", "c"));
        Assert.Equal(VerdictOutcome.Done, await host.Get<Verdicts>().DecideAsync(new VerdictWanted("a", "b", PairRow.Same, "officer", ""), default));
        Assert.Equal(["a", "b"], await ConfidentialAsync(host, "a", "b", "c"));
        Assert.Equal(["b"], await ConfidentialAsync(host, "b"));
        await host.Get<Marks>().MarkAsync("b", Marks.Open, "officer", "why", default);
        Assert.Empty(await ConfidentialAsync(host, "a", "b", "c"));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_test_person_is_never_linked_with_a_real_one_nor_asked_about(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        const string More = ""","telecom":[{"system":"phone","value":"0912345678"}],"address":[{"text":"Khu 3, Phường Việt Trì"}]""";
        await host.PutPatientAsync("a", "Khuất Thị Nhàn", "1971-11-02", "female", More);
        await host.Get<Marks>().MarkAsync("a", Marks.Test, "officer", "thử máy in", default);
        await host.PutPatientAsync("b", "Khuất Thị Nhàn", "1971-11-02", "female", More);
        var swept = await host.Get<Sweep>().StepAsync(default);
        Assert.Equal((2, 0, 0), (swept.People, swept.Linked, swept.Asked));
        var desk = await host.BrowserAsync(Roles.Registrar);
        Assert.Contains("Người thử", (await desk.GetAsync("/people/new?name=Khuat+Thi+Nhan&birth=02/11/1971&phone=0912345678", fragment: true)).Text, StringComparison.Ordinal);
        await host.Get<Marks>().MarkAsync("a", Marks.Real, "officer", "là người thật", default);
        Assert.Equal(1, (await host.Get<Sweep>().StepAsync(default)).Linked);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task At_the_desk_a_confidential_person_is_somebody_and_no_more_than_that(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await host.PutPatientAsync("a", "Khuất Thị Nhàn", "1971-11-02", "female", ""","telecom":[{"system":"phone","value":"0912345678"}],"address":[{"text":"Khu 3, Phường Việt Trì"}]""");
        await host.Get<Marks>().MarkAsync("a", Marks.Confidential, "officer", "why", default);
        var desk = await host.BrowserAsync(Roles.Registrar);
        foreach (var path in new[] { "/people/new?name=Khuat+Thi+Nhan&birth=1971", "/people/match?name=Khuat+Thi+Nhan&birth=1971" })
        {
            var answer = await desk.GetAsync(path, fragment: true);
            Assert.Contains("a", answer.Text, StringComparison.Ordinal);
            foreach (var fact in new[] { "Khuất", "02/11", "11-02", "0912345678", "Việt Trì", "viet tri", "field" })
            {
                Assert.DoesNotContain(fact, answer.Text, StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    private static async Task<string[]> ConfidentialAsync(PeopleHost host, params string[] ids) =>
        [.. (await host.Get<IPersonConfidentiality>().ConfidentialAsync(ids, default)).Order(StringComparer.Ordinal)];

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/fhir+json");
}
