using System.Net;
using Mach.Access.Programs;
using Mach.Data;
using Mach.Testing;

namespace Mach.Access.Tests.Programs;

/// <summary>Which pages of other origins may call from a browser. Source: https://fetch.spec.whatwg.org/#http-cors-protocol.</summary>
public sealed class OriginTests
{
    private static readonly string[] Open = ["/oauth/token", "/oauth/revoke", "/oauth/jwks", "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration", "/fhir/.well-known/smart-configuration"];

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task Only_pages_of_registered_public_programs_may_call(DbEngine engine)
    {
        await using var host = await ProgramHost.StartAsync(engine);
        await host.RegisterAsync(redirect: "https://app.example.vn:444/back");
        await host.RegisterAsync("may-minh", redirect: "http://127.0.0.1:8001/back");
        await host.RegisterAsync("co-khoa", ClientMethods.Secret, redirect: "https://server.example.vn/back");
        await host.RegisterAsync("rieng", redirect: "vn.example.app:/cb");
        (string Origin, bool Allowed)[] rows =
        [
            ("https://app.example.vn:444", true), ("http://127.0.0.1:8001", true),
            ("https://app.example.vn", false), ("http://app.example.vn:444", false), ("https://APP.example.vn:444", false), ("https://app.example.vn:444.evil.vn", false), ("https://evil.vn", false),
            ("http://127.0.0.1:8002", false), ("https://server.example.vn", false), ("vn.example.app:", false), ("null", false), ("*", false),
        ];
        foreach (var (origin, allowed) in rows)
        {
            foreach (var path in Open)
            {
                foreach (var preflight in new[] { true, false })
                {
                    var answer = await AskAsync(host, path, origin, preflight);
                    Assert.True((allowed ? origin : null) == Header(answer, "Access-Control-Allow-Origin"), $"{origin} {path} {preflight}");
                    Assert.Null(Header(answer, "Access-Control-Allow-Credentials"));
                    Assert.Contains("Origin", Header(answer, "Vary"), StringComparison.Ordinal);
                    Assert.True(!preflight || allowed == (answer.StatusCode == HttpStatusCode.NoContent), $"{origin} {path} {answer.StatusCode}");
                }
            }
        }

        // Doors of people and of programs with secrets have none of it.
        foreach (var path in new[] { "/oauth/introspect", "/oauth/authorize", "/oauth/consent", "/sign-in", "/who" })
        {
            Assert.Null(Header(await AskAsync(host, path, "https://app.example.vn:444", preflight: true), "Access-Control-Allow-Origin"));
        }

        // A program that is closed has no page any more.
        await host.Clients().SetDisabledAsync("bieu-do", true, default);
        host.Clock.Advance(TimeSpan.FromSeconds(16));
        Assert.Null(Header(await AskAsync(host, "/oauth/token", "https://app.example.vn:444", preflight: true), "Access-Control-Allow-Origin"));
    }

    private static async Task<HttpResponseMessage> AskAsync(AccessHost host, string path, string origin, bool preflight)
    {
        var isPost = path is "/oauth/token" or "/oauth/revoke";
        using var request = new HttpRequestMessage(preflight ? HttpMethod.Options : isPost ? HttpMethod.Post : HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        if (preflight)
        {
            request.Headers.Add("Access-Control-Request-Method", isPost ? "POST" : "GET");
        }

        return await host.Program().SendAsync(request);
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
