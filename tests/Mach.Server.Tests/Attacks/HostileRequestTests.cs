using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Mach.Data;
using Mach.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Server.Tests.Attacks;

/// <summary>Requests that no page of ours makes: hostile addresses, files, sizes and speeds. Source: OWASP Web Security Testing Guide 4.2; ASVS 5.0 V1.5, V4.1, V5.2, V5.3.</summary>
public sealed class HostileRequestTests(SharedHub shared) : IClassFixture<SharedHub>
{
    private static readonly string[] Values =
    [
        "'", "1' OR '1'='1", "\");DROP TABLE acc_account;--", "../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "..%5c..%5cetc", "%00", "a%00b", "%0d%0aSet-Cookie:%20x=1", "%ff%fe", "%f0%9f%a9%ba", "${jndi:ldap://x}", "{{7*7}}",
        "-1", "999999999999999999999", "NaN", "1e400", "%", "_", "*", "nguye%CC%82%CC%83n",
    ];

    private static readonly string[] Words = ["q", "name", "number", "kind", "status", "state", "returnUrl", "lang", "cursor", "error", "result", "client_id", "redirect_uri"];
    private static readonly string[] Numbers = ["page", "at", "from", "to"];
    private static readonly string[] Parameters = ["_count", "_sort", "_id", "_lastUpdated", "_include", "_has:Observation:patient:code", "_elements", "_filter", "_cursor", "birthdate", "identifier", "name:exact", "name:contains", "general-practitioner.name", "gender", "_tag", "_total", "_format", "phonetic", "organization:identifier"];

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    /// <summary>Every address of the hub with each hostile value in each of its places, and in the query: an answer that was meant, never a fault, never a file.</summary>
    [Theory, MemberData(nameof(Engines))]
    public async Task A_hostile_address_is_answered_and_shows_nothing(DbEngine engine)
    {
        await using var hub = await AttackedHub.StartAsync(engine);
        await hub.TakeAsync("");
        var wrong = new List<string>();
        var asked = 0;
        using var person = HubBrowser.Open(hub.Address);
        await HubBrowser.SignInAsync(person, hub.User("data officer"));
        using var administrator = HubBrowser.Open(hub.Address);
        await HubBrowser.SignInAsync(administrator, hub.User("administrator"));
        using var program = await hub.ProgramAsync();
        var patterns = hub.App.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is not { } methods || methods.Contains("GET")).ToList();
        Assert.True(patterns.Count > 60);
        foreach (var endpoint in patterns)
        {
            foreach (var address in Addresses(endpoint.RoutePattern))
            {
                foreach (var client in address.StartsWith("/fhir", StringComparison.Ordinal) ? [program] : new[] { person, administrator })
                {
                    using var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(hub.Address + address.TrimStart('/'), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true })));
                    asked++;
                    var body = await answer.Content.ReadAsStringAsync();
                    // What is read as text says in which characters it is written. ASVS 5.0 4.1.1.
                    if (body.Length > 0 && (answer.Content.Headers.ContentType is not { } type || (type.MediaType!.StartsWith("text/", StringComparison.Ordinal) && type.CharSet != "utf-8")))
                    {
                        wrong.Add($"{address[..Math.Min(120, address.Length)]} is of type {answer.Content.Headers.ContentType}");
                    }

                    // A search that this server does not have says so; anything else above 499 is a fault.
                    if ((int)answer.StatusCode is >= 500 and not 501 || body.Contains("root:x:", StringComparison.Ordinal) || body.Contains("   at Mach.", StringComparison.Ordinal) || answer.Headers.Contains("Set-Cookie") && answer.Headers.GetValues("Set-Cookie").Any(c => c.StartsWith("x=", StringComparison.Ordinal)))
                    {
                        wrong.Add($"{address[..Math.Min(120, address.Length)]} answered {(int)answer.StatusCode}: {body[..Math.Min(120, body.Length)]}");
                    }
                }
            }
        }

        // The same in forms that anybody may send.
        using var token = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = "a\0b", ["client_secret"] = "x" });
        using var refused = await program.PostAsync("/oauth/token", token);
        Assert.InRange((int)refused.StatusCode, 400, 499);
        using var anybody = HubBrowser.Open(hub.Address);
        using var signIn = new FormUrlEncodedContent([new("user", "a\0b"), new("password", "\0"), new(HubBrowser.TokenField, await HubBrowser.TokenAsync(anybody, "/sign-in"))]);
        using var notIn = await anybody.PostAsync("/sign-in", signIn);
        Assert.InRange((int)notIn.StatusCode, 300, 499);
        Assert.True(wrong.Count == 0, $"{wrong.Count}:\n{string.Join('\n', wrong.Take(40))}");
        Assert.True(asked > 3000, asked.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static IEnumerable<string> Addresses(RoutePattern pattern)
    {
        var places = pattern.PathSegments.SelectMany(s => s.Parts).OfType<RoutePatternParameterPart>().Select(p => p.Name).ToList();
        foreach (var value in Values)
        {
            foreach (var place in places)
            {
                yield return Path(pattern, place, Escape(value));
            }

            // Words together; numbers and dates apart, since the first wrong one ends the reading. A search says what it finds wrong with each.
            var query = Escape(value);
            var plain = Path(pattern, "", "");
            yield return plain + "?" + string.Join('&', Words.Select(name => name + "=" + query));
            foreach (var name in plain.StartsWith("/fhir/Patient", StringComparison.Ordinal) && places.Count == 1 ? [.. Numbers, .. Parameters] : Numbers)
            {
                yield return plain + "?" + name + "=" + query;
            }
        }
    }

    /// <summary>What is written as an escape stays one; the rest becomes one where an address needs it.</summary>
    private static string Escape(string value) => string.Concat(value.Select(c => c is '%' or '.' or '/' or '*' or '_' ? c.ToString() : Uri.EscapeDataString(c.ToString())));

    private static string Path(RoutePattern pattern, string place, string value)
    {
        var path = new StringBuilder();
        foreach (var segment in pattern.PathSegments)
        {
            path.Append('/').AppendJoin("", segment.Parts.Select(part => part switch
            {
                RoutePatternParameterPart parameter when parameter.Name == place => value,
                RoutePatternParameterPart { Name: "type" or "compartment" } => "Patient",
                RoutePatternParameterPart => "1",
                RoutePatternLiteralPart literal => literal.Content,
                _ => "",
            }));
        }

        return path.Length == 0 ? "/" : path.ToString();
    }

    [Theory]
    [InlineData("""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><GIAMDINHHS><THONGTINDONVI><MACSKCB>&x;</MACSKCB></THONGTINDONVI></GIAMDINHHS>""")]
    [InlineData("""<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><GIAMDINHHS/>""")]
    [InlineData("""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><GIAMDINHHS>&d;</GIAMDINHHS>""")]
    public async Task A_dossier_reads_no_file_and_unfolds_no_bomb(string xml)
    {
        var hub = shared.Hub;
        using var sender = new HttpClient { BaseAddress = hub.Address };
        using var login = new MultipartFormDataContent { { new StringContent(hub.Demo.Intake.User), "username" }, { new StringContent(hub.Demo.Intake.Password), "password" } };
        var token = System.Text.Json.JsonDocument.Parse(await (await sender.PostAsync("/api/token", login)).Content.ReadAsStringAsync()).RootElement.GetProperty("access_token").GetString();
        sender.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var files = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(xml)), "files", "../../../etc/cron.d/x.xml" } };
        using var answer = await sender.PostAsync("/api/Cong130/CheckIn", files);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain("root:", body, StringComparison.Ordinal);
        Assert.DoesNotContain("aaaaaaaaaa", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_too_large_is_refused_and_the_hub_goes_on()
    {
        var hub = shared.Hub;
        using var browser = HubBrowser.Open(hub.Address);
        var token = await HubBrowser.SignInAsync(browser, hub.User("data officer"));
        using var form = new FormUrlEncodedContent([new(HubBrowser.TokenField, token), new("why", new string('x', 5 * 1024 * 1024))]);
        // The hub looks at the length before the body comes; who sends on regardless finds the line closed.
        using var large = new HttpRequestMessage(HttpMethod.Post, "/questions/none") { Content = form };
        large.Headers.ExpectContinue = true;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await browser.SendAsync(large)).StatusCode);
        using var endless = new FormUrlEncodedContent(Enumerable.Range(0, 5000).Select(i => KeyValuePair.Create("a" + i, "")).Append(new(HubBrowser.TokenField, token)));
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/questions/none", endless)).StatusCode);

        using var program = await hub.ProgramAsync();
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes("""{"resourceType":"Patient","id":"x","name":[{"text":" """));
            var blanks = new byte[1024 * 1024];
            Array.Fill(blanks, (byte)' ');
            for (var i = 0; i < 300; i++)
            {
                await gzip.WriteAsync(blanks);
            }
        }

        using var bomb = new ByteArrayContent(packed.ToArray());
        bomb.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
        bomb.Headers.ContentEncoding.Add("gzip");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await program.PostAsync("/fhir/Patient", bomb)).StatusCode);
        using var deep = new StringContent("""{"resourceType":"Patient","extension":""" + new string('[', 200_000), Encoding.UTF8, "application/fhir+json");
        Assert.Equal(HttpStatusCode.BadRequest, (await program.PostAsync("/fhir/Patient", deep)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/fhir/metadata")).StatusCode);
    }

    /// <summary>Slow and malformed requests at the level of the connection. Source: RFC 9112; ASVS 5.0 4.2.1.</summary>
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX: {64k}\r\n\r\n", "431")]
    [InlineData("GET /{64k} HTTP/1.1\r\nHost: x\r\n\r\n", "414")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "400")]
    [InlineData("POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde", "400")]
    [InlineData("POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", "400")]
    [InlineData("POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n X: folded\r\n\r\n", "400")]
    [InlineData("GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", "400")]
    [InlineData("TRACE /sign-in HTTP/1.1\r\nHost: x\r\nCookie: mach.session=x\r\n\r\n", "401")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", "408")]
    public async Task A_broken_or_slow_request_ends_its_own_connection_alone(string request, string status)
    {
        var hub = shared.Hub;
        using var socket = new TcpClient();
        await socket.ConnectAsync(hub.Address.Host, hub.Address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request.Replace("{64k}", new string('a', 65_536), StringComparison.Ordinal)));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var buffer = new byte[4096];
        var count = await stream.ReadAsync(buffer, patience.Token);
        Assert.StartsWith("HTTP/1.1 " + status, Encoding.ASCII.GetString(buffer, 0, count), StringComparison.Ordinal);
        using var other = new HttpClient { BaseAddress = hub.Address };
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/health/live")).StatusCode);
    }

    /// <summary>Nobody is led away by an address of ours. Source: OWASP Unvalidated Redirects and Forwards Cheat Sheet; ASVS 5.0 3.7.2.</summary>
    [Theory]
    [InlineData("https://attacker.example/"), InlineData("//attacker.example"), InlineData("/\\attacker.example"), InlineData("\\\\attacker.example"), InlineData("/%09/attacker.example"), InlineData("/\t/attacker.example")]
    [InlineData("https:attacker.example"), InlineData("javascript:alert(1)"), InlineData(" //attacker.example"), InlineData("/x\r\nLocation: //attacker.example"), InlineData("http:/attacker.example"), InlineData("")]
    public async Task Nobody_is_led_away(string returnUrl)
    {
        var hub = shared.Hub;
        using var browser = HubBrowser.Open(hub.Address);
        var user = hub.User("doctor");
        var token = await HubBrowser.TokenAsync(browser, "/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl));
        using var form = new FormUrlEncodedContent([new("user", user.User), new("password", user.Password), new("returnUrl", returnUrl), new(HubBrowser.TokenField, token)]);
        var signedIn = await browser.PostAsync("/sign-in", form);
        Assert.True(StaysHere(hub.Address, signedIn), signedIn.Headers.Location?.OriginalString);
        var own = await HubBrowser.TokenAsync(browser, "/account");
        foreach (var (path, fields) in new (string, (string, string)[])[] { ("/step-up", [("password", user.Password)]), ("/switch", [("account", "x"), ("pin", "0000")]), ("/sign-out", []) })
        {
            using var sent = new FormUrlEncodedContent([.. fields.Select(f => KeyValuePair.Create(f.Item1, f.Item2)), new("returnUrl", returnUrl), new(HubBrowser.TokenField, own)]);
            var answer = await browser.PostAsync(path, sent);
            Assert.True(StaysHere(hub.Address, answer), path + " " + answer.Headers.Location?.OriginalString);
        }

        var preference = await browser.GetAsync("/preferences/theme?value=dark&returnUrl=" + Uri.EscapeDataString(returnUrl));
        Assert.True(StaysHere(hub.Address, preference), preference.Headers.Location?.OriginalString);
    }

    /// <summary>As a browser resolves it: tabs and line ends go, backslashes are slashes (WHATWG URL).</summary>
    private static bool StaysHere(Uri address, HttpResponseMessage answer)
    {
        var there = (answer.Headers.Location?.OriginalString ?? "/").Replace("\t", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).Replace('\\', '/').Trim();
        return Uri.TryCreate(address, there, out var resolved) && resolved.Authority == address.Authority && resolved.Scheme == address.Scheme;
    }
}
