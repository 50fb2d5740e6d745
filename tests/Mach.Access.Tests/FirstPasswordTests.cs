using System.Net;
using System.Security.Cryptography;
using System.Text;
using Mach.Access.SignIn;
using Mach.Data;
using Mach.Testing;

namespace Mach.Access.Tests;

/// <summary>Passwords that are not the owner's own, and passwords that others know. Source: OWASP ASVS 5.0 V6.4.1, V6.2.4, V6.2.12.</summary>
public sealed class FirstPasswordTests
{
    private const string First = "tam-thoi-cho-lan-dau-1", Own = "cau-rieng-cua-chi-lan";

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task A_password_that_an_administrator_typed_opens_nothing_but_its_change(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var administrator = await host.SignedInAsync("administrator");
        var made = await administrator.PostAsync("/accounts", new() { ["name"] = "chi.lan", ["display"] = "Lan", ["password"] = First, ["roles"] = Roles.DataOfficer });
        Assert.Equal(HttpStatusCode.Redirect, made.StatusCode);
        Assert.True((await host.Accounts.FindAsync("chi.lan", default))!.MustChange);

        var browser = host.NewBrowser();
        Assert.Equal("/account", (await browser.SignInAsync("chi.lan", First, "/who")).Place());
        Assert.Contains("Mật khẩu này do người khác đặt", await browser.TextAsync("/account"), StringComparison.Ordinal);
        foreach (var policy in new[] { Policies.DecideData, Policies.ReadRecord, Policies.FhirRead })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/probe/" + policy)).StatusCode);
        }

        // The same password again is no choice; another one opens what the role opens, in this session and the next.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync("/account/password", new() { ["current"] = First, ["replacement"] = First, ["repeated"] = First })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/probe/" + Policies.DecideData)).StatusCode);
        Assert.StartsWith("/account", (await browser.PostAsync("/account/password", new() { ["current"] = First, ["replacement"] = Own, ["repeated"] = Own })).Place(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/probe/" + Policies.DecideData)).StatusCode);
        Assert.False((await host.Accounts.FindAsync("chi.lan", default))!.MustChange);
        Assert.Equal("/", (await host.NewBrowser().SignInAsync("chi.lan", Own)).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_system_that_sends_keeps_what_it_was_given_and_an_own_choice_is_left_alone(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var administrator = await host.SignedInAsync("administrator");
        await administrator.PostAsync("/accounts", new() { ["name"] = "his.25001", ["display"] = "HIS", ["password"] = First, ["roles"] = Roles.Intake, ["facility"] = "25001" });
        Assert.False((await host.Accounts.FindAsync("his.25001", default))!.MustChange);
        Assert.All(await host.Accounts.ListAsync(default), a => Assert.False(a.MustChange));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_password_of_a_breach_elsewhere_is_refused_wherever_one_is_set(DbEngine engine)
    {
        var file = List(["con-meo-tren-mai-nha", "mot bai hat rat cu 77", "x"]);
        await using var host = await SignInHost.StartAsync(engine, new AccessOptions { Breached = new BreachedPasswords(file) });
        var refused = await Assert.ThrowsAsync<AccountRuleException>(() => host.Accounts.CreateAsync(new NewAccount("chi.lan", "Lan", "con-meo-tren-mai-nha", [Roles.Doctor]), default));
        Assert.Equal("password.breached", refused.Problem.Rule);
        Assert.Equal("password.breached", (await Assert.ThrowsAsync<AccountRuleException>(() => host.Accounts.SetPasswordAsync(Roles.Doctor, "mot bai hat rat cu 77", default))).Problem.Rule);
        await host.Accounts.SetPasswordAsync(Roles.Doctor, "mot bai hat rat moi 77", default);
        var browser = host.NewBrowser();
        await browser.SignInAsync(Roles.Registrar, AccessHost.Password);
        var page = await browser.PostAsync("/account/password", new() { ["current"] = AccessHost.Password, ["replacement"] = "con-meo-tren-mai-nha", ["repeated"] = "con-meo-tren-mai-nha" });
        Assert.Contains("đã bị lộ ở nơi khác", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "\n")]
    [InlineData(2, "\r\n")]
    [InlineData(3, "\n")]
    [InlineData(1000, "\r\n")]
    [InlineData(5000, "\n")]
    public void Every_line_of_a_list_is_found_and_nothing_else(int count, string ending)
    {
        var known = Enumerable.Range(0, count).Select(i => "mat-khau-bi-lo-so-" + i).ToList();
        var list = new BreachedPasswords(List(known, ending));
        Assert.All(known, password => Assert.True(list.Has(password), password));
        Assert.All(Enumerable.Range(0, Math.Min(count, 500)), i => Assert.False(list.Has("mat-khau-khong-lo-" + i)));
        Assert.True(new BreachedPasswords(List(known, ending, lastEnding: false)).Has(known[^1]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mat-khau\n")]
    [InlineData("da39a3ee5e6b4b0d3255bfef95601890afd80709:1\n")]
    public void A_file_that_is_no_list_is_refused(string text)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, text);
        Assert.Throws<FormatException>(() => new BreachedPasswords(file));
    }

    [Fact]
    public void A_list_in_another_order_is_refused()
    {
        var file = List([.. Enumerable.Range(0, 100).Select(i => "p" + i)]);
        File.WriteAllLines(file, File.ReadAllLines(file).Reverse());
        Assert.Throws<FormatException>(() => new BreachedPasswords(file));
        Assert.ThrowsAny<IOException>(() => new BreachedPasswords(file + ".gone"));
    }

    [Theory]
    [InlineData("1qaz2wsx3edc4rfv")]
    [InlineData("qwertyuiopasdfgh")]
    [InlineData("zaq12wsxcde34rfv")]
    [InlineData("1234567890qwertyuiop")]
    [InlineData("asdfghjkl;'1234567")]
    [InlineData("abcdefghijklmnop")]
    [InlineData("Abcd1234!Abcd1234!")]
    [InlineData("aaaabbbbccccdddd")]
    [InlineData("matkhauiloveyoupassword")]
    [InlineData("Password-Welcome-Admin-2026")]
    public void Walks_over_the_keyboard_and_common_words_in_any_number_are_common(string password) =>
        Assert.Equal("password.common", AccountRules.CheckPassword("chi.lan", password)?.Rule);

    [Theory]
    [InlineData("were-there-trees-where-you-were")]
    [InlineData("ba con vịt bơi qua sông Lô")]
    [InlineData("Trời hôm nay xanh quá 2026")]
    [InlineData("kQ7#vZ2p!mX9wT4s")]
    public void Sentences_and_random_ones_are_not(string password) => Assert.Null(AccountRules.CheckPassword("chi.lan", password));

    /// <summary>What the list of common ones becomes when 15 characters are asked for.</summary>
    [Fact]
    public void Far_more_than_three_thousand_common_passwords_of_fifteen_characters_are_refused()
    {
        using var stream = typeof(AccountRules).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        var roots = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var made = roots.SelectMany(one => roots.Select(two => one + two)).Concat(roots.SelectMany(one => new[] { one + one + one, one + "@123456789", one + "-" + one + "-2026", char.ToUpperInvariant(one[0]) + one[1..] + "!2345678901" }))
            .Where(p => p.Length is >= 15 and <= 64).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(made.Count > 10_000, $"{made.Count}");
        var through = made.Where(p => AccountRules.CheckPassword("chi.lan", p) is null).ToList();
        Assert.True(through.Count == 0, $"{through.Count} of {made.Count}: {string.Join(' ', through.Take(10))}");
    }

    private static string List(IReadOnlyList<string> passwords, string ending = "\n", bool lastEnding = true)
    {
        var file = Path.GetTempFileName();
#pragma warning disable CA5350 // The form of the lists.
        var lines = passwords.Select(p => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(p))) + ":" + p.Length).Order(StringComparer.Ordinal);
#pragma warning restore CA5350
        File.WriteAllText(file, string.Join(ending, lines) + (lastEnding ? ending : ""));
        return file;
    }
}
