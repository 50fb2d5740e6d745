using System.Net;
using Mach.Data;
using Mach.Testing;

namespace Mach.Access.Tests;

/// <summary>A fresh proof for what matters most. Source: OWASP ASVS 5.0 V7.5.3; RFC 9470 §3.</summary>
public sealed class StepUpTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task A_proof_is_fresh_for_five_minutes_and_then_asked_for_again(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var browser = await host.SignedInAsync("doctor");
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/probe-step-up")).StatusCode);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var asked = await browser.GetAsync("/probe-step-up?x=1");
        Assert.Equal((HttpStatusCode.SeeOther, "/step-up?returnUrl=%2Fprobe-step-up%3Fx%3D1"), (asked.StatusCode, asked.Place()));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/who")).StatusCode);

        var former = browser.SetCookies["mach.session"].Split(';')[0];
        Assert.Equal("/step-up?error=wrong&returnUrl=%2Fprobe-step-up", (await browser.PostAsync("/step-up", new() { ["password"] = "sai-mat-khau", ["returnUrl"] = "/probe-step-up" })).Place());
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.GetAsync("/probe-step-up")).StatusCode);
        Assert.Equal("/probe-step-up", (await browser.PostAsync("/step-up", new() { ["password"] = AccessHost.Password, ["returnUrl"] = "/probe-step-up" })).Place());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/probe-step-up")).StatusCode);

        // ASVS 5.0 V7.2.4: the proof makes a new token; the former one is worth nothing.
        var thief = host.Program();
        thief.DefaultRequestHeaders.Add("Cookie", former);
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.GetAsync("/who")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_program_is_told_what_is_missing(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var program = await host.SignedInProgramAsync();
        var refused = await program.GetAsync("/probe-step-up");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("error=\"insufficient_user_authentication\"", refused.Headers.WwwAuthenticate.ToString());
        Assert.Contains("max_age=\"300\"", refused.Headers.WwwAuthenticate.ToString());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Changing_accounts_asks_for_a_fresh_proof_and_only_of_those_who_may(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var administrator = await host.SignedInAsync("administrator");
        var doctor = await host.SignedInAsync("doctor");
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        var form = new Dictionary<string, string> { ["disabled"] = "true" };
        Assert.StartsWith("/step-up", (await administrator.PostAsync("/accounts/registrar/disabled", form)).Place());
        Assert.False((await host.Accounts.FindAsync("registrar", default))!.Disabled);
        Assert.Equal(HttpStatusCode.Forbidden, (await doctor.PostAsync("/accounts/registrar/disabled", form)).StatusCode);

        await administrator.PostAsync("/step-up", new() { ["password"] = AccessHost.Password });
        Assert.Equal("/accounts?done=disabled", (await administrator.PostAsync("/accounts/registrar/disabled", form)).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_foreign_page_cannot_give_the_proof_and_a_foreign_address_is_not_gone_back_to(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var browser = await host.SignedInAsync("doctor");
        Assert.StartsWith("/step-up?error=expired", (await browser.PostRawAsync("/step-up", new() { ["password"] = AccessHost.Password })).Place());
        Assert.Equal("/", (await browser.PostAsync("/step-up", new() { ["password"] = AccessHost.Password, ["returnUrl"] = "//evil.example" })).Place());
    }
}
