using System.Net;
using System.Text;
using Mach.Access;
using Mach.Data;
using Mach.Testing;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Tests.Http;

/// <summary>What cannot be read is refused with words, changes nothing in the record, and can be opened afterwards.</summary>
public sealed class RejectionTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static readonly string Good = Portal.Text(Samples.Visit());

    private static readonly (string Name, string Text)[] Bad =
    [
        ("empty", ""),
        ("white space", " \r\n\t "),
        ("words", "xin chào"),
        ("json", "{\"a\":1}"),
        ("html", "<html><body>502</body></html>"),
        ("truncated", Good[..^40]),
        ("truncated in a dossier", Good[..(Good.Length / 2)]),
        ("two roots", Good + Good),
        ("doctype", "<!DOCTYPE GIAMDINHHS>" + Good),
        ("bomb", "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><GIAMDINHHS>&c;</GIAMDINHHS>"),
        ("external", "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><GIAMDINHHS>&a;</GIAMDINHHS>"),
        ("count too high", Good.Replace("<SOLUONGHOSO>1<", "<SOLUONGHOSO>2<", StringComparison.Ordinal)),
        ("count no number", Good.Replace("<SOLUONGHOSO>1<", "<SOLUONGHOSO>một<", StringComparison.Ordinal)),
        ("count missing", Good.Replace("<SOLUONGHOSO>1</SOLUONGHOSO>", "", StringComparison.Ordinal)),
        ("no dossier", "<GIAMDINHHS><THONGTINDONVI><MACSKCB>25001</MACSKCB></THONGTINDONVI><THONGTINHOSO><SOLUONGHOSO>0</SOLUONGHOSO><DANHSACHHOSO/></THONGTINHOSO></GIAMDINHHS>"),
        ("control letter", Good.Replace("<NGAYLAP>", "<NGAYLAP>&#1;", StringComparison.Ordinal)),
    ];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task It_is_400_with_the_reason_and_is_listed_as_rejected(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using var system = await host.SystemAsync();
        var officer = await host.BrowserAsync(Roles.DataOfficer);
        foreach (var (name, text) in Bad)
        {
            using var answer = await system.CheckInAsync((name + ".xml", Encoding.UTF8.GetBytes(text)));
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{name}: {answer.StatusCode}");
            var body = await answer.JsonAsync();
            Assert.Equal(3, body.GetProperty("trangThai").GetInt32());
            Assert.NotEmpty(body.GetProperty("maLoi").GetString()!);
            Assert.DoesNotContain("root:", body.GetProperty("maLoi").GetString(), StringComparison.Ordinal);
            var id = body.GetProperty("maGiaoDich").GetString()!;
            using var kept = await system.GetAsync("/intake/envelopes/" + id);
            Assert.True(text == await kept.Content.ReadAsStringAsync(), name);
            using var page = await officer.GetAsync("/intake/receipts/" + id);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Contains(WebUtility.HtmlEncode(name), await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var list = await officer.GetAsync("/intake?state=rejected");
        var html = await list.Content.ReadAsStringAsync();
        Assert.All(Bad, b => Assert.Contains(b.Name + ".xml", html, StringComparison.Ordinal));
        Assert.Equal(0, await host.FeedAsync());
        await host.IsCleanAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Too_large_is_413_and_nothing_of_it_is_kept(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine, new EnvelopeLimits(MaxBytes: 20_000));
        using var system = await host.SystemAsync();
        using var large = await system.CheckInAsync(Enumerable.Range(1, 30).Select(i => Samples.Visit("LK" + i)).ToArray());
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        var body = await large.JsonAsync();
        Assert.Equal(3, body.GetProperty("trangThai").GetInt32());
        using var kept = await system.GetAsync("/intake/envelopes/" + body.GetProperty("maGiaoDich").GetString());
        Assert.Equal(HttpStatusCode.NotFound, kept.StatusCode);
        Assert.Equal(0, await host.FeedAsync());
        using var small = await system.CheckInAsync(Samples.Visit());
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_dossier_too_large_is_refused_and_a_malformed_multipart_is_400(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine, new EnvelopeLimits(MaxDossierBytes: 8_000));
        using var system = await host.SystemAsync();
        var large = Samples.Visit("LARGE", diagnosis: new string('a', 20_000));
        using var answer = await system.CheckInAsync(Samples.Visit(), large);
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.Created });
        using var broken = new ByteArrayContent(Encoding.UTF8.GetBytes("--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.xml\"\r\n\r\n<GIAM"));
        broken.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");
        using var malformed = await system.PostAsync("/api/Cong130/CheckIn", broken);
        Assert.Equal(HttpStatusCode.BadRequest, malformed.StatusCode);
        using var unbounded = new ByteArrayContent([]);
        unbounded.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data");
        using var nameless = await system.PostAsync("/api/Cong130/CheckIn", unbounded);
        Assert.Equal(HttpStatusCode.BadRequest, nameless.StatusCode);
        await host.IsCleanAsync();
    }
}
