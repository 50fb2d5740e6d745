using System.Net;
using Mach.Access;
using Mach.Data;
using Mach.Testing;

namespace Mach.Intake.Tests.Http;

/// <summary>One dossier fetched back as it is kept.</summary>
public sealed class DossierTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task It_comes_as_xml_json_or_page_by_what_is_asked_for(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using var system = await host.SystemAsync();
        var alone = Samples.Envelope(Samples.Visit());
        using (var taken = await system.CheckInAsync(("hoso.xml", alone)))
        {
            using var envelope = await system.GetAsync("/intake/envelopes/" + (await taken.JsonAsync()).GetProperty("maGiaoDich").GetString());
            Assert.Equal(alone, await envelope.Content.ReadAsByteArrayAsync());
        }

        var path = Portal.Path(Samples.Visit());
        foreach (var (accept, query, type) in new[]
        {
            (null, "", "application/xml"), ("*/*", "", "application/xml"), ("application/xml", "", "application/xml"), ("text/xml", "", "application/xml"),
            ("application/json", "", "application/json"), ("text/html", "", "text/html"), ("text/html,application/xml;q=0.9", "", "text/html"),
            ("application/xml;q=0.2,application/json;q=0.8", "", "application/json"), ("text/html", "?format=xml", "application/xml"), ("text/html", "?format=json", "application/json"),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path + query);
            if (accept is not null)
            {
                request.Headers.TryAddWithoutValidation("Accept", accept);
            }

            using var answer = await system.SendAsync(request);
            Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            if (type == "application/xml")
            {
                Assert.Equal(alone, await answer.Content.ReadAsByteArrayAsync());
            }
        }

        using var missing = await system.GetAsync("/intake/dossiers/25001/NONE");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.NotEmpty((await missing.JsonAsync()).GetProperty("maLoi").GetString()!);
        var doctor = await host.BrowserAsync(Roles.Doctor);
        using var page = await doctor.GetAsync("/intake/dossiers/25001/NONE");
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        using var original = await doctor.GetAsync(path);
        var html = await original.Content.ReadAsStringAsync();
        Assert.All(new[] { "id=\"XML1\"", "XML4-1", "Glucose", "Paracetamol" }, part => Assert.Contains(part, html, StringComparison.Ordinal));
        var registrar = await host.BrowserAsync(Roles.Registrar);
        using var denied = await registrar.GetAsync(path);
        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task One_of_many_comes_alone_with_its_exact_bytes_and_reads_again(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using var system = await host.SystemAsync();
        (await system.CheckInAsync(Samples.Visit("LK1"), Samples.Visit("LK2"))).Dispose();
        using var answer = await system.GetAsync(Portal.Path(Samples.Visit("LK2")));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains(Portal.Text(Samples.Visit("LK2")).Between("<HOSO>", "</HOSO>"), text, StringComparison.Ordinal);
        using var again = await system.CheckInAsync(text);
        Assert.Equal("khongDoi", (await again.JsonAsync()).GetProperty("hoSo")[0].GetProperty("ketQua").GetString());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_key_with_spaces_slashes_and_vietnamese_letters_is_found_by_its_address(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using var system = await host.SystemAsync();
        var officer = await host.BrowserAsync(Roles.DataOfficer);
        foreach (var key in new[] { "LK 2026/06/1", "Đợt 7 – Hoà", "a%2Fb", "a+b&c=d?e#f", "x\\y;z", "..", "a//b", "100%" })
        {
            var visit = Samples.Visit(key);
            using (var taken = await system.CheckInAsync(visit))
            {
                Assert.True(taken.StatusCode == HttpStatusCode.OK, key + await taken.Content.ReadAsStringAsync());
            }

            if (key == "..")
            {
                // Every client folds such a path before it sends it; the dossier is reached from its receipt.
                continue;
            }

            using var xml = await system.GetAsync(Portal.Path(visit));
            Assert.True(xml.StatusCode == HttpStatusCode.OK, $"{key}: {xml.StatusCode}");
            Assert.Equal(Samples.Envelope(visit), await xml.Content.ReadAsByteArrayAsync());
            using var page = await officer.GetAsync(Portal.Path(visit));
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }

        await host.IsCleanAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_check_in_that_came_from_the_page_comes_back_as_it_was(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using var system = await host.SystemAsync();
        var file = Samples.File(Samples.CheckIn());
        (await system.CheckInAsync(("checkin.xml", file))).Dispose();
        using var answer = await system.GetAsync(Portal.Path(Samples.CheckIn()));
        Assert.Equal(file, await answer.Content.ReadAsByteArrayAsync());
    }
}
