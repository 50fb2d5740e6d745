using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Mach.Access;
using Mach.Care.Notes;
using Mach.Data;
using Mach.Testing;

namespace Mach.Care.Tests;

/// <summary>A note from its first key to its corrections. Source: docs/adr/0022-notes.md, http://hl7.org/fhir/R4/composition.html.</summary>
public sealed class NoteTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task A_note_is_begun_written_signed_and_seen_in_the_record(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        var doctor = await host.BrowserAsync("doctor-25001");
        var (address, token) = await BeginAsync(doctor, "visit", "e3");
        Assert.Contains("Đái tháo đường", (await doctor.GetAsync("/people/p1")).Html, StringComparison.Ordinal);

        var saved = await SaveAsync(doctor, address, token, "t1", 1, 1, ("reason", "Tái khám đái tháo đường"), ("plan", "Metformin 500 mg <2 viên & ăn nhạt>\n\nHẹn 1 tháng"));
        Assert.Equal((2L, null), saved);
        Assert.Contains("Nháp, chưa ký", (await doctor.GetAsync("/people/p1")).Html, StringComparison.Ordinal);
        Assert.Contains("Ghi chép chưa ký của tôi", (await doctor.GetAsync("/")).Html, StringComparison.Ordinal);

        var review = await doctor.GetAsync(address + "/sign");
        Assert.Contains("Metformin 500 mg &lt;2 viên &amp; ăn nhạt&gt;", review.Html, StringComparison.Ordinal);
        Assert.Equal(address + "?said=signed", (await doctor.PostAsync(address + "/sign", token, ("revision", "2"))).Location);
        var composition = await host.ReadAsync("Composition", address.Split('/')[^1]);
        Assert.Equal(("final", "Encounter/e3", "Organization/cskcb-25001", "urn:mach:written:25001", "Người thử doctor-25001"),
            ((string)composition["status"]!, (string)composition["encounter"]!["reference"]!, (string)composition["custodian"]!["reference"]!, (string)composition["meta"]!["source"]!, (string)composition["author"]![0]!["display"]!));
        Assert.Equal(["29299-5", "18776-5"], composition["section"]!.AsArray().Select(s => (string)s!["code"]!["coding"]![0]!["code"]!));
        var provenance = Assert.Single(await host.AllAsync("Provenance", "p1"));
        Assert.Equal(("Composition/" + composition["id"], "CREATE"), ((string)provenance["target"]![0]!["reference"]!, (string)provenance["activity"]!["coding"]![0]!["code"]!));

        var page = await doctor.GetAsync(address);
        Assert.Contains("Metformin 500 mg <2 viên & ăn nhạt>\n\nHẹn 1 tháng", WebUtility.HtmlDecode(page.Html), StringComparison.Ordinal);
        Assert.Contains("Khám ngoại trú", (await doctor.GetAsync("/people/p1")).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Ghi chép chưa ký", (await doctor.GetAsync("/")).Html, StringComparison.Ordinal);
        Assert.Contains("Tái khám đái tháo đường", (await doctor.GetAsync("/people/p1/visits/e3")).Html, StringComparison.Ordinal);
        // Pressed once more, nothing happens again.
        Assert.Equal(address, (await doctor.PostAsync(address + "/sign", token, ("revision", "2"))).Location);
        var lines = (await host.Log.ListAsync("p1", 100, default)).Select(l => l.Event.Action).ToList();
        Assert.All(["care-note-begin", "care-note-save", "note-sign"], action => Assert.Contains(action, lines));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_signed_note_is_corrected_by_a_new_version_and_marked_as_wrong_with_a_reason(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        var doctor = await host.BrowserAsync("doctor-25001");
        var (address, token) = await BeginAsync(doctor, "visit", "");
        await SaveAsync(doctor, address, token, "t1", 1, 1, ("reason", "Ho"), ("plan", "Nghỉ ngơi. Uống nước."));
        await doctor.PostAsync(address + "/sign", token, ("revision", "2"));
        Assert.Equal((HttpStatusCode)410, (await doctor.PutJsonAsync(address + "/draft", Json("t1", 2, 2, ("reason", "Muộn")), token.Value)).Status);

        Assert.Equal(address, (await doctor.PostAsync(address + "/amend", token)).Location);
        var editor = await doctor.GetAsync(address);
        Assert.Contains(">\nNghỉ ngơi. Uống nước.</textarea>", WebUtility.HtmlDecode(editor.Html), StringComparison.Ordinal);
        var revision = long.Parse(editor.Between("data-revision=\"", "\""), System.Globalization.CultureInfo.InvariantCulture);
        var (next, _) = await SaveAsync(doctor, address, token, "t2", 1, revision, ("reason", "Ho"), ("plan", "Nghỉ ngơi. Uống thuốc ho."));
        var review = await doctor.GetAsync(address + "/sign");
        Assert.Contains("<del> Uống nước.</del><ins> Uống thuốc ho.</ins>", review.Html, StringComparison.Ordinal);
        await doctor.PostAsync(address + "/sign", token, ("revision", $"{next}"));
        var note = address.Split('/')[^1];
        Assert.Equal("amended", (string)(await host.ReadAsync("Composition", note))["status"]!);
        Assert.Contains("Uống nước.", (await doctor.GetAsync(address + "?version=1")).Html, StringComparison.Ordinal);
        Assert.Contains("<ins> Uống thuốc ho.</ins>", (await doctor.GetAsync(address)).Html, StringComparison.Ordinal);
        Assert.Contains("against=1", (await doctor.GetAsync($"/people/p1/sources/Composition/{note}")).Html, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await doctor.PostAsync(address + "/wrong", token, ("reason", "x"))).Status);
        Assert.Equal(address + "?said=wrong", (await doctor.PostAsync(address + "/wrong", token, ("reason", "Nhầm người bệnh"))).Location);
        Assert.Equal("entered-in-error", (string)(await host.ReadAsync("Composition", note))["status"]!);
        Assert.Contains(await host.AllAsync("Provenance", "p1"), p => (string?)p["reason"]?[0]?["text"] == "Nhầm người bệnh");
        Assert.Contains("Ghi chép này được đánh dấu là ghi nhầm", (await doctor.GetAsync(address)).Html, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Two_tabs_come_together_and_an_answer_that_was_lost_doubles_nothing(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        var doctor = await host.BrowserAsync("doctor-25001");
        var (address, token) = await BeginAsync(doctor, "visit", "");
        Assert.Equal((2L, null), await SaveAsync(doctor, address, token, "a", 1, 1, ("reason", "Đau đầu."), ("history", "")));
        // The other tab began from the empty note, and wrote elsewhere.
        var (revision, joined) = await SaveAsync(doctor, address, token, "b", 1, 1, ("reason", ""), ("history", "Từ hôm qua."));
        Assert.Equal((3L, "Đau đầu."), (revision, joined!["reason"]));
        // The first tab never heard the answer: it goes on from what it sent.
        (revision, joined) = await SaveAsync(doctor, address, token, "a", 2, 1, ("reason", "Đau đầu. Chóng mặt."), ("history", ""));
        Assert.Equal((4L, "Đau đầu. Chóng mặt.", "Từ hôm qua."), (revision, joined!["reason"], joined["history"]));
        // An older saving that comes late says nothing new.
        (revision, joined) = await SaveAsync(doctor, address, token, "a", 1, 1, ("reason", "Đau đầu."), ("history", ""));
        Assert.Equal((4L, "Đau đầu. Chóng mặt."), (revision, joined!["reason"]));
        // The same place by both: both stand there, and nobody signs before it is decided.
        await SaveAsync(doctor, address, token, "b", 2, 4, ("reason", "Đau đầu dữ dội. Chóng mặt."), ("history", "Từ hôm qua."));
        (revision, joined) = await SaveAsync(doctor, address, token, "a", 3, 4, ("reason", "Đau nửa đầu. Chóng mặt."), ("history", "Từ hôm qua."));
        Assert.Equal($"Đau nửa đầu. Chóng mặt.\n{TextMerge.Mark}\nĐau đầu dữ dội. Chóng mặt.", joined!["reason"]);
        var refused = await doctor.PostAsync(address + "/sign", token, ("revision", $"{revision}"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("hai nơi cùng viết", refused.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await doctor.GetAsync($"{address}/draft?revision={revision}", "application/json")).Status);
        Assert.Contains("Đau nửa đầu", JsonDocument.Parse((await doctor.GetAsync($"{address}/draft?revision=1", "application/json")).Html).RootElement.GetProperty("sections").GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Savings_at_the_same_moment_all_count_and_nothing_lies_open_in_the_tables(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        var doctor = await host.BrowserAsync("doctor-25001");
        var (address, token) = await BeginAsync(doctor, "free", "");
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => SaveAsync(doctor, address, token, "tab" + i, 1, 1, ("course", $"Câu bí mật {i}."))));
        var text = JsonDocument.Parse((await doctor.GetAsync($"{address}/draft?revision=0", "application/json")).Html).RootElement.GetProperty("sections").GetProperty("course").GetString()!;
        Assert.All(Enumerable.Range(0, 12), i => Assert.Contains($"Câu bí mật {i}.", text, StringComparison.Ordinal));
        await using var connection = await host.Db.OpenAsync(default);
        foreach (var body in await connection.QueryAsync<byte[]>("SELECT body FROM car_draft_text UNION ALL SELECT sent FROM car_draft_text WHERE sent IS NOT NULL"))
        {
            Assert.Equal(0xE5, body[0]);
            Assert.DoesNotContain("mật", System.Text.Encoding.UTF8.GetString(body), StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Nobody_but_the_author_reads_a_draft_and_only_who_may_writes_one(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        var doctor = await host.BrowserAsync("doctor-25001");
        var (address, token) = await BeginAsync(doctor, "visit", "");
        await SaveAsync(doctor, address, token, "t", 1, 1, ("reason", "Chuyện riêng"));
        foreach (var (other, status) in new[] { ("doctor2", 404), ("data-officer", 404), ("administrator", 403), ("registrar", 403), ("nurse-25001", 404) })
        {
            var browser = await host.BrowserAsync(other);
            var answer = await browser.GetAsync(address);
            Assert.True((int)answer.Status == status, $"{other} {answer.Status}");
            Assert.DoesNotContain("Chuyện riêng", answer.Html, StringComparison.Ordinal);
        }

        foreach (var other in new[] { "data-officer", "nurse-25001", "registrar", "person" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await (await host.BrowserAsync(other)).GetAsync("/people/p1/notes/new")).Status);
        }

        // Another facility's doctor has no tie to this person: for them there is nobody.
        var away = await host.BrowserAsync("doctor-25012");
        Assert.Equal(HttpStatusCode.NotFound, (await away.GetAsync("/people/p1/notes/new")).Status);
        var page = await away.GetAsync("/people/p2/notes/new");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await away.PostAsync("/people/p1/notes", CareHost.Token(page), ("template", "visit"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await away.PutJsonAsync(address + "/draft", Json("x", 1, 1, ("reason", "x")), CareHost.Token(page).Value)).Status);
        // Without the token of the page nothing is saved, and nothing that is no section.
        Assert.Equal(HttpStatusCode.BadRequest, (await doctor.PutJsonAsync(address + "/draft", Json("t", 9, 1, ("reason", "x")), null)).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await doctor.PutJsonAsync(address + "/draft", Json("t", 9, 1, ("khong-co", "x")), token.Value)).Status);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Off_duty_one_writes_nothing_and_is_told_why(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        await host.Workplaces.AddPostAsync("test", "doctor2", "25001", null, [Roles.Doctor], byRota: true, host.Clock.Now, null, default);
        var answer = await (await host.BrowserAsync("doctor2")).GetAsync("/people/p1/notes/new");
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("đang ngoài ca", answer.Html, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Signing_asks_for_a_fresh_proof_and_the_text_waits_meanwhile(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        var doctor = await host.BrowserAsync("doctor-25001");
        var (address, token) = await BeginAsync(doctor, "visit", "");
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        // The form without script: saved, then led to the review, which asks for the proof.
        var answer = await doctor.PostAsync(address, token, ("base", "1"), ("section-reason", "Ho\r\nSốt"), ("then", "sign"));
        Assert.Equal(address + "/sign", answer.Location);
        Assert.StartsWith("/step-up?returnUrl=", (await doctor.GetAsync(address + "/sign")).Location, StringComparison.Ordinal);
        Assert.Contains(">\nHo\nSốt</textarea>", WebUtility.HtmlDecode((await doctor.GetAsync(address)).Html), StringComparison.Ordinal);
        var refused = await doctor.PostAsync(address + "/sign", token, ("revision", "2"));
        Assert.StartsWith("/step-up?", refused.Location, StringComparison.Ordinal);
        Assert.Empty(await host.AllAsync("Composition", "p1"));
    }

    // docs/adr/0016-audit.md: the line stands before the first answer it covers, and a second one tells of the last.
    [Theory, MemberData(nameof(Engines))]
    public async Task The_savings_of_a_draft_within_five_minutes_are_one_line_and_another_tells_of_the_last(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        var doctor = await host.BrowserAsync("doctor-25001");
        var (address, token) = await BeginAsync(doctor, "visit", "e3");
        var revision = 1L;
        async Task Save(int number)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(5));
            (revision, _) = await SaveAsync(doctor, address, token, "t", number, revision, ("reason", "Ho " + number));
        }

        async Task<List<string?>> Lines() => [.. (await host.Log.ListAsync("p1", 200, default)).Where(l => l.Event.Action == "care-note-save").Select(l => l.Event.Detail).Reverse()];
        await Save(1);
        Assert.Equal(["until +300s"], await Lines());
        for (var i = 2; i <= 20; i++)
        {
            await Save(i);
        }

        Assert.Equal(["until +300s"], await Lines());
        // Another browser, and what fails, have lines of their own.
        var elsewhere = await host.BrowserAsync("doctor-25001");
        var there = CareHost.Token(await elsewhere.GetAsync(address));
        await SaveAsync(elsewhere, address, there, "u", 1, revision, ("reason", "Ho 20"), ("plan", "Nghỉ"));
        Assert.Equal(["until +300s", "until +300s"], await Lines());
        Assert.Equal(HttpStatusCode.BadRequest, (await doctor.PutJsonAsync(address + "/draft", Json("t", 99, 1, ("reason", "x")), "khong-phai")).Status);
        Assert.Contains("400", await Lines());

        host.Clock.Advance(TimeSpan.FromMinutes(6));
        revision = 21;
        await SaveAsync(doctor, address, token, "t", 100, 22, ("reason", "Ho 100"), ("plan", "Nghỉ"));
        Assert.Equal(2, (await Lines()).Count(l => l == "more 19" || l == "400"));
        Assert.Equal(3, (await Lines()).Count(l => l == "until +300s"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_draft_is_thrown_away_and_taken_up_again_and_an_empty_one_is_not_signed(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        var doctor = await host.BrowserAsync("doctor-25001");
        var (address, token) = await BeginAsync(doctor, "visit", "");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await doctor.PostAsync(address + "/sign", token, ("revision", "1"))).Status);
        await SaveAsync(doctor, address, token, "t", 1, 1, ("reason", "Giữ lại"));
        Assert.Equal(HttpStatusCode.Conflict, (await doctor.PostAsync(address + "/sign", token, ("revision", "1"))).Status);
        var dropped = await doctor.PostAsync(address + "/drop", token);
        Assert.Contains("/restore\"", (await doctor.GetAsync(dropped.Location!)).Html, StringComparison.Ordinal);
        Assert.Contains("Lấy lại", (await doctor.GetAsync(address)).Html, StringComparison.Ordinal);
        // What is typed after that is shown again, never swallowed.
        var kept = await doctor.PostAsync(address, token, ("base", "2"), ("section-reason", "Gõ muộn"));
        Assert.Equal(HttpStatusCode.Conflict, kept.Status);
        Assert.Contains("Gõ muộn", kept.Html, StringComparison.Ordinal);
        Assert.Equal(address, (await doctor.PostAsync(address + "/restore", token)).Location);
        Assert.Contains("Giữ lại", (await doctor.GetAsync(address)).Html, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_correction_whose_ground_was_overtaken_is_shown_beside_the_newer_version(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        var doctor = await host.BrowserAsync("doctor-25001");
        var (address, token) = await BeginAsync(doctor, "visit", "");
        await SaveAsync(doctor, address, token, "t", 1, 1, ("reason", "Ho"));
        await doctor.PostAsync(address + "/sign", token, ("revision", "2"));
        await doctor.PostAsync(address + "/amend", token);
        var note = address.Split('/')[^1];
        var body = await host.ReadAsync("Composition", note);
        body["title"] = "Sửa từ nơi khác";
        await host.Store.CommitAsync(new Store.Commit { Actor = "test", Writes = [new(Store.WriteKind.Put, "Composition", note, JsonSerializer.SerializeToUtf8Bytes(body))] }, default);
        var refused = await doctor.PostAsync(address + "/sign", token, ("revision", "3"));
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("name=\"onto\" value=\"2\"", refused.Html, StringComparison.Ordinal);
        Assert.Equal(address + "?said=signed", (await doctor.PostAsync(address + "/sign", token, ("revision", "3"), ("onto", "2"))).Location);
        Assert.Equal("amended", (string)(await host.ReadAsync("Composition", note))["status"]!);
    }

    private static async Task<(string Address, (string, string Value) Token)> BeginAsync(Browser doctor, string template, string visit)
    {
        var page = await doctor.GetAsync("/people/p1/notes/new");
        Assert.Contains("<option value=\"e3\" selected", page.Html, StringComparison.Ordinal);
        var token = CareHost.Token(page);
        var answer = await doctor.PostAsync("/people/p1/notes", token, ("template", template), ("visit", visit));
        Assert.StartsWith("/people/p1/notes/", answer.Location, StringComparison.Ordinal);
        return (answer.Location!, CareHost.Token(await doctor.GetAsync(answer.Location!)));
    }

    private static async Task<(long Revision, Dictionary<string, string>? Sections)> SaveAsync(Browser doctor, string address, (string, string Value) token, string tab, long number, long began, params (string, string)[] sections)
    {
        var answer = await doctor.PutJsonAsync(address + "/draft", Json(tab, number, began, sections), token.Value);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{answer.Status} {answer.Html}");
        var body = JsonNode.Parse(answer.Html)!;
        return ((long)body["revision"]!, body["sections"]?.Deserialize<Dictionary<string, string>>());
    }

    private static string Json(string tab, long number, long began, params (string Key, string Text)[] sections) =>
        JsonSerializer.Serialize(new { tab, number, @base = began, sections = sections.ToDictionary(s => s.Key, s => s.Text) });
}
