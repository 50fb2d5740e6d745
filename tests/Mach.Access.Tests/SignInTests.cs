using System.Net;
using Mach.Data;
using Mach.Testing;

namespace Mach.Access.Tests;

public sealed class SignInTests
{
    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/sign-in/second")]
    public async Task A_page_that_anybody_opens_may_be_asked_for_its_head_alone(string path)
    {
        await using var host = await SignInHost.StartAsync(DbEngine.Sqlite);
        var (head, page) = (await host.Program().SendAsync(new HttpRequestMessage(HttpMethod.Head, path)), await host.Program().GetAsync(path));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (head.StatusCode, page.StatusCode));
        Assert.Equal(page.Content.Headers.ContentType, head.Content.Headers.ContentType);
    }

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task The_right_password_opens_a_session_in_a_guarded_cookie(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        var browser = new Browser(host.Program());
        var answer = await browser.SignInAsync("Doctor ", AccessHost.Password, "/people?q=lan");

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal("/people?q=lan", answer.Headers.Location?.OriginalString);
        var cookie = browser.SetCookies["mach.session"];
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("doctor|Người thử doctor|", await (await browser.GetAsync("/who")).Content.ReadAsStringAsync());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_wrong_password_an_unknown_name_and_a_closed_account_look_alike(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        await host.Accounts.SetDisabledAsync("registrar", true, default);
        foreach (var (user, password) in new[] { ("doctor", "sai-mat-khau"), ("khong-co-ai", AccessHost.Password), ("registrar", AccessHost.Password) })
        {
            var answer = await new Browser(host.Program()).SignInAsync(user, password, "/who");
            Assert.Equal("/sign-in?error=wrong&returnUrl=%2Fwho", answer.Headers.Location?.OriginalString);
        }

        var kept = await host.Log.ListAsync(null, 10, default);
        Assert.All(kept, e => Assert.Equal(AccessOutcome.Failed, e.Event.Outcome));
        Assert.Equal(["?", "doctor", "registrar"], kept.Select(e => e.Event.Actor).Order());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_form_without_the_antiforgery_token_signs_nobody_in(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        var browser = new Browser(host.Program());
        var answer = await browser.PostRawAsync("/sign-in", new() { ["user"] = "doctor", ["password"] = AccessHost.Password });
        Assert.StartsWith("/sign-in?error=expired", answer.Headers.Location?.OriginalString);
        Assert.DoesNotContain("mach.session", browser.SetCookies.Keys);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_foreign_return_address_leads_home(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        var answer = await new Browser(host.Program()).SignInAsync("doctor", AccessHost.Password, "//evil.example/x");
        Assert.Equal("/", answer.Headers.Location?.OriginalString);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Signing_out_ends_the_session_for_a_copied_cookie_too(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        var browser = await host.SignedInBrowserAsync("doctor");
        var copied = browser.SetCookies["mach.session"].Split(';')[0];
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/who")).StatusCode);

        var signedOut = await browser.PostAsync("/sign-out", []);
        Assert.Equal("/sign-in", signedOut.Headers.Location?.OriginalString);
        Assert.Equal("\"cache\", \"storage\"", Assert.Single(signedOut.Headers.GetValues("Clear-Site-Data")));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/who")).StatusCode);
        var thief = host.Program();
        thief.DefaultRequestHeaders.Add("Cookie", copied);
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.GetAsync("/who")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_sign_out_that_was_not_asked_for_by_our_page_does_nothing(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        var browser = await host.SignedInBrowserAsync("doctor");
        await browser.PostRawAsync("/sign-out", []);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/who")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Closing_an_account_a_new_password_and_new_roles_end_its_sessions(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        Func<Task>[] changes =
        [
            () => host.Accounts.SetDisabledAsync("doctor", true, default),
            () => host.Accounts.SetPasswordAsync("doctor", "mot-cau-khac-han-9", default),
            () => host.Accounts.SetRolesAsync("doctor", [Roles.Registrar], default),
            () => host.Accounts.BindFacilityAsync("doctor", "25001", default),
        ];
        foreach (var change in changes)
        {
            await host.Accounts.EnsureAsync(new NewAccount("doctor", "Bác sĩ", AccessHost.Password, [Roles.Doctor]), default);
            var browser = await host.SignedInBrowserAsync("doctor");
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/who")).StatusCode);
            await change();
            Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/who")).StatusCode);
        }
    }

    // NIST SP 800-63B-4 §2.2.3
    [Theory, MemberData(nameof(Engines))]
    public async Task A_session_ends_an_hour_after_the_last_request_and_after_twelve_hours(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        var idle = await host.SignedInBrowserAsync("doctor");
        var busy = await host.SignedInBrowserAsync("registrar");
        for (var minutes = 50; minutes < 720; minutes += 50)
        {
            host.Clock.Advance(TimeSpan.FromMinutes(50));
            Assert.Equal(HttpStatusCode.OK, (await busy.GetAsync("/who")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.Redirect, (await idle.GetAsync("/who")).StatusCode);
        host.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(HttpStatusCode.Redirect, (await busy.GetAsync("/who")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Sessions_outlive_a_restart(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        var cookie = (await host.SignedInBrowserAsync("doctor")).SetCookies["mach.session"].Split(';')[0];
        await using var second = await host.RestartAsync();
        var client = second.Program();
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/who")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Guessing_is_slowed_down_without_locking_out_the_owner(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        var stranger = new Browser(host.Program(address: "203.0.113.9"));
        for (var i = 0; i < 5; i++)
        {
            Assert.Contains("error=wrong", (await stranger.SignInAsync("doctor", "doan-lan-" + i)).Headers.Location?.OriginalString);
        }

        // Even the right password has to wait there; from the owner's address it works at once.
        Assert.StartsWith("/sign-in?error=wait&seconds=1&", (await stranger.SignInAsync("doctor", AccessHost.Password)).Headers.Location?.OriginalString);
        Assert.Equal("/", (await new Browser(host.Program(address: "10.1.1.1")).SignInAsync("doctor", AccessHost.Password)).Headers.Location?.OriginalString);
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("/", (await stranger.SignInAsync("doctor", AccessHost.Password)).Headers.Location?.OriginalString);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task One_address_has_a_limit_of_tries_and_the_next_has_its_own(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine, new AccessOptions(SignInsPerMinute: 3))).WithPeopleAsync();
        var stranger = host.Program(address: "203.0.113.9");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.PostAsync("/api/token", Content.Form(("username", "a" + i), ("password", "sai-mat-khau")))).StatusCode);
        }

        var refused = await stranger.PostAsync("/api/token", Content.Form(("username", "a9"), ("password", "sai-mat-khau")));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal("/", (await new Browser(host.Program(address: "10.1.1.1")).SignInAsync("doctor", AccessHost.Password)).Headers.Location?.OriginalString);
    }
}
