using System.Net;
using System.Text;
using System.Text.Json;
using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Intake.Tests.Http;

/// <summary>The portal contract that hospital systems already speak: POST /api/token, POST /api/Cong130/CheckIn.</summary>
public sealed class CheckInTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task All_taken_is_answered_in_the_portal_s_own_shape(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using var system = await host.SystemAsync();
        using var answer = await system.CheckInAsync(Samples.Visit());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var body = await answer.JsonAsync();
        Assert.Equal(["maGiaoDich", "trangThai", "maLoi", "hoSo"], body.EnumerateObject().Select(p => p.Name));
        Assert.NotEmpty(body.GetProperty("maGiaoDich").GetString()!);
        Assert.Equal(1, body.GetProperty("trangThai").GetInt32());
        Assert.Equal(JsonValueKind.Null, body.GetProperty("maLoi").ValueKind);
        var dossier = Assert.Single(body.GetProperty("hoSo").EnumerateArray());
        Assert.Equal((1, "LK1", "moi"), (dossier.GetProperty("viTri").GetInt32(), dossier.GetProperty("maLk").GetString(), dossier.GetProperty("ketQua").GetString()));
        await host.IsCleanAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_file_may_come_under_any_name_or_as_the_body_or_beside_others(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using var system = await host.SystemAsync();
        foreach (var (field, maLk) in new[] { ("file", "A1"), ("hoso", "A2"), ("\"tệp\"", "A3") })
        {
            using var form = new MultipartFormDataContent { { new StringContent("x"), "note" }, { new ByteArrayContent(Samples.Envelope(Samples.Visit(maLk))), field, "hoso.xml" } };
            using var answer = await system.PostAsync("/api/Cong130/CheckIn", form);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        foreach (var type in new[] { "application/xml", "text/xml", "application/octet-stream" })
        {
            using var raw = new ByteArrayContent(Samples.Envelope(Samples.Visit("B" + type.Length)));
            raw.Headers.ContentType = new(type);
            using var answer = await system.PostAsync("/api/Cong130/CheckIn", raw);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        using var several = await system.CheckInAsync(("1.xml", Samples.Envelope(Samples.Visit("C1"))), ("2.xml", Encoding.UTF8.GetBytes("no xml")), ("3.xml", Samples.Envelope(Samples.Visit("C3"))));
        Assert.Equal(HttpStatusCode.Created, several.StatusCode);
        var body = await several.JsonAsync();
        Assert.Equal(2, body.GetProperty("trangThai").GetInt32());
        Assert.Equal(3, body.GetProperty("maGiaoDich").GetString()!.Split(';').Length);
        Assert.Equal(["C1", "C3"], body.GetProperty("hoSo").EnumerateArray().Select(d => d.GetProperty("maLk").GetString()));
        using var missing = new MultipartFormDataContent { { new StringContent("x"), "note" } };
        using var none = await system.PostAsync("/api/Cong130/CheckIn", missing);
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_bad_dossier_is_named_by_its_place_table_and_field_and_the_others_are_kept(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using var system = await host.SystemAsync();
        var bad = Samples.Visit("LK2");
        bad["XML2"]!.Rows[0]["MA_LK"] = "ANOTHER";
        var nowhere = Samples.Visit("LK4", facility: "2500123");
        var (first, third) = (Samples.Visit("LK1"), Samples.Visit("LK3"));
        using var answer = await system.CheckInAsync(first, bad, third, nowhere);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var body = await answer.JsonAsync();
        Assert.Equal(2, body.GetProperty("trangThai").GetInt32());
        var said = body.GetProperty("maLoi").GetString()!;
        Assert.StartsWith("Lỗi hồ sơ thứ 2: MA_LK của XML1 là \"LK2\"", said, StringComparison.Ordinal);
        Assert.Contains("; Lỗi hồ sơ thứ 4: ", said, StringComparison.Ordinal);
        Assert.True(new[] { "XML2", "MA_LK" }.All(part => said.Contains(part, StringComparison.Ordinal)), said);
        Assert.Equal(["LK1", "LK2", "LK3", "LK4"], body.GetProperty("hoSo").EnumerateArray().Select(d => d.GetProperty("maLk").GetString()));
        var error = body.GetProperty("hoSo")[1].GetProperty("loi")[0];
        Assert.Equal("MA_LK", error.GetProperty("truong").GetString());
        Assert.Contains("XML2", error.GetProperty("noiDung").GetString(), StringComparison.Ordinal);
        foreach (var (dossier, status) in new[] { (first, HttpStatusCode.OK), (bad, HttpStatusCode.NotFound), (third, HttpStatusCode.OK), (nowhere, HttpStatusCode.NotFound) })
        {
            using var kept = await system.GetAsync(Portal.Path(dossier));
            Assert.Equal(status, kept.StatusCode);
        }

        await host.IsCleanAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_unknown_facility_is_provisional_and_a_bound_account_sends_for_its_own_alone(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using var system = await host.SystemAsync();
        using (var answer = await system.CheckInAsync(Samples.Visit(facility: "25077")))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        using (var facts = await system.GetAsync("/intake/dossiers/25077/LK1?format=json"))
        {
            Assert.Contains(RuleNames.ProvisionalFacility, await facts.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(FacilityStatus.Provisional, host.Services.GetRequiredService<IFacilityDirectory>().Find("25077")!.Status);
        using var bound = await host.SystemAsync(PortalHost.Bound);
        using (var own = await bound.CheckInAsync(Samples.Visit()))
        {
            Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        }

        using (var other = await bound.CheckInAsync(Samples.Visit("LK9", facility: "25002")))
        {
            Assert.Equal(HttpStatusCode.Created, other.StatusCode);
            var body = await other.JsonAsync();
            Assert.Contains("25001", body.GetProperty("maLoi").GetString(), StringComparison.Ordinal);
            Assert.Equal(RuleNames.BoundFacility, body.Rules()[0]);
        }

        using var seen = await bound.GetAsync("/intake/dossiers/25077/LK1");
        Assert.Equal(HttpStatusCode.NotFound, seen.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Nobody_sends_without_a_token_or_with_a_wrong_one_or_in_another_role(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using var nobody = await host.SystemAsync(null);
        using (var answer = await nobody.CheckInAsync(Samples.Visit()))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        nobody.DefaultRequestHeaders.Authorization = new("Bearer", "not-a-token");
        using (var answer = await nobody.CheckInAsync(Samples.Visit()))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        using var form = new MultipartFormDataContent { { new StringContent(Roles.Doctor), "username" }, { new StringContent(PortalHost.Password), "password" } };
        using var doctor = await nobody.PostAsync("/api/token", form);
        Assert.Equal(HttpStatusCode.Unauthorized, doctor.StatusCode);
        Assert.Equal(0, await host.FeedAsync());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Again_is_unchanged_corrected_is_a_version_and_a_late_check_in_changes_nothing(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using var system = await host.SystemAsync();
        var steps = new (byte[] File, string Result)[]
        {
            (Samples.File(Samples.CheckIn()), "moi"),
            (Samples.Envelope(Samples.Visit()), "capNhat"),
            (Samples.Envelope(Samples.Visit()), "khongDoi"),
            (Samples.File(Samples.CheckIn()), "khongDoi"),
            (Samples.Envelope(Samples.Visit(diagnosis: "Viêm họng mủ")), "capNhat"),
            (Samples.Envelope(Samples.Visit(diagnosis: "Viêm họng mủ")), "khongDoi"),
        };
        foreach (var (file, result) in steps)
        {
            var before = await host.FeedAsync();
            using var answer = await system.CheckInAsync(("hoso.xml", file));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(result, (await answer.JsonAsync()).GetProperty("hoSo")[0].GetProperty("ketQua").GetString());
            Assert.Equal(result == "khongDoi", before == await host.FeedAsync());
        }

        using var kept = await system.GetAsync(Portal.Path(Samples.Visit()) + "?format=json");
        var facts = await kept.JsonAsync();
        Assert.Equal([3, 2, 1], facts.GetProperty("versions").EnumerateArray().Select(v => v.GetProperty("version").GetInt32()));
        var officer = await host.BrowserAsync(Roles.DataOfficer);
        using var page = await officer.GetAsync(Portal.Path(Samples.Visit()));
        var html = await page.Content.ReadAsStringAsync();
        Assert.Contains("Viêm họng cấp", html, StringComparison.Ordinal);
        Assert.Contains("Viêm họng mủ", html, StringComparison.Ordinal);
        await host.IsCleanAsync();
    }
}
