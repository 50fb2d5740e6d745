using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Mach.Access.Programs;
using Mach.Data;
using Mach.Testing;

namespace Mach.Access.Tests.Programs;

/// <summary>Programs known by the certificate of their connection, and tokens bound to it, over real TLS. Source: RFC 8705 §2, §3, §5.</summary>
public sealed class CertificateTests
{
    private const string Subject = "CN=may-xet-nghiem, O=Trạm y tế Thử, C=VN";

    // TLS itself knows only the clock of the machine; the house decides by its own.
    private static readonly DateTimeOffset Now = new TestClock().Now;

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task Only_the_right_certificate_is_a_proof(DbEngine engine)
    {
        using var house = new House();
        await using var host = await house.StartAsync(engine);
        await RegisterAsync(host, "theo-ten", ClientMethods.Certificate, Subject);
        await RegisterAsync(host, "theo-dns", ClientMethods.Certificate, "dns:may.tram-25001.vn");
        await RegisterAsync(host, "theo-bam", ClientMethods.OwnCertificate, Certificates.Thumbprint(house.Own));
        await RegisterAsync(host, "theo-khoa", ClientMethods.OwnCertificate, null, KeySetOf(house.Own));
        await RegisterAsync(host, "co-khoa", ClientMethods.Secret, null);
        var (day, year) = (TimeSpan.FromDays(1), TimeSpan.FromDays(200));
        X509Certificate2 Signed(X509Certificate2? above, string name = Subject, TimeSpan? from = null, TimeSpan? until = null, string use = TestCertificates.ForClients) =>
            house.Keep(TestCertificates.Leaf(name, Now + (from ?? -day), Now + (until ?? year), above, use));
        (string What, string Client, X509Certificate2? Shown, bool Taken)[] rows =
        [
            ("right, by its subject", "theo-ten", Signed(house.Root), true),
            ("right, of an authority below", "theo-ten", Signed(house.Below), true),
            ("right, by a name beside", "theo-dns", Signed(house.Root, "CN=khac"), true),
            ("another subject", "theo-ten", Signed(house.Root, "CN=khac"), false),
            ("the subject and more", "theo-ten", Signed(house.Root, Subject + ", L=Nơi khác"), false),
            ("expired", "theo-ten", Signed(house.Root, from: -2 * day, until: -day), false),
            ("not yet valid", "theo-ten", Signed(house.Root, from: day), false),
            ("another authority", "theo-ten", Signed(house.Foreign), false),
            ("another authority of the same name", "theo-ten", Signed(house.Twin), false),
            ("signed by itself", "theo-ten", Signed(null), false),
            ("for servers alone", "theo-ten", Signed(house.Root, use: TestCertificates.ForServers), false),
            ("none", "theo-ten", null, false),
            ("own, by its hash", "theo-bam", house.Own, true),
            ("own, in its keys", "theo-khoa", house.Own, true),
            ("another of the same subject", "theo-bam", Signed(null), false),
            ("of the authority, where an own one is asked for", "theo-bam", Signed(house.Root), false),
            ("another than in its keys", "theo-khoa", Signed(null), false),
            ("none, where an own one is asked for", "theo-khoa", null, false),
            ("a certificate instead of a secret", "co-khoa", Signed(house.Root), false),
        ];
        foreach (var ((what, client, shown, taken), i) in rows.Select((row, i) => (row, i)))
        {
            using var program = house.Connect(host, shown, $"10.1.0.{i}");
            var (status, _) = await TokenAsync(program, client);
            Assert.True((taken ? HttpStatusCode.OK : HttpStatusCode.Unauthorized) == status, $"{what}: {status}");
        }

        // Where nobody is asked for one, none comes.
        using var plain = new HttpClient { BaseAddress = new Uri(Plain(host)) };
        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(plain, "theo-bam")).Status);

        // Time passes for certificates, too.
        host.Clock.Advance(TimeSpan.FromDays(366));
        using var late = house.Connect(host, house.Own, "10.1.1.1");
        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(late, "theo-bam")).Status);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_token_opens_nothing_without_the_certificate_that_it_was_given_to(DbEngine engine)
    {
        using var house = new House();
        await using var host = await house.StartAsync(engine);
        await RegisterAsync(host, "theo-bam", ClientMethods.OwnCertificate, Certificates.Thumbprint(house.Own));
        await RegisterAsync(host, "khac", ClientMethods.OwnCertificate, Certificates.Thumbprint(house.Other));
        using var right = house.Connect(host, house.Own);
        using var wrong = house.Connect(host, house.Other);
        using var bare = house.Connect(host, null);
        using var plain = new HttpClient { BaseAddress = new Uri(Plain(host)) };
        var (_, token) = await TokenAsync(right, "theo-bam");

        (string What, HttpClient Thief, HttpStatusCode Status)[] rows =
            [("its own", right, HttpStatusCode.OK), ("another certificate", wrong, HttpStatusCode.Unauthorized), ("no certificate", bare, HttpStatusCode.Unauthorized), ("another address of the house", plain, HttpStatusCode.Unauthorized), ("its own again", right, HttpStatusCode.OK)];
        foreach (var (what, thief, status) in rows)
        {
            foreach (var path in new[] { "/who", "/fhir/Patient" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new("Bearer", token) } };
                using var answer = await thief.SendAsync(request);
                Assert.True(status == answer.StatusCode, $"{what}, {path}: {answer.StatusCode}");
            }
        }

        var told = await AskAsync(right, "/oauth/introspect", ("client_id", "theo-bam"), ("token", token));
        Assert.True(told.GetProperty("active").GetBoolean());
        Assert.Equal(Certificates.Thumbprint(house.Own), told.GetProperty("cnf").GetProperty("x5t#S256").GetString());
        Assert.False((await AskAsync(wrong, "/oauth/introspect", ("client_id", "khac"), ("token", token))).GetProperty("active").GetBoolean());
        Assert.Equal("invalid_client", (await AskAsync(bare, "/oauth/introspect", ("client_id", "theo-bam"), ("token", token))).Text("error"));
        Assert.Equal("invalid_client", (await AskAsync(wrong, "/oauth/revoke", ("client_id", "theo-bam"), ("token", token))).Text("error"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_station_that_is_asked_for_certificates_gets_tokens_nowhere_else(DbEngine engine)
    {
        using var house = new House();
        await using var host = await house.StartAsync(engine);
        var secret = (await RegisterAsync(host, "tram", ClientMethods.Secret, null, bound: true))!;
        using var right = house.Connect(host, house.Own);
        using var wrong = house.Connect(host, house.Other);
        using var bare = house.Connect(host, null);
        using var plain = new HttpClient { BaseAddress = new Uri(Plain(host)) };
        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(bare, "tram", secret)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(plain, "tram", secret)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(right, "tram", "khong-phai-khoa-ay")).Status);
        var (status, token) = await TokenAsync(right, "tram", secret);
        Assert.Equal(HttpStatusCode.OK, status);
        foreach (var (client, expected) in new[] { (right, HttpStatusCode.OK), (wrong, HttpStatusCode.Unauthorized), (plain, HttpStatusCode.Unauthorized) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/who") { Headers = { Authorization = new("Bearer", token) } };
            Assert.Equal(expected, (await client.SendAsync(request)).StatusCode);
        }
    }

    [Fact]
    public async Task Certificates_are_spoken_of_only_where_they_are_taken()
    {
        using var house = new House();
        await using (var on = await house.StartAsync(DbEngine.Sqlite))
        {
            using var client = new HttpClient { BaseAddress = new Uri(Plain(on)) };
            foreach (var path in new[] { "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration", "/fhir/.well-known/smart-configuration" })
            {
                var json = await (await client.GetAsync(path)).JsonAsync();
                Assert.True(json.GetProperty("tls_client_certificate_bound_access_tokens").GetBoolean());
                Assert.Equal(House.Address + "/oauth/token", json.GetProperty("mtls_endpoint_aliases").Text("token_endpoint"));
                Assert.Equal(House.Public + "/oauth/token", json.Text("token_endpoint"));
                Assert.Contains("\"tls_client_auth\"", json.GetRawText(), StringComparison.Ordinal);
            }
        }

        await using var off = await AccessHost.StartAsync(DbEngine.Sqlite);
        Assert.DoesNotContain("tls", await off.Program().GetStringAsync("/.well-known/oauth-authorization-server"), StringComparison.Ordinal);

        // Without authorities there is one way less.
        await using var own = await AccessHost.StartAsync(DbEngine.Sqlite, new AccessOptions { CertificateAddress = House.Address });
        var text = await own.Program().GetStringAsync("/.well-known/oauth-authorization-server");
        Assert.Contains("\"self_signed_tls_client_auth\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"tls_client_auth\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CN=may-xet-nghiem, O=Trạm y tế Thử, C=VN", true)]
    [InlineData("CN=may-xet-nghiem,O=Trạm y tế Thử,C=VN", true)]
    [InlineData("C=VN, O=Trạm y tế Thử, CN=may-xet-nghiem", false)]
    [InlineData("CN=May-xet-nghiem, O=Trạm y tế Thử, C=VN", false)]
    [InlineData("CN=may-xet-nghiem", false)]
    [InlineData("CN=may-xet-nghiem, O=\"Trạm y tế Thử, C=VN\"", false)]
    [InlineData("dns:may.tram-25001.vn", true)]
    [InlineData("dns:MAY.tram-25001.vn", true)]
    [InlineData("dns:tram-25001.vn", false)]
    [InlineData("dns:urn:mach:may:25001", false)]
    [InlineData("uri:urn:mach:may:25001", true)]
    [InlineData("uri:urn:mach:may:25002", false)]
    [InlineData("ip:10.9.8.7", true)]
    [InlineData("ip:10.9.8.70", false)]
    [InlineData("email:may@tram-25001.vn", true)]
    [InlineData("email:MAY@tram-25001.vn", false)]
    public void A_name_is_that_of_the_certificate_or_it_is_not(string name, bool has)
    {
        using var certificate = TestCertificates.Leaf(Subject, Now, Now.AddDays(1));
        Assert.True(CertificateNames.IsName(name));
        Assert.Equal(has, CertificateNames.Has(certificate, name));
    }

    [Theory]
    [InlineData("khong phai ten")]
    [InlineData("dns:")]
    [InlineData("ip:khong-phai-so")]
    public void What_no_certificate_can_be_called_is_no_name(string name) => Assert.False(CertificateNames.IsName(name));

    private static string Plain(AccessHost host) => host.App.Urls.First(u => u.StartsWith("http:", StringComparison.Ordinal));

    private static Task<string?> RegisterAsync(AccessHost host, string id, string method, string? certificate, string? keys = null, bool bound = false) =>
        host.Clients().RegisterAsync(new Client { Id = id, Name = "Máy xét nghiệm", Operator = "Trạm Thử", Method = method, Scopes = ["system/*.rs"], Certificate = certificate, Keys = keys, Purpose = "TREAT", IsBound = bound }, "administrator", default);

    private static string KeySetOf(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPublicKey()!;
        var point = key.ExportParameters(false).Q;
        string Text(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
        return JsonSerializer.Serialize(new { keys = new[] { new { kty = "EC", crv = "P-256", x = Text(point.X!), y = Text(point.Y!), x5c = new[] { Convert.ToBase64String(certificate.RawData) } } } });
    }

    private static async Task<(HttpStatusCode Status, string Token)> TokenAsync(HttpClient client, string id, string? secret = null)
    {
        using var form = Content.Form([("grant_type", "client_credentials"), ("client_id", id), .. secret is null ? [] : new[] { ("client_secret", secret) }]);
        using var answer = await client.PostAsync("/oauth/token", form);
        return (answer.StatusCode, answer.StatusCode == HttpStatusCode.OK ? (await answer.JsonAsync()).Text("access_token") : "");
    }

    private static async Task<JsonElement> AskAsync(HttpClient client, string path, params (string, string)[] fields)
    {
        using var form = Content.Form(fields);
        using var answer = await client.PostAsync(path, form);
        return await answer.JsonAsync();
    }

    /// <summary>A house with its authorities, and connections to it.</summary>
    private sealed class House : IDisposable
    {
        public const string Public = "https://mach.example.vn";
        public const string Address = "https://mach.example.vn:8443";

        private readonly List<X509Certificate2> _all = [];
        private readonly X509Certificate2 _server;

        public House()
        {
            Root = Keep(TestCertificates.Authority("CN=Gốc Thử", Now));
            Below = Keep(TestCertificates.Authority("CN=Dưới gốc Thử", Now, Root));
            Foreign = Keep(TestCertificates.Authority("CN=Gốc khác", Now));
            Twin = Keep(TestCertificates.Authority("CN=Gốc Thử", Now));
            Own = Keep(TestCertificates.Leaf(Subject, Now.AddDays(-1), Now.AddDays(365)));
            Other = Keep(TestCertificates.Leaf(Subject, Now.AddDays(-1), Now.AddDays(365)));
            _server = Keep(TestCertificates.Leaf("CN=localhost", Now.AddDays(-1), Now.AddDays(365), use: TestCertificates.ForServers));
        }

        public X509Certificate2 Root { get; }
        public X509Certificate2 Below { get; }
        public X509Certificate2 Foreign { get; }
        public X509Certificate2 Twin { get; }
        public X509Certificate2 Own { get; }
        public X509Certificate2 Other { get; }

        public X509Certificate2 Keep(X509Certificate2 certificate)
        {
            _all.Add(certificate);
            return certificate;
        }

        public Task<AccessHost> StartAsync(DbEngine engine) => AccessHost.StartAsync(
            engine, new AccessOptions { PublicAddress = Public, CertificateAddress = Address, CertificateAuthorities = [Root, Below] }, tls: _server);

        public HttpClient Connect(AccessHost host, X509Certificate2? shown, string address = "10.1.2.3")
        {
            var handler = new SocketsHttpHandler
            {
                SslOptions = new SslClientAuthenticationOptions
                {
                    ClientCertificateContext = shown is null ? null : SslStreamCertificateContext.Create(shown, null, offline: true),
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == _server.GetCertHashString(),
                },
            };
            var client = new HttpClient(handler) { BaseAddress = new Uri(host.App.Urls.First(u => u.StartsWith("https:", StringComparison.Ordinal))) };
            client.DefaultRequestHeaders.Add("X-Test-Address", address);
            return client;
        }

        public void Dispose() => _all.ForEach(c => c.Dispose());
    }
}
