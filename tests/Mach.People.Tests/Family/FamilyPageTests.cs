using System.Net;
using Mach.Access;
using Mach.Data;
using Mach.People.Family;
using Mach.Testing;

namespace Mach.People.Tests.Family;

public sealed class FamilyPageTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_clerk_finds_the_mother_links_takes_away_and_links_again(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await KinTests.MotherAsync(host);
        await KinTests.ChildAsync(host);
        var desk = await host.BrowserAsync(Roles.Registrar);
        var page = await desk.GetAsync("/people/child/family");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Mẹ: HÁN THỊ MÙI", page.Text, StringComparison.Ordinal);
        foreach (var who in new[] { "han thi mui", "2520000001", "mother" })
        {
            Assert.Contains("href=\"/people/mother/family\"", (await desk.GetAsync("/people/child/family?kind=MTH&birth=1995&who=" + Uri.EscapeDataString(who))).Text, StringComparison.Ordinal);
        }

        Assert.Contains("Không tìm thấy ai", (await desk.GetAsync("/people/child/family?kind=MTH&who=zzz")).Text, StringComparison.Ordinal);
        (string, string)[] mother = [("patient", "child"), ("relative", "mother"), ("kind", "MTH")];
        var linked = await desk.PostAsync("/people/child/family", page, [.. mother, ("act", "link"), ("why", "giấy chứng sinh")]);
        Assert.Equal("/people/child/family?done=linked", linked.Location);
        var after = await desk.GetAsync(linked.Location!);
        Assert.Contains("<li class=\"kin-card\">", after.Text, StringComparison.Ordinal);
        Assert.Contains("giấy chứng sinh", after.Text, StringComparison.Ordinal);
        Assert.Contains("Đã nối.", after.Text, StringComparison.Ordinal);
        Assert.Equal("/people/child/family?refused=why", (await desk.PostAsync("/people/child/family", page, [.. mother, ("act", "remove")])).Location);
        Assert.Contains("cần ghi lý do", (await desk.GetAsync("/people/child/family?refused=why")).Text, StringComparison.Ordinal);
        Assert.Equal("/people/child/family?done=removed", (await desk.PostAsync("/people/child/family", page, [.. mother, ("act", "remove"), ("why", "nhầm người")])).Location);
        Assert.Contains("Nối lại", (await desk.GetAsync("/people/child/family")).Text, StringComparison.Ordinal);
        // From the mother's page the child is linked, and it is the same link.
        Assert.Equal("/people/mother/family?done=linked", (await desk.PostAsync("/people/mother/family", page, ("patient", "mother"), ("relative", "child"), ("kind", "CHILD"), ("act", "link"))).Location);
        Assert.Equal(KinRow.Linked, (await host.Get<KinTable>().FindAsync("child", "mother", "MTH", default))!.State);
        Assert.Contains("Family and household", (await desk.GetAsync("/people/child/family?lang=en")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_form_sends_is_refused_and_nobody_else_may_see_or_change()
    {
        await using var host = await PeopleHost.StartAsync(DbEngine.Sqlite);
        await KinTests.MotherAsync(host);
        await KinTests.ChildAsync(host);
        await host.PutPatientAsync("odd", "Hán Lạ", "1980", "unknown");
        await host.PutPatientAsync("stranger", "Lê Văn Ai", "1980", "male");
        var desk = await host.BrowserAsync(Roles.Registrar);
        var page = await desk.GetAsync("/people/child/family");
        Task<Answer> Post(params (string, string)[] form) => desk.PostAsync("/people/child/family", page, form);
        Assert.Equal(HttpStatusCode.BadRequest, (await Post(("act", "eat"), ("patient", "child"), ("relative", "mother"), ("kind", "MTH"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Post(("act", "link"), ("patient", "child"), ("relative", "mother"), ("kind", "XXX"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Post(("act", "link"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Post(("act", "link"), ("patient", "mother"), ("relative", "stranger"), ("kind", "SPS"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Post(("act", "link"), ("patient", "child"), ("relative", "nobody"), ("kind", "MTH"))).Status);
        Assert.Equal("/people/child/family?refused=oneself", (await Post(("act", "link"), ("patient", "child"), ("relative", "child"), ("kind", "GUARD"))).Location);
        Assert.Equal("/people/odd/family?refused=sex", (await desk.PostAsync("/people/odd/family", page, ("act", "link"), ("patient", "odd"), ("relative", "child"), ("kind", "CHILD"))).Location);
        Assert.Equal(HttpStatusCode.NotFound, (await desk.GetAsync("/people/nobody/family")).Status);
        Assert.Empty(await host.Store.ChangedAsync("RelatedPerson", 0, 10, default));

        var administrator = await host.BrowserAsync(Roles.Administrator);
        Assert.NotEqual(HttpStatusCode.OK, (await administrator.GetAsync("/people/child/family")).Status);
        Assert.NotEqual(HttpStatusCode.OK, (await desk.GetAsync("/questions/family")).Status);
        Assert.Contains((await host.Get<AccessLog>().ListAsync("child", 100, default)), e => e.Event.Action == "family-open" && e.Event.Actor == Roles.Registrar);
    }

    [Fact]
    public async Task An_officer_sees_what_waits_and_decides_on_the_page_of_the_person()
    {
        await using var host = await PeopleHost.StartAsync(DbEngine.Sqlite);
        await KinTests.MotherAsync(host);
        await host.PutPatientAsync("child", "Lê Văn Khác", "2024-01-02", "male", ""","identifier":[{"system":"http://fhir.ehealth.gov.vn/core/sid/insurance_number","value":"2599900001"}]""");
        await KinTests.BirthAsync(host);
        await KinTests.SweepAsync(host);
        var officer = await host.BrowserAsync(Roles.DataOfficer);
        Assert.Contains("Lê Văn Khác", (await officer.GetAsync("/questions/family")).Text, StringComparison.Ordinal);
        var page = await officer.GetAsync("/people/mother/family");
        Assert.Contains("tên khác", page.Text, StringComparison.Ordinal);
        await officer.PostAsync("/people/mother/family", page, ("patient", "child"), ("relative", "mother"), ("kind", "MTH"), ("act", "link"));
        Assert.DoesNotContain("Lê Văn Khác", (await officer.GetAsync("/questions/family")).Text, StringComparison.Ordinal);
        Assert.Contains("Lê Văn Khác", (await officer.GetAsync("/people/mother/family")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_confidential_mother_is_not_named_to_a_clerk_nor_in_the_record_of_her_child()
    {
        await using var host = await PeopleHost.StartAsync(DbEngine.Sqlite);
        await host.PutPatientAsync("mother", "Hán Thị Mùi", "1995-05-06", "female", ""","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"V"}]},"address":[{"text":"Khu 3, Phường Việt Trì"}]""");
        await host.PutPatientAsync("child", "Hán Ngọc Diệp", "2024-01-02", "female", ""","address":[{"text":"Khu 3, Phường Việt Trì"}]""");
        Assert.True(await host.Get<Profiles.Follower>().CatchUpAsync(default));
        Assert.Equal(KinOutcome.Done, await host.Get<FamilyLinks>().LinkAsync(new KinWanted("child", "mother", Kinds.Mother, "an", ""), default));
        var clerk = await (await host.BrowserAsync(Roles.Registrar)).GetAsync("/people/child/family");
        Assert.Equal(HttpStatusCode.OK, clerk.Status);
        Assert.DoesNotContain("Hán Thị Mùi", clerk.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("06/05/1995", clerk.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await host.BrowserAsync(Roles.Registrar)).GetAsync("/people/mother/family")).Status);
        Assert.Contains("Hán Thị Mùi", (await (await host.BrowserAsync(Roles.DataOfficer)).GetAsync("/people/child/family")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Hán Thị Mùi", await host.BodyAsync("RelatedPerson", (await host.Get<KinTable>().FindAsync("child", "mother", Kinds.Mother, default))!.ResourceId), StringComparison.Ordinal);
    }
}
