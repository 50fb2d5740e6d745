using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Mach.Access.Programs;
using Mach.Data;
using Mach.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Server.Tests;

/// <summary>The settings of <c>--mtls-*</c> as files, and a hub that is started with them and asked over real TLS. Source: RFC 8705 §2.1, §5; docs/operations.</summary>
public sealed class MutualTlsTests : IDisposable
{
    private const string Subject = "CN=tram-25001, O=Trạm y tế Thử, C=VN";
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly string _folder = Directory.CreateTempSubdirectory("mach-mtls-").FullName;
    private readonly X509Certificate2 _root = Authority("CN=Gốc Thử"), _foreign = Authority("CN=Gốc Thử");

    [Fact]
    public async Task A_station_signs_in_by_its_certificate_at_the_address_that_asks_for_one()
    {
        using var server = Leaf("CN=localhost", _root);
        using var station = Leaf(Subject, _root);
        using var other = Leaf("CN=tram-khac", _root);
        using var forged = Leaf(Subject, _foreign);
        var read = MutualTls.Read("https://127.0.0.1:0", "https://mach.example.vn:8443", Pem("ca.pem", _root), Pem("server.pem", server), Key("server.key", server));
        var options = new HubOptions { Data = _folder, Engine = DbEngine.Sqlite, Urls = "http://127.0.0.1:0", MutualTls = read };
        await File.WriteAllTextAsync(options.SignInFile, """{"publicAddress":"https://mach.example.vn"}""");
        await using var app = Hub.Build(options, await Hub.OpenStoreAsync(options, default));
        await HubRunner.StartAsync(app, default);
        app.Services.GetRequiredService<HubState>().Preparing = null;
        await app.Services.GetRequiredService<Clients>().RegisterAsync(new Client { Id = "tram", Name = "Trạm", Operator = "Thử", Method = ClientMethods.Certificate, Certificate = Subject, Scopes = ["system/*.rs"], Purpose = "TREAT" }, "test", default);

        var (status, token) = await TokenAsync(app, server, station);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.All([await TokenAsync(app, server, other), await TokenAsync(app, server, forged), await TokenAsync(app, server, null)], answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.Status));

        // The token opens with that certificate alone; without any, and at the address that asks for none, it opens nothing.
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(app, server, station, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await ReadAsync(app, server, null, token));
        using var plain = new HttpClient { BaseAddress = new Uri(app.Urls.First(u => u.StartsWith("http:", StringComparison.Ordinal))) };
        plain.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await plain.GetAsync("/fhir/Patient?_summary=count")).StatusCode);
        Assert.Contains("https://mach.example.vn:8443", await plain.GetStringAsync("/.well-known/oauth-authorization-server"), StringComparison.Ordinal);
        await app.StopAsync();
    }

    [Fact]
    public void What_cannot_be_is_refused_with_words()
    {
        using var server = Leaf("CN=localhost", _root);
        var (pem, key) = (Pem("server.pem", server), Key("server.key", server));
        var empty = new FileInfo(Path.Combine(_folder, "empty.pem"));
        File.WriteAllText(empty.FullName, "không phải PEM");
        foreach (var (urls, address, authorities, certificate, secret, says) in new (string, string?, FileInfo?, FileInfo?, FileInfo?, string)[]
        {
            ("http://127.0.0.1:0", null, null, null, null, "--mtls-urls"),
            ("", null, null, null, null, "--mtls-urls"),
            ("https://127.0.0.1:0", "http://mach.example.vn", null, null, null, "--mtls-address"),
            ("https://127.0.0.1:0", "https://mach.example.vn/duong", null, null, null, "--mtls-address"),
            ("https://127.0.0.1:0", null, null, pem, null, "go together"),
            ("https://127.0.0.1:0", null, null, null, key, "go together"),
            ("https://127.0.0.1:0", null, empty, null, null, "holds no certificate"),
            ("https://127.0.0.1:0", null, new FileInfo(empty.FullName + ".gone"), null, null, "cannot be read"),
            ("https://127.0.0.1:0", null, null, key, pem, "cannot be read"),
        })
        {
            Assert.Contains(says, Assert.Throws<HubException>(() => MutualTls.Read(urls, address, authorities, certificate, secret)).Message, StringComparison.Ordinal);
        }

        var nameless = MutualTls.Read("https://127.0.0.1:0", null, null, pem, key);
        Assert.Contains("publicAddress", Assert.Throws<HubException>(() => nameless.In(new Access.AccessOptions())).Message, StringComparison.Ordinal);
        Assert.Equal("https://mach.example.vn:8443", MutualTls.Read("https://0.0.0.0:8443", null, null, pem, key).In(new Access.AccessOptions { PublicAddress = "https://mach.example.vn" }).CertificateAddress);
    }

    public void Dispose()
    {
        _root.Dispose();
        _foreign.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static HttpClient Connect(WebApplication app, X509Certificate2 server, X509Certificate2? shown)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = shown is null ? null : SslStreamCertificateContext.Create(shown, null, offline: true),
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == server.GetCertHashString(),
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri(app.Urls.First(u => u.StartsWith("https:", StringComparison.Ordinal))) };
    }

    private static async Task<(HttpStatusCode Status, string Token)> TokenAsync(WebApplication app, X509Certificate2 server, X509Certificate2? shown)
    {
        using var client = Connect(app, server, shown);
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "tram")]);
        using var answer = await client.PostAsync("/oauth/token", form);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, json.RootElement.TryGetProperty("access_token", out var token) ? token.GetString()! : "");
    }

    private static async Task<HttpStatusCode> ReadAsync(WebApplication app, X509Certificate2 server, X509Certificate2? shown, string token)
    {
        using var client = Connect(app, server, shown);
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var answer = await client.GetAsync("/fhir/Patient?_summary=count");
        return answer.StatusCode;
    }

    private FileInfo Pem(string name, X509Certificate2 certificate) => Write(name, certificate.ExportCertificatePem());

    private FileInfo Key(string name, X509Certificate2 certificate) => Write(name, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());

    private FileInfo Write(string name, string text)
    {
        var file = new FileInfo(Path.Combine(_folder, name));
        File.WriteAllText(file.FullName, text);
        return file;
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        return request.CreateSelfSigned(Now.AddDays(-10), Now.AddDays(10));
    }

    private static X509Certificate2 Leaf(string name, X509Certificate2 above)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2"), new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        using var made = request.Create(above, Now.AddDays(-1), Now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return made.CopyWithPrivateKey(key);
    }
}
