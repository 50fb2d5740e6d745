using System.Net;
using System.Text;
using Mach.Data;
using Mach.Store;
using Mach.Testing;

namespace Mach.Trust.Tests;

/// <summary>A data officer reads the policy, asks why somebody sees a record, and changes the policy with a second one. Source: docs/adr/0015.</summary>
public sealed class PolicyPageTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task Why_an_account_sees_a_record_and_what_hides_the_rest(DbEngine engine)
    {
        await using var host = await TrustHost.StartAsync(engine);
        var officer = await host.BrowserAsync("data-officer");
        async Task<string> Ask(string account, string person, string more = "")
        {
            var page = await officer.GetAsync($"/policy/why?account={account}&person={person}{more}&lang=en");
            Assert.Equal(HttpStatusCode.OK, page.Status);
            return page.Html;
        }

        // p1 is Patient, two Encounters and three Observations; the one of HIV was written by 25012.
        var first = await Ask("doctor-25001", "p1");
        Assert.Contains("sees 5 of 6 pieces", first, StringComparison.Ordinal);
        Assert.Contains("<td>A visit at the facility</td><td class=\"num\">5</td>", first, StringComparison.Ordinal);
        Assert.Contains("<td>Delicate data: HIV</td><td class=\"num\">1</td>", first, StringComparison.Ordinal);

        var writer = await Ask("doctor-25012", "p1");
        Assert.Contains("sees 6 of 6 pieces", writer, StringComparison.Ordinal);
        Assert.DoesNotContain("What hides the rest", writer, StringComparison.Ordinal);

        var stranger = await Ask("doctor-25001", "p2");
        Assert.Contains("sees 0 of 2 pieces", stranger, StringComparison.Ordinal);
        Assert.Contains("Nothing opens this record.", stranger, StringComparison.Ordinal);
        Assert.Contains("<td>No relationship with the facility</td><td class=\"num\">2</td>", stranger, StringComparison.Ordinal);

        await host.Emergencies.OpenAsync("doctor-25001", "25001", "p2", "Bất tỉnh, đưa vào cấp cứu", null, default);
        var emergency = await Ask("doctor-25001", "p2");
        Assert.Contains("sees 2 of 2 pieces", emergency, StringComparison.Ordinal);
        Assert.Contains("<td>Opened in an emergency</td><td class=\"num\">2</td>", emergency, StringComparison.Ordinal);

        Assert.Contains("None of this account&#x27;s roles opens a record.", await Ask("administrator", "p1"), StringComparison.Ordinal);
        Assert.Contains("sees 6 of 6 pieces", await Ask("data-officer", "025165001235"), StringComparison.Ordinal);

        // An objection stands against the doctor of 25001, not against who wrote a piece.
        await host.Store.CommitAsync(new Commit
        {
            Actor = "test",
            Writes = [new(WriteKind.Put, "Consent", "c1", Encoding.UTF8.GetBytes("""
                {"resourceType":"Consent","id":"c1","status":"active","scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
                "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],"patient":{"reference":"Patient/p1"},"dateTime":"2026-11-01",
                "policyRule":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"OPTOUT"}]}}
                """))],
        }, default);
        var objected = await Ask("doctor-25001", "p1");
        Assert.Matches("<td>The person has objected</td><td class=\"num\">[1-9]", objected);
        Assert.Contains("sees 7 of 7 pieces", await Ask("data-officer", "p1"), StringComparison.Ordinal);

        // Off duty.
        await host.Workplaces.AddPostAsync("administrator", "doctor-25001", "25001", null, [], byRota: true, host.Clock.Now, null, default);
        Assert.Contains("off duty", await Ask("doctor-25001", "p1"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task What_is_asked_stays_within_the_officers_area_and_leaves_a_line(DbEngine engine)
    {
        await using var host = await TrustHost.StartAsync(engine);
        var bound = await host.BrowserAsync("officer-25001");
        Assert.Contains("There is no such account in your area.", (await bound.GetAsync("/policy/why?account=doctor-25012&person=p1&lang=en")).Html, StringComparison.Ordinal);
        Assert.Contains("You do not see exactly one person", (await bound.GetAsync("/policy/why?account=doctor-25001&person=p2&lang=en")).Html, StringComparison.Ordinal);
        Assert.Contains("You do not see exactly one person", (await bound.GetAsync("/policy/why?account=doctor-25001&person=khong-ai%7C%2C%5C&lang=en")).Html, StringComparison.Ordinal);
        Assert.Contains("of 6 pieces", (await bound.GetAsync("/policy/why?account=doctor-25001&person=p1&lang=en")).Html, StringComparison.Ordinal);
        foreach (var role in new[] { "doctor", "administrator", "registrar", "nurse", "person", "intake" })
        {
            var browser = await host.BrowserAsync(role);
            Assert.All([await browser.GetAsync("/policy"), await browser.GetAsync("/policy/why?account=doctor&person=p1"), await browser.GetAsync("/policy/edit")], page => Assert.Equal(HttpStatusCode.Forbidden, page.Status));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Two_officers_change_the_policy_and_the_draft_can_be_tried_before(DbEngine engine)
    {
        await using var host = await TrustHost.StartAsync(engine);
        var (first, second) = (await host.BrowserAsync("data-officer"), await host.BrowserAsync("officer2"));
        var form = Fields(await first.GetAsync("/policy/edit")).Where(f => f is not ("doctor.opens" or "doctor.months", _)).ToList();
        (string, string)[] With(params (string, string)[] more) => [.. form, .. more];

        var same = await first.PostAsync("/policy/edit?lang=en", With(("doctor.months", "24"), ("why", "Không đổi gì, chỉ thử")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, same.Status);
        Assert.Contains("This changes nothing", same.Html, StringComparison.Ordinal);
        var wrong = await first.PostAsync("/policy/edit", With(("doctor.months", "vô hạn"), ("why", "Theo quyết định số 12")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);

        Assert.Equal("/policy?done=proposed", (await first.PostAsync("/policy/edit", With(("doctor.months", "24"), ("doctor.opens", "Hiv"), ("why", "Theo quyết định số 12")))).Location);
        var page = await first.GetAsync("/policy?lang=en");
        Assert.Contains("Draft waiting for approval", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Approve, bring into force", page.Html, StringComparison.Ordinal);
        Assert.Contains("sees 5 of 6 pieces", (await first.GetAsync("/policy/why?account=doctor-25001&person=p1&lang=en")).Html, StringComparison.Ordinal);
        Assert.Contains("sees 6 of 6 pieces", (await first.GetAsync("/policy/why?account=doctor-25001&person=p1&draft=1&lang=en")).Html, StringComparison.Ordinal);

        var seen = await second.GetAsync("/policy?lang=en");
        var approve = "/policy/" + seen.Between("action=\"/policy/", "\"");
        Assert.EndsWith("/approve", approve, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await first.PostAsync(approve, TrustHost.Token(page))).Status);
        Assert.Equal("/policy?done=approved", (await second.PostAsync(approve, TrustHost.Token(seen))).Location);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await second.PostAsync(approve, TrustHost.Token(seen))).Status);
        Assert.Contains("sees 6 of 6 pieces", (await first.GetAsync("/policy/why?account=doctor-25001&person=p1&lang=en")).Html, StringComparison.Ordinal);
        Assert.Contains("in force", (await first.GetAsync("/policy?lang=en")).Html, StringComparison.Ordinal);

        // Without the antiforgery field nothing happens.
        Assert.Equal(HttpStatusCode.BadRequest, (await second.PostAsync("/policy/edit", [.. With(("doctor.months", "1"), ("why", "Theo quyết định số 13")).Where(f => f.Item1 != "__RequestVerificationToken")])).Status);
    }

    [Theory]
    [InlineData("vi")]
    [InlineData("en")]
    public async Task No_page_shows_the_key_of_a_missing_word(string language)
    {
        await using var host = await TrustHost.StartAsync(DbEngine.Sqlite);
        var officer = await host.BrowserAsync("data-officer");
        foreach (var path in new[] { "/policy?", "/policy/edit?", "/policy/why?", "/policy/why?account=doctor-25001&person=p1&", "/policy/why?account=nurse&person=p2&", "/policy/why?account=registrar&person=p2&" })
        {
            var page = await officer.GetAsync(path + "lang=" + language);
            Assert.Contains($"<html lang=\"{language}\"", page.Html, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\[[A-Z][A-Za-z0-9.\-]+\]", page.Html);
            Assert.DoesNotContain(" style=\"", page.Html, StringComparison.Ordinal);
            Assert.DoesNotMatch("<script(?! src)", page.Html);
        }
    }

    [Fact]
    public void Both_languages_have_the_same_keys_and_places() => RoomWords.AssertBothLanguages("Mach.Trust");

    /// <summary>What a browser would send of a form as it stands.</summary>
    private static List<(string Name, string Value)> Fields(Answer page) =>
        [.. System.Text.RegularExpressions.Regex.Matches(page.Html, "<input ([^>]*)>").Select(m => m.Groups[1].Value)
            .Where(a => !a.Contains("type=\"checkbox\"", StringComparison.Ordinal) || a.Contains(" checked", StringComparison.Ordinal))
            .Select(a => (Attribute(a, "name"), WebUtility.HtmlDecode(Attribute(a, "value")))).Where(f => f.Item1.Length > 0 && f.Item1 is not ("q" or "__RequestVerificationToken")).Append(TrustHost.Token(page))];

    private static string Attribute(string all, string name) =>
        System.Text.RegularExpressions.Regex.Match(all, $"(?:^| ){name}=\"([^\"]*)\"").Groups[1].Value;
}
