using System.Net;
using Mach.Access.SignIn;
using Mach.Data;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Tests;

/// <summary>Sessions that their owner can see and end. Source: OWASP ASVS 5.0 V7.</summary>
public sealed class SessionTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    // ASVS 5.0 V7.5.2: users can view and, having authenticated, end any or all of their sessions.
    [Theory, MemberData(nameof(Engines))]
    public async Task Every_session_is_listed_with_its_device_and_may_be_ended_alone(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var desk = await host.SignedInAsync("doctor");
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        var phone = await host.SignedInAsync("doctor", "10.9.9.9", "Mozilla/5.0 (Linux; Android 15) Gecko/133.0 Firefox/133.0");
        var sessions = await Sessions(host).ListAsync("doctor", default);
        Assert.Equal([("Firefox · Android", "10.9.9.9"), ("Chrome · Windows", "10.0.0.1")], sessions.Select(s => (s.Device, s.Address!)));
        Assert.All(sessions, s => Assert.Equal([Methods.Password], s.Methods));

        var page = await desk.TextAsync("/account");
        Assert.Contains("Firefox · Android", page);
        Assert.Equal("/account?done=session", (await desk.PostAsync($"/account/sessions/{sessions[0].Id}/end", [])).Place());
        Assert.Equal(HttpStatusCode.Redirect, (await phone.GetAsync("/who")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await desk.GetAsync("/who")).StatusCode);
        Assert.Equal("/account?done=session-gone", (await desk.PostAsync($"/account/sessions/{sessions[0].Id}/end", [])).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Nobody_ends_the_session_of_another(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var doctor = await host.SignedInAsync("doctor");
        var session = Assert.Single(await Sessions(host).ListAsync("doctor", default));
        var other = await host.SignedInAsync("registrar");
        Assert.Equal("/account?done=session-gone", (await other.PostAsync($"/account/sessions/{session.Id}/end", [])).Place());
        await other.PostAsync("/account/sessions/end-others", []);
        Assert.Equal(HttpStatusCode.OK, (await doctor.GetAsync("/who")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task All_other_sessions_end_at_once_and_the_one_at_hand_stays(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var (first, second, third) = (await host.SignedInAsync("doctor"), await host.SignedInAsync("doctor"), await host.SignedInAsync("doctor"));
        Assert.Equal("/account?done=sessions", (await second.PostAsync("/account/sessions/end-others", [])).Place());
        Assert.Equal(HttpStatusCode.Redirect, (await first.GetAsync("/who")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await second.GetAsync("/who")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await third.GetAsync("/who")).StatusCode);
    }

    // ASVS 5.0 V7.2.4, V7.4.1: signing in again in one browser leaves one session.
    [Theory, MemberData(nameof(Engines))]
    public async Task Signing_in_again_replaces_the_session_of_the_browser(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var browser = await host.SignedInAsync("doctor");
        var former = browser.SetCookies["mach.session"].Split(';')[0];
        await browser.SignInAsync("doctor", AccessHost.Password);
        Assert.Single(await Sessions(host).ListAsync("doctor", default));
        var thief = host.Program();
        thief.DefaultRequestHeaders.Add("Cookie", former);
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.GetAsync("/who")).StatusCode);
    }

    // ASVS 5.0 V6.3.5: a sign-in from an unknown place is told; the first browser of an account is none.
    [Theory, MemberData(nameof(Engines))]
    public async Task A_new_browser_is_announced_until_it_was_read(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var notices = host.App.Services.GetRequiredService<Notices>();
        var desk = await host.SignedInAsync("doctor");
        await desk.SignInAsync("doctor", AccessHost.Password);
        Assert.Empty(await notices.ListAsync("doctor", default));

        await host.SignedInAsync("doctor", "10.9.9.9");
        var notice = Assert.Single(await notices.ListAsync("doctor", default));
        Assert.Equal((Notices.NewDevice, "Chrome · Windows", "10.9.9.9", false), (notice.Kind, notice.Device!, notice.Address!, notice.Seen));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("1 thông báo mới", await desk.TextAsync("/account"));
        await desk.PostAsync("/account/notices", []);
        Assert.DoesNotContain("1 thông báo mới", await desk.TextAsync("/account"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Repeated_wrong_passwords_are_told_to_the_owner(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var stranger = host.NewBrowser("203.0.113.9");
        for (var i = 0; i < 7; i++)
        {
            await stranger.SignInAsync("doctor", "doan-lan-" + i);
        }

        var notice = Assert.Single(await host.App.Services.GetRequiredService<Notices>().ListAsync("doctor", default));
        Assert.Equal((Notices.Guessing, "203.0.113.9"), (notice.Kind, notice.Address!));
    }

    // ASVS 5.0 V6.2.2, V6.2.3, V7.4.3
    [Theory, MemberData(nameof(Engines))]
    public async Task A_changed_password_needs_the_current_one_and_ends_every_other_session(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var (here, there) = (await host.SignedInAsync("doctor"), await host.SignedInAsync("doctor"));
        const string Next = "con mèo trên mái nhà";
        Task<HttpResponseMessage> Change(string current, string replacement, string repeated) =>
            here.PostAsync("/account/password", new() { ["current"] = current, ["replacement"] = replacement, ["repeated"] = repeated });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Change("sai-mat-khau", Next, Next)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Change(AccessHost.Password, Next, Next + "x")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Change(AccessHost.Password, "ngan-qua", "ngan-qua")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Change(AccessHost.Password, AccessHost.Password, AccessHost.Password)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync("/who")).StatusCode);

        Assert.Equal("/account?done=password", (await Change(AccessHost.Password, Next, Next)).Place());
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/who")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await there.GetAsync("/who")).StatusCode);
        Assert.Contains("error=wrong", (await host.NewBrowser().SignInAsync("doctor", AccessHost.Password)).Place());
        Assert.Equal("/", (await host.NewBrowser().SignInAsync("doctor", Next)).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Tokens_of_systems_have_no_account_page(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var token = (await (await host.Program().PostAsync("/api/token", Content.Form(("username", "intake"), ("password", AccessHost.Password)))).JsonAsync()).GetProperty("access_token").GetString();
        Assert.Equal(HttpStatusCode.Forbidden, (await host.Program(token).GetAsync("/account")).StatusCode);
    }

    // Lockout that cannot be used against others: from one address behind which a whole hospital sits, too.
    [Theory, MemberData(nameof(Engines))]
    public async Task Guesses_from_the_same_address_do_not_delay_the_owner_in_a_browser_used_before(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var owner = await host.SignedInAsync("doctor");
        await owner.PostAsync("/sign-out", []);
        var colleague = host.NewBrowser();
        for (var i = 0; i < 12; i++)
        {
            await colleague.SignInAsync("doctor", "doan-lan-" + i);
        }

        Assert.Contains("error=wait", (await colleague.SignInAsync("doctor", AccessHost.Password)).Place());
        Assert.Equal("/", (await owner.SignInAsync("doctor", AccessHost.Password)).Place());
        Assert.Equal("/", (await colleague.SignInAsync("registrar", AccessHost.Password)).Place());
    }

    [Theory]
    [InlineData(SignInHost.Chrome, "Chrome · Windows")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "Edge · Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari · iPhone")]
    [InlineData("curl/8.5.0", "?")]
    [InlineData(null, "?")]
    public void A_browser_is_named_in_a_few_words(string? agent, string name) => Assert.Equal(name, Devices.Name(agent));

    private static Sessions Sessions(AccessHost host) => host.App.Services.GetRequiredService<Sessions>();
}
