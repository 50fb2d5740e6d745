using System.Net;
using Mach.Access.Audit;
using Mach.Access.Authority;
using Mach.Access.Looks;
using Mach.Data;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Tests.Looks;

/// <summary>The pages: the data officer's inbox, the person's questions, the verification of the trail.</summary>
public sealed class LookPageTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task A_data_officer_works_flags_off(DbEngine engine)
    {
        await using var host = await LookTests.StartAsync(engine);
        await host.Accounts.EnsureAsync(new NewAccount("dl.hue", "Huệ", AccessHost.Password, [Roles.DataOfficer], "01001"), default);
        LookTests.Append(host, "bs.<mai>", "p1", "ETREAT");
        LookTests.Append(host, "bs.xa", "p2", "ETREAT", "01001");
        LookTests.Append(host, Roles.DataOfficer, "p2", "ETREAT");
        var flags = await LookTests.FlagsAsync(host);
        var (mai, xa, own) = (flags.Single(f => f.Account == "bs.<mai>"), flags.Single(f => f.Account == "bs.xa"), flags.Single(f => f.Account == Roles.DataOfficer));
        var officer = await host.SignedInBrowserAsync(Roles.DataOfficer);
        var page = await officer.TextAsync("/audit/flags");
        Assert.All(["bs.&lt;mai&gt;", "Không có quan hệ điều trị", mai.Id, xa.Id, "Việc của chính bạn", "3 mục", "3 lần xem đang chờ giải thích"], text => Assert.Contains(text, page));
        Assert.DoesNotContain($"action=\"/audit/flags/{own.Id}\"", page);
        Assert.Contains("No tie of care", await officer.TextAsync("/audit/flags?lang=en"));
        await officer.GetAsync("/audit/flags?lang=vi");
        Assert.DoesNotContain(mai.Id, await officer.TextAsync("/audit/flags?account=bs.xa&rule=no-tie"));
        Assert.Contains("Không có mục nào phù hợp", await officer.TextAsync("/audit/flags?state=Dismissed&rule=night&page=7"));
        Assert.Contains(xa.Id, await officer.TextAsync("/audit/flags?person=p2&state=all"));
        Assert.Contains("ui-flags", (await host.Log.ListAsync("p2", 5, default)).Select(e => e.Event.Action));
        // From a flag to its line.
        var line = (await officer.GetAsync("/audit/lines/" + mai.Evidence[0])).Place()!;
        Assert.EndsWith("#" + mai.Evidence[0], line);
        Assert.Contains($"id=\"{mai.Evidence[0]}\"", await officer.TextAsync(line));
        Assert.Equal(HttpStatusCode.NotFound, (await officer.GetAsync("/audit/lines/x-1")).StatusCode);

        var small = await officer.PostAsync("/audit/flags/" + mai.Id, new() { ["state"] = "Explained", ["note"] = "ngắn" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, small.StatusCode);
        Assert.Contains("từ 10 đến 500 ký tự", await small.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, (await officer.PostAsync("/audit/flags/" + mai.Id, new() { ["state"] = "Open", ["note"] = "Không được mở lại" })).StatusCode);
        Assert.Equal("/audit/flags?done=yes", (await officer.PostAsync("/audit/flags/" + mai.Id, new() { ["state"] = "Explained", ["note"] = "Cấp cứu <thật> lúc đó" })).Place());
        Assert.Equal("/audit/flags?done=no", (await officer.PostAsync("/audit/flags/" + mai.Id, new() { ["state"] = "Dismissed", ["note"] = "Kết luận lần hai" })).Place());
        Assert.Equal("/audit/flags?state=all&done=no", (await officer.PostAsync($"/audit/flags/{own.Id}?state=all", new() { ["state"] = "Dismissed", ["note"] = "Của chính mình" })).Place());
        var done = await officer.TextAsync("/audit/flags?state=Explained");
        Assert.Contains("Cấp cứu &lt;thật&gt; lúc đó", done);
        Assert.Contains("2 lần xem đang chờ giải thích", done);

        // Bound to a facility: the looks of its accounts, and no others.
        var bound = await host.SignedInAsync("dl.hue");
        var hers = await bound.TextAsync("/audit/flags?state=all");
        Assert.Contains(xa.Id, hers);
        Assert.DoesNotContain(mai.Id, hers);
        Assert.Equal(HttpStatusCode.NotFound, (await bound.GetAsync("/audit/lines/" + mai.Evidence[0])).StatusCode);
        Assert.Equal("/audit/flags?done=no", (await bound.PostAsync("/audit/flags/" + own.Id, new() { ["state"] = "Dismissed", ["note"] = "Ngoài phạm vi của tôi" })).Place());
        foreach (var role in Roles.All.Where(r => r is not (Roles.DataOfficer or Roles.Intake)))
        {
            var other = await host.SignedInBrowserAsync(role);
            foreach (var path in new[] { "/audit/flags", "/audit/lines/" + mai.Evidence[0], "/audit/verification" })
            {
                Assert.Equal(HttpStatusCode.Forbidden, (await other.GetAsync(path)).StatusCode);
            }

            Assert.Equal(HttpStatusCode.Forbidden, (await other.PostAsync("/audit/flags/" + xa.Id, new() { ["state"] = "Explained", ["note"] = "Không được phép đâu" })).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await other.PostAsync("/audit/verification", [])).StatusCode);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await officer.PostRawAsync("/audit/flags/" + xa.Id, new() { ["state"] = "Explained", ["note"] = "Không có mã của biểu mẫu" })).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_person_asks_about_a_look_and_reads_the_answer(DbEngine engine)
    {
        await using var host = await LookTests.StartAsync(engine);
        var workplaces = host.App.Services.GetRequiredService<Workplaces>();
        await workplaces.IdentifyAsync("test", Roles.Person, null, "p1", default);
        LookTests.Append(host, "bs.mai", "p1");
        LookTests.Append(host, "bs.mai", "p2");
        var reader = host.App.Services.GetRequiredService<AuditReader>();
        var look = (await reader.ListAsync(new AuditFilter(Person: "p1", Actor: "bs.mai"), 1, null, default)).Lines.Single().Id;
        var other = (await reader.ListAsync(new AuditFilter(Person: "p2", Actor: "bs.mai"), 1, null, default)).Lines.Single().Id;
        var person = await host.SignedInBrowserAsync(Roles.Person);
        Assert.Contains($"/me/looks?ask={look}#ask", await person.TextAsync("/me/looks"));
        Assert.Contains("name=\"words\"", await person.TextAsync("/me/looks?ask=" + look));
        Assert.DoesNotContain("name=\"words\"", await person.TextAsync("/me/looks?ask=" + other));
        var empty = await person.PostAsync("/me/looks", new() { ["line"] = look, ["words"] = " a " });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, empty.StatusCode);
        Assert.Equal("/me/looks?done=no", (await person.PostAsync("/me/looks", new() { ["line"] = other, ["words"] = "Hồ sơ của người khác" })).Place());
        Assert.Equal("/me/looks?done=yes", (await person.PostAsync("/me/looks", new() { ["line"] = look, ["words"] = "Tôi <không> quen bác sĩ này" })).Place());
        Assert.Equal("/me/looks?done=no", (await person.PostAsync("/me/looks", new() { ["line"] = look, ["words"] = "Hỏi lại lần nữa" })).Place());
        Assert.Contains("Đang chờ trả lời", await person.TextAsync("/me/looks"));

        var flag = (await LookTests.FlagsAsync(host, new FlagFilter(LookCodes.Question))).Single();
        Assert.Equal(("bs.mai", "p1", LookSeverity.High, look), (flag.Account, flag.Person, flag.Severity, flag.Evidence.Single()));
        var officer = await host.SignedInBrowserAsync(Roles.DataOfficer);
        var inbox = await officer.TextAsync("/audit/flags");
        Assert.Contains("Tôi &lt;không&gt; quen bác sĩ này", inbox);
        Assert.Contains("người bệnh sẽ đọc được", inbox);
        await officer.PostAsync("/audit/flags/" + flag.Id, new() { ["state"] = "Explained", ["note"] = "Bác sĩ trực cấp cứu hôm đó." });
        var answered = await person.TextAsync("/me/looks");
        Assert.Contains("Bác sĩ trực cấp cứu hôm đó.", answered);
        Assert.Contains("Đã trả lời", answered);
        Assert.Contains("Câu hỏi của bạn về một lần xem hồ sơ đã được trả lời", await person.TextAsync("/account"));
        var lines = (await host.Log.ListAsync("p1", 50, default)).Select(e => e.Event.Action).ToList();
        Assert.All(["flag-ask", "flag-decide", "ui-flags"], action => Assert.Contains(action, lines));
        // Nobody else has a record here to ask about.
        var doctor = await host.SignedInBrowserAsync(Roles.Doctor);
        Assert.Equal(HttpStatusCode.NotFound, (await doctor.GetAsync("/me/looks")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await doctor.PostAsync("/me/looks", new() { ["line"] = look, ["words"] = "Không phải của tôi" })).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task The_trail_is_verified_at_the_push_of_a_button(DbEngine engine)
    {
        await using var host = await LookTests.StartAsync(engine);
        LookTests.Append(host, "bs.mai", "p1");
        var officer = await host.SignedInBrowserAsync(Roles.DataOfficer);
        Assert.Contains("Chưa kiểm tra lần nào", await officer.TextAsync("/audit/verification"));
        Assert.Contains("action=\"/audit/verification\"", await officer.TextAsync("/audit"));
        Assert.Contains("Nhật ký nguyên vẹn", await VerifyAsync(host, officer));
        await using (var connection = await host.Database.Db.OpenAsync(default))
        {
            await Dapper.SqlMapper.ExecuteAsync(connection, engine == DbEngine.Sqlite
                ? "DROP TRIGGER acc_audit_no_update; UPDATE acc_audit SET actor = 'ai khác' WHERE actor = 'bs.mai'"
                : "DROP TRIGGER acc_audit_no_change ON acc_audit; UPDATE acc_audit SET actor = 'ai khác' WHERE actor = 'bs.mai'");
        }

        var broken = await VerifyAsync(host, officer);
        Assert.Contains("Có 1 chỗ không khớp", broken);
        Assert.Contains("the columns do not say what the line says", broken);
    }

    private static async Task<string> VerifyAsync(AccessHost host, Browser officer)
    {
        Assert.Equal("/audit/verification", (await officer.PostAsync("/audit/verification", [])).Place());
        await host.App.Services.GetRequiredService<AuditVerifier>().Begin("test");
        return await officer.TextAsync("/audit/verification");
    }
}
