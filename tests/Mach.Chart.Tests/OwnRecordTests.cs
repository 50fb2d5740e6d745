using System.Net;
using Mach.Access.Authority;
using Mach.Data;
using Mach.Testing;

namespace Mach.Chart.Tests;

/// <summary>A person opens their own record and that of whom they act for, and finds nobody else. Source: docs/adr/0015, Law 15/2023/QH15 on the patient's rights.</summary>
public sealed class OwnRecordTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task The_own_record_opens_and_no_other(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        await Lives.NeighboursAsync(host.Store);
        var person = await host.BrowserAsync("person");
        Assert.Equal(HttpStatusCode.NotFound, (await person.GetAsync("/people/p-an")).Status);

        await host.Workplaces.IdentifyAsync("administrator", "person", null, "p-an", default);
        await host.Workplaces.AddProxyAsync("registrar", "person", "p-baby", ProxyKind.Parent, "Giấy khai sinh 12/2026", null, default);
        var own = await person.GetAsync("/people/p-an?lang=en");
        Assert.Equal(HttpStatusCode.OK, own.Status);
        Assert.Contains("Nguyễn Văn An", own.Html, StringComparison.Ordinal);
        Assert.Contains("/people/p-an/decisions", own.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("/people/p-an/identity", own.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("/people/p-an/looks", own.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await person.GetAsync("/people/p-baby")).Status);

        // No finding, no breaking of the glass, nobody else: not a name, not a page of the registers.
        Assert.Equal(HttpStatusCode.NotFound, (await person.GetAsync("/people/p-an2")).Status);
        Assert.All([await person.GetAsync("/people"), await person.GetAsync("/people?q=nguyen"), await person.GetAsync("/emergency"), await person.GetAsync("/people/p-an/looks")], page => Assert.Equal(HttpStatusCode.Forbidden, page.Status));

        // A confidential person opens their own.
        await host.Workplaces.IdentifyAsync("administrator", "person", null, "p-hidden", default);
        Assert.Equal(HttpStatusCode.NotFound, (await person.GetAsync("/people/p-an")).Status);
    }
}
