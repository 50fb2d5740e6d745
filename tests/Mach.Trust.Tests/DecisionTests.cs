using System.Net;
using System.Text.Json;
using Mach.Data;
using Mach.Fhir.Consents;
using Mach.Fhir.Validation;
using Mach.Kernel;
using Mach.Testing;
using Mach.Trust.Decisions;

namespace Mach.Trust.Tests;

/// <summary>What a person decides counts at once, is a valid Consent, and can be taken back. Source: http://hl7.org/fhir/R4/consent.html, docs/adr/0015.</summary>
public sealed class DecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 1, 0, 0, TimeSpan.Zero);

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    public static TheoryData<NewDecision> Forms()
    {
        var all = new TheoryData<NewDecision>();
        foreach (var denies in new[] { true, false })
        {
            foreach (var (facility, practitioner) in new[] { (null, null), ("25001", null), ((string?)null, (string?)"dr-lan") })
            {
                foreach (var labels in new[] { DataLabels.None, DataLabels.Hiv, DataLabels.Mental | DataLabels.Reproductive, DataLabels.Substance | DataLabels.Restricted | DataLabels.Minor })
                {
                    all.Add(new(denies, facility, practitioner, null, labels, null, "Đơn viết tay"));
                    all.Add(new(denies, facility, practitioner, Purposes.Research, labels, new DateOnly(2026, 12, 31), "Đơn viết tay"));
                }
            }
        }

        return all;
    }

    [Theory, MemberData(nameof(Forms))]
    public void A_form_becomes_a_valid_consent_that_says_the_same(NewDecision form)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(form.ToConsent("c", "p1", form.Facility is null ? null : "cskcb-" + form.Facility, Now));
        using var document = JsonDocument.Parse(body);
        Assert.DoesNotContain(ResourceValidator.Validate(document.RootElement), issue => issue.Severity <= IssueSeverity.Error);
        Assert.Empty(ConsentReader.Check(document.RootElement));
        var rule = Assert.Single(ConsentReader.Rules(document.RootElement));
        Assert.Equal((form.Denies, 0, form.Labels, form.Purpose ?? Purposes.None, form.Facility, form.Practitioner), (rule.Denies, rule.Depth, rule.Labels, rule.Purposes, rule.Facility, rule.Practitioner));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task An_objection_counts_at_once_and_can_be_taken_back_and_made_again(DbEngine engine)
    {
        await using var host = await TrustHost.StartAsync(engine);
        var (officer, asked) = (await host.BrowserAsync("data-officer"), await host.BrowserAsync("officer2"));
        async Task<string> Sees() => (await asked.GetAsync("/policy/why?account=doctor-25001&person=p1&lang=en")).Between(">sees ", " pieces");

        Assert.Equal("5 of 6", await Sees());
        var page = await officer.GetAsync("/people/p1/decisions?lang=en");
        Assert.Contains("Nothing was decided", page.Html, StringComparison.Ordinal);
        var token = TrustHost.Token(page);
        Assert.Equal("/people/p1/decisions?done=made", (await officer.PostAsync("/people/p1/decisions", token, ("kind", "deny"), ("facility", "25001 Bệnh viện"), ("paper", "Đơn ngày 20/11/2026"))).Location);
        // What 25001 wrote and who the person is stay; the visit and the test of 25012 go.
        Assert.Equal("3 of 7", await Sees());

        page = await officer.GetAsync("/people/p1/decisions?lang=en");
        Assert.Contains("Not for 25001 Bệnh viện đa khoa tỉnh Phú Thọ: the whole record", page.Html, StringComparison.Ordinal);
        var path = "/people/p1/decisions/" + page.Between("action=\"/people/p1/decisions/", "\"");
        Assert.EndsWith("?done=ended", (await officer.PostAsync(path, token, ("version", "1"), ("again", "false"))).Location, StringComparison.Ordinal);
        Assert.Equal("6 of 7", await Sees());
        var stale = await officer.PostAsync(path + "?lang=en", token, ("version", "1"), ("again", "false"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, stale.Status);
        Assert.Contains("Somebody has just changed this decision", stale.Html, StringComparison.Ordinal);
        Assert.EndsWith("?done=again", (await officer.PostAsync(path, token, ("version", "2"), ("again", "true"))).Location, StringComparison.Ordinal);
        Assert.Equal("3 of 7", await Sees());

        // A permission opens what no relationship opens, and delicate data that it names.
        Assert.EndsWith("made", (await officer.PostAsync("/people/p2/decisions", token, ("kind", "permit"), ("facility", "25001"), ("paper", "Đơn ngày 20/11/2026"))).Location, StringComparison.Ordinal);
        Assert.Equal("3 of 3", (await asked.GetAsync("/policy/why?account=doctor-25001&person=p2&lang=en")).Between(">sees ", " pieces"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Who_has_no_part_in_it_sees_nobody_and_wrong_forms_are_told_why(DbEngine engine)
    {
        await using var host = await TrustHost.StartAsync(engine);
        var officer = await host.BrowserAsync("data-officer");
        var token = TrustHost.Token(await officer.GetAsync("/people/p1/decisions"));
        foreach (var (why, form) in new (string, (string, string)[])[]
        {
            ("Choose whether", [("paper", "Đơn viết tay")]),
            ("no facility with this code", [("kind", "deny"), ("facility", "99999"), ("paper", "Đơn viết tay")]),
            ("The id of a practitioner", [("kind", "deny"), ("practitioner", "a/../b"), ("paper", "Đơn viết tay")]),
            ("Choose one", [("kind", "deny"), ("facility", "25001"), ("practitioner", "dr-lan"), ("paper", "Đơn viết tay")]),
            ("has to be today or later", [("kind", "deny"), ("until", "2026-11-19"), ("paper", "Đơn viết tay")]),
            ("has to be today or later", [("kind", "deny"), ("until", "mai"), ("paper", "Đơn viết tay")]),
            ("has to say which facility", [("kind", "permit"), ("paper", "Đơn viết tay")]),
            ("Say which paper", [("kind", "deny"), ("paper", " ")]),
        })
        {
            var answer = await officer.PostAsync("/people/p1/decisions?lang=en", [token, .. form]);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
            Assert.Contains(why, answer.Html, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await officer.PostAsync("/people/p1/decisions", ("kind", "deny"), ("paper", "Đơn viết tay"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await officer.GetAsync("/people/khong-ai/decisions")).Status);
        foreach (var account in new[] { "doctor", "doctor-25001", "nurse", "person", "administrator", "intake" })
        {
            var browser = await host.BrowserAsync(account);
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/people/p1/decisions")).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await browser.PostAsync("/people/p1/decisions", TrustHost.Token(await browser.GetAsync("/")), ("kind", "deny"), ("paper", "Đơn viết tay"))).Status);
        }

        // An officer of 25001 does not see p2.
        Assert.Equal(HttpStatusCode.NotFound, (await (await host.BrowserAsync("officer-25001")).GetAsync("/people/p2/decisions")).Status);
        // Nobody takes back the decision of another person through a person they see.
        await officer.PostAsync("/people/p2/decisions", token, ("kind", "deny"), ("paper", "Đơn viết tay"));
        var other = (await officer.GetAsync("/people/p2/decisions")).Between("action=\"/people/p2/decisions/", "\"");
        Assert.Equal(HttpStatusCode.NotFound, (await officer.PostAsync("/people/p1/decisions/" + other, token, ("version", "1"))).Status);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_person_decides_for_themselves_and_for_whom_they_act(DbEngine engine)
    {
        await using var host = await TrustHost.StartAsync(engine);
        await host.Workplaces.IdentifyAsync("administrator", "person", null, "p1", default);
        var own = await host.BrowserAsync("person");
        var page = await own.GetAsync("/people/p1/decisions");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.EndsWith("made", (await own.PostAsync("/people/p1/decisions", TrustHost.Token(page), ("kind", "deny"), ("labels", "Hiv"), ("labels", "Mental"))).Location, StringComparison.Ordinal);
        Assert.Contains("HIV, Sức khoẻ tâm thần", (await own.GetAsync("/people/p1/decisions")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await own.GetAsync("/people/p2/decisions")).Status);
        await host.Workplaces.AddProxyAsync("administrator", "person", "p2", Access.Authority.ProxyKind.Parent, "Giấy khai sinh số 12", null, default);
        Assert.Equal(HttpStatusCode.OK, (await own.GetAsync("/people/p2/decisions")).Status);

        // A registrar, who may not see such data, is not told that there is such a decision.
        Assert.DoesNotContain("HIV,", (await (await host.BrowserAsync("registrar")).GetAsync("/people/p1/decisions")).Html, StringComparison.Ordinal);
    }
}
