using System.Net;
using System.Text.Json;
using Mach.Access.Audit;
using Mach.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Mach.Server.Tests.Attacks;

/// <summary>Names, proxies, cookies and headers at the door. Source: ASVS 5.0 V3.3, V3.4, 4.1.3, 13.2; RFC 6265bis §4.1.3.2.</summary>
public sealed class DoorwayTests(SharedHub shared) : IClassFixture<SharedHub>
{
    [Fact]
    public async Task A_hub_with_names_answers_to_them_alone()
    {
        await using var hub = await AttackedHub.StartAsync(DbEngine.Sqlite, o => o with { Hosts = ["mach.example.vn", "*.tram.example.vn"] });
        using var client = new HttpClient { BaseAddress = hub.Address };
        foreach (var (host, status) in new[]
        {
            ("mach.example.vn", HttpStatusCode.OK), ("tram-12.tram.example.vn", HttpStatusCode.OK), ("localhost", HttpStatusCode.OK),
            ("attacker.example", HttpStatusCode.BadRequest), ("mach.example.vn.attacker.example", HttpStatusCode.BadRequest), ("tram.example.vn", HttpStatusCode.BadRequest),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live") { Headers = { Host = host } };
            Assert.Equal(status, (await client.SendAsync(request)).StatusCode);
        }
    }

    [Fact]
    public async Task Behind_a_proxy_cookies_are_bound_to_the_host_and_tls_is_kept()
    {
        await using var hub = await AttackedHub.StartAsync(DbEngine.Sqlite, o => o with { Proxies = [new IPNetwork(IPAddress.Loopback, 32)] });
        var answer = await AskAsync(hub, "/sign-in");
        Assert.Equal("max-age=31536000; includeSubDomains", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = hub.Address };
        var token = HubBrowser.TokenIn(await answer.Content.ReadAsStringAsync());
        using var form = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Headers = { Host = "mach.example.vn" } };
        form.Headers.Add("X-Forwarded-Proto", "https");
        form.Headers.Add("X-Forwarded-For", "203.0.113.9, 127.0.0.1");
        form.Headers.Add("Cookie", answer.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]));
        var user = hub.User("doctor");
        form.Content = new FormUrlEncodedContent([new("user", user.User), new("password", user.Password), new(HubBrowser.TokenField, token)]);
        var cookies = (await client.SendAsync(form)).Headers.GetValues("Set-Cookie").ToList();
        var session = Assert.Single(cookies, c => c.Contains("mach.session", StringComparison.Ordinal));
        Assert.StartsWith("__Host-mach.session=", session, StringComparison.Ordinal);
        Assert.All(cookies, c => Assert.True(
            c.Contains("secure", StringComparison.OrdinalIgnoreCase) && c.Contains("path=/;", StringComparison.OrdinalIgnoreCase) && c.Contains("httponly", StringComparison.OrdinalIgnoreCase)
            && !c.Contains("domain=", StringComparison.OrdinalIgnoreCase) && c.Contains("samesite", StringComparison.OrdinalIgnoreCase), c));

        // The trail names the browser's address, which the proxy gave, and a plain name of the cookie opens nothing over TLS.
        var lines = await hub.App.Services.GetRequiredService<AuditReader>().ListAsync(new AuditFilter(Actor: user.User), 10, null, default);
        Assert.Contains(lines.Lines, l => l.Entry.Address == "203.0.113.9");
        using var renamed = new HttpRequestMessage(HttpMethod.Get, "/account") { Headers = { Host = "mach.example.vn" } };
        renamed.Headers.Add("X-Forwarded-Proto", "https");
        renamed.Headers.Add("Accept", "text/html");
        renamed.Headers.Add("Cookie", session.Split(';')[0].Replace("__Host-", "", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Redirect, (await client.SendAsync(renamed)).StatusCode);
    }

    [Fact]
    public async Task Who_is_no_proxy_is_not_believed()
    {
        var hub = shared.Hub;
        var answer = await AskAsync(hub, "/sign-in");
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
        using var client = new HttpClient { BaseAddress = hub.Address };
        using var grant = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = "ai-do", ["client_secret"] = "x" });
        grant.Headers.Add("X-Forwarded-For", "203.0.113.9");
        await client.PostAsync("/oauth/token", grant);
        var lines = await hub.App.Services.GetRequiredService<AuditReader>().ListAsync(new AuditFilter(), 50, null, default);
        Assert.DoesNotContain(lines.Lines, l => l.Entry.Address == "203.0.113.9");
    }

    [Theory]
    [InlineData("/sign-in"), InlineData("/assets/app.css"), InlineData("/fhir/metadata"), InlineData("/fhir/Patient"), InlineData("/health/live"), InlineData("/nowhere"), InlineData("/audit")]
    public async Task Every_answer_carries_the_headers(string path)
    {
        var hub = shared.Hub;
        var headers = (await AskAsync(hub, path)).Headers;
        string One(string name) => Assert.Single(headers.GetValues(name));
        var policy = One("Content-Security-Policy");
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("base-uri 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", One("X-Content-Type-Options"));
        Assert.Equal("same-origin", One("Referrer-Policy"));
        Assert.Equal("same-origin", One("Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", One("Cross-Origin-Resource-Policy"));
        Assert.Contains("microphone=()", One("Permissions-Policy"), StringComparison.Ordinal);
        Assert.False(headers.Contains("Server"));
        Assert.False(headers.Contains("X-Powered-By"));
    }

    [Fact]
    public async Task One_who_asks_without_end_is_told_to_wait_and_others_are_not()
    {
        var data = Directory.CreateTempSubdirectory("mach-rates-").FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "sign-in.json"), """{ "requestsPerMinute": { "person": 20, "program": 10, "address": 0 } }""");
        await using var hub = await AttackedHub.StartAsync(DbEngine.Sqlite, o => o with { Data = data });
        using var browser = HubBrowser.Open(hub.Address);
        await HubBrowser.SignInAsync(browser, hub.User("doctor"));
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 25; i++)
        {
            answers.Add((await browser.GetAsync("/")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, answers[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
        using var other = HubBrowser.Open(hub.Address);
        await HubBrowser.SignInAsync(other, hub.User("data officer"));
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/")).StatusCode);

        using var program = await hub.ProgramAsync();
        HttpResponseMessage last = new();
        for (var i = 0; i < 12; i++)
        {
            last = await program.GetAsync("/fhir/Patient?_count=1");
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last.StatusCode);
        Assert.True(last.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal("throttled", JsonDocument.Parse(await last.Content.ReadAsStringAsync()).RootElement.GetProperty("issue")[0].GetProperty("code").GetString());
    }

    /// <summary>Other users of the machine read nothing of the record, and no key. Source: ASVS 5.0 13.3.2.</summary>
    [Fact]
    public async Task What_the_hub_makes_is_its_owners_alone()
    {
        var data = Path.Combine(Directory.CreateTempSubdirectory("mach-own-").FullName, "data");
        await using var hub = await AttackedHub.StartAsync(DbEngine.Sqlite, o => o with { Data = data });
        foreach (var folder in new[] { data, Path.Combine(data, "keys"), Path.Combine(data, "spool") })
        {
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(folder) == (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute), folder);
        }
    }

    /// <summary>Pages of errors for developers never answer. Source: ASVS 5.0 13.4.2.</summary>
    [Fact]
    public async Task A_machine_for_developers_makes_no_hub_for_developers()
    {
        Environment.SetEnvironmentVariable("ASPNETCORE_ENVIRONMENT", "Development");
        try
        {
            await using var hub = await AttackedHub.StartAsync(DbEngine.Sqlite);
            Assert.True(hub.App.Environment.IsProduction());
        }
        finally
        {
            Environment.SetEnvironmentVariable("ASPNETCORE_ENVIRONMENT", null);
        }
    }

    private static async Task<HttpResponseMessage> AskAsync(AttackedHub hub, string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = hub.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "mach.example.vn" } };
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        return await client.SendAsync(request);
    }
}
