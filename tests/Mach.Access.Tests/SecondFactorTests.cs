using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Mach.Access.SecondFactor;
using Mach.Data;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Tests;

/// <summary>The second step. Source: RFC 6238, RFC 4226; OWASP ASVS 5.0 V6.5, V6.6.</summary>
public sealed partial class SecondFactorTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    // RFC 6238 Appendix B, the SHA1 rows.
    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void Codes_are_those_of_the_rfc(long seconds, string code) =>
        Assert.Equal(code, Totp.Code("12345678901234567890"u8, Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds)), digits: 8));

    // RFC 4226 Appendix D.
    [Theory]
    [InlineData(0, "755224")]
    [InlineData(1, "287082")]
    [InlineData(9, "520489")]
    public void Counters_are_those_of_the_rfc(long counter, string code) => Assert.Equal(code, Totp.Code("12345678901234567890"u8, counter));

    // RFC 4648 §10, without padding.
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Secrets_are_written_in_base32(string text, string base32) => Assert.Equal(base32, Totp.Base32(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_code_is_taken_one_step_either_side_and_never_at_or_before_the_last_one_used()
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(3000);
        var secret = "12345678901234567890"u8.ToArray();
        Assert.Equal(99, Totp.Match(secret, Totp.Code(secret, 99), at, 0));
        Assert.Equal(101, Totp.Match(secret, " " + Totp.Code(secret, 101).Insert(3, " "), at, 0));
        Assert.Null(Totp.Match(secret, Totp.Code(secret, 98), at, 0));
        Assert.Null(Totp.Match(secret, Totp.Code(secret, 102), at, 0));
        Assert.Null(Totp.Match(secret, Totp.Code(secret, 100), at, 100));
        Assert.Null(Totp.Match(secret, "12345", at, 0));
        Assert.Null(Totp.Match(secret, "٣٣٣٣٣٣", at, 0));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Sign_in_asks_for_the_code_and_a_used_code_is_worth_nothing(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var (secret, _) = await EnrolAsync(host, "doctor");
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        var code = Totp.Code(secret, Totp.StepAt(host.Clock.Now));

        var browser = host.NewBrowser();
        Assert.Equal("/sign-in/second?returnUrl=%2Fwho", (await browser.SignInAsync("doctor", AccessHost.Password, "/who")).Place());
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/who")).StatusCode);
        Assert.Contains("error=wrong", (await SecondAsync(browser, "000000")).Place());
        Assert.Equal("/who", (await SecondAsync(browser, code, "/who")).Place());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/who")).StatusCode);

        var replay = host.NewBrowser();
        await replay.SignInAsync("doctor", AccessHost.Password);
        Assert.Contains("error=wrong", (await SecondAsync(replay, code)).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task The_code_alone_opens_nothing_nor_does_a_password_of_long_ago(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var (secret, _) = await EnrolAsync(host, "doctor");
        var browser = host.NewBrowser();
        Assert.Contains("/sign-in?error=expired", (await SecondAsync(browser, Totp.Code(secret, Totp.StepAt(host.Clock.Now) + 1))).Place());
        await browser.SignInAsync("doctor", AccessHost.Password);
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Contains("/sign-in?error=expired", (await SecondAsync(browser, Totp.Code(secret, Totp.StepAt(host.Clock.Now)))).Place());
        await browser.SignInAsync("doctor", AccessHost.Password);
        await host.Accounts.SetDisabledAsync("doctor", true, default);
        Assert.Contains("/sign-in?error=expired", (await SecondAsync(browser, Totp.Code(secret, Totp.StepAt(host.Clock.Now)))).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_recovery_code_works_once(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var (_, codes) = await EnrolAsync(host, "doctor");
        Assert.Equal(SecondFactors.CodeCount, codes.Distinct().Count());
        var browser = host.NewBrowser();
        await browser.SignInAsync("doctor", AccessHost.Password);
        Assert.Equal("/", (await SecondAsync(browser, codes[3].ToLowerInvariant())).Place());
        var again = host.NewBrowser();
        await again.SignInAsync("doctor", AccessHost.Password);
        Assert.Contains("error=wrong", (await SecondAsync(again, codes[3])).Place());
        Assert.Equal(SecondFactors.CodeCount - 1, (await Factors(host).StateAsync("doctor", default)).CodesLeft);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Two_uses_of_one_code_at_the_same_time_let_one_in(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var (secret, _) = await EnrolAsync(host, "doctor");
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        var code = Totp.Code(secret, Totp.StepAt(host.Clock.Now));
        var browsers = new[] { host.NewBrowser(), host.NewBrowser(), host.NewBrowser() };
        foreach (var browser in browsers)
        {
            await browser.SignInAsync("doctor", AccessHost.Password);
        }

        var places = await Task.WhenAll(browsers.Select(async b => (await SecondAsync(b, code)).Place()));
        Assert.Single(places, p => p == "/");
    }

    // ASVS 5.0 V6.6.3: many addresses do not make more tries.
    [Theory, MemberData(nameof(Engines))]
    public async Task Guessing_codes_from_many_addresses_is_slowed_down_but_not_for_the_owners_browser(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var (secret, _) = await EnrolAsync(host, "doctor", out var owner);
        for (var i = 0; i < 8; i++)
        {
            var thief = host.NewBrowser("203.0.113." + i);
            await thief.SignInAsync("doctor", AccessHost.Password);
            Assert.Contains(i < 5 ? "error=wrong" : "error=wait", (await SecondAsync(thief, "000000")).Place());
        }

        host.Clock.Advance(TimeSpan.FromSeconds(40));
        var browser = await owner;
        await browser.PostAsync("/sign-out", []);
        await browser.SignInAsync("doctor", AccessHost.Password);
        Assert.Equal("/", (await SecondAsync(browser, Totp.Code(secret, Totp.StepAt(host.Clock.Now)))).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task The_secret_is_not_readable_in_the_database_and_not_shown_twice(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var (secret, codes) = await EnrolAsync(host, "doctor", out var owner);
        await using var connection = await host.Database.Db.OpenAsync(default);
        var kept = await connection.ExecuteScalarAsync<byte[]>("SELECT secret FROM acc_totp");
        Assert.Equal(-1, kept!.AsSpan().IndexOf(secret));
        var shas = (await connection.QueryAsync<byte[]>("SELECT sha FROM acc_recovery_code")).ToList();
        Assert.All(shas, sha => Assert.Equal(-1, sha.AsSpan().IndexOf(Encoding.ASCII.GetBytes(codes[0]))));
        Assert.Equal("/account", (await (await owner).GetAsync("/account/second-step")).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_wrong_code_turns_nothing_on_and_step_up_asks_for_the_code_once_it_is_on(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var browser = await host.SignedInAsync("doctor");
        await browser.PostAsync("/account/second-step", []);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync("/account/second-step/confirm", new() { ["code"] = "123" })).StatusCode);
        Assert.False(await Factors(host).IsOnAsync("doctor", default));

        var (secret, _) = await EnrolAsync(host, "registrar", out var owner);
        var registrar = await owner;
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.StartsWith("/step-up", (await registrar.PostAsync("/account/second-step/end", [])).Place());
        Assert.Contains("error=wrong", (await registrar.PostAsync("/step-up", new() { ["password"] = AccessHost.Password })).Place());
        Assert.Equal("/", (await registrar.PostAsync("/step-up", new() { ["code"] = Totp.Code(secret, Totp.StepAt(host.Clock.Now)) })).Place());
        Assert.Equal("/account?done=second-step-off", (await registrar.PostAsync("/account/second-step/end", [])).Place());
        Assert.Equal("/", (await host.NewBrowser().SignInAsync("registrar", AccessHost.Password)).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Where_a_second_step_is_required_the_role_opens_nothing_before_it_is_set_up(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine, new AccessOptions { SecondFactorRoles = [Roles.Administrator] });
        var browser = host.NewBrowser();
        Assert.Equal("/account", (await browser.SignInAsync("administrator", AccessHost.Password)).Place());
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/accounts")).StatusCode);
        Assert.Contains("bước xác nhận thứ hai", await browser.TextAsync("/account"));

        await EnrolAsync(host, "administrator", browser);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/accounts")).StatusCode);
        Assert.Equal("/", (await host.NewBrowser().SignInAsync("doctor", AccessHost.Password)).Place());
    }

    private static Task<HttpResponseMessage> SecondAsync(Browser browser, string code, string returnUrl = "/") =>
        browser.PostAsync("/sign-in/second", new() { ["code"] = code, ["returnUrl"] = returnUrl });

    private static SecondFactors Factors(AccessHost host) => host.App.Services.GetRequiredService<SecondFactors>();

    private static async Task<(byte[] Secret, string[] Codes)> EnrolAsync(AccessHost host, string user) => await EnrolAsync(host, user, await host.SignedInAsync(user));

    private static Task<(byte[] Secret, string[] Codes)> EnrolAsync(AccessHost host, string user, out Task<Browser> owner)
    {
        owner = host.SignedInAsync(user);
        return Finish(owner);
        async Task<(byte[] Secret, string[] Codes)> Finish(Task<Browser> browser) => await EnrolAsync(host, user, await browser);
    }

    /// <summary>Sets the second step up as a person does: by the page, with the key it shows.</summary>
    internal static async Task<(byte[] Secret, string[] Codes)> EnrolAsync(AccessHost host, string user, Browser browser)
    {
        Assert.Equal("/account/second-step", (await browser.PostAsync("/account/second-step", [])).Place());
        var secret = FromBase32(Key().Match(await browser.TextAsync("/account/second-step")).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal));
        var answer = await browser.PostAsync("/account/second-step/confirm", new() { ["code"] = Totp.Code(secret, Totp.StepAt(host.Clock.Now)) });
        Assert.Equal((HttpStatusCode.OK, user), (answer.StatusCode, user));
        var codes = RecoveryCode().Matches(await answer.Content.ReadAsStringAsync()).Select(m => m.Value).ToArray();
        return (secret, codes);
    }

    private static byte[] FromBase32(string text)
    {
        var bits = string.Concat(text.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }

    [GeneratedRegex("<p class=\"code\">([A-Z2-7 ]+)</p>")]
    private static partial Regex Key();

    [GeneratedRegex("[A-Z2-7]{6}-[A-Z2-7]{6}-[A-Z2-7]{6}-[A-Z2-7]{6}")]
    private static partial Regex RecoveryCode();
}
