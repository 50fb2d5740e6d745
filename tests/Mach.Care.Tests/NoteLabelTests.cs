using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Mach.Data;
using Mach.Fhir.Search;
using Mach.Kernel;
using Mach.Store;
using Mach.Testing;

namespace Mach.Care.Tests;

/// <summary>A note is as hidden as what it is about. Source: docs/adr/0015-sight.md; Law 64/2006/QH11 art. 8, 30.</summary>
public sealed class NoteLabelTests
{
    private const string Words = "Tư vấn riêng";

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task A_note_of_a_delicate_visit_is_hidden_from_who_may_not_see_its_diagnosis(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        await PutAsync(host, Condition("hiv", "e3", "B20.1"), VisitAt("away", "25012"));
        var doctor = await host.BrowserAsync("doctor-25001");
        var plain = await WriteAsync(doctor, "e1", "Khám thường");
        var note = await WriteAsync(doctor, "e3", Words);
        Assert.Contains("value=\"Hiv\" checked disabled", (await doctor.GetAsync(note + "/sign")).Html, StringComparison.Ordinal);
        await SignAsync(doctor, plain);
        await SignAsync(doctor, note, ("labels-shown", "1"));

        Assert.Equal(["R", "HIV"], Codes(await host.ReadAsync("Composition", Id(note))));
        Assert.Empty(Codes(await host.ReadAsync("Composition", Id(plain))));
        Assert.Contains(Words, (await doctor.GetAsync(note)).Html, StringComparison.Ordinal);
        await HiddenAwayAsync(host, Id(note), Id(plain));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task An_author_says_by_hand_that_a_note_is_delicate_and_its_own_words_propose_it(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        await PutAsync(host, VisitAt("away", "25012"));
        var doctor = await host.BrowserAsync("doctor-25001");
        var plain = await WriteAsync(doctor, "e1", "Khám thường");
        await SignAsync(doctor, plain);
        var note = await WriteAsync(doctor, "e1", Words + " về trầm cảm");
        Assert.Contains("value=\"Mental\" checked", (await doctor.GetAsync(note + "/sign")).Html, StringComparison.Ordinal);
        await SignAsync(doctor, note, ("labels-shown", "1"), ("label", "Minor"), ("label", "Reproductive"), ("label", "Everything"));
        Assert.Equal(["R", "SEX", "ADOL"], Codes(await host.ReadAsync("Composition", Id(note))));
        await HiddenAwayAsync(host, Id(note), Id(plain));

        // A correction begins from what was said; who takes it away has to say so on the page.
        await doctor.PostAsync(note + "/amend", CareHost.Token(await doctor.GetAsync(note)));
        var review = await doctor.GetAsync(note + "/sign");
        Assert.Contains("value=\"Minor\" checked", review.Html, StringComparison.Ordinal);
        await SignAsync(doctor, note, ("labels-shown", "1"));
        Assert.Empty(Codes(await host.ReadAsync("Composition", Id(note))));
        // What was delicate once does not become plain by a correction.
        Assert.Equal([2], (await host.Store.As(Away).HistoryAsync("Composition", Id(note), 10, null, default)).Select(v => v.Version));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_note_without_a_visit_takes_the_proposal_from_the_problem_list_and_without_the_choice_keeps_it(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        await PutAsync(host, VisitAt("away", "25012"), Resource("Condition", "problem", $$"""
            "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-category","code":"problem-list-item"}]}],"code":{"text":"Trầm cảm"},"subject":{"reference":"Patient/p1"},"meta":{"source":"urn:mach:written:25001"}
            """));
        var doctor = await host.BrowserAsync("doctor-25001");
        var plain = await WriteAsync(doctor, "e1", "Khám thường");
        var note = await WriteAsync(doctor, "", Words);
        await SignAsync(doctor, plain);
        await SignAsync(doctor, note);
        Assert.Equal(["R", "PSY"], Codes(await host.ReadAsync("Composition", Id(note))));
        await HiddenAwayAsync(host, Id(note), Id(plain));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_diagnosis_that_comes_after_the_note_hides_it_with_all_its_versions(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        await PutAsync(host, VisitAt("away", "25012"));
        var doctor = await host.BrowserAsync("doctor-25001");
        var (plain, note) = (await WriteAsync(doctor, "e1", "Khám thường"), await WriteAsync(doctor, "e3", Words));
        await SignAsync(doctor, plain);
        await SignAsync(doctor, note);
        await PutAsync(host, Resource("DocumentReference", "letter", """
            "status":"current","subject":{"reference":"Patient/p1"},"content":[{"attachment":{"title":"Thư"}}],"context":{"encounter":[{"reference":"Encounter/e3"}]}
            """));
        await host.Labels.CatchUpAsync(default);
        Assert.NotNull(await host.Store.As(Away).ReadAsync("Composition", Id(note), default));
        Assert.NotNull(await host.Store.As(Away).ReadAsync("DocumentReference", "letter", default));

        await PutAsync(host, Condition("hiv", "e3", "B24"));
        await host.Labels.CatchUpAsync(default);
        Assert.Equal(["R", "HIV"], Codes(await host.ReadAsync("Composition", Id(note))));
        Assert.Equal(["R", "HIV"], Codes(await host.ReadAsync("DocumentReference", "letter")));
        await HiddenAwayAsync(host, Id(note), Id(plain));
        Assert.Contains(await host.AllAsync("Provenance", "p1"), p => (string?)p["reason"]?[0]?["text"] == "Nhãn theo chẩn đoán của đợt khám" && Codes(p).Contains("HIV"));
        // Nothing more to do, and nothing is done twice.
        var last = await host.Store.LastSequenceAsync(default);
        await host.Labels.CatchUpAsync(default);
        Assert.Equal(last, await host.Store.LastSequenceAsync(default));

        // A letter that comes after its diagnosis, through another door.
        await PutAsync(host, Resource("ClinicalImpression", "told", """
            "status":"completed","description":"Tư vấn riêng","subject":{"reference":"Patient/p1"},"encounter":{"reference":"Encounter/e3"}
            """), Resource("ClinicalImpression", "odd", """
            "status":"completed","description":"Khám thường","subject":{"reference":"Patient/p1"},"encounter":{"reference":"Encounter/e3|,x"}
            """));
        await host.Labels.CatchUpAsync(default);
        Assert.Null(await host.Store.As(Away).ReadAsync("ClinicalImpression", "told", default));
        Assert.NotNull(await host.Store.As(Away).ReadAsync("ClinicalImpression", "odd", default));

        // The author corrects it: the label stays.
        await doctor.PostAsync(note + "/amend", CareHost.Token(await doctor.GetAsync(note)));
        await SignAsync(doctor, note, ("labels-shown", "1"));
        Assert.Equal(["R", "HIV"], Codes(await host.ReadAsync("Composition", Id(note))));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task What_the_author_may_not_see_keeps_the_note_shut_without_saying_why(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        await PutAsync(host, VisitAt("away", "25012"), Condition("hiv", "away", "B20.1"));
        var doctor = await host.BrowserAsync("doctor-25001");
        var plain = await WriteAsync(doctor, "e1", "Khám thường");
        await SignAsync(doctor, plain);
        var note = await WriteAsync(doctor, "away", Words);
        Assert.DoesNotContain("value=\"Hiv\" checked", (await doctor.GetAsync(note + "/sign")).Html, StringComparison.Ordinal);
        await SignAsync(doctor, note, ("labels-shown", "1"));
        await host.Labels.CatchUpAsync(default);
        Assert.Equal(["R"], Codes(await host.ReadAsync("Composition", Id(note))));
        await HiddenAwayAsync(host, Id(note), Id(plain));
    }

    /// <summary>Somebody of another facility where the person was too, by the policy as it is shipped for doctors.</summary>
    private static Sight Away => new() { Facilities = ["25012"], CountsVisits = true, Since = DateTimeOffset.MinValue, Now = new(2026, 11, 29, 0, 0, 0, TimeSpan.Zero), Hidden = DataLabels.All, HiddenHere = DataLabels.Confidential, Purpose = Purposes.Treatment };

    private static async Task HiddenAwayAsync(CareHost host, string hidden, string shown)
    {
        var view = host.Store.As(Away);
        foreach (var (id, isSeen) in new[] { (hidden, false), (shown, true) })
        {
            Assert.Equal(isSeen, await view.ReadAsync("Composition", id, default) is not null);
            Assert.Equal(isSeen, (await view.SearchAsync(SearchQuery.Parse("Composition", [new("patient", "p1")]), default)).Matches.Any(m => m.Id == id));
            Assert.Equal(isSeen, (await view.CompartmentAsync(["p1"], "Composition", 50, null, default)).Matches.Any(m => m.Id == id));
            Assert.Equal(isSeen, (await view.HistoryAsync("Composition", id, 50, null, default)).Count > 0);
            Assert.Equal(isSeen, await view.ReadVersionAsync("Composition", id, 1, default) is not null);
            Assert.Equal(isSeen, (await view.SearchAsync(SearchQuery.Parse("Provenance", [new("target", "Composition/" + id)]), default)).Matches.Count > 0);
        }

        var doctor = await host.BrowserAsync("doctor-25012");
        foreach (var path in new[] { "/people/p1/notes/" + hidden, "/people/p1/notes/" + hidden + "?version=1", "/people/p1/sources/Composition/" + hidden })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await doctor.GetAsync(path)).Status);
        }

        foreach (var path in new[] { "/people/p1", "/people/p1/visits/e3", "/people/p1/visits/e1" })
        {
            Assert.DoesNotContain(Words, (await doctor.GetAsync(path)).Html, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await doctor.GetAsync("/people/p1/notes/" + shown)).Status);
    }

    private static async Task<string> WriteAsync(Browser doctor, string visit, string text)
    {
        var token = CareHost.Token(await doctor.GetAsync("/people/p1/notes/new"));
        var address = (await doctor.PostAsync("/people/p1/notes", token, ("template", "visit"), ("visit", visit))).Location!;
        await doctor.PostAsync(address, token, ("base", "1"), ("section-reason", text));
        return address;
    }

    private static async Task SignAsync(Browser doctor, string address, params (string, string)[] more)
    {
        var page = await doctor.GetAsync(address + "/sign");
        var answer = await doctor.PostAsync(address + "/sign", [CareHost.Token(page), ("revision", page.Between("name=\"revision\" value=\"", "\"")), .. more]);
        Assert.Equal(address + "?said=signed", answer.Location);
    }

    private static string Id(string address) => address.Split('/')[^1];

    private static string[] Codes(JsonObject body) => [.. (body["meta"]?["security"] as JsonArray ?? []).Select(c => (string)c!["code"]!)];

    private static (string Type, string Id, string Body) VisitAt(string id, string facility) => Resource("Encounter", id, $$"""
        "status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/p1"},"serviceProvider":{"reference":"Organization/cskcb-{{facility}}"},"period":{"start":"2026-10-01T08:00:00+07:00"}
        """);

    private static (string Type, string Id, string Body) Condition(string id, string visit, string code) => Resource("Condition", id, $$"""
        "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"{{code}}"}]},"subject":{"reference":"Patient/p1"},"encounter":{"reference":"Encounter/{{visit}}"},"recordedDate":"2026-10-01"
        """ + (visit == "away" ? ""","meta":{"source":"urn:mach:written:25012"}""" : ""","meta":{"source":"urn:mach:written:25001"}"""));

    private static (string Type, string Id, string Body) Resource(string type, string id, string more) => (type, id, $$"""{"resourceType":"{{type}}","id":"{{id}}",{{more}}}""");

    private static async Task PutAsync(CareHost host, params (string Type, string Id, string Body)[] resources) =>
        await host.Store.CommitAsync(new Commit { Actor = "test", Writes = [.. resources.Select(r => new Write(WriteKind.Put, r.Type, r.Id, Encoding.UTF8.GetBytes(r.Body)))] }, default);
}
