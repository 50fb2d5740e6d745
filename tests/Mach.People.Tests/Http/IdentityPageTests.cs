using System.Net;
using System.Text;
using Mach.Access;
using Mach.Data;
using Mach.Kernel;
using Mach.People.Pairs;
using Mach.Store;
using Mach.Testing;
using Mach.Vietnam;

namespace Mach.People.Tests.Http;

/// <summary>Source: docs/adr/0012 "Golden view".</summary>
public sealed class IdentityPageTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Each_value_has_who_stated_it_and_what_was_stated_before(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await WriteAsync(host, "may-a", "Hán Thị Mùi", "0912345678", null);
        host.Database.Clock.Now += TimeSpan.FromDays(1);
        await WriteAsync(host, "tram-xa", "Hán Thị Mười", "0912345678", new DossierUri("25012", "LK7"));
        var officer = await host.BrowserAsync(Roles.DataOfficer);
        var page = await officer.GetAsync("/people/a/identity");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        var name = page.Between("Họ tên</th>", "</tr>");
        Assert.True(name.IndexOf("Hán Thị Mười", StringComparison.Ordinal) < name.IndexOf("25012 · LK7", StringComparison.Ordinal), name);
        Assert.True(name.IndexOf("25012 · LK7", StringComparison.Ordinal) < name.IndexOf("Hán Thị Mùi", StringComparison.Ordinal), name);
        Assert.Contains("/intake/dossiers/25012/LK7", name, StringComparison.Ordinal);
        Assert.Contains("may-a", page.Between("Điện thoại</th>", "</tr>"), StringComparison.Ordinal);
        Assert.Contains("025155000123", page.Text, StringComparison.Ordinal);
        var english = await (await host.BrowserAsync(Roles.Registrar)).GetAsync("/people/a/identity?lang=en");
        Assert.Contains("Also stated", english.Text, StringComparison.Ordinal);
        Assert.Contains("•••• 0123", english.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("025155000123", english.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("action=\"/people/a/marks\"", english.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\[[a-z][a-z\-]+\]", english.Text);
        Assert.Equal(["identity-open", "identity-open"], (await host.Get<AccessLog>().ListAsync("a", 10, default)).Select(e => e.Event.Action));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_linked_record_tells_what_it_says_and_who_linked_it(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await host.PutPatientAsync("a", "Hán Thị Mùi", "1955-06-07", "female");
        await host.PutPatientAsync("b", "Hán Thị Mùi", "1956", "female");
        await host.Get<Verdicts>().DecideAsync(new VerdictWanted("a", "b", PairRow.Same, "chi-lan", "hỏi gia đình"), default);
        var page = await (await host.BrowserAsync(Roles.DataOfficer)).GetAsync("/people/a/identity");
        Assert.Contains("1956", page.Between("Ngày sinh</th>", "</tr>"), StringComparison.Ordinal);
        Assert.Contains("/people/b/identity", page.Text, StringComparison.Ordinal);
        Assert.Contains("chi-lan", page.Text, StringComparison.Ordinal);
        Assert.Contains("hỏi gia đình", page.Text, StringComparison.Ordinal);
        Assert.Contains("/questions/pairs/a/b", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_officer_marks_with_a_reason_and_others_do_not(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await host.PutPatientAsync("a", "Hán Thị Mùi", "1955-06-07", "female", ""","deceasedDateTime":"2026-01-02" """);
        var officer = await host.BrowserAsync(Roles.DataOfficer);
        var page = await officer.GetAsync("/people/a/identity");
        Assert.Contains("02/01/2026", page.Text, StringComparison.Ordinal);
        Assert.EndsWith("?said=needs-reason", (await officer.PostAsync("/people/a/marks", page, ("mark", "confidential"), ("why", " "))).Location, StringComparison.Ordinal);
        foreach (var (mark, shown) in new[] { ("confidential", "Bỏ bảo mật"), ("test", "Là người thật"), ("alive", "Khôi phục tử vong"), ("dead", "Không phải: còn sống") })
        {
            var done = await officer.PostAsync("/people/a/marks", page, ("mark", mark), ("why", "lý do " + mark));
            Assert.EndsWith("?said=done", done.Location, StringComparison.Ordinal);
            page = await officer.GetAsync(done.Location!);
            Assert.Contains(shown, page.Text, StringComparison.Ordinal);
            Assert.Contains("lý do " + mark, page.Text, StringComparison.Ordinal);
        }

        Assert.EndsWith("?said=nothing", (await officer.PostAsync("/people/a/marks", page, ("mark", "test"), ("why", "lần nữa"))).Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await officer.PostAsync("/people/a/marks", page, ("mark", "perhaps"), ("why", "x"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await officer.PostAsync("/people/nobody/marks", page, ("mark", "test"), ("why", "x"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await officer.GetAsync("/people/nobody/identity")).Status);
        Assert.Equal(["person-alive", "person-confidential", "person-dead", "person-test"], (await host.Get<AccessLog>().ListAsync("a", 50, default)).Select(e => e.Event.Action).Where(a => a is not ("identity-open" or "ppl-mark")).Order(StringComparer.Ordinal));

        var doctor = await host.BrowserAsync(Roles.Doctor);
        var refused = await doctor.GetAsync("/people/a/identity");
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("Người bệnh bảo mật", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Mùi", refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await doctor.PostAsync("/people/a/marks", await doctor.GetAsync("/people/new"), ("mark", "open"), ("why", "x"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await host.BrowserAsync(Roles.Administrator)).GetAsync("/people/a/identity")).Status);
    }

    /// <summary>Codes of QĐ 4750: ethnic group of QĐ 121-TCTK/PPCĐ, occupation of QĐ 34/2020/QĐ-TTg, where the group of a code begins it.</summary>
    [Fact]
    public async Task Codes_are_named_and_an_occupation_without_a_name_by_its_group()
    {
        await using var host = await PeopleHost.StartAsync(DbEngine.Sqlite);
        string Code(string name, string value) => $$"""{"url":"{{Systems.Own}}/StructureDefinition/{{name}}","valueString":"{{value}}"}""";
        await host.PutPatientAsync("a", "Hán Thị Mùi", "1955-06-07", "female", $$""","extension":[{{Code("ethnicity", "06")}},{{Code("nationality", "418")}},{{Code("occupation", "22120")}}]""");
        var page = await (await host.BrowserAsync(Roles.Registrar)).GetAsync("/people/a/identity");
        Assert.Contains("Mường (mã 06)", page.Between("Dân tộc</th>", "</tr>"), StringComparison.Ordinal);
        Assert.Contains("Bác sĩ (mã 22120)", page.Between("Nghề nghiệp</th>", "</tr>"), StringComparison.Ordinal);
        Assert.Contains("<td>mã 418", page.Between("Quốc tịch</th>", "</tr>"), StringComparison.Ordinal);
    }

    /// <summary>A Patient, in one commit with the visit whose dossier it came in when there is one.</summary>
    private static Task<CommitResult> WriteAsync(PeopleHost host, string actor, string name, string phone, DossierUri? dossier)
    {
        var patient = $$"""{"resourceType":"Patient","id":"a","identifier":[{"system":"{{Systems.NationalId}}","value":"025155000123"}],"name":[{"text":"{{name}}"}],"telecom":[{"system":"phone","value":"{{phone}}"}],"gender":"female"}""";
        var writes = new List<Write> { new(WriteKind.Put, "Patient", "a", Encoding.UTF8.GetBytes(patient)) };
        if (dossier is not null)
        {
            var id = Ids.Derive(dossier.Facility, dossier.MaLk);
            var visit = $$$"""{"resourceType":"Encounter","id":"{{{id}}}","meta":{"source":"{{{dossier}}}"},"status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/a"}}""";
            writes.Add(new Write(WriteKind.Put, "Encounter", id, Encoding.UTF8.GetBytes(visit)));
        }

        return host.Store.CommitAsync(new Commit { Writes = writes, Actor = actor }, default);
    }
}
