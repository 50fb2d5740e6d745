using System.IO.Compression;
using System.Text;
using Mach.Data;
using Mach.Testing;

namespace Mach.FhirApi.Tests.Transport;

// Source of all rows: http://hl7.org/fhir/R4/http.html, RFC 9110.
public sealed class NegotiationTests
{
    private const string Patient = """{"resourceType":"Patient","id":"p1","name":[{"text":"Lan"}]}""";

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static async Task<Api> StartAsync(DbEngine engine = DbEngine.Sqlite)
    {
        var api = await Api.StartAsync(engine, new FhirApiOptions { MaxResourceBytes = 1024 * 1024 });
        (await api.PutAsync("Patient/p1", Patient)).Need(201);
        (await api.PutAsync("Patient/p1", Patient.Replace("Lan", "Mai", StringComparison.Ordinal))).Need(200);
        return api;
    }

    private static void NeedOutcome(string what, int status, Answer answer)
    {
        Assert.True(status == answer.Status, $"{what}: {answer.Status}, not {status}: {answer.Text}");
        if (status >= 400)
        {
            Assert.Equal((what, "OperationOutcome"), (what, answer.Json.GetProperty("resourceType").GetString()));
        }
    }

    [Fact]
    public async Task What_is_given_follows_accept_and_format()
    {
        await using var api = await StartAsync();
        foreach (var (accept, query, status) in new[]
        {
            ("APPLICATION/FHIR+JSON", "", 200), ("Text/Json", "", 200), ("application/fhir+xml;q=0.9, application/fhir+json;q=0.1", "", 200), ("application/fhir+xml, */*;q=0.1", "", 200),
            ("application/fhir+xml, */*;q=0", "", 406), ("*/*;q=0", "", 406), ("text/turtle", "", 406), ("text/html", "", 406), ("application/fhir+json; fhirVersion=\"4.0\"", "", 200), ("application/fhir+json; fhirVersion=3.0", "", 406),
            ("application/fhir+json; FHIRVERSION=4.0; charset=utf-8", "", 200), ("application/json; fhirVersion=4.0.1", "", 200), ("*/*; fhirVersion=5.0", "", 406),
            ("*/*", "_format=json", 200), ("*/*", "_format=text/json", 200), ("*/*", "_format=application/json;charset=utf-8", 200), ("*/*", "_format=JSON", 200), ("*/*", "_format=application%2Ffhir%2Bjson%3B+fhirVersion%3D4.0", 200),
            ("*/*", "_format=application/fhir%2Bjson;fhirVersion=3.0", 406), ("*/*", "_format=xml", 406), ("*/*", "_format=application/fhir%2Bxml", 406), ("*/*", "_format=ttl", 406), ("*/*", "_format=html", 406),
        })
        {
            foreach (var path in new[] { "Patient/p1", "Patient", "metadata", "Patient/p1/_history" })
            {
                NeedOutcome($"{accept} {path}?{query}", status, await Api.SendAsync(api.Http, "GET", $"{path}?{query}", null, null, ("Accept", accept)));
            }
        }
    }

    /// <remarks>http://hl7.org/fhir/R4/binary.html#rest.</remarks>
    [Theory, MemberData(nameof(Engines))]
    public async Task A_binary_is_given_in_its_own_form_to_who_names_it(DbEngine engine)
    {
        await using var api = await StartAsync(engine);
        foreach (var (id, type, content) in ((string, string, string)[])[("pdf", "application/pdf", "%PDF-1.7 ổn"), ("json", "application/json", "{}"), ("js", "text/javascript", "alert(1)"), ("css", "text/css", "a{}"), ("text", "text/plain; charset=utf-8", "chào"), ("empty", "image/png", "")])
        {
            var data = content.Length == 0 ? "" : $",\"data\":\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(content)).Insert(2, " ")}\"";
            (await api.PutAsync($"Binary/{id}", $$"""{"resourceType":"Binary","id":"{{id}}","contentType":"{{type}}"{{data}}}""")).Need(201);
        }

        foreach (var (id, accept, query, content) in ((string, string, string, string?)[])
        [
            ("pdf", "application/pdf", "", "%PDF-1.7 ổn"), ("pdf", "text/html, Application/PDF;q=0.8, */*;q=0.1", "", "%PDF-1.7 ổn"), ("pdf/_history/1", "application/pdf", "", "%PDF-1.7 ổn"), ("text", "text/plain", "", "chào"), ("empty", "image/png", "", ""),
            ("pdf", "*/*", "", null), ("pdf", "application/*", "", null), ("pdf", "application/fhir+json, application/pdf", "", null), ("pdf", "application/pdf", "?_format=json", null), ("pdf", "application/pdf;q=0, */*", "", null),
            ("pdf", "application/pdf, */*", "?_elements=contentType", null), ("json", "application/json", "", null), ("js", "text/javascript, */*;q=0.1", "", null), ("css", "text/css, */*;q=0.1", "", null),
        ])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/fhir/Binary/{id}{query}");
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var answer = await api.Http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{id} {accept}: {text}");
            Assert.Equal("W/\"1\"", answer.Headers.ETag?.ToString());
            if (content is null)
            {
                Assert.Equal(("application/fhir+json", accept), (answer.Content.Headers.ContentType?.MediaType, accept));
                Assert.Contains("\"resourceType\":\"Binary\"", text, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal((content, "attachment"), (text, answer.Content.Headers.ContentDisposition?.ToString()));
                Assert.NotEqual("application/fhir+json", answer.Content.Headers.ContentType?.MediaType);
            }
        }

        foreach (var (path, accept, status) in ((string, string, int)[])
        [
            ("Binary/pdf", "image/png", 406), ("Binary/pdf", "application/pdf;q=0", 406), ("Binary/js", "text/javascript", 406), ("Binary/css", "text/css", 406), ("Binary/none", "application/pdf", 404),
            ("Binary", "application/pdf", 406), ("Binary/pdf/_history", "application/pdf", 406), ("Patient/p1", "application/pdf", 406), ("Binary/pdf?_format=xml", "application/pdf", 406),
        ])
        {
            NeedOutcome($"{path} {accept}", status, await Api.SendAsync(api.Http, "GET", path, null, null, ("Accept", accept)));
        }

        Assert.Equal(304, (await Api.SendAsync(api.Http, "GET", "Binary/pdf", null, null, ("Accept", "application/pdf"), ("If-None-Match", "W/\"1\""))).Status);
        (await api.DeleteAsync("Binary/pdf")).Need(204);
        NeedOutcome("deleted", 410, await Api.SendAsync(api.Http, "GET", "Binary/pdf", null, null, ("Accept", "application/pdf")));
    }

    [Fact]
    public async Task What_is_taken_follows_content_type_and_charset()
    {
        await using var api = await StartAsync();
        var body = Encoding.UTF8.GetBytes("""{"resourceType":"Patient"}""");
        foreach (var (type, status) in new (string?, int)[]
        {
            (null, 201), ("application/fhir+json", 201), ("Application/JSON; Charset=\"UTF-8\"", 201), ("application/fhir+json; fhirVersion=4.0", 201), ("text/json", 201),
            ("application/fhir+json; charset=utf-16", 415), ("application/json; charset=latin1", 415), ("application/fhir+xml", 415), ("text/plain", 415), ("application/x-www-form-urlencoded", 415), ("application/fhir+json; fhirVersion=5.0", 415), ("application/json-patch+json", 415),
        })
        {
            NeedOutcome(type ?? "none", status, await Api.SendAsync(api.Http, "POST", "Patient", body, type));
        }

        var form = Encoding.UTF8.GetBytes("name=mai&_format=json&_pretty=true");
        var found = await Api.SendAsync(api.Http, "POST", "Patient/_search", form, "application/x-www-form-urlencoded");
        Assert.Equal(1, found.Need(200).Json.GetProperty("total").GetInt32());
        Assert.Contains("\n  ", found.Text);
        Assert.DoesNotContain("_format", found.Json.GetProperty("link")[0].GetProperty("url").GetString());
        NeedOutcome("xml by form", 406, await Api.SendAsync(api.Http, "POST", "Patient/_search", Encoding.UTF8.GetBytes("_format=xml"), "application/x-www-form-urlencoded"));
        NeedOutcome("json search", 415, await Api.SendAsync(api.Http, "POST", "Patient/_search", "{}"u8.ToArray(), "application/json"));
        NeedOutcome("form charset", 415, await Api.SendAsync(api.Http, "POST", "Patient/_search", form, "application/x-www-form-urlencoded; charset=utf-16"));
        NeedOutcome("packed form", 200, await Api.SendAsync(api.Http, "POST", "Patient/_search", Pack(form, "gzip"), "application/x-www-form-urlencoded", ("Content-Encoding", "gzip")));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Packed_bodies_are_unpacked_up_to_the_limit(string packing)
    {
        await using var api = await StartAsync();
        var body = Encoding.UTF8.GetBytes("""{"resourceType":"Patient","name":[{"text":"Đặng Thị Mơ"}]}""");
        Assert.Contains("Đặng Thị Mơ", (await Api.SendAsync(api.Http, "POST", "Patient", Pack(body, packing), "application/fhir+json", ("Content-Encoding", packing))).Need(201).Text);
        var bomb = Pack(Encoding.UTF8.GetBytes("""{"resourceType":"Patient","name":[{"text":" """ + new string('a', 8 * 1024 * 1024) + "\"}]}"), packing);
        Assert.True(bomb.Length < 64 * 1024);
        NeedOutcome("bomb", 413, await Api.SendAsync(api.Http, "POST", "Patient", bomb, "application/fhir+json", ("Content-Encoding", packing)));
        NeedOutcome("damaged", 400, await Api.SendAsync(api.Http, "POST", "Patient", [0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8], "application/fhir+json", ("Content-Encoding", packing)));
        NeedOutcome("cut", 400, await Api.SendAsync(api.Http, "POST", "Patient", Pack(body, packing)[..20], "application/fhir+json", ("Content-Encoding", packing)));
        NeedOutcome("unknown", 415, await Api.SendAsync(api.Http, "POST", "Patient", body, "application/fhir+json", ("Content-Encoding", "compress")));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Head_is_get_without_the_body(DbEngine engine)
    {
        await using var api = await StartAsync(engine);
        foreach (var (path, status) in new[] { ("Patient/p1", 200), ("Patient?name=mai", 200), ("metadata", 200), ("Patient/p1/_history", 200), ("Patient/p1/_history/1", 200), ("_history", 200), ("Patient/none", 404), ("Patient?x=1", 400), ("Patient/p1/$everything", 200), (".well-known/smart-configuration", 200) })
        {
            using var get = await api.Http.GetAsync(new Uri("/fhir/" + path, UriKind.Relative));
            using var request = new HttpRequestMessage(HttpMethod.Head, "/fhir/" + path);
            using var head = await api.Http.SendAsync(request);
            Assert.Equal((path, status, status), (path, (int)get.StatusCode, (int)head.StatusCode));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
            Assert.Equal((path, get.Content.Headers.ContentType, get.Headers.ETag), (path, head.Content.Headers.ContentType, head.Headers.ETag));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task What_the_client_has_is_not_sent_again(DbEngine engine)
    {
        await using var api = await StartAsync(engine);
        foreach (var (name, value, status) in new[]
        {
            ("If-None-Match", "W/\"2\"", 304), ("If-None-Match", "\"2\"", 304), ("If-None-Match", "*", 304), ("If-None-Match", "W/\"1\", W/\"2\"", 304), ("If-None-Match", "W/\"1\"", 200), ("If-None-Match", "2", 200), ("If-None-Match", "", 200),
            ("If-Modified-Since", "Wed, 21 Oct 2065 07:28:00 GMT", 304), ("If-Modified-Since", "Wed, 21 Oct 2015 07:28:00 GMT", 200), ("If-Modified-Since", "yesterday", 200),
        })
        {
            var answer = await Api.SendAsync(api.Http, "GET", "Patient/p1", null, null, (name, value));
            Assert.Equal((name, value, status, status == 304), (name, value, answer.Status, answer.Text.Length == 0));
            Assert.Equal("W/\"2\"", answer.ETag);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Conditions_of_a_write_are_kept_or_refused_never_passed_over(DbEngine engine)
    {
        await using var api = await StartAsync(engine);
        foreach (var (name, value, status) in new[]
        {
            ("If-Match", "2", 400), ("If-Match", "W/2", 400), ("If-Match", "\"", 400), ("If-Match", "W/\"1\"", 412), ("If-Match", "W/\"x\"", 412), ("If-None-Match", "*", 412), ("If-None-Match", "W/\"2\"", 400), ("Prefer", "handling=loose", 400), ("If-Match", "W/\"9\", W/\"2\"", 200),
        })
        {
            NeedOutcome($"{name}: {value}", status, await api.PutAsync("Patient/p1", Patient, (name, value)));
        }

        Assert.Equal("", (await api.PutAsync("Patient/p1", Patient, ("Prefer", "return=minimal"))).Need(200).Text);
        Assert.Equal("OperationOutcome", (await api.PutAsync("Patient/p1", Patient, ("Prefer", "return=OperationOutcome; handling=strict"))).Need(200).Json.GetProperty("resourceType").GetString());
        Assert.Equal("Patient", (await api.PutAsync("Patient/p1", Patient, ("Prefer", "respond-async, return=\"representation\""))).Need(200).Json.GetProperty("resourceType").GetString());
        NeedOutcome("strict", 400, await Api.SendAsync(api.Http, "GET", "Patient?nonsense=1", null, null, ("Prefer", "handling=strict")));
        NeedOutcome("lenient", 200, await Api.SendAsync(api.Http, "GET", "Patient?nonsense=1", null, null, ("Prefer", "handling=lenient")));
    }

    [Fact]
    public async Task A_method_or_an_address_that_does_not_exist_is_told_apart()
    {
        await using var api = await StartAsync();
        foreach (var (method, path, status, allow) in new (string, string, int, string?)[]
        {
            ("POST", "metadata", 405, "GET, HEAD"), ("PUT", "metadata", 405, "GET, HEAD"), ("DELETE", "metadata", 405, "GET, HEAD"), ("POST", "_history", 405, "GET, HEAD"), ("DELETE", "Patient/p1/_history", 405, "GET, HEAD"), ("PUT", "Patient/p1/_history/1", 405, "GET, HEAD"),
            ("POST", "Patient/p1", 405, "GET, HEAD, PUT, PATCH, DELETE"), ("FOO", "Patient", 405, "GET, HEAD, POST, PUT, PATCH, DELETE"), ("OPTIONS", "Patient/p1", 405, "GET, HEAD, PUT, PATCH, DELETE"), ("TRACE", "Patient", 405, "GET, HEAD, POST, PUT, PATCH, DELETE"),
            ("GET", "Patient/_search", 405, "POST"), ("GET", "_search", 405, "POST"), ("PUT", "", 405, "GET, HEAD, POST"), ("DELETE", "", 405, "GET, HEAD, POST"), ("GET", "Patient/p1/$meta-add", 405, "POST"), ("DELETE", "Patient/$validate", 405, "GET, HEAD, POST"),
            ("GET", "patient", 404, null), ("GET", "Patient/a b", 404, null), ("GET", "Patient/a_b", 404, null), ("PUT", "Patient/a_b", 400, null), ("GET", "Nothing/1", 404, null), ("POST", "Nothing", 404, null), ("GET", "Patient/p1/$none", 404, null), ("GET", "Patient/p1/x/y/z", 404, null), ("GET", "/Patient", 404, null), ("GET", "Patient/" + new string('a', 65), 404, null),
            ("GET", "Patient/", 200, null), ("GET", "Patient/p1/", 200, null), ("GET", "metadata/", 200, null), ("GET", "Patient/p1/_history/", 200, null),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path.Length == 0 ? "/fhir" : "/fhir/" + path);
            request.Content = method is "POST" or "PUT" ? new StringContent(Patient, Encoding.UTF8, "application/fhir+json") : null;
            using var answer = await api.Http.SendAsync(request);
            NeedOutcome($"{method} {path}", status, new Answer((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), null, null, null));
            Assert.Equal((path, allow), (path, answer.Content.Headers.TryGetValues("Allow", out var values) ? string.Join(", ", values) : null));
        }
    }

    [Fact]
    public async Task Refusals_are_pretty_too()
    {
        await using var api = await StartAsync();
        Assert.Contains("\n  ", (await api.GetAsync("Patient/none?_pretty=true")).Need(404).Text);
        Assert.DoesNotContain("\n", (await api.GetAsync("Patient/none")).Need(404).Text);
    }

    private static byte[] Pack(byte[] body, string packing)
    {
        using var packed = new MemoryStream();
        using (Stream stream = packing == "br" ? new BrotliStream(packed, CompressionLevel.Optimal) : new GZipStream(packed, CompressionLevel.Optimal))
        {
            stream.Write(body);
        }

        return packed.ToArray();
    }
}
