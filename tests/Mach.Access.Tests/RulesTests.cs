using Mach.Access.SignIn;
using Mach.Access.Tokens;
using Mach.Testing;

namespace Mach.Access.Tests;

public sealed class RulesTests
{
    // SMART App Launch 2.1 §scopes: v1 read = v2 rs; a wildcard type covers every type; letters come in the order cruds.
    [Theory]
    [InlineData("system/*.rs", "system/Patient.r", true)]
    [InlineData("system/*.rs", "system/*.read", true)]
    [InlineData("system/*.read", "system/Observation.rs", true)]
    [InlineData("system/*.r", "system/Patient.rs", false)]
    [InlineData("system/Patient.rs", "system/*.rs", false)]
    [InlineData("system/Patient.rs", "system/Observation.rs", false)]
    [InlineData("user/*.rs", "system/Patient.r", false)]
    [InlineData("system/*.rs", "system/Patient.sr", false)]
    [InlineData("system/*.rs", "system/Patient.cruds", false)]
    [InlineData("system/*.*", "system/Patient.cruds", true)]
    [InlineData("dossier.send", "dossier.send", true)]
    [InlineData("dossier.send", "dossier.read", false)]
    public void A_scope_covers_what_it_grants_and_no_more(string granted, string asked, bool covers) =>
        Assert.Equal(covers, Scopes.Covers(granted, asked));

    [Theory]
    [InlineData(null, "system/*.rs")]
    [InlineData("system/Patient.r", "system/Patient.r")]
    [InlineData("system/*.rs system/Patient.cud", null)]
    [InlineData("openid", null)]
    public void A_client_gets_what_it_asks_for_when_it_may_have_all_of_it(string? asked, string? granted) =>
        Assert.Equal(granted, OAuthToken.Grant(["system/*.rs"], Scopes.Split(asked)));

    // CWE-601
    [Theory]
    [InlineData("/people?q=lan", true)]
    [InlineData("/", true)]
    [InlineData("//evil.example", false)]
    [InlineData("/\\evil.example", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("people", false)]
    [InlineData("/a\r\nSet-Cookie: x=1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_an_address_on_this_site_is_gone_back_to(string? url, bool local) => Assert.Equal(local, LocalUrl.IsLocal(url));

    // NIST SP 800-63B-4 §3.1.1.2 (15 characters where it is the only proof); OWASP ASVS 5.0 V6.2.1, V6.2.4, V6.2.5, V6.2.9, V6.2.11
    [Theory]
    [InlineData("12345678901234", "password.short")]
    [InlineData("con-meo-tren-m", "password.short")]
    [InlineData("123456789012345", "password.common")]
    [InlineData("MatKhau123456789!", "password.common")]
    [InlineData("matkhaumatkhaumatkhau", "password.common")]
    [InlineData("MậtKhẩu@2026-2026", "password.common")]
    [InlineData("aaaaaaaaaaaaaaaaaa", "password.common")]
    [InlineData("nguyen.lan-nguyen.lan", "password.common")]
    [InlineData("con-meo-tren-mai", null)]
    [InlineData("con mèo trên mái nhà", null)]
    [InlineData("mot cau toan chu thuong", null)]
    public void A_password_is_long_enough_and_not_a_common_one(string password, string? rule) =>
        Assert.Equal(rule, AccountRules.CheckPassword("nguyen.lan", password)?.Rule);

    [Fact]
    public void A_password_may_have_256_characters_and_no_more()
    {
        var longest = string.Concat(Enumerable.Range(0, 64).Select(i => $"{i:00}ab"));
        Assert.Null(AccountRules.CheckPassword("lan", longest));
        Assert.Equal("password.short", AccountRules.CheckPassword("lan", longest + "x")?.Rule);
    }

    [Theory]
    [InlineData("bs", "name")]
    [InlineData("bác sĩ", "name")]
    [InlineData("bs.lan@bv-tinh_1", null)]
    public void A_user_name_has_plain_characters(string name, string? rule) => Assert.Equal(rule, AccountRules.CheckName(name)?.Rule);

    [Fact]
    public void What_portal_clients_send_is_the_upper_case_hex_md5()
    {
        // RFC 1321 §A.5: MD5("abc").
        Assert.Equal("900150983CD24FB0D6963F7D28E17F72", Passwords.Md5("abc"));
        Assert.True(Passwords.LooksLikeMd5("900150983cd24fb0d6963f7d28e17f72"));
        Assert.False(Passwords.LooksLikeMd5("900150983cd24fb0d6963f7d28e17f7x"));
    }

    [Fact]
    public void The_wait_doubles_after_five_failures_and_ends_at_a_quarter_of_an_hour()
    {
        var clock = new TestClock();
        var throttle = new Throttle(clock);
        var waits = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            throttle.Failed("lan", "10.0.0.1");
            waits.Add(throttle.Wait("lan", "10.0.0.1").TotalSeconds);
        }

        Assert.Equal([0, 0, 0, 0, 1, 2, 4, 8], waits.Take(8));
        Assert.Equal(900, waits[^1]);
        Assert.Equal(TimeSpan.Zero, throttle.Wait("lan", "10.0.0.2"));
        Assert.Equal(TimeSpan.Zero, throttle.Wait("mai", "10.0.0.1"));
        clock.Advance(TimeSpan.FromMinutes(31));
        throttle.Failed("lan", "10.0.0.1");
        Assert.Equal(TimeSpan.Zero, throttle.Wait("lan", "10.0.0.1"));
    }
}
