using System.Net;
using Mach.Data;
using Mach.Testing;

namespace Mach.Trust.Tests;

/// <summary>Posts, shifts and proxies through their pages, and what they open. Source: docs/adr/0015; Civil Code 91/2015/QH13 on representatives.</summary>
public sealed class WorkplacePageTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static async Task<string> SeesAsync(Browser officer, string account, string person) =>
        (await officer.GetAsync($"/policy/why?account={account}&person={person}&lang=en")).Between(">sees ", " pieces");

    [Theory, MemberData(nameof(Engines))]
    public async Task Posts_and_shifts_decide_where_an_account_sees(DbEngine engine)
    {
        await using var host = await TrustHost.StartAsync(engine);
        var (administrator, officer, doctor) = (await host.BrowserAsync("administrator"), await host.BrowserAsync("data-officer"), await host.BrowserAsync("doctor"));
        var token = TrustHost.Token(await administrator.GetAsync("/posts?account=doctor"));
        // Unbound: all facilities, but for what is delicate.
        Assert.Equal("2 of 2", await SeesAsync(officer, "doctor", "p2"));

        Assert.EndsWith("done=added", (await administrator.PostAsync("/posts/doctor", token, ("facility", "25001 Bệnh viện"), ("roles", "doctor"))).Location, StringComparison.Ordinal);
        Assert.Equal("0 of 2", await SeesAsync(officer, "doctor", "p2"));
        Assert.EndsWith("done=added", (await administrator.PostAsync("/posts/doctor", token, ("facility", "25012"), ("rota", "true"))).Location, StringComparison.Ordinal);
        var page = await administrator.GetAsync("/posts?account=doctor&lang=en");
        Assert.Contains("not now", page.Html, StringComparison.Ordinal);
        var second = page.Html.Split("/shifts\"")[0].Split("/posts/doctor/")[^1];

        // The clock of the tests stands at 08:00 in Viet Nam.
        Assert.EndsWith("done=shift", (await administrator.PostAsync($"/posts/doctor/{second}/shifts", token, ("starts", "2026-11-20T08:30"), ("ends", "2026-11-20T16:00"))).Location, StringComparison.Ordinal);
        var me = await doctor.GetAsync("/me?lang=en");
        Assert.Contains("here now", me.Html, StringComparison.Ordinal);
        Assert.Equal("/me?done=chosen", (await doctor.PostAsync("/me/post", TrustHost.Token(me), ("post", second))).Location);
        Assert.Equal("2 of 2", await SeesAsync(officer, "doctor", "p2"));
        Assert.Contains("Working at 25012", (await doctor.GetAsync("/me?lang=en")).Html, StringComparison.Ordinal);
        Assert.Equal("/me?done=refused", (await doctor.PostAsync("/me/post", TrustHost.Token(me), ("post", "khong-co"))).Location);

        Assert.EndsWith("done=unshift", (await administrator.PostAsync($"/posts/doctor/{second}/shifts/remove", token, ("starts", "2026-11-20T08:30"))).Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await administrator.PostAsync($"/posts/doctor/{second}/shifts/remove", token, ("starts", "2026-11-20T08:30"))).Status);
        Assert.EndsWith("done=ended", (await administrator.PostAsync($"/posts/doctor/{second}/end", token)).Location, StringComparison.Ordinal);
        Assert.Equal("0 of 2", await SeesAsync(officer, "doctor", "p2"));

        foreach (var (path, form) in new (string, (string, string)[])[]
        {
            ("/posts/doctor", [("facility", "99999")]), ("/posts/doctor", [("facility", "25001"), ("since", "hôm nay")]), ("/posts/doctor", [("facility", "25001"), ("roles", "administrator")]),
            ("/posts/doctor", [("facility", "25001"), ("since", "2026-12-02"), ("until", "2026-11-30")]), ("/posts/khong-ai", [("facility", "25001")]), ($"/posts/doctor/{second}/shifts", [("starts", "x"), ("ends", "y")]),
            ($"/posts/doctor/{second}/shifts", [("starts", "2026-11-21T08:00"), ("ends", "2026-11-24T08:00")]), ($"/posts/doctor/{second}/end", []), ("/posts/doctor/identity", [("person", "a b")]),
        })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await administrator.PostAsync(path, [token, .. form])).Status);
        }

        foreach (var account in new[] { "doctor", "data-officer", "registrar", "nurse", "person", "intake" })
        {
            var browser = await host.BrowserAsync(account);
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/posts")).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync("/posts/doctor", TrustHost.Token(await browser.GetAsync("/")), ("facility", "25001"))).Status);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_proxy_is_given_on_a_paper_and_ended_by_each_side(DbEngine engine)
    {
        await using var host = await TrustHost.StartAsync(engine);
        var (registrar, person) = (await host.BrowserAsync("registrar"), await host.BrowserAsync("person"));
        Assert.Equal(HttpStatusCode.NotFound, (await person.GetAsync("/people/p2/proxies")).Status);
        Assert.Contains("No record yet", (await person.GetAsync("/me?lang=en")).Html, StringComparison.Ordinal);
        var token = TrustHost.Token(await registrar.GetAsync("/people/p2/proxies"));
        async Task<string> GiveAsync()
        {
            Assert.EndsWith("done=added", (await registrar.PostAsync("/people/p2/proxies", token, ("account", "person"), ("kind", "Parent"), ("why", "Giấy khai sinh 12/2019"), ("until", "2030-01-31"))).Location, StringComparison.Ordinal);
            return (await registrar.GetAsync("/people/p2/proxies")).Between("action=\"/people/p2/proxies/", "/end");
        }

        var first = await GiveAsync();
        var me = await person.GetAsync("/me?lang=en");
        Assert.Contains("Trần Văn Bình", me.Html, StringComparison.Ordinal);
        Assert.Contains("you act as: parent", me.Html, StringComparison.Ordinal);
        Assert.Equal("/me?done=proxy-ended", (await person.PostAsync($"/people/p2/proxies/{first}/end", TrustHost.Token(me))).Location);
        Assert.Equal(HttpStatusCode.NotFound, (await person.GetAsync("/people/p2/proxies")).Status);

        var again = await GiveAsync();
        // A doctor has no part in it; and one's own page ends one's own alone.
        var doctor = await host.BrowserAsync("doctor");
        Assert.Equal(HttpStatusCode.NotFound, (await doctor.PostAsync($"/people/p2/proxies/{again}/end", TrustHost.Token(await doctor.GetAsync("/")))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await registrar.PostAsync($"/people/p1/proxies/{again}/end", token)).Status);
        Assert.EndsWith("done=ended", (await registrar.PostAsync($"/people/p2/proxies/{again}/end", token)).Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await registrar.PostAsync($"/people/p2/proxies/{again}/end", token)).Status);

        foreach (var form in new (string, string)[][]
        {
            [("account", "khong-ai"), ("kind", "Parent"), ("why", "Giấy khai sinh")], [("account", "person"), ("kind", "King"), ("why", "Giấy khai sinh")], [("account", "person"), ("kind", "Parent"), ("why", "x")],
            [("account", "person"), ("kind", "Parent"), ("why", "Giấy khai sinh"), ("until", "mai")], [("account", "person"), ("kind", "Parent"), ("why", "Giấy khai sinh"), ("until", "2020-01-01")], [("account", "registrar"), ("kind", "Parent"), ("why", "Giấy khai sinh")],
        })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await registrar.PostAsync("/people/p2/proxies", [token, .. form])).Status);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_person_finds_their_own_record_and_ends_who_acts_for_them(DbEngine engine)
    {
        await using var host = await TrustHost.StartAsync(engine);
        var administrator = await host.BrowserAsync("administrator");
        var token = TrustHost.Token(await administrator.GetAsync("/posts?account=person"));
        Assert.EndsWith("done=identified", (await administrator.PostAsync("/posts/person/identity", token, ("person", "p1"))).Location, StringComparison.Ordinal);
        var person = await host.BrowserAsync("person");
        Assert.Contains("Nguyễn Thị Đào", (await person.GetAsync("/me")).Html, StringComparison.Ordinal);

        await host.Workplaces.AddProxyAsync("registrar", "doctor", "p1", Access.Authority.ProxyKind.Carer, "Giấy uỷ quyền 3", null, default);
        var page = await person.GetAsync("/people/p1/proxies?lang=en");
        Assert.DoesNotContain("Let somebody act", page.Html, StringComparison.Ordinal);
        var proxy = page.Between("action=\"/people/p1/proxies/", "/end");
        Assert.EndsWith("done=ended", (await person.PostAsync($"/people/p1/proxies/{proxy}/end", TrustHost.Token(page))).Location, StringComparison.Ordinal);
        // Nobody gives it to others, not even over their own record, without the desk that sees the paper.
        Assert.Equal(HttpStatusCode.NotFound, (await person.PostAsync("/people/p1/proxies", TrustHost.Token(page), ("account", "doctor"), ("kind", "Carer"), ("why", "Giấy uỷ quyền 3"))).Status);
    }

    [Theory]
    [InlineData("vi")]
    [InlineData("en")]
    public async Task No_page_shows_the_key_of_a_missing_word(string language)
    {
        await using var host = await TrustHost.StartAsync(DbEngine.Sqlite);
        await host.Workplaces.AddPostAsync("administrator", "doctor", "25001", "khoa-noi", ["doctor"], byRota: true, host.Clock.Now, null, default);
        await host.Workplaces.AddPostAsync("administrator", "doctor", "25012", null, [], byRota: false, host.Clock.Now, host.Clock.Now.AddDays(3), default);
        await host.Workplaces.IdentifyAsync("administrator", "person", null, "p1", default);
        foreach (var kind in Enum.GetValues<Access.Authority.ProxyKind>())
        {
            await host.Workplaces.AddProxyAsync("administrator", "person", "p2", kind, "Giấy uỷ quyền 3", null, default);
        }

        foreach (var (account, path) in new[] { ("administrator", "/posts?"), ("administrator", "/posts?account=doctor&done=added&"), ("administrator", "/posts?account=x&"), ("doctor", "/me?"), ("person", "/me?done=chosen&"), ("registrar", "/me?"), ("intake", "/me?"), ("registrar", "/people/p2/proxies?done=ended&"), ("person", "/people/p2/proxies?"), ("person", "/people/p1/decisions?done=made&"), ("registrar", "/people/p1/decisions?") })
        {
            var page = await (await host.BrowserAsync(account)).GetAsync(path + "lang=" + language);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Contains($"<html lang=\"{language}\"", page.Html, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\[[A-Z][A-Za-z0-9.\-]+\]", page.Html);
            Assert.DoesNotContain(" style=\"", page.Html, StringComparison.Ordinal);
        }
    }
}
