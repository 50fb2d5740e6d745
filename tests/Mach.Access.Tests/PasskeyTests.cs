using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mach.Access.Passkeys;
using Mach.Access.SignIn;
using Mach.Data;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Tests;

/// <summary>Passkeys by .NET's own verification over our tables. Source: W3C Web Authentication Level 2 §7.1, §7.2.</summary>
public sealed class PasskeyTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task A_passkey_is_registered_named_listed_used_and_removed(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var owner = await host.SignedInAsync("doctor");
        using var key = new Authenticator();
        Assert.Equal("/account?done=passkey", (await RegisterAsync(owner, key, "Điện thoại")).Place());
        Assert.Contains("Điện thoại", await owner.TextAsync("/account"));

        var browser = host.NewBrowser();
        Assert.Equal("/who", (await UseAsync(browser, key, "/sign-in/passkey", "/who")).Place());
        Assert.StartsWith("doctor|", await browser.TextAsync("/who"));
        // The clock stands still: the two sessions have no order in time.
        var session = Assert.Single(await host.App.Services.GetRequiredService<Sessions>().ListAsync("doctor", default), s => s.Methods[0] == Methods.Passkey);
        Assert.Equal([Methods.Passkey, Methods.Several], session.Methods);

        Assert.Equal("/account?done=passkey-removed", (await browser.PostAsync("/account/passkeys/remove", new() { ["id"] = key.Id })).Place());
        Assert.Contains("error=passkey", (await UseAsync(host.NewBrowser(), key, "/sign-in/passkey")).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Nothing_but_the_right_answer_to_the_right_challenge_signs_in(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        using var key = new Authenticator();
        await RegisterAsync(await host.SignedInAsync("doctor"), key, "");

        // Another key, another site, another challenge, no check of the holder, a counter that went back, a closed account.
        using var stranger = new Authenticator();
        Assert.Contains("error=passkey", (await UseAsync(host.NewBrowser(), stranger, "/sign-in/passkey")).Place());
        Assert.Contains("error=passkey", (await UseAsync(host.NewBrowser(), key, "/sign-in/passkey", change: a => a.Origin = "https://evil.example")).Place());
        Assert.Contains("error=passkey", (await UseAsync(host.NewBrowser(), key, "/sign-in/passkey", change: a => a.Challenge = "AAAA")).Place());
        Assert.Contains("error=passkey", (await UseAsync(host.NewBrowser(), key, "/sign-in/passkey", change: a => a.Verified = false)).Place());
        Assert.Contains("error=passkey", (await UseAsync(host.NewBrowser(), key, "/sign-in/passkey", change: a => a.Broken = true)).Place());
        Assert.Equal("/", (await UseAsync(host.NewBrowser(), key, "/sign-in/passkey")).Place());
        Assert.Contains("error=passkey", (await UseAsync(host.NewBrowser(), key, "/sign-in/passkey", change: a => a.Counter = 1)).Place());
        await host.Accounts.SetDisabledAsync("doctor", true, default);
        Assert.Contains("error=passkey", (await UseAsync(host.NewBrowser(), key, "/sign-in/passkey")).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task An_answer_is_taken_once_and_for_what_it_was_asked_for(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var owner = await host.SignedInAsync("doctor");
        using var key = new Authenticator();
        await RegisterAsync(owner, key, "");
        var browser = host.NewBrowser();
        var answer = key.Use(await OptionsAsync(browser, "/sign-in/passkey/options"));
        Assert.Equal("/", (await browser.PostAsync("/sign-in/passkey", new() { ["credential"] = answer })).Place());
        Assert.Contains("error=expired", (await browser.PostAsync("/sign-in/passkey", new() { ["credential"] = answer })).Place());

        var late = host.NewBrowser();
        answer = key.Use(await OptionsAsync(late, "/sign-in/passkey/options"));
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Contains("error=expired", (await late.PostAsync("/sign-in/passkey", new() { ["credential"] = answer })).Place());

        answer = key.Use(await OptionsAsync(owner, "/sign-in/passkey/options"));
        Assert.Contains("/step-up?error=expired", (await owner.PostAsync("/step-up/passkey", new() { ["credential"] = answer })).Place());
        Assert.Contains("error=", (await host.NewBrowser().PostAsync("/sign-in/passkey", new() { ["credential"] = "{}" })).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Step_up_takes_the_persons_own_passkey_alone(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var (doctor, registrar) = (await host.SignedInAsync("doctor"), await host.SignedInAsync("registrar"));
        using var mine = new Authenticator();
        using var theirs = new Authenticator();
        await RegisterAsync(doctor, mine, "");
        await RegisterAsync(registrar, theirs, "");
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(HttpStatusCode.SeeOther, (await doctor.GetAsync("/probe-step-up")).StatusCode);
        Assert.Contains("error=passkey", (await UseAsync(doctor, theirs, "/step-up/passkey")).Place());
        Assert.Equal(HttpStatusCode.SeeOther, (await doctor.GetAsync("/probe-step-up")).StatusCode);
        Assert.Equal("/", (await UseAsync(doctor, mine, "/step-up/passkey")).Place());
        Assert.Equal(HttpStatusCode.OK, (await doctor.GetAsync("/probe-step-up")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Adding_a_passkey_asks_for_a_fresh_proof_and_a_verified_holder(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var owner = await host.SignedInAsync("doctor");
        using var key = new Authenticator();
        key.Verified = false;
        Assert.StartsWith("/account?done=passkey-", (await RegisterAsync(owner, key, "")).Place());
        Assert.Empty(await host.App.Services.GetRequiredService<PasskeyService>().ListAsync("doctor", default));
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.StartsWith("/step-up", (await owner.PostAsync("/account/passkeys/options", [])).Place());
    }

    private static async Task<HttpResponseMessage> RegisterAsync(Browser browser, Authenticator key, string name) =>
        await browser.PostAsync("/account/passkeys", new() { ["credential"] = key.Make(await OptionsAsync(browser, "/account/passkeys/options")), ["name"] = name });

    private static async Task<HttpResponseMessage> UseAsync(Browser browser, Authenticator key, string path, string returnUrl = "/", Action<Authenticator>? change = null)
    {
        var options = await OptionsAsync(browser, path + "/options");
        var (origin, challenge, verified, broken, counter) = (key.Origin, key.Challenge, key.Verified, key.Broken, key.Counter);
        change?.Invoke(key);
        var answer = key.Use(options);
        (key.Origin, key.Challenge, key.Verified, key.Broken, key.Counter) = (origin, challenge, verified, broken, Math.Max(counter, key.Counter));
        return await browser.PostAsync(path, new() { ["credential"] = answer, ["returnUrl"] = returnUrl });
    }

    private static async Task<JsonElement> OptionsAsync(Browser browser, string path)
    {
        var answer = await browser.PostAsync(path, []);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.JsonAsync();
    }

    /// <summary>An authenticator double with one ES256 key. The few CBOR items it needs are written by hand (RFC 8949).</summary>
    private sealed class Authenticator : IDisposable
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private readonly byte[] _id = RandomNumberGenerator.GetBytes(16);
        private string _user = "";

        public string Id => Base64Url.EncodeToString(_id);
        public string Origin { get; set; } = "http://localhost";
        public string? Challenge { get; set; }
        public bool Verified { get; set; } = true;
        public bool Broken { get; set; }
        public uint Counter { get; set; } = 1;

        public string Make(JsonElement options)
        {
            _user = options.GetProperty("user").GetProperty("id").GetString()!;
            var point = _key.ExportParameters(false).Q;
            byte[] cose = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
            byte[] data = [.. Data(0x40), .. new byte[16], 0, (byte)_id.Length, .. _id, .. cose];
            byte[] attestation = [0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x58, (byte)data.Length, .. data];
            return JsonSerializer.Serialize(new
            {
                id = Id,
                rawId = Id,
                type = "public-key",
                clientExtensionResults = new { },
                response = new { attestationObject = Base64Url.EncodeToString(attestation), clientDataJSON = Base64Url.EncodeToString(Client("webauthn.create", options)), transports = new[] { "internal" } },
            });
        }

        public string Use(JsonElement options)
        {
            Counter++;
            var (data, client) = (Data(0), Client("webauthn.get", options));
            var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
            if (Broken)
            {
                signature[^1] ^= 1;
            }

            return JsonSerializer.Serialize(new
            {
                id = Id,
                rawId = Id,
                type = "public-key",
                clientExtensionResults = new { },
                response = new { authenticatorData = Base64Url.EncodeToString(data), clientDataJSON = Base64Url.EncodeToString(client), signature = Base64Url.EncodeToString(signature), userHandle = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(User())) },
            });
        }

        public void Dispose() => _key.Dispose();

        private string User() => _user.Length == 0 ? "khong-ai" : Encoding.UTF8.GetString(Base64Url.DecodeFromChars(_user));

        /// <summary>Hash of the site, flags (user present 1, verified 4), counter; Level 2 §6.1.</summary>
        private byte[] Data(byte flags)
        {
            Span<byte> counter = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(counter, Counter);
            return [.. SHA256.HashData("localhost"u8), (byte)(flags | 1 | (Verified ? 4 : 0)), .. counter];
        }

        private byte[] Client(string type, JsonElement options) => Encoding.UTF8.GetBytes(
            $$"""{"type":"{{type}}","challenge":"{{Challenge ?? options.GetProperty("challenge").GetString()}}","origin":"{{Origin}}","crossOrigin":false}""");
    }
}
