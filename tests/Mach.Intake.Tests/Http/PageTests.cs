using System.Net;
using System.Text;
using Mach.Access;
using Mach.Data;
using Mach.Testing;

namespace Mach.Intake.Tests.Http;

/// <summary>The pages as a browser without JavaScript uses them.</summary>
public sealed class PageTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Several_files_are_dropped_and_their_receipts_open(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        var officer = await host.BrowserAsync(Roles.DataOfficer);
        using var page = await officer.GetAsync("/intake");
        var token = await page.TokenAsync();
        using (var forged = await officer.UploadAsync("/intake", null, ("a.xml", Samples.Envelope(Samples.Visit()))))
        {
            Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        }

        Assert.Equal(0, await host.FeedAsync());
        var files = Enumerable.Range(1, 12).Select(i => ($"tệp {i}.xml", i == 5 ? Encoding.UTF8.GetBytes("no xml") : Samples.Envelope(Samples.Visit("M" + i)))).ToArray();
        using (var sent = await officer.UploadAsync("/intake", token, files))
        {
            Assert.Equal((HttpStatusCode.SeeOther, "/intake"), (sent.StatusCode, sent.Headers.Location?.OriginalString));
        }

        using (var one = await officer.UploadAsync("/intake", token, ("một.xml", Samples.Envelope(Samples.Visit("ONE"), Samples.Visit("TWO")))))
        {
            Assert.Equal(HttpStatusCode.SeeOther, one.StatusCode);
            var html = "";
            for (var i = 0; i < 100 && !html.Contains("badge good", StringComparison.Ordinal); i++)
            {
                using var receipt = await officer.GetAsync(one.Headers.Location!.OriginalString);
                html = await receipt.Content.ReadAsStringAsync();
                await Task.Delay(50);
            }

            Assert.Contains("/intake/dossiers/25001/TWO", html, StringComparison.Ordinal);
        }

        using (var none = await officer.UploadAsync("/intake", token))
        {
            Assert.True(none.StatusCode is HttpStatusCode.SeeOther or HttpStatusCode.BadRequest);
        }

        using var list = await officer.GetAsync("/intake");
        var shown = await list.Content.ReadAsStringAsync();
        Assert.All(files, f => Assert.Contains(f.Item1, shown, StringComparison.Ordinal));
        await host.IsCleanAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_refused_dossier_is_opened_corrected_and_taken(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using var system = await host.SystemAsync();
        var officer = await host.BrowserAsync(Roles.DataOfficer);
        var bad = Samples.Visit("LK2", name: "Đỗ Thị <Ánh> & \"Con\"");
        bad["XML2"]!.Rows[0]["MA_LK"] = "ANOTHER";
        using var answer = await system.CheckInAsync(Samples.Visit("LK1"), bad);
        var address = $"/intake/receipts/{(await answer.JsonAsync()).GetProperty("maGiaoDich").GetString()}";
        using var receipt = await officer.GetAsync(address);
        Assert.Contains(address + "/2", await receipt.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var open = await officer.GetAsync(address + "/2");
        var html = await open.Content.ReadAsStringAsync();
        var form = new List<(string, string)> { ("facility", "25001") };
        foreach (var part in html.Split("<fieldset>").Skip(1))
        {
            form.Add(("kind", part.Between("name=\"kind\" value=\"", "\"")));
            form.Add(("text", WebUtility.HtmlDecode(part.Between("<textarea", "</textarea>").Split('>', 2)[1]).Replace("ANOTHER", "LK2", StringComparison.Ordinal).ReplaceLineEndings("\r\n")));
        }

        Assert.Equal(7, form.Count);
        using (var forged = await officer.PostAsync(address + "/2", null, [.. form]))
        {
            Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        }

        using var sent = await officer.PostAsync(address + "/2", await open.TokenAsync(), [.. form]);
        Assert.Equal(HttpStatusCode.SeeOther, sent.StatusCode);
        using var done = await officer.GetAsync(sent.Headers.Location!.OriginalString);
        Assert.Contains("/intake/dossiers/25001/LK2", await done.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var dossier = await officer.GetAsync("/intake/dossiers/25001/LK2");
        Assert.Contains("Đỗ Thị &lt;Ánh&gt;", await dossier.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var strange = await officer.PostAsync(address + "/2", await open.TokenAsync(), ("facility", "25001"), ("kind", "XML1\u0001"), ("text", "x"));
        Assert.True((int)strange.StatusCode < 500, strange.StatusCode.ToString());
        await host.IsCleanAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Each_page_opens_for_its_roles_alone(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using var system = await host.SystemAsync();
        using var answer = await system.CheckInAsync(Samples.Visit());
        var receipt = "/intake/receipts/" + (await answer.JsonAsync()).GetProperty("maGiaoDich").GetString();
        (string Path, string[] Roles)[] pages =
        [
            ("/intake", [Roles.DataOfficer, Roles.Administrator, Roles.Doctor, Roles.Intake]),
            (receipt, [Roles.DataOfficer, Roles.Administrator, Roles.Doctor, Roles.Intake]),
            (receipt + "/1", [Roles.DataOfficer, Roles.Administrator, Roles.Doctor, Roles.Intake]),
            ("/intake/findings", [Roles.DataOfficer, Roles.Administrator, Roles.Doctor, Roles.Intake]),
            ("/facilities", [.. Roles.All]),
            ("/facilities/25001", [.. Roles.All]),
            ("/questions", [Roles.DataOfficer]),
        ];
        foreach (var role in Roles.All)
        {
            var browser = await host.BrowserAsync(role);
            foreach (var (path, roles) in pages)
            {
                using var page = await browser.GetAsync(path);
                Assert.True(page.StatusCode == (roles.Contains(role) ? HttpStatusCode.OK : HttpStatusCode.Forbidden), $"{role} {path}: {page.StatusCode}");
            }

            if (role is Roles.Doctor or Roles.Registrar)
            {
                using var home = await browser.GetAsync("/facilities");
                using var sent = await browser.UploadAsync("/intake", "x", ("a.xml", Samples.Envelope(Samples.Visit("NO"))));
                Assert.Equal(HttpStatusCode.Forbidden, sent.StatusCode);
                using var decided = await browser.PostAsync("/facilities/25001", "x", ("name", "Sai"));
                Assert.Equal(HttpStatusCode.Forbidden, decided.StatusCode);
            }
        }

        using var nobody = await host.SystemAsync(null);
        foreach (var (path, _) in pages)
        {
            using var page = await nobody.GetAsync(path);
            Assert.True(page.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Redirect or HttpStatusCode.Found or HttpStatusCode.SeeOther, path);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Strange_questions_are_answered_without_an_error(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using var system = await host.SystemAsync();
        (await system.CheckInAsync(Samples.Visit())).Dispose();
        var officer = await host.BrowserAsync(Roles.DataOfficer);
        foreach (var path in new[]
        {
            "/intake?page=2147483647", "/intake?page=-5", "/intake?q=%00", "/intake?q=%27%25_&state=nothing", "/intake?state=%00", "/intake?page=x", "/intake/receipts/none",
            "/intake/receipts/none/1", "/intake/findings?rule=%00", "/intake/findings?rule=bhyt.field.required&facility=%00", "/facilities?q=%00&page=2147483647", "/facilities/none", "/questions?page=2147483647&status=%00",
            "/intake/dossiers/25001/LK1?version=99", "/intake/envelopes/none", "/intake/dossiers/25001/" + new string('a', 4000),
        })
        {
            using var page = await officer.GetAsync(path);
            Assert.True((int)page.StatusCode < 500, $"{path}: {page.StatusCode}");
        }
    }
}
