using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Mach.Access.Programs;
using Mach.Data;
using Mach.Testing;
using Microsoft.IdentityModel.Tokens;

namespace Mach.Access.Tests.Programs;

/// <summary>Programs that prove themselves by a signed statement. Source: RFC 7523 §3; SMART App Launch 2.1, "Asymmetric Client Authentication".</summary>
public sealed class StatementTests
{
    private const string Lab = "phong-xet-nghiem";

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private readonly RsaSecurityKey _rsa = new(RSA.Create(2048)) { KeyId = "r1" };
    private readonly ECDsaSecurityKey _p384 = new(ECDsa.Create(ECCurve.NamedCurves.nistP384)) { KeyId = "e1" };

    [Theory, MemberData(nameof(Engines))]
    public async Task A_statement_opens_once_with_each_algorithm_that_there_is(DbEngine engine)
    {
        await using var host = await StartAsync(engine, ProgramHost.KeySet(_rsa, _p384));
        foreach (var (key, algorithm) in new (SecurityKey, string)[] { (_rsa, "RS384"), (_p384, "ES384"), (_rsa, "PS256") })
        {
            var statement = ProgramHost.Statement(host, Lab, key, algorithm);
            var (status, json) = await host.StateAsync(statement);
            Assert.True(status == HttpStatusCode.OK, algorithm + json);
            Assert.Equal(HttpStatusCode.OK, (await host.Program(json.Text("access_token")).GetAsync("/fhir/Patient")).StatusCode);

            // The same jti again, also in another statement.
            Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), await ErrorAsync(host, statement));
        }

        var first = ProgramHost.Statement(host, Lab, _rsa, "RS384", c => c["jti"] = "mot");
        Assert.Equal(HttpStatusCode.OK, (await host.StateAsync(first)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.StateAsync(ProgramHost.Statement(host, Lab, _p384, "ES384", c => c["jti"] = "mot"))).Status);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Of_many_uses_at_the_same_time_one_counts(DbEngine engine)
    {
        await using var host = await StartAsync(engine, ProgramHost.KeySet(_rsa));
        var statement = ProgramHost.Statement(host, Lab, _rsa, "RS384");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => host.StateAsync(statement)));
        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
    }

    public static TheoryData<string> Lies => ["audience", "audiences", "no-audience", "issuer", "subject", "expired", "too-long", "no-end", "future", "no-jti", "foreign-key", "other-client"];

    // RFC 7523 §3, each rule broken once.
    [Theory, MemberData(nameof(Lies))]
    public async Task A_statement_that_does_not_hold_opens_nothing(string lie)
    {
        await using var host = await StartAsync(DbEngine.Sqlite, ProgramHost.KeySet(_rsa));
        await host.RegisterAsync("khac", ClientMethods.SignedStatement, "system/*.rs", "", keys: ProgramHost.KeySet(_p384));
        var now = host.Clock.GetUtcNow();
        using var foreign = RSA.Create(2048);
        var statement = ProgramHost.Statement(host, Lab, lie == "foreign-key" ? new RsaSecurityKey(foreign) { KeyId = "r1" } : _rsa, "RS384", c =>
        {
            switch (lie)
            {
                case "audience": c["aud"] = "https://other.example/oauth/token"; break;
                case "audiences": c["aud"] = new[] { "http://localhost/oauth/token", "https://other.example" }; break;
                case "no-audience": c.Remove("aud"); break;
                case "issuer": c["iss"] = "khac"; break;
                case "subject": c["sub"] = "khac"; break;
                case "other-client": (c["iss"], c["sub"]) = ("khac", "khac"); break;
                case "expired": c["exp"] = now.AddMinutes(-2).ToUnixTimeSeconds(); break;
                case "too-long": c["exp"] = now.AddMinutes(30).ToUnixTimeSeconds(); break;
                case "no-end": c.Remove("exp"); break;
                case "future": c["nbf"] = now.AddMinutes(3).ToUnixTimeSeconds(); break;
                case "no-jti": c.Remove("jti"); break;
            }
        });
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), await ErrorAsync(host, statement));
    }

    // RFC 8725 §3.1: neither "none" nor a public key taken for a shared secret.
    [Fact]
    public async Task Unsigned_and_symmetric_statements_open_nothing()
    {
        await using var host = await StartAsync(DbEngine.Sqlite, ProgramHost.KeySet(_rsa));
        var good = ProgramHost.Statement(host, Lab, _rsa, "RS384");
        var payload = good.Split('.')[1];
        var none = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""") + "." + payload + ".";
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.StateAsync(none)).Status);

        foreach (var secret in new[] { _rsa.Rsa.ExportRSAPublicKeyPem(), _rsa.Rsa.ExportSubjectPublicKeyInfoPem(), ProgramHost.KeySet(_rsa) })
        {
            var text = Base64UrlEncoder.Encode("""{"alg":"HS256","typ":"JWT","kid":"r1"}""") + "." + payload;
            var forged = text + "." + Base64UrlEncoder.Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(text)));
            Assert.Equal(HttpStatusCode.Unauthorized, (await host.StateAsync(forged)).Status);
        }

        foreach (var rubbish in new[] { "a.b.c", "..", new string('x', 20_000), "eyJ.eyJ.x" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await host.StateAsync(rubbish)).Status);
        }
    }

    [Fact]
    public async Task Two_proofs_at_once_and_a_wrong_type_are_refused()
    {
        await using var host = await StartAsync(DbEngine.Sqlite, ProgramHost.KeySet(_rsa));
        var statement = ProgramHost.Statement(host, Lab, _rsa, "RS384");
        var both = await host.TokenAsync(("grant_type", "client_credentials"), ("client_assertion_type", SignedStatements.Type), ("client_assertion", statement), ("client_id", Lab), ("client_secret", "x"));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (both.Status, both.Json.Text("error")));
        var type = await host.TokenAsync(("grant_type", "client_credentials"), ("client_assertion_type", "saml"), ("client_assertion", statement));
        Assert.Equal("invalid_request", type.Json.Text("error"));

        // Who is registered with keys does not get in without: neither by id alone nor by an empty secret.
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.TokenAsync(("grant_type", "client_credentials"), ("client_id", Lab))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.TokenAsync(("grant_type", "client_credentials"), ("client_id", Lab), ("client_secret", "khoa-nao-cung-duoc"))).Status);
    }

    [Fact]
    public async Task Keys_at_an_address_are_kept_a_while_and_new_ones_are_asked_for()
    {
        using var keys = new KeyHost();
        keys.Answers["https://lab.example.vn/keys"] = (HttpStatusCode.OK, ProgramHost.KeySet(_rsa));
        await using var host = await ProgramHost.StartAsync(DbEngine.Sqlite, new AccessOptions { KeyTransport = keys });
        await host.RegisterAsync(Lab, ClientMethods.SignedStatement, "system/*.rs", "", keysAddress: "https://lab.example.vn/keys");
        Assert.Equal(HttpStatusCode.OK, (await host.StateAsync(ProgramHost.Statement(host, Lab, _rsa, "RS384"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await host.StateAsync(ProgramHost.Statement(host, Lab, _rsa, "RS384"))).Status);
        Assert.Equal(1, keys.Asked);

        keys.Answers["https://lab.example.vn/keys"] = (HttpStatusCode.OK, ProgramHost.KeySet(_p384));
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.StateAsync(ProgramHost.Statement(host, Lab, _p384, "ES384"))).Status);
        Assert.Equal(1, keys.Asked);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await host.StateAsync(ProgramHost.Statement(host, Lab, _p384, "ES384"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.StateAsync(ProgramHost.Statement(host, Lab, _rsa, "RS384"))).Status);

        // A short key is none, wherever it comes from.
        using var shortKey = RSA.Create(1024);
        var own = ProgramHost.Statement(host, Lab, _rsa, "RS384").Split('.');
        var signature = shortKey.SignData(Encoding.ASCII.GetBytes(own[0] + "." + own[1]), HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
        keys.Answers["https://lab.example.vn/keys"] = (HttpStatusCode.OK, ProgramHost.KeySet(new RsaSecurityKey(shortKey) { KeyId = _rsa.KeyId }));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.StateAsync($"{own[0]}.{own[1]}.{Base64UrlEncoder.Encode(signature)}")).Status);

        // An address that leads elsewhere, fails or talks nonsense gives no keys.
        foreach (var answer in new[] { (HttpStatusCode.Redirect, ""), (HttpStatusCode.InternalServerError, ""), (HttpStatusCode.OK, "[]"), (HttpStatusCode.OK, "<html>") })
        {
            keys.Answers["https://lab.example.vn/keys"] = answer;
            host.Clock.Advance(TimeSpan.FromMinutes(16));
            Assert.Equal(HttpStatusCode.Unauthorized, (await host.StateAsync(ProgramHost.Statement(host, Lab, _p384, "ES384"))).Status);
        }
    }

    // CWE-918: what somebody writes down as an address leads to no neighbour of this house.
    [Theory]
    [InlineData("127.0.0.1"), InlineData("10.1.2.3"), InlineData("172.20.0.1"), InlineData("192.168.1.1"), InlineData("169.254.169.254"), InlineData("100.64.0.1"), InlineData("0.0.0.0"), InlineData("224.0.0.1"), InlineData("255.255.255.255")]
    [InlineData("::1"), InlineData("::"), InlineData("fe80::1"), InlineData("fd00::1"), InlineData("::ffff:127.0.0.1"), InlineData("::ffff:10.0.0.1"), InlineData("64:ff9b::a00:1"), InlineData("2002:7f00:1::"), InlineData("ff02::1"), InlineData("::127.0.0.1")]
    public void Addresses_that_are_not_public_are_not_asked(string address) => Assert.False(PublicNetwork.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8"), InlineData("203.113.131.1"), InlineData("2606:4700::1")]
    public void Public_addresses_are(string address) => Assert.True(PublicNetwork.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://localhost/keys"), InlineData("https://127.0.0.1/keys"), InlineData("https://[::1]/keys"), InlineData("http://example.vn/keys"), InlineData("file:///etc/passwd")]
    public async Task Nothing_is_asked_of_the_own_machine(string address)
    {
        using var remote = new RemoteKeys(new AccessOptions(), new TestClock());
        Assert.Null(await remote.FindAsync(address, null, default));
    }

    private static async Task<AccessHost> StartAsync(DbEngine engine, string keys)
    {
        var host = await ProgramHost.StartAsync(engine);
        await host.RegisterAsync(Lab, ClientMethods.SignedStatement, "system/*.rs", "", keys: keys);
        return host;
    }

    private static async Task<(HttpStatusCode, string)> ErrorAsync(AccessHost host, string statement)
    {
        var (status, json) = await host.StateAsync(statement);
        return (status, json.Text("error"));
    }

    private sealed class KeyHost : HttpMessageHandler
    {
        public ConcurrentDictionary<string, (HttpStatusCode Status, string Text)> Answers { get; } = new();

        public int Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked++;
            var (status, text) = Answers[request.RequestUri!.AbsoluteUri];
            return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(text) });
        }
    }
}
