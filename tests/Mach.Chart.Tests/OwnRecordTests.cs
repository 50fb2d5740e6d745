using System.Net;
using System.Text.Json.Nodes;
using Mach.Access.Authority;
using Mach.Data;
using Mach.Store;
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

    [Theory, MemberData(nameof(Engines))]
    public async Task The_person_reads_their_record_in_plain_words_with_what_is_coming(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        await Lives.LongAsync(host.Store, "p-mine", 12);
        await host.Store.CommitAsync(new Commit
        {
            Actor = "test",
            Writes =
            [
                Bodies.Put(Appointment("apt-next", "booked", "2026-12-04")), Bodies.Put(Appointment("apt-past", "booked", "2026-11-19")), Bodies.Put(Appointment("apt-off", "cancelled", "2026-12-05")),
                Bodies.Put(Measured("o-high", "Axit uric", 480, 200, 420)), Bodies.Put(Measured("o-usual", "Natri máu", 140, 135, 145)),
            ],
        }, CancellationToken.None);
        await host.Workplaces.IdentifyAsync("administrator", "person", null, "p-mine", default);
        var own = await (await host.BrowserAsync("person")).GetAsync("/people/p-mine");
        foreach (var words in new[] { "Sắp tới", "04/12/2026", "còn 14 ngày", "Cao hơn khoảng thường gặp", "Trong khoảng thường gặp", "(khoảng: 135 – 145)", "Bệnh lý tăng huyết áp", "Amlodipin 5mg", "Gan nhiễm mỡ", "/people/p-mine/summary.pdf", "/people/p-mine/ips", "/me/looks" })
        {
            Assert.Contains(words, own.Html, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("19/11/2026", own.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("05/12/2026", own.Html, StringComparison.Ordinal);
        Assert.Single(await host.Log.ListAsync("p-mine", 10, default), kept => kept.Event is { Actor: "person", Action: "record-open" });
        var person = await host.BrowserAsync("person");
        Assert.Equal("application/pdf", (await person.GetAsync("/people/p-mine/summary.pdf")).Message.Content.Headers.ContentType?.MediaType);
        Assert.Equal("application/fhir+json", (await person.GetAsync("/people/p-mine/ips")).Message.Content.Headers.ContentType?.MediaType);

        // Dossiers are closed to persons, so that nothing leads to them.
        Assert.DoesNotContain("/intake/dossiers/", own.Html + (await person.GetAsync("/people/p-mine/visits/p-mine-v0000")).Html, StringComparison.Ordinal);
        Assert.Contains("/intake/dossiers/", (await (await host.BrowserAsync("doctor")).GetAsync("/people/p-mine/visits/p-mine-v0000")).Html, StringComparison.Ordinal);

        // Who treats sees the page of the record as before.
        Assert.DoesNotContain("Sắp tới", (await (await host.BrowserAsync("doctor")).GetAsync("/people/p-mine")).Html, StringComparison.Ordinal);
    }

    private static JsonObject Appointment(string id, string status, string day) => JsonNode.Parse($$"""
        {"resourceType":"Appointment","id":"{{id}}","status":"{{status}}","start":"{{day}}T00:00:00+07:00","end":"{{day}}T23:59:59+07:00","meta":{"source":"urn:mach:dossier:25001:{{id}}#XML14-1"},
         "participant":[{"actor":{"reference":"Patient/p-mine"},"status":"accepted"}]}
        """)!.AsObject();

    private static JsonObject Measured(string id, string name, int value, int low, int high) => JsonNode.Parse($$"""
        {"resourceType":"Observation","id":"{{id}}","status":"final","code":{"text":"{{name}}"},"subject":{"reference":"Patient/p-mine"},"effectiveDateTime":"2026-11-18T08:00:00+07:00",
         "category":[{"coding":[{"code":"laboratory"}]}],"valueQuantity":{"value":{{value}},"unit":"µmol/L"},"referenceRange":[{"low":{"value":{{low}} },"high":{"value":{{high}} } }]}
        """)!.AsObject();
}
