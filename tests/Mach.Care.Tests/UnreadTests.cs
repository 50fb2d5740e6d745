using System.Net;
using System.Text;
using Mach.Data;
using Mach.Store;
using Mach.Testing;

namespace Mach.Care.Tests;

/// <summary>A result is new to each doctor until they say that they have seen it.</summary>
public sealed class UnreadTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task A_result_is_new_until_it_was_seen_and_new_again_when_it_changes_and_to_others_still(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        var (doctor, other) = (await host.BrowserAsync("doctor-25001"), await host.BrowserAsync("doctor"));
        Assert.DoesNotContain("id=\"unread\"", (await doctor.GetAsync("/people/p1")).Html, StringComparison.Ordinal);
        await PutAsync(host, "k", "2026-11-19", "6.9", "HH");
        await PutAsync(host, "old", "2025-01-01", "5", "");
        var page = await doctor.GetAsync("/people/p1");
        var card = page.Between("id=\"unread\"", "</section>");
        Assert.Contains("6.9 mmol/L", card, StringComparison.Ordinal);
        Assert.Contains("Bất thường", card, StringComparison.Ordinal);
        Assert.DoesNotContain("5 mmol/L", card, StringComparison.Ordinal);
        var until = page.Between("name=\"until\" value=\"", "\"");
        // One that comes while the page is read stays new.
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await PutAsync(host, "later", "2026-11-20", "4.1", "");
        Assert.Equal("/people/p1?care=results-seen#results", (await doctor.PostAsync("/people/p1/seen", CareHost.Token(page), ("until", until))).Location);
        card = (await doctor.GetAsync("/people/p1")).Between("id=\"unread\"", "</section>");
        Assert.Contains("4.1 mmol/L", card, StringComparison.Ordinal);
        Assert.DoesNotContain("6.9 mmol/L", card, StringComparison.Ordinal);
        Assert.Contains("6.9 mmol/L", (await other.GetAsync("/people/p1")).Between("id=\"unread\"", "</section>"), StringComparison.Ordinal);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await PutAsync(host, "k", "2026-11-19", "6.8", "HH");
        Assert.Contains("6.8 mmol/L", (await doctor.GetAsync("/people/p1")).Between("id=\"unread\"", "</section>"), StringComparison.Ordinal);

        Assert.DoesNotContain("id=\"unread\"", (await (await host.BrowserAsync("data-officer")).GetAsync("/people/p1")).Html, StringComparison.Ordinal);
        var away = await host.BrowserAsync("doctor-25012");
        Assert.Equal(HttpStatusCode.NotFound, (await away.PostAsync("/people/p1/seen", CareHost.Token(await away.GetAsync("/people/p2/notes/new")), ("until", until))).Status);
    }

    private static Task<CommitResult> PutAsync(CareHost host, string id, string day, string value, string flag) => host.Store.CommitAsync(new Commit
    {
        Actor = "test",
        Writes = [new(WriteKind.Put, "Observation", id, Encoding.UTF8.GetBytes($$"""
            {"resourceType":"Observation","id":"{{id}}","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],"code":{"text":"Kali {{id}}"},"subject":{"reference":"Patient/p1"},"effectiveDateTime":"{{day}}","valueQuantity":{"value":{{value}},"unit":"mmol/L"}{{(flag.Length == 0 ? "" : $$""","interpretation":[{"coding":[{"code":"{{flag}}"}]}]""")}}}
            """))],
    }, default);
}
