using System.Net;
using Mach.Access.Audit;
using Mach.Data;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Tests.Audit;

public sealed class AuditPageTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task A_data_officer_finds_lines_exports_them_and_sees_who_looked(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine, pages: true)).WithPeopleAsync();
        var trail = host.App.Services.GetRequiredService<AuditTrail>();
        trail.Append(new AuditEntry { Actor = "bs.<mai>", Kind = AuditActor.Person, What = "record-open", Action = AuditAction.Read, Persons = ["p1"], Purpose = "ETREAT" });
        trail.Append(new AuditEntry { Actor = "=cmd", Kind = AuditActor.Program, What = "fhir-read", Action = AuditAction.Read, Persons = ["p2"] });
        var officer = await host.SignedInBrowserAsync(Roles.DataOfficer);
        var page = await (await officer.GetAsync("/audit?actor=bs.%3Cmai%3E")).Content.ReadAsStringAsync();
        Assert.Contains("bs.&lt;mai&gt;", page);
        Assert.Contains("Khẩn cấp", page);
        Assert.DoesNotContain("=cmd", page);
        Assert.Contains("Không có dòng nào", await (await officer.GetAsync("/audit?actor=khong-ai&from=2020-13-99&action=7&after=x")).Content.ReadAsStringAsync());
        var looks = await (await officer.GetAsync("/people/p1/looks")).Content.ReadAsStringAsync();
        Assert.Contains("Mở hồ sơ", looks);
        Assert.Contains("Cấp cứu", looks);
        Assert.Contains("ui-looks", (await host.Log.ListAsync("p1", 10, default)).Select(e => e.Event.Action));
        var csv = await (await officer.GetAsync("/audit/export.csv?person=p2")).Content.ReadAsStringAsync();
        Assert.Contains(",'=cmd,", csv);
        Assert.Equal("ui-audit-export", (await host.Log.ListAsync(null, 1, default)).Single().Event.Action);
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(HttpStatusCode.SeeOther, (await officer.GetAsync("/audit/export.csv")).StatusCode);
        foreach (var role in Roles.All.Where(r => r is not (Roles.DataOfficer or Roles.Intake)))
        {
            var other = await host.SignedInBrowserAsync(role);
            Assert.Equal(HttpStatusCode.Forbidden, (await other.GetAsync("/audit")).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await other.GetAsync("/people/p1/looks")).StatusCode);
        }
    }
}
