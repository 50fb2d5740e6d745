using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mach.Access.External;
using Mach.Access.SignIn;
using Mach.Data;
using Mach.Testing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Mach.Access.Tests;

/// <summary>Sign-in by an outside provider. Source: OpenID Connect Core 1.0 §3.1; RFC 7636; RFC 9207; OWASP ASVS 5.0 V10.5.</summary>
public sealed class ExternalTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task A_person_of_the_provider_gets_in_once_an_administrator_has_bound_them(DbEngine engine)
    {
        using var provider = new ProviderDouble();
        await using var host = await StartAsync(engine, provider);
        var browser = host.NewBrowser();
        Assert.Contains("/sign-in/with/vneid", await browser.TextAsync("/sign-in"));
        var unbound = (await GoAsync(browser, provider)).Place()!;
        Assert.StartsWith("/sign-in?error=unbound", unbound);
        Assert.Contains("nguoi-77", await browser.TextAsync(unbound));

        var administrator = await host.SignedInAsync("administrator");
        Assert.Equal("/accounts?done=bound", (await BindAsync(administrator, "doctor")).Place());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await BindAsync(administrator, "registrar")).StatusCode);
        Assert.Equal("/who", (await GoAsync(browser, provider, "/who")).Place());
        Assert.StartsWith("doctor|", await browser.TextAsync("/who"));
        Assert.Equal([Methods.Provider], (await host.App.Services.GetRequiredService<Sessions>().ListAsync("doctor", default))[0].Methods);

        await host.Accounts.SetDisabledAsync("doctor", true, default);
        Assert.Contains("error=unbound", (await GoAsync(host.NewBrowser(), provider)).Place());
        await host.Accounts.SetDisabledAsync("doctor", false, default);
        Assert.Equal("/accounts?done=unbound", (await administrator.PostAsync("/accounts/doctor/provider", new() { ["subject"] = "" })).Place());
        Assert.Contains("error=unbound", (await GoAsync(host.NewBrowser(), provider)).Place());
    }

    public static TheoryData<DbEngine, string> Lies
    {
        get
        {
            var rows = new TheoryData<DbEngine, string>();
            foreach (DbEngine engine in Engines)
            {
                foreach (var lie in new[] { "audience", "issuer", "expired", "future", "nonce", "unsigned", "foreign-key", "symmetric", "azp", "no-subject" })
                {
                    rows.Add(engine, lie);
                }
            }

            return rows;
        }
    }

    // OpenID Connect Core 1.0 §3.1.3.7, each step broken once.
    [Theory, MemberData(nameof(Lies))]
    public async Task A_statement_that_does_not_hold_lets_nobody_in(DbEngine engine, string lie)
    {
        using var provider = new ProviderDouble { Lie = lie };
        await using var host = await StartAsync(engine, provider);
        await BindAsync(await host.SignedInAsync("administrator"), "doctor");
        var browser = host.NewBrowser();
        Assert.StartsWith("/sign-in?error=provider", (await GoAsync(browser, provider)).Place());
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/who")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task An_answer_is_taken_once_in_the_browser_that_asked_and_from_the_provider_that_was_asked(DbEngine engine)
    {
        using var provider = new ProviderDouble();
        await using var host = await StartAsync(engine, provider);
        await BindAsync(await host.SignedInAsync("administrator"), "doctor");
        var browser = host.NewBrowser();
        var back = provider.Answer(await StartSignInAsync(browser));

        // Another browser (a forged sign-in), another state, another provider's issuer, none although the provider always says it.
        Assert.Contains("error=expired", (await host.NewBrowser().GetAsync(back)).Place());
        Assert.Contains("error=expired", (await (await AskedAsync(host)).GetAsync(back.Replace("state=", "state=x", StringComparison.Ordinal))).Place());
        var other = host.NewBrowser();
        Assert.Contains("error=provider", (await other.GetAsync(provider.Answer(await StartSignInAsync(other), issuer: "https://evil.example"))).Place());
        other = host.NewBrowser();
        Assert.Contains("error=provider", (await other.GetAsync(provider.Answer(await StartSignInAsync(other), issuer: null))).Place());

        Assert.Equal("/", (await browser.GetAsync(back)).Place());
        Assert.Contains("error=expired", (await browser.GetAsync(back)).Place());

        // A code that was redeemed before is refused by the provider; one for another challenge (PKCE) too.
        other = host.NewBrowser();
        var again = provider.Answer(await StartSignInAsync(other), code: QueryHelpers.ParseQuery(new Uri("https://x" + back).Query)["code"]);
        Assert.Contains("error=provider", (await other.GetAsync(again)).Place());
        other = host.NewBrowser();
        var stolen = QueryHelpers.ParseQuery(new Uri("https://x" + provider.Answer(await StartSignInAsync(host.NewBrowser()))).Query)["code"];
        Assert.Contains("error=provider", (await other.GetAsync(provider.Answer(await StartSignInAsync(other), code: stolen))).Place());

        var late = await AskedAsync(host);
        host.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Contains("error=expired", (await late.GetAsync("/sign-in/from/vneid?code=a&state=b")).Place());
        Assert.Equal(HttpStatusCode.NotFound, (await host.NewBrowser().GetAsync("/sign-in/with/khong-co")).StatusCode);
    }

    // OpenID Connect Core 1.0 §2 (acr, auth_time), §3.1.2.1 (max_age, acr_values); OWASP ASVS 5.0 V6.8.4.
    [Theory]
    [InlineData("high", 0, true)]
    [InlineData("high", 9, true)]
    [InlineData("high", 12, false)]
    [InlineData("high", null, false)]
    [InlineData("low", 0, false)]
    [InlineData(null, 0, false)]
    [InlineData("high", -30, false)]
    public async Task A_proof_that_is_weaker_or_older_than_asked_for_lets_nobody_in(string? acr, int? minutesAgo, bool opens)
    {
        using var provider = new ProviderDouble { Acr = acr, MinutesAgo = minutesAgo };
        await using var host = await StartAsync(DbEngine.Sqlite, provider, "high", 10);
        await BindAsync(await host.SignedInAsync("administrator"), "doctor");
        var browser = host.NewBrowser();
        var address = await StartSignInAsync(browser);
        Assert.Contains("acr_values=high", address, StringComparison.Ordinal);
        Assert.Contains("max_age=600", address, StringComparison.Ordinal);
        Assert.Equal(opens ? "/" : "/sign-in?error=provider&returnUrl=%2F", (await browser.GetAsync(provider.Answer(address))).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_session_is_as_fresh_as_the_proof_at_the_provider(DbEngine engine)
    {
        using var provider = new ProviderDouble { MinutesAgo = 20 };
        await using var host = await StartAsync(engine, provider);
        await BindAsync(await host.SignedInAsync("administrator"), "doctor");
        var browser = host.NewBrowser();
        Assert.Equal("/", (await GoAsync(browser, provider)).Place());
        Assert.StartsWith("/step-up", (await browser.GetAsync("/probe-step-up")).Place(), StringComparison.Ordinal);
        provider.MinutesAgo = 0;
        Assert.Equal("/", (await GoAsync(browser, provider)).Place());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/probe-step-up")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task New_keys_of_the_provider_are_asked_for_and_withdrawn_ones_count_no_longer(DbEngine engine)
    {
        using var provider = new ProviderDouble();
        await using var host = await StartAsync(engine, provider);
        await BindAsync(await host.SignedInAsync("administrator"), "doctor");
        Assert.Equal("/", (await GoAsync(host.NewBrowser(), provider)).Place());
        provider.ChangeKey();
        Assert.Equal("/", (await GoAsync(host.NewBrowser(), provider)).Place());
        provider.SignWithFormerKey = true;
        Assert.Contains("error=provider", (await GoAsync(host.NewBrowser(), provider)).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_provider_that_cannot_be_reached_or_speaks_for_another_says_so_on_the_page(DbEngine engine)
    {
        using var provider = new ProviderDouble { Lie = "metadata" };
        await using var host = await StartAsync(engine, provider);
        Assert.StartsWith("/sign-in?error=provider", (await host.NewBrowser().GetAsync("/sign-in/with/vneid")).Place());
        provider.Lie = "gone";
        Assert.StartsWith("/sign-in?error=provider", (await host.NewBrowser().GetAsync("/sign-in/with/vneid")).Place());
    }

    private static Task<AccessHost> StartAsync(DbEngine engine, ProviderDouble provider, string? acr = null, int? maxAge = null) => SignInHost.StartAsync(engine, new AccessOptions
    {
        Providers = [new ProviderOptions { Id = "vneid", Name = "VNeID", Issuer = ProviderDouble.Issuer, ClientId = ProviderDouble.ClientId, ClientSecret = "bi-mat", Acr = acr is null ? [] : [acr], MaxAgeMinutes = maxAge }],
        ProviderTransport = provider,
    });

    private static Task<HttpResponseMessage> BindAsync(Browser administrator, string account) =>
        administrator.PostAsync($"/accounts/{account}/provider", new() { ["provider"] = "vneid", ["subject"] = "nguoi-77" });

    private static async Task<Browser> AskedAsync(AccessHost host)
    {
        var browser = host.NewBrowser();
        await StartSignInAsync(browser);
        return browser;
    }

    private static async Task<string> StartSignInAsync(Browser browser, string returnUrl = "/") =>
        (await browser.GetAsync("/sign-in/with/vneid?returnUrl=" + Uri.EscapeDataString(returnUrl))).Headers.Location!.OriginalString;

    private static async Task<HttpResponseMessage> GoAsync(Browser browser, ProviderDouble provider, string returnUrl = "/") =>
        await browser.GetAsync(provider.Answer(await StartSignInAsync(browser, returnUrl)));

    /// <summary>A small provider: metadata, keys, codes that are redeemed once with their PKCE verifier, and the lie it is told to tell.</summary>
    private sealed class ProviderDouble : HttpMessageHandler
    {
        public const string Issuer = "https://provider.example";
        public const string ClientId = "mach-tinh";
        private readonly ConcurrentDictionary<string, (string Challenge, string Nonce, string Redirect)> _codes = new();
        private ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private ECDsa _former = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private int _keyNumber = 1;

        public string? Lie { get; set; }
        public string? Acr { get; set; }
        public int? MinutesAgo { get; set; }
        public bool SignWithFormerKey { get; set; }

        public void ChangeKey() => (_former, _key, _keyNumber) = (_key, ECDsa.Create(ECCurve.NamedCurves.nistP256), _keyNumber + 1);

        /// <summary>Where the provider sends the browser back to.</summary>
        public string Answer(string address, string? issuer = Issuer, string? code = null)
        {
            Assert.StartsWith(Issuer + "/authorize?", address);
            var asked = QueryHelpers.ParseQuery(new Uri(address).Query);
            Assert.Equal(("code", "S256", ClientId), (asked["response_type"].ToString(), asked["code_challenge_method"].ToString(), asked["client_id"].ToString()));
            if (code is null)
            {
                code = Guid.CreateVersion7().ToString();
                _codes[code] = (asked["code_challenge"]!, asked["nonce"]!, asked["redirect_uri"]!);
            }

            return $"{new Uri(asked["redirect_uri"]!).AbsolutePath}?code={code}&state={asked["state"]}" + (issuer is null ? "" : "&iss=" + Uri.EscapeDataString(issuer));
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Lie == "gone"
            ? throw new HttpRequestException("no such host")
            : request.RequestUri!.AbsolutePath switch
            {
                "/.well-known/openid-configuration" => Json(new
                {
                    issuer = Lie == "metadata" ? "https://other.example" : Issuer,
                    authorization_endpoint = Issuer + "/authorize",
                    token_endpoint = Issuer + "/token",
                    jwks_uri = Issuer + "/keys",
                    authorization_response_iss_parameter_supported = true,
                }),
                "/keys" => Json(new { keys = new[] { Public(_key, "k" + _keyNumber) } }),
                "/token" => Redeem(QueryHelpers.ParseQuery(await request.Content!.ReadAsStringAsync(cancellationToken)), request.Headers.Authorization?.Parameter),
                _ => new HttpResponseMessage(HttpStatusCode.NotFound),
            };

        private HttpResponseMessage Redeem(Dictionary<string, Microsoft.Extensions.Primitives.StringValues> form, string? basic)
        {
            var right = basic == Convert.ToBase64String(Encoding.UTF8.GetBytes(ClientId + ":bi-mat"))
                && _codes.TryRemove(form["code"].ToString(), out var asked) && form["redirect_uri"] == asked.Redirect
                && Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) == asked.Challenge
                ? asked.Nonce : null;
            return right is null ? new HttpResponseMessage(HttpStatusCode.BadRequest) : Json(new { access_token = "x", token_type = "Bearer", id_token = Token(right) });
        }

        private string Token(string nonce)
        {
            // The clock of the tests stands still in January 2026.
            var now = new DateTimeOffset(2026, 1, 15, 1, 0, 0, TimeSpan.Zero);
            var claims = new Dictionary<string, object>
            {
                ["iss"] = Lie == "issuer" ? "https://other.example" : Issuer,
                ["aud"] = Lie == "audience" ? "someone-else" : Lie == "azp" ? new[] { ClientId, "someone-else" } : ClientId,
                ["iat"] = now.ToUnixTimeSeconds(),
                ["nbf"] = (Lie == "future" ? now.AddHours(1) : now.AddMinutes(-1)).ToUnixTimeSeconds(),
                ["exp"] = (Lie == "expired" ? now.AddMinutes(-2) : now.AddHours(6)).ToUnixTimeSeconds(),
                ["nonce"] = Lie == "nonce" ? "of-another-request" : nonce,
            };
            if (Acr is not null)
            {
                claims["acr"] = Acr;
            }

            if (MinutesAgo is { } ago)
            {
                claims["auth_time"] = now.AddMinutes(-ago).ToUnixTimeSeconds();
            }

            if (Lie != "no-subject")
            {
                claims["sub"] = "nguoi-77";
            }

            using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            SigningCredentials? signing = Lie switch
            {
                "unsigned" => null,
                "foreign-key" => new(new ECDsaSecurityKey(foreign) { KeyId = "k" + _keyNumber }, "ES256"),
                // The public key as a shared secret: the old trick with HS256.
                "symmetric" => new(new SymmetricSecurityKey(_key.ExportSubjectPublicKeyInfo()) { KeyId = "k" + _keyNumber }, "HS256"),
                _ => new(new ECDsaSecurityKey(SignWithFormerKey ? _former : _key) { KeyId = "k" + (SignWithFormerKey ? _keyNumber - 1 : _keyNumber) }, "ES256"),
            };
            if (signing is not null)
            {
                signing.CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false };
            }

            return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor { Claims = claims, SigningCredentials = signing });
        }

        private static object Public(ECDsa key, string id)
        {
            var point = key.ExportParameters(false).Q;
            return new { kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = id, x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) };
        }

        private static HttpResponseMessage Json(object body) =>
            new(HttpStatusCode.OK) { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };

        protected override void Dispose(bool disposing)
        {
            _key.Dispose();
            _former.Dispose();
            base.Dispose(disposing);
        }
    }
}
