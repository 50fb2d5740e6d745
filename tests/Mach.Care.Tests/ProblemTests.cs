using System.Net;
using Mach.Data;
using Mach.Testing;

namespace Mach.Care.Tests;

/// <summary>The problem list is kept by hand over what the visits say. Source: http://hl7.org/fhir/R4/condition.html.</summary>
public sealed class ProblemTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task Repeated_visits_become_one_problem_that_is_not_said_twice(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        var doctor = await host.BrowserAsync("doctor-25001");
        var before = (await doctor.GetAsync("/people/p1")).Html;
        Assert.Contains("/people/p1/problems/new?from=c3", before, StringComparison.Ordinal);
        var page = await doctor.GetAsync("/people/p1/problems/new?from=c3");
        Assert.Contains("value=\"10/2025\"", page.Html, StringComparison.Ordinal);
        var (covers, token) = (page.Between("name=\"covers\" value=\"", "\""), CareHost.Token(page));
        Assert.Equal(["c1", "c2", "c3"], covers.Split(',').Order());
        var answer = await doctor.PostAsync("/people/p1/problems", token, ("version", "0"), ("code", "E11"), ("code-text", "E11 Bệnh đái tháo đường không phụ thuộc insulin"), ("onset", "2018"), ("note", "Có bệnh thận"), ("covers", covers), ("covers", "c5"));
        Assert.StartsWith("/people/p1?care=problem-made&of=", answer.Location, StringComparison.Ordinal);

        var problem = Assert.Single(await host.AllAsync("Condition", "p1"), c => (string?)c["category"]?[0]?["coding"]?[0]?["code"] == "problem-list-item");
        Assert.Equal(("E11", "active", "2018", "Có bệnh thận", "urn:mach:written:25001"), ((string)problem["code"]!["coding"]![0]!["code"]!, (string)problem["clinicalStatus"]!["coding"]![0]!["code"]!, (string)problem["onsetDateTime"]!, (string)problem["note"]![0]!["text"]!, (string)problem["meta"]!["source"]!));
        // Somebody else's Condition is none of it.
        Assert.Equal(["Condition/c1", "Condition/c2", "Condition/c3"], problem["evidence"]![0]!["detail"]!.AsArray().Select(d => (string)d!["reference"]!).Order());
        var record = (await doctor.GetAsync(answer.Location!)).Html;
        Assert.DoesNotContain("problems/new?from=c3", record, StringComparison.Ordinal);
        Assert.Contains($"/people/p1/problems/{problem["id"]}\"", record, StringComparison.Ordinal);
        Assert.Contains($"/people/p1/problems/{problem["id"]}/undo\"", record, StringComparison.Ordinal);

        // The way back: said to be entered in error, and the visits speak again.
        var undone = await doctor.PostAsync($"/people/p1/problems/{problem["id"]}/undo", token, ("version", "1"));
        Assert.Equal("/people/p1?care=undone#problems", undone.Location);
        Assert.Equal("entered-in-error", (string)(await host.ReadAsync("Condition", (string)problem["id"]!))["verificationStatus"]!["coding"]![0]!["code"]!);
        Assert.Contains("problems/new?from=c3", (await doctor.GetAsync("/people/p1")).Html, StringComparison.Ordinal);
        Assert.Equal("/people/p1?care=not-undone#problems", (await doctor.PostAsync($"/people/p1/problems/{problem["id"]}/undo", token, ("version", "1"))).Location);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_problem_is_resolved_taken_up_again_and_marked_as_wrong_each_as_a_version(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        var doctor = await host.BrowserAsync("doctor-25001");
        var (address, token) = await AddAsync(doctor, "Đau lưng mạn");
        var id = address.Split('/')[^1];
        (string, string)[] Form(string version, string what, string more = "") => [token, ("version", version), ("code-text", "Đau lưng mạn"), ("do", what), ("reason", more)];
        Assert.Contains("care=problem-resolved", (await doctor.PostAsync(address, Form("1", "resolve"))).Location, StringComparison.Ordinal);
        var body = await host.ReadAsync("Condition", id);
        Assert.Equal(("resolved", "2026-11-20"), ((string)body["clinicalStatus"]!["coding"]![0]!["code"]!, (string)body["abatementDateTime"]!));
        Assert.Contains("Đã khỏi", (await doctor.GetAsync("/people/p1")).Html, StringComparison.Ordinal);
        Assert.Contains("care=problem-reactivated", (await doctor.PostAsync(address, Form("2", "reactivate"))).Location, StringComparison.Ordinal);
        Assert.Null((await host.ReadAsync("Condition", id))["abatementDateTime"]);
        // Undone is a version too.
        Assert.Equal("/people/p1?care=undone#problems", (await doctor.PostAsync(address + "/undo", token, ("version", "3"))).Location);
        Assert.Equal("resolved", (string)(await host.ReadAsync("Condition", id))["clinicalStatus"]!["coding"]![0]!["code"]!);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await doctor.PostAsync(address, Form("4", "wrong"))).Status);
        Assert.Contains("care=problem-wrong", (await doctor.PostAsync(address, Form("4", "wrong", "Ghi nhầm người"))).Location, StringComparison.Ordinal);
        Assert.Contains(await host.AllAsync("Provenance", "p1"), p => (string?)p["reason"]?[0]?["text"] == "Ghi nhầm người");
        Assert.Equal(HttpStatusCode.NotFound, (await doctor.GetAsync(address)).Status);
        Assert.Equal(5, (await host.Store.HistoryAsync("Condition", id, 10, null, default)).Count);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Who_was_overtaken_keeps_what_was_typed_beside_what_stands_there(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        var (one, other) = (await host.BrowserAsync("doctor-25001"), await host.BrowserAsync("doctor"));
        var (address, token) = await AddAsync(one, "Đau lưng mạn");
        var others = CareHost.Token(await other.GetAsync(address));
        await other.PostAsync(address, others, ("version", "1"), ("code-text", "Thoát vị đĩa đệm"), ("do", "save"));
        var refused = await one.PostAsync(address, token, ("version", "1"), ("code-text", "Đau lưng do nghề nghiệp"), ("onset", "xyz"), ("note", "chữ đã gõ"), ("do", "save"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("value=\"xyz\"", refused.Html, StringComparison.Ordinal);
        refused = await one.PostAsync(address, token, ("version", "1"), ("code-text", "Đau lưng do nghề nghiệp"), ("note", "chữ đã gõ"), ("do", "save"));
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("Thoát vị đĩa đệm", refused.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"Đau lưng do nghề nghiệp\"", refused.Html, StringComparison.Ordinal);
        Assert.Contains("chữ đã gõ", refused.Html, StringComparison.Ordinal);
        Assert.Contains("name=\"version\" value=\"2\"", refused.Html, StringComparison.Ordinal);
        Assert.Contains("care=problem-changed", (await one.PostAsync(address, token, ("version", "2"), ("code-text", "Đau lưng do nghề nghiệp"), ("do", "save"))).Location, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Only_doctors_who_see_the_person_keep_the_list(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        foreach (var (account, status) in new[] { ("nurse-25001", 403), ("data-officer", 403), ("registrar", 403), ("person", 403), ("doctor-25012", 404) })
        {
            Assert.Equal(status, (int)(await (await host.BrowserAsync(account)).GetAsync("/people/p1/problems/new")).Status);
        }

        var away = await host.BrowserAsync("doctor-25012");
        var token = CareHost.Token(await away.GetAsync("/people/p2/problems/new"));
        Assert.Equal(HttpStatusCode.NotFound, (await away.PostAsync("/people/p1/problems", token, ("code-text", "Lạ"))).Status);
        // A visit's own diagnosis is not theirs to rewrite.
        Assert.Equal(HttpStatusCode.NotFound, (await away.PostAsync("/people/p2/problems/c5", token, ("version", "1"), ("code-text", "Khác"), ("do", "save"))).Status);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_delicate_problem_is_open_where_it_was_written_and_hidden_from_other_facilities(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        var (here, there) = (await host.BrowserAsync("doctor-25001"), await host.BrowserAsync("doctor-25012"));
        await host.Store.CommitAsync(new Store.Commit { Actor = "test", Writes = [new(Store.WriteKind.Put, "Encounter", "e9", System.Text.Encoding.UTF8.GetBytes("""
            {"resourceType":"Encounter","id":"e9","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/p1"},"serviceProvider":{"reference":"Organization/cskcb-25012"},"period":{"start":"2026-11-01T08:00:00+07:00"}}
            """))] }, default);
        var token = CareHost.Token(await here.GetAsync("/people/p1/problems/new"));
        var id = (await here.PostAsync("/people/p1/problems", token, ("version", "0"), ("code", "B20"), ("code-text", "B20 Bệnh HIV"))).Location!.Split("of=")[1].Split('&')[0];
        Assert.Contains("/problems/" + id, (await here.GetAsync("/people/p1")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/people/p1/problems/" + id)).Status);
        var seen = await there.GetAsync("/people/p1");
        Assert.Equal(HttpStatusCode.OK, seen.Status);
        Assert.DoesNotContain(id, seen.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await there.GetAsync("/people/p1/problems/" + id)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await there.PostAsync("/people/p1/problems/" + id, CareHost.Token(await there.GetAsync("/people/p1/problems/new")), ("version", "1"), ("code-text", "Khác"), ("do", "save"))).Status);
    }

    private static async Task<(string Address, (string, string) Token)> AddAsync(Browser doctor, string text)
    {
        var token = CareHost.Token(await doctor.GetAsync("/people/p1/problems/new"));
        var answer = await doctor.PostAsync("/people/p1/problems", token, ("version", "0"), ("code-text", text));
        var id = answer.Location!.Split("of=")[1].Split('&')[0];
        return ("/people/p1/problems/" + id, token);
    }
}
