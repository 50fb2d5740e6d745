using System.Net;
using Mach.Access;
using Mach.Contracts.People;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Intake.Tests.Http;

/// <summary>What a data officer decides: facilities and contradicting persons.</summary>
public sealed class DecisionPageTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_provisional_facility_is_named_and_confirmed(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using var system = await host.SystemAsync();
        (await system.CheckInAsync(Samples.Visit())).Dispose();
        var officer = await host.BrowserAsync(Roles.DataOfficer);
        using var page = await officer.GetAsync("/facilities/25001");
        var token = await page.TokenAsync();
        using (var empty = await officer.PostAsync("/facilities/25001", token, ("name", "  ")))
        {
            Assert.Equal(HttpStatusCode.BadRequest, empty.StatusCode);
        }

        using (var missing = await officer.PostAsync("/facilities/25001", token, ("tier", "basic")))
        {
            Assert.Equal(HttpStatusCode.BadRequest, missing.StatusCode);
        }

        using (var decided = await officer.PostAsync("/facilities/25001", token, ("name", "Bệnh viện đa khoa tỉnh"), ("tier", "basic"), ("communeCode", "07900")))
        {
            Assert.Equal(HttpStatusCode.Redirect, decided.StatusCode);
        }

        var facility = host.Services.GetRequiredService<IFacilityDirectory>().Find("25001")!;
        Assert.Equal((FacilityStatus.Active, "Bệnh viện đa khoa tỉnh", "basic"), (facility.Status, facility.Name, facility.Tier));
        using var after = await officer.GetAsync("/facilities/25001");
        Assert.Contains("Cơ sở 25001", await after.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var again = await system.CheckInAsync(Samples.Visit("LK7"));
        Assert.DoesNotContain(RuleNames.ProvisionalFacility, await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(FacilityStatus.Active, host.Services.GetRequiredService<IFacilityDirectory>().Find("25001")!.Status);
        await host.IsCleanAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_contradiction_waits_is_linked_undone_and_decided_otherwise(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using var system = await host.SystemAsync();
        (await system.CheckInAsync(Samples.Visit())).Dispose();
        (await system.CheckInAsync(Samples.Visit("LK2", name: "Lê Văn Khác", birth: "195001010000", sex: "1", number: "BN2"))).Dispose();
        var officer = await host.BrowserAsync(Roles.DataOfficer);
        using var page = await officer.GetAsync("/questions");
        var html = await page.Content.ReadAsStringAsync();
        var (token, question, candidate) = (await page.TokenAsync(), html.Between("action=\"/questions/", "\""), html.Between("name=\"candidate\" value=\"", "\""));
        var provisional = html.Between("<a href=\"/people/", "\"");
        var links = host.Services.GetRequiredService<IPersonLinks>();
        Assert.NotEqual(provisional, candidate);
        foreach (var (decision, linked) in new[] { ("same", true), ("undone", false), ("different", false), ("undone", false), ("same", true) })
        {
            using var decided = await officer.PostAsync("/questions/" + question, token, ("candidate", candidate), ("decision", decision), ("why", "đã xem giấy tờ"));
            Assert.Equal(HttpStatusCode.Redirect, decided.StatusCode);
            Assert.Equal(linked, (await links.LinkedAsync(candidate, default)).Contains(provisional));
            Assert.Equal(linked, (await links.LinkedAsync(provisional, default)).Contains(candidate));
            using var list = await officer.GetAsync(decision == "undone" ? "/questions" : "/questions?status=decided");
            Assert.Contains("đã xem giấy tờ", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var wrong = await officer.PostAsync("/questions/" + question, token, ("candidate", candidate), ("decision", "perhaps"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using var unknown = await officer.PostAsync("/questions/none", token, ("candidate", candidate), ("decision", "same"));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        (await system.CheckInAsync(Samples.Visit("LK2", name: "Lê Văn Khác", birth: "195001010000", sex: "1", number: "BN2", diagnosis: "Viêm mũi"))).Dispose();
        using var waiting = await officer.GetAsync("/questions");
        Assert.DoesNotContain("action=\"/questions/", await waiting.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await host.IsCleanAsync();
    }
}
