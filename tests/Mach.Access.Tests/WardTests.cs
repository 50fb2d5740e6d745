using System.Net;
using Mach.Access.SignIn;
using Mach.Access.Wards;
using Mach.Data;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Tests;

/// <summary>Fast switching on shared computers. Source: NIST SP 800-63B-4 §3.1.7, §3.2.2.</summary>
public sealed class WardTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [InlineData("204815", null)]
    [InlineData("20481", "pin.digits")]
    [InlineData("2048155", "pin.digits")]
    [InlineData("20481a", "pin.digits")]
    [InlineData("٢٠٤٨١٥", "pin.digits")]
    [InlineData("111111", "pin.easy")]
    [InlineData("123456", "pin.easy")]
    [InlineData("987654", "pin.easy")]
    [InlineData("123123", "pin.easy")]
    [InlineData("121212", "pin.easy")]
    [InlineData("135790", null)]
    public void A_pin_has_six_digits_that_are_no_pattern(string pin, string? rule) => Assert.Equal(rule, WardComputers.CheckPin(pin)?.Rule);

    [Theory, MemberData(nameof(Engines))]
    public async Task People_switch_on_a_registered_computer_and_nowhere_else(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var computer = await WardAsync(host, "doctor", "204815");
        await computer.SignInAsync("registrar", AccessHost.Password);
        Assert.Equal("/account?done=pin", (await computer.PostAsync("/ward/pin", new() { ["pin"] = "735190" })).Place());
        var page = await computer.TextAsync("/switch");
        Assert.Contains("Người thử doctor", page);
        Assert.Contains("Người thử registrar", page);

        Assert.Equal("/who", (await SwitchAsync(computer, "doctor", "204815", "/who")).Place());
        Assert.StartsWith("doctor|", await computer.TextAsync("/who"));
        Assert.Empty(await host.App.Services.GetRequiredService<Sessions>().ListAsync("registrar", default));
        Assert.Contains("error=wrong", (await SwitchAsync(computer, "registrar", "204815")).Place());
        Assert.Contains("error=wrong", (await SwitchAsync(host.NewBrowser(), "doctor", "204815")).Place());
        Assert.DoesNotContain("Người thử", await host.NewBrowser().TextAsync("/switch"));

        // An unregistered computer takes no PIN.
        var desk = await host.SignedInAsync("doctor");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await desk.PostAsync("/ward/pin", new() { ["pin"] = "204815" })).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Five_wrong_tries_end_the_pin_and_not_the_account(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var computer = await WardAsync(host, "doctor", "204815");
        for (var i = 0; i < 4; i++)
        {
            await SwitchAsync(computer, "doctor", "00000" + i);
        }

        Assert.Equal("/", (await SwitchAsync(computer, "doctor", "204815")).Place());
        for (var i = 0; i < 5; i++)
        {
            await SwitchAsync(computer, "doctor", "00000" + i);
        }

        Assert.Contains("error=wrong", (await SwitchAsync(computer, "doctor", "204815")).Place());
        Assert.Contains(await host.App.Services.GetRequiredService<Notices>().ListAsync("doctor", default), n => n.Kind == Notices.PinEnded);
        Assert.Equal("/", (await computer.SignInAsync("doctor", AccessHost.Password)).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Guesses_at_the_same_time_get_no_more_than_five_tries(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var computer = await WardAsync(host, "doctor", "204815");
        await computer.GetAsync("/sign-in");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => SwitchAsync(computer, "doctor", "00000" + i)));
        Assert.Contains("error=wrong", (await SwitchAsync(computer, "doctor", "204815")).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_pin_works_for_one_shift_and_never_counts_as_a_fresh_proof(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var computer = await WardAsync(host, "doctor", "204815");
        Assert.Equal("/", (await SwitchAsync(computer, "doctor", "204815")).Place());
        Assert.StartsWith("/step-up", (await computer.GetAsync("/probe-step-up")).Place());
        Assert.StartsWith("/step-up", (await computer.PostAsync("/ward/pin", new() { ["pin"] = "735190" })).Place());

        host.Clock.Advance(TimeSpan.FromHours(11.5));
        Assert.Equal("/", (await SwitchAsync(computer, "doctor", "204815")).Place());
        host.Clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(HttpStatusCode.OK, (await computer.GetAsync("/who")).StatusCode);
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.Redirect, (await computer.GetAsync("/who")).StatusCode);
        Assert.Contains("error=wrong", (await SwitchAsync(computer, "doctor", "204815")).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_pin_ends_with_the_computer_the_password_the_roles_and_the_account(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        Func<Task>[] ends =
        [
            () => host.Accounts.SetPasswordAsync("doctor", AccessHost.Password + "x", default),
            () => host.Accounts.SetRolesAsync("doctor", [Roles.Registrar], default),
            () => host.Accounts.SetDisabledAsync("doctor", true, default),
            async () =>
            {
                var wards = host.App.Services.GetRequiredService<WardComputers>();
                var administrator = await host.SignedInAsync("administrator");
                foreach (var computer in await wards.ListAsync(default))
                {
                    Assert.Equal("/ward?done=removed", (await administrator.PostAsync($"/ward/{computer.Id}/remove", [])).Place());
                }
            },
        ];
        foreach (var end in ends)
        {
            await host.Accounts.EnsureAsync(new NewAccount("doctor", "Bác sĩ", AccessHost.Password, [Roles.Doctor]), default);
            var computer = await WardAsync(host, "doctor", "204815");
            await end();
            Assert.Contains("error=wrong", (await SwitchAsync(computer, "doctor", "204815")).Place());
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Only_an_administrator_registers_a_computer(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await host.SignedInAsync("doctor")).PostAsync("/ward", new() { ["name"] = "Khoa Nội" })).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await (await host.SignedInAsync("administrator")).PostAsync("/ward", new() { ["name"] = " " })).StatusCode);
        Assert.Contains("error=expired", (await host.NewBrowser().PostRawAsync("/switch", new() { ["account"] = "doctor", ["pin"] = "204815" })).Place());
    }

    /// <summary>A registered computer on which this person has set a PIN.</summary>
    private static async Task<Browser> WardAsync(AccessHost host, string user, string pin)
    {
        var computer = await host.SignedInAsync("administrator");
        Assert.Equal("/ward?done=registered", (await computer.PostAsync("/ward", new() { ["name"] = "Khoa Nội, máy 2" })).Place());
        await computer.SignInAsync(user, AccessHost.Password);
        Assert.Equal("/account?done=pin", (await computer.PostAsync("/ward/pin", new() { ["pin"] = pin })).Place());
        return computer;
    }

    private static Task<HttpResponseMessage> SwitchAsync(Browser computer, string account, string pin, string returnUrl = "/") =>
        computer.PostAsync("/switch", new() { ["account"] = account, ["pin"] = pin, ["returnUrl"] = returnUrl });
}
