using Mach.Data;

namespace Mach.FhirApi.Tests.Transport;

// Source: https://fetch.spec.whatwg.org/#http-cors-protocol
public sealed class CrossOriginTests
{
    private const string Known = "https://app.example.vn";

    private static Task<Api> StartAsync(bool demonstration = false) =>
        Api.StartAsync(DbEngine.Sqlite, new FhirApiOptions { Origins = [Known, "http://10.0.0.5:8080"], AllowLoopbackOrigins = demonstration });

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, string method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await http.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;

    [Fact]
    public async Task A_preflight_is_answered_without_a_token_and_names_methods_and_headers()
    {
        await using var api = await StartAsync();
        foreach (var path in new[] { "/fhir/Patient/p1", "/fhir", "/fhir/metadata", "/fhir/.well-known/smart-configuration", "/fhir/nothing/at/all/here", "/oauth/token" })
        {
            foreach (var method in new[] { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" })
            {
                var answer = await SendAsync(api.Host.Program(), "OPTIONS", path, ("Origin", Known), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", "authorization,if-match,idempotency-key"));
                Assert.Equal((path, method, 204), (path, method, (int)answer.StatusCode));
                Assert.Equal(Known, Header(answer, "Access-Control-Allow-Origin"));
                Assert.Contains(method, Header(answer, "Access-Control-Allow-Methods")!);
                Assert.Contains("Authorization", Header(answer, "Access-Control-Allow-Headers")!);
                Assert.Contains("Idempotency-Key", Header(answer, "Access-Control-Allow-Headers")!);
                Assert.Equal("600", Header(answer, "Access-Control-Max-Age"));
                Assert.Null(Header(answer, "Access-Control-Allow-Credentials"));
            }
        }
    }

    [Fact]
    public async Task Answers_and_refusals_can_be_read_by_the_page()
    {
        await using var api = await StartAsync();
        (await api.PutAsync("Patient/p1", """{"resourceType":"Patient","id":"p1"}""")).Need(201);
        foreach (var (http, method, path, status) in new[]
        {
            (api.Http, "GET", "/fhir/Patient/p1", 200), (api.Http, "GET", "/fhir/Patient/none", 404), (api.Http, "GET", "/fhir/Patient?nonsense=1", 400), (api.Http, "POST", "/fhir/Patient/p1", 405),
            (api.Host.Program(), "GET", "/fhir/Patient/p1", 401), (api.Host.Program(), "GET", "/fhir/metadata", 200), (api.Host.Program(), "POST", "/oauth/token", 400),
        })
        {
            var answer = await SendAsync(http, method, path, ("Origin", Known));
            Assert.Equal((path, status), (path, (int)answer.StatusCode));
            Assert.Equal((path, Known), (path, Header(answer, "Access-Control-Allow-Origin")));
            Assert.Contains("ETag", Header(answer, "Access-Control-Expose-Headers")!);
            Assert.Contains("Content-Location", Header(answer, "Access-Control-Expose-Headers")!);
            Assert.Null(Header(answer, "Access-Control-Allow-Credentials"));
        }
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("https://app.example.vn.evil.example", false)]
    [InlineData("http://app.example.vn", false)]
    [InlineData("https://app.example.vn:8443", false)]
    [InlineData("null", false)]
    [InlineData("http://localhost:3000", false)]
    [InlineData("http://10.0.0.5:8080", true)]
    [InlineData("HTTPS://APP.example.vn", true)]
    public async Task Only_named_origins_are_let_in(string origin, bool isLetIn)
    {
        await using var api = await StartAsync();
        Assert.Equal(isLetIn, Header(await SendAsync(api.Http, "GET", "/fhir/metadata", ("Origin", origin)), "Access-Control-Allow-Origin") is not null);
        var preflight = await SendAsync(api.Host.Program(), "OPTIONS", "/fhir/Patient", ("Origin", origin), ("Access-Control-Request-Method", "GET"));
        Assert.Equal(isLetIn, Header(preflight, "Access-Control-Allow-Origin") is not null);
    }

    [Fact]
    public async Task Without_origins_there_is_no_such_header_and_pages_are_not_opened()
    {
        await using var closed = await Api.StartAsync(DbEngine.Sqlite);
        Assert.Null(Header(await SendAsync(closed.Http, "GET", "/fhir/metadata", ("Origin", Known)), "Access-Control-Allow-Origin"));
        await using var demonstration = await StartAsync(demonstration: true);
        Assert.Equal("http://localhost:3000", Header(await SendAsync(demonstration.Http, "GET", "/fhir/metadata", ("Origin", "http://localhost:3000")), "Access-Control-Allow-Origin"));
        Assert.Null(Header(await SendAsync(demonstration.Http, "GET", "/fhir/metadata", ("Origin", "https://evil.example")), "Access-Control-Allow-Origin"));
        Assert.Null(Header(await SendAsync(demonstration.Http, "GET", "/sign-in", ("Origin", Known)), "Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("https://app.example.vn/", "https://app.example.vn")]
    [InlineData("http://10.0.0.5:8080", "http://10.0.0.5:8080")]
    [InlineData("https://app.example.vn:443", "https://app.example.vn")]
    [InlineData("*", null)]
    [InlineData("null", null)]
    [InlineData("https://*.example.vn", null)]
    [InlineData("https://app.example.vn/path", null)]
    [InlineData("https://u@app.example.vn", null)]
    [InlineData("ftp://app.example.vn", null)]
    [InlineData("app.example.vn", null)]
    public void An_origin_is_scheme_host_and_port(string text, string? origin) => Assert.Equal(origin, BrowserOrigins.Parse(text));

    [Fact]
    public async Task A_request_id_comes_back_and_there_is_one_when_none_was_sent()
    {
        await using var api = await StartAsync();
        var named = await SendAsync(api.Http, "GET", "/fhir/Patient/none", ("X-Request-Id", "abc-123"), ("X-Correlation-Id", "k/7"));
        Assert.Equal(("abc-123", "k/7"), (Header(named, "X-Request-Id"), Header(named, "X-Correlation-Id")));
        Assert.NotEmpty(Header(await SendAsync(api.Host.Program(), "GET", "/fhir/Patient"), "X-Request-Id")!);
        Assert.NotEqual("a b", Header(await SendAsync(api.Http, "GET", "/fhir/metadata", ("X-Request-Id", "a b")), "X-Request-Id"));
    }
}
