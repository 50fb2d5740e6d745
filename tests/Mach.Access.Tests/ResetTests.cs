using System.Net;
using System.Text.RegularExpressions;
using Mach.Access.Recovery;
using Mach.Access.SecondFactor;
using Mach.Access.SignIn;
using Mach.Data;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Tests;

/// <summary>Recovery by two administrators. Source: OWASP ASVS 5.0 V6.4.</summary>
public sealed partial class ResetTests
{
    private const string Next = "con mèo trên mái nhà";

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task Two_administrators_reset_what_a_person_signs_in_with(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var (first, second) = (await host.SignedInAsync("administrator"), await host.SignedInAsync("administrator2"));
        var person = await host.SignedInAsync("doctor");
        await SecondFactorTests.EnrolAsync(host, "doctor", person);
        var one = await HalfAsync(await first.PostAsync("/accounts/doctor/reset", new() { ["reason"] = "Mất điện thoại" }));
        var reset = Assert.Single(await Cases(host).ListAsync(default));
        Assert.Contains("Mất điện thoại", await second.TextAsync("/accounts"));
        var two = await HalfAsync(await second.PostAsync($"/accounts/resets/{reset.Id}/confirm", []));
        Assert.Equal(HttpStatusCode.OK, (await person.GetAsync("/who")).StatusCode);

        // Half a code is none, and the old ways work until the person has used it.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await RecoverAsync(host, "doctor", one)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await RecoverAsync(host, "doctor", one + one)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await RecoverAsync(host, "registrar", one + two)).StatusCode);
        Assert.Equal("/sign-in?error=recovered", (await RecoverAsync(host, "doctor", two.ToLowerInvariant() + " " + one)).Place());
        Assert.Equal(HttpStatusCode.Redirect, (await person.GetAsync("/who")).StatusCode);
        Assert.False(await host.App.Services.GetRequiredService<SecondFactors>().IsOnAsync("doctor", default));
        Assert.Equal("/", (await host.NewBrowser().SignInAsync("doctor", Next)).Place());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await RecoverAsync(host, "doctor", one + two)).StatusCode);

        var log = (await host.Log.ListAsync(null, 100, default)).Select(e => (e.Event.Actor, e.Event.Action, e.Event.Outcome, e.Event.Detail)).ToList();
        Assert.Contains(("administrator", "reset-propose", AccessOutcome.Ok, "doctor"), log);
        Assert.Contains(("administrator2", "reset-confirm", AccessOutcome.Ok, "doctor"), log);
        Assert.Contains(("doctor", "reset-use", AccessOutcome.Ok, null), log);
        Assert.Contains(await host.App.Services.GetRequiredService<Notices>().ListAsync("doctor", default), n => n.Kind == Notices.Reset);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task One_administrator_alone_resets_nobody(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var first = await host.SignedInAsync("administrator");
        var doctor = await host.SignedInAsync("doctor");
        await HalfAsync(await first.PostAsync("/accounts/doctor/reset", new() { ["reason"] = "Mất điện thoại" }));
        var reset = Assert.Single(await Cases(host).ListAsync(default));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await first.PostAsync($"/accounts/resets/{reset.Id}/confirm", [])).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await doctor.PostAsync($"/accounts/resets/{reset.Id}/confirm", [])).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await first.PostAsync("/accounts/administrator/reset", new() { ["reason"] = "Cho chính tôi" })).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await first.PostAsync("/accounts/doctor/reset", new() { ["reason"] = "Lần nữa" })).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await first.PostAsync("/accounts/registrar/reset", new() { ["reason"] = " " })).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await first.PostAsync("/accounts/khong-co/reset", new() { ["reason"] = "Không có ai" })).StatusCode);

        // Nor does the person whose account it is, should they be an administrator themselves.
        await HalfAsync(await first.PostAsync("/accounts/administrator2/reset", new() { ["reason"] = "Mất khoá" }));
        var own = (await Cases(host).ListAsync(default)).Single(c => c.Account == "administrator2");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await (await host.SignedInAsync("administrator2")).PostAsync($"/accounts/resets/{own.Id}/confirm", [])).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_reset_ends_when_it_is_declined_or_after_a_day(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var (first, second) = (await host.SignedInAsync("administrator"), await host.SignedInAsync("administrator2"));
        await first.PostAsync("/accounts/doctor/reset", new() { ["reason"] = "Mất điện thoại" });
        var id = (await Cases(host).ListAsync(default))[0].Id;
        Assert.Equal("/accounts?done=reset-declined", (await second.PostAsync($"/accounts/resets/{id}/decline", [])).Place());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await second.PostAsync($"/accounts/resets/{id}/confirm", [])).StatusCode);

        var one = await HalfAsync(await first.PostAsync("/accounts/doctor/reset", new() { ["reason"] = "Mất điện thoại" }));
        id = (await Cases(host).ListAsync(default))[0].Id;
        var two = await HalfAsync(await second.PostAsync($"/accounts/resets/{id}/confirm", []));
        host.Clock.Advance(ResetCases.Lifetime);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await RecoverAsync(host, "doctor", one + two)).StatusCode);
        Assert.Empty(await Cases(host).ListAsync(default));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Two_confirmations_at_the_same_time_make_one_code(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await host.Accounts.CreateAsync(new NewAccount("administrator3", "Quản trị 3", AccessHost.Password, [Roles.Administrator]), default);
        var first = await host.SignedInAsync("administrator");
        Browser[] others = [await host.SignedInAsync("administrator2"), await host.SignedInAsync("administrator3")];
        await first.PostAsync("/accounts/doctor/reset", new() { ["reason"] = "Mất điện thoại" });
        var id = (await Cases(host).ListAsync(default))[0].Id;
        var answers = await Task.WhenAll(others.Select(o => o.PostAsync($"/accounts/resets/{id}/confirm", [])));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity], answers.Select(a => a.StatusCode).Order());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task An_administrator_signs_somebody_out_everywhere_and_finds_accounts_without_tones(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var administrator = await host.SignedInAsync("administrator");
        var doctor = await host.SignedInAsync("doctor");
        Assert.Equal("/accounts?done=signed-out", (await administrator.PostAsync("/accounts/doctor/sign-out", [])).Place());
        Assert.Equal(HttpStatusCode.Redirect, (await doctor.GetAsync("/who")).StatusCode);
        Assert.Equal("/accounts?done=roles", (await administrator.PostAsync("/accounts/doctor/roles", new() { ["roles"] = "registrar" })).Place());
        Assert.Equal([Roles.Registrar], (await host.Accounts.FindAsync("doctor", default))!.Roles);
        var found = await administrator.TextAsync("/accounts?q=nguoi+thu+doc");
        Assert.Contains("<td class=\"strong\">doctor</td>", found);
        Assert.DoesNotContain("<td class=\"strong\">registrar</td>", found);
    }

    private static async Task<AccessHost> StartAsync(DbEngine engine)
    {
        var host = await SignInHost.StartAsync(engine);
        await host.Accounts.CreateAsync(new NewAccount("administrator2", "Quản trị 2", AccessHost.Password, [Roles.Administrator]), default);
        return host;
    }

    private static Task<HttpResponseMessage> RecoverAsync(AccessHost host, string user, string code) =>
        host.NewBrowser().PostAsync("/recover", new() { ["user"] = user, ["code"] = code, ["replacement"] = Next, ["repeated"] = Next });

    private static async Task<string> HalfAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Half().Match(await answer.Content.ReadAsStringAsync()).Groups[1].Value;
    }

    private static ResetCases Cases(AccessHost host) => host.App.Services.GetRequiredService<ResetCases>();

    [GeneratedRegex("id=\"half\">([A-Z2-7-]{14})<")]
    private static partial Regex Half();
}
