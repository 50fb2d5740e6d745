using System.Net;
using Mach.Access;
using Mach.Data;
using Mach.Testing;

namespace Mach.Chart.Tests;

/// <summary>A confidential person in lists and behind the door. Source: docs/adr/0012 "Labels".</summary>
public sealed class ConfidentialTests
{
    private const string Hidden = "p-hidden";

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Lists_show_that_there_is_somebody_and_the_officer_who(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        foreach (var role in new[] { "registrar", "doctor" })
        {
            var browser = await host.BrowserAsync(role);
            foreach (var answer in new[] { await browser.GetAsync("/people?q=nguyen+thi+dao+1956"), await browser.FragmentAsync("/people?q=nguyen+thi+dao") })
            {
                Assert.Contains("/people/" + Hidden, answer.Html, StringComparison.Ordinal);
                Assert.Contains("Người bệnh bảo mật", answer.Html, StringComparison.Ordinal);
                foreach (var fact in new[] { "Nguyễn Thị Đào", "08/03", "4271", "HT3252512345678", "0912345678", "Việt Trì" })
                {
                    Assert.DoesNotContain(fact, answer.Html, StringComparison.Ordinal);
                }
            }
        }

        var officer = await (await host.BrowserAsync("data-officer")).GetAsync("/people?q=nguyen+thi+dao");
        Assert.Contains("Nguyễn Thị Đào", officer.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Người bệnh bảo mật", officer.Html, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_record_opens_for_the_officer_alone_and_each_attempt_is_written_down(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var doctor = await host.BrowserAsync("doctor");
        foreach (var path in new[] { "/people/" + Hidden, $"/people/{Hidden}/visits/{Hidden}-v0000", $"/people/{Hidden}?lang=en" })
        {
            // Who treats is not told that there is somebody.
            var refused = await doctor.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, refused.Status);
            Assert.DoesNotContain("Đào", refused.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("bảo mật", refused.Html, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await doctor.FragmentAsync($"/people/{Hidden}?after={Hidden}-v0000")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await doctor.FragmentAsync($"/people/{Hidden}/visits/{Hidden}-v0000")).Status);
        // Who registers meets the name that stands for the person in lists, and is told why it does not open.
        var registrar = await host.BrowserAsync("registrar");
        foreach (var (path, words) in new[] { ("/people/" + Hidden, "Người bệnh bảo mật"), ($"/people/{Hidden}?lang=en", "Confidential person") })
        {
            var refused = await registrar.GetAsync(path);
            Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
            Assert.Contains(words, refused.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("Đào", refused.Html, StringComparison.Ordinal);
        }

        Assert.All(await host.Log.ListAsync(Hidden, 10, default), kept => Assert.Equal((AccessOutcome.Denied, "record-open", "confidential"), (kept.Event.Outcome, kept.Event.Action, kept.Event.Detail)));
        Assert.Equal(7, (await host.Log.ListAsync(Hidden, 10, default)).Count);
        var officer = await host.BrowserAsync("data-officer");
        Assert.Contains("Nguyễn Thị Đào", (await officer.GetAsync("/people/" + Hidden)).Html, StringComparison.Ordinal);
        Assert.Single(await host.Log.ListAsync(Hidden, 10, default), kept => kept.Event is { Outcome: AccessOutcome.Ok, Actor: "data-officer" });
    }

    private static async Task<ChartHost> StartAsync(DbEngine engine)
    {
        var host = await ChartHost.StartAsync(engine);
        await Lives.LongAsync(host.Store, Hidden, 3);
        return host;
    }
}
