using System.Text;
using System.Text.Json;
using Mach.Data;
using Mach.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;

namespace Mach.FhirApi.Tests.Transport;

/// <summary>Thousands of requests that nobody thought of. None may end in an error of the server, hang, or be refused without an OperationOutcome.</summary>
public sealed class FuzzTests
{
    private const int Requests = 5000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly string[] Methods = ["GET", "GET", "GET", "GET", "GET", "HEAD", "POST", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO", "get"];
    private static readonly string[] Segments =
    [
        "Patient", "Observation", "Encounter", "Bundle", "List", "Group", "ValueSet", "CodeSystem", "SearchParameter", "patient", "Nothing", "metadata", "_history", "_search", "p1", "p2", "o1", "none", "1", "2", "99999999999999999999", "-1",
        "$everything", "$meta", "$meta-add", "$meta-delete", "$validate", "$lastn", "$expand", "$lookup", "$validate-code", "$index-state", "$nothing", "$", "*", ".", "..", "...", "", "%2F", "%2e%2e", "%ff", "%", "%zz", "a_b", "ư", "%C6%B0", " ", "+", ";a=b", "?", "#", "'", "\"", "{id}", ".well-known", "smart-configuration",
    ];

    private static readonly string[] Names =
    [
        "_id", "_lastUpdated", "_tag", "_profile", "_security", "_text", "_content", "_list", "_has", "_type", "_sort", "_count", "_include", "_revinclude", "_summary", "_total", "_elements", "_contained", "_containedType", "_query", "_filter", "_cursor", "_since", "_at", "_format", "_pretty",
        "name", "family", "identifier", "birthdate", "gender", "patient", "subject", "code", "date", "value-quantity", "code-value-quantity", "active", "general-practitioner", "url", "mode", "system", "filter", "offset", "count", "max", "start", "end", "profile", "nonsense", "", " ", "ư", "_", ".", ":", "subject.name", "subject:Patient.name", "patient.organization.name", "_has:Observation:patient:code", "_has::", "_has:Observation:patient:_has:x",
    ];

    private static readonly string[] Modifiers = ["", "", "", ":exact", ":contains", ":missing", ":not", ":in", ":not-in", ":above", ":below", ":text", ":of-type", ":identifier", ":iterate", ":Patient", ":", "::", ":nonsense", ":exact:exact"];
    private static readonly string[] Values =
    [
        "", "a", "Lan", "p1", "Patient/p1", "http://x/y", "true", "false", "1", "0", "-1", "1e9", "1e999", "99999999999999999999", "0.0000000000000000001", "NaN", "eq1", "ap5.4||mg", "lt", "2025", "2025-13", "2025-02-30", "ge2025-01-01T00:00:00Z", "2025-01-01T00:00:00+07:00", "9999-12-31", "0000", "0001-01-01", "9999",
        "|", "||", "|a", "a|", "a|b|c", "http://loinc.org|1", ",", ",,", "a,b,c", "\\", "\\,", "$", "a$b", "$$", "*", "%", "'; DROP TABLE res; --", "\u0000", "\ud83d\ude00", "\uffff", "Ấ", "count", "text", "data", "json", "xml", "application/fhir+json", "-date", "date,-_id", "Patient:general-practitioner", "Observation:subject:Patient", "*:*", "<b>", "name eq \"x\"", "accurate", "none",
    ];

    private static readonly (string Method, string Path)[] Likely =
    [
        ("GET", "/fhir/Patient"), ("GET", "/fhir/Observation"), ("GET", "/fhir"), ("GET", "/fhir/Patient/p1/Observation"), ("GET", "/fhir/Patient/p1/*"), ("GET", "/fhir/Patient/_history"), ("GET", "/fhir/Patient/p1/_history"), ("GET", "/fhir/_history"), ("GET", "/fhir/metadata"),
        ("GET", "/fhir/Patient/p1/$everything"), ("POST", "/fhir/Observation/$lastn"), ("GET", "/fhir/Observation/$lastn"), ("POST", "/fhir/ValueSet/$expand"), ("GET", "/fhir/ValueSet/$expand"), ("POST", "/fhir/CodeSystem/$lookup"), ("POST", "/fhir/ValueSet/$validate-code"), ("POST", "/fhir/Patient/$validate"), ("POST", "/fhir/Patient/p1/$meta-add"), ("GET", "/fhir/$meta"),
        ("POST", "/fhir"), ("POST", "/fhir"), ("POST", "/fhir/Patient"), ("PUT", "/fhir/Patient/p1"), ("PUT", "/fhir/Patient"), ("PATCH", "/fhir/Patient/p1"), ("PATCH", "/fhir/Patient"), ("DELETE", "/fhir/Patient"), ("DELETE", "/fhir/Observation/o2"), ("POST", "/fhir/Patient/_search"), ("POST", "/fhir/_search"), ("POST", "/fhir/Patient/p1/Observation/_search"), ("POST", "/fhir/SearchParameter"),
    ];

    private static readonly string[] Headers = ["If-Match", "If-None-Match", "If-None-Exist", "If-Modified-Since", "Prefer", "Accept", "Idempotency-Key", "Content-Encoding", "X-Request-Id", "X-Correlation-Id", "Accept-Language", "Origin", "Access-Control-Request-Method", "Range", "Expect"];
    private static readonly string[] HeaderValues = ["", "*", "W/\"1\"", "\"", "W/", "W/\"1\", \"2\"", "1", "return=minimal", "return=OperationOutcome;handling=lenient", "handling=lenient", "handling=x", "return", "=", ";", ",", "application/fhir+json", "text/html;q=x", "*/*;q=2", "gzip", "br", "identity", "Wed, 21 Oct 2099 07:28:00 GMT", "identifier=a|b", "?", "name=Lan", "k1", "http://localhost:3000", "PUT", "bytes=0-1", "\u00ff"];
    private static readonly string?[] Types = ["application/fhir+json", "application/fhir+json", "application/json", "application/json-patch+json", "application/x-www-form-urlencoded", "text/plain", "application/fhir+json; charset=utf-16", "x", null];
    private static readonly string[] Bodies =
    [
        "", "{}", "[]", "null", "5", "\"a\"", "{", "{\"resourceType\":5}", """{"resourceType":"Patient"}""", """{"resourceType":"Patient","id":"p1","name":[{"family":"Lan"}]}""", """{"resourceType":"Patient","id":"p1","id":"p2"}""", """{"resourceType":"Patient","id":{}}""",
        """{"resourceType":"Observation","id":"o1","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p1"}}""", """{"resourceType":"Observation","subject":{"reference":"Patient?name=Lan"}}""", """{"resourceType":"Parameters"}""", """{"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"tag":[{"code":"x"}]}}]}""", """{"resourceType":"Parameters","parameter":[{}]}""", """{"resourceType":"Parameters","parameter":[5]}""", """{"resourceType":"Parameters","parameter":{}}""",
        """{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"add"},{"name":"path","valueString":"Patient..name"}]}]}""", """{"resourceType":"Parameters","parameter":[{"name":"resource","resource":5},{"name":"coding","valueCoding":{"code":5}},{"name":"url","valueUri":"http://hl7.org/fhir/ValueSet/administrative-gender"}]}""", """[{"op":"add","path":"/name/-","value":{}}]""", """[{"op":"test","path":"","value":1}]""", """[{"op":"move","from":"/a","path":"/a/b"}]""", "[1]",
        """{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/p1"}},{},5,{"request":{"method":"GET","url":"%zz?%"}},{"request":{"method":"GET","url":"$"}},{"request":{"method":"GET","url":"Patient/%00"}},{"request":{"method":"GET","url":"Patient/\u0000"}},{"request":{"method":"GET","url":"../../oauth/token"}},{"request":{"method":"GET","url":"#"}}]}""", """{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"DELETE","url":"Patient?name=Lan"}},{"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}}]}""", """{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"GET","url":"//"}}]}""", """{"resourceType":"Bundle","type":"history"}""", """{"resourceType":"ValueSet","compose":{"include":[{"system":5}]}}""", """{"resourceType":"ValueSet","status":"active","compose":{"include":[{"valueSet":["x"]},{}]}}""",
        "name=Lan&_count=x", "name=%ff&=&&%", "\u0000", "{\"resourceType\":\"Patient\",\"name\":\"\ud83d\ude00\"}", """{"resourceType":"Patient","name":[{"text":"\ud83d"}]}""", "<Patient/>",
    ];

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task Nothing_that_is_sent_makes_the_server_fail(DbEngine engine)
    {
        const int Seed = 20261125;
        await using var api = await Api.StartAsync(engine, new FhirApiOptions { Origins = ["http://localhost:3000"] });
        await FillAsync(api);
        var random = new Random(Seed);
        for (var i = 0; i < Requests; i++)
        {
            var (fill, told) = Make(random);
            await SendAsync(api, fill, $"seed {Seed}, request {i}: {told}");
        }

        (await api.PutAsync("Patient/after", """{"resourceType":"Patient","id":"after"}""")).Need(201);
        Assert.Empty((await api.Host.Store.VerifyAsync(null, default)).Problems);
    }

    private static async Task FillAsync(Api api)
    {
        for (var i = 1; i <= 2; i++)
        {
            (await api.PutAsync($"Patient/p{i}", $$"""{"resourceType":"Patient","id":"p{{i}}","name":[{"family":"Lan"}],"birthDate":"1990-01-0{{i}}"}""")).Need(201);
            (await api.PutAsync($"Observation/o{i}", $$$"""{"resourceType":"Observation","id":"o{{{i}}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"1"}]},"subject":{"reference":"Patient/p1"},"valueQuantity":{"value":5.4,"unit":"mg"}}""")).Need(201);
        }
    }

    private static async Task SendAsync(Api api, Action<HttpRequest> fill, string told)
    {
        using var patience = new CancellationTokenSource(Longest);
        var authorization = api.Http.DefaultRequestHeaders.Authorization!.ToString();
        HttpContext context;
        try
        {
            context = await api.Host.App.GetTestServer().SendAsync(context =>
            {
                fill(context.Request);
                context.Request.Headers.Authorization = authorization;
            }, patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail("No answer: " + told);
            return;
        }

        using var reader = new StreamReader(context.Response.Body);
        var text = await reader.ReadToEndAsync(patience.Token);
        var status = context.Response.StatusCode;
        Assert.True(status < 500, $"{status} {text}: {told}");
        Assert.True(status < 400 || HttpMethods.IsHead(context.Request.Method) || IsOutcome(text), $"{status} without an OperationOutcome '{text}': {told}");
    }

    private static bool IsOutcome(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.GetProperty("resourceType").GetString() == "OperationOutcome" && json.RootElement.GetProperty("issue").GetArrayLength() > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static (Action<HttpRequest> Fill, string Told) Make(Random random)
    {
        var method = Pick(random, Methods);
        var path = "/fhir" + string.Concat(Enumerable.Range(0, random.Next(5)).Select(i => "/" + (i == 0 && random.Next(3) > 0 ? Segments[random.Next(9)] : Pick(random, Segments))));
        var query = string.Join('&', Enumerable.Range(0, random.Next(4)).Select(_ => Encode(random, Pick(random, Names) + Pick(random, Modifiers)) + (random.Next(15) == 0 ? "" : "=") + Encode(random, Pick(random, Values))));
        var headers = Enumerable.Range(0, random.Next(3)).Select(_ => (Name: Pick(random, Headers), Value: Pick(random, HeaderValues))).ToList();
        var (type, body) = method is "GET" or "HEAD" or "get" or "TRACE" || random.Next(8) == 0 ? (null, null) : (Pick(random, Types), Pick(random, Bodies));
        if (random.Next(3) == 0)
        {
            // Near to what the routes take, so that the inside is reached too.
            (method, path) = Pick(random, Likely);
            body = body is null ? null : Pick(random, method == "PATCH" ? Bodies.Where(b => b.StartsWith('[') || b.Contains("operation", StringComparison.Ordinal)).ToArray() : path == "/fhir" ? Bodies.Where(b => b.Contains("Bundle", StringComparison.Ordinal)).ToArray() : path.EndsWith("_search", StringComparison.Ordinal) ? ["name=Lan&_count=x", query, "_format=xml", "_sort=-_id&%zz"] : Bodies);
            type = path.EndsWith("_search", StringComparison.Ordinal) ? "application/x-www-form-urlencoded" : method == "PATCH" && body is ['[', ..] ? "application/json-patch+json" : "application/fhir+json";
        }

        return (request =>
        {
            (request.Method, request.Scheme, request.Host) = (method, "http", new HostString("localhost"));
            request.Path = PathString.FromUriComponent(path);
            request.QueryString = query.Length == 0 ? QueryString.Empty : new QueryString("?" + query);
            headers.ForEach(header => request.Headers[header.Name] = header.Value);
            if (body is not null)
            {
                var bytes = Encoding.UTF8.GetBytes(body);
                (request.Body, request.ContentLength, request.ContentType) = (new MemoryStream(bytes), bytes.Length, type);
            }
        }, $"{method} {path}?{query} {string.Join(" | ", headers.Select(h => $"{h.Name}: {h.Value}"))} | {type} | {body}");
    }

    private static string Encode(Random random, string text) => random.Next(6) switch
    {
        0 => text.Replace("#", "%23", StringComparison.Ordinal).Replace("\u0000", "%00", StringComparison.Ordinal),
        1 => string.Concat(Encoding.UTF8.GetBytes(text).Select(b => $"%{b:x2}")),
        2 => Uri.EscapeDataString(text) + Pick(random, ["%", "%f", "%ff", "%00", "%u1234", "+"]),
        _ => Uri.EscapeDataString(text),
    };

    private static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
