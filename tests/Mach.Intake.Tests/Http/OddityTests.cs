using System.Net;
using System.Text;
using Mach.Data;
using Mach.Testing;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Tests.Http;

/// <summary>Ways in which real dossiers break the written rules: the visit is taken, kept exactly, and what is odd is found.</summary>
public sealed class OddityTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static (string Name, byte[] Envelope)[] Odd()
    {
        Dossier With(string name, Action<Dossier> change)
        {
            var visit = Samples.Visit(name, number: name);
            change(visit);
            return visit;
        }

        byte[] Text(string name, Func<string, string> change) => Encoding.UTF8.GetBytes(change(Portal.Text(Samples.Visit(name))));
        return
        [
            ("COMMA", Samples.Envelope(With("COMMA", d => d["XML2"]!.Rows[0]["SO_LUONG"] = "10,5"))),
            ("TOTAL", Samples.Envelope(With("TOTAL", d => d.Summary["T_TONGCHI_BV"] = "999999999"))),
            ("EMPTY", Samples.Envelope(With("EMPTY", d => d.Summary["MA_BENH_CHINH"] = ""))),
            ("NAMELESS", Samples.Envelope(With("NAMELESS", d => d.Summary["HO_TEN"] = ""))),
            ("FUTURE", Samples.Envelope(With("FUTURE", d => d.Summary["NGAY_VAO"] = "209901010800"))),
            ("NODATE", Samples.Envelope(With("NODATE", d => d.Summary["NGAY_VAO"] = "32/13/2026"))),
            ("LONG", Samples.Envelope(With("LONG", d => d.Summary["HO_TEN"] = new string('a', 5000)))),
            ("WRAPPED", Text("WRAPPED", t => t.Replace("<NOIDUNGFILE>", "<NOIDUNGFILE>\r\n    ", StringComparison.Ordinal))),
            ("BOM", [0xEF, 0xBB, 0xBF, .. Samples.Envelope(Samples.Visit("BOM"))]),
            ("CRLF", Text("CRLF", t => t.Replace("><", ">\r\n<", StringComparison.Ordinal))),
            ("UNKNOWN", Text("UNKNOWN", t => t.Replace("</HOSO>", "<FILEHOSO><LOAIHOSO>XML20</LOAIHOSO><NOIDUNGFILE>" + Convert.ToBase64String("<X><MA_LK>UNKNOWN</MA_LK></X>"u8) + "</NOIDUNGFILE></FILEHOSO></HOSO>", StringComparison.Ordinal))),
            ("FORM", Samples.Envelope(Samples.Visit("FORM", name: "Nguyễn Thị Hoa".Normalize(NormalizationForm.FormC).Replace("ễ", "e\u0302\u0303", StringComparison.Ordinal)))),
            ("WIDE", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Portal.Text(Samples.Visit("WIDE")).Replace("utf-8", "utf-16", StringComparison.OrdinalIgnoreCase))).ToArray()),
        ];
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_visit_is_taken_with_findings_and_comes_back_exactly(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using var system = await host.SystemAsync();
        foreach (var (name, envelope) in Odd())
        {
            using var answer = await system.CheckInAsync((name + ".xml", envelope));
            Assert.True(answer.StatusCode == HttpStatusCode.OK, name + ": " + await answer.Content.ReadAsStringAsync());
            using var kept = await system.GetAsync("/intake/dossiers/25001/" + name);
            var bytes = await kept.Content.ReadAsByteArrayAsync();
            Assert.True(envelope.SequenceEqual(bytes), name);
        }

        await host.IsCleanAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Each_oddity_is_told_by_its_field(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using var system = await host.SystemAsync();
        foreach (var (name, field) in new[] { ("COMMA", "SO_LUONG"), ("TOTAL", "T_TONGCHI_BV"), ("EMPTY", "MA_BENH_CHINH"), ("FUTURE", "NGAY_VAO"), ("NODATE", "NGAY_VAO"), ("LONG", "HO_TEN"), ("UNKNOWN", "XML20") })
        {
            (await system.CheckInAsync((name, Odd().Single(o => o.Name == name).Envelope))).Dispose();
            using var facts = await system.GetAsync($"/intake/dossiers/25001/{name}?format=json");
            var findings = (await facts.JsonAsync()).GetProperty("findings").EnumerateArray().Select(f => f.ToString()).ToList();
            Assert.True(findings.Exists(f => f.Contains(field, StringComparison.Ordinal)), $"{name}: {string.Join('\n', findings)}");
        }
    }
}
