using System.IO.Compression;
using System.Text;
using Mach.Data;
using Mach.Testing;

namespace Mach.FhirApi.Tests.Bodies;

/// <summary>What is done with bodies that are not what they should be: always an OperationOutcome, never a 500.</summary>
public sealed class BodyTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private const string Patient = """{"resourceType":"Patient","id":"p","name":[{"text":"Nguyễn Thị Lan"}],"active":true}""";

    [Fact]
    public async Task Malformed_bodies_get_the_status_that_says_what_is_wrong()
    {
        await using var api = await Api.StartAsync(DbEngine.Sqlite);
        (string Body, int Status)[] rows =
        [
            ("", 400), ("  ", 400), ("null", 400), ("[]", 400), ("\"a\"", 400), ("{}", 400), ("{", 400), ("{\"resourceType\":5}", 400),
            ("{\"resourceType\":\"Patient\",}", 400), ("{\"resourceType\":\"Patient\"}{}", 400), ("{\"resourceType\":\"Patient\" /* a */}", 400),
            ("{\"resourceType\":\"Patient\",\"active\":true,\"active\":false}", 400),
            ("{\"resourceType\":\"Patient\",\"name\":[{\"text\":\"a\",\"text\":\"b\"}]}", 400),
            ("{\"resourceType\":\"Patient\",\"name\":[{\"text\":\"\\ud800\"}]}", 400),
            ("{\"resourceType\":\"Patient\",\"\\udc00\":1}", 400),
            ("{\"resourceType\":\"Patient\",\"x\":" + new string('[', 70) + new string(']', 70) + "}", 400),
            ("{\"resourceType\":\"Nonsense\"}", 400),
            ("<Patient/>", 400),
        ];
        foreach (var (body, status) in rows)
        {
            foreach (var path in (string[])["Patient", ""])
            {
                var answer = await api.PostAsync(path, body);
                Assert.True(status == answer.Status, $"{body}: {answer.Status} {answer.Text}");
                Assert.Equal("OperationOutcome", answer.Json.GetProperty("resourceType").GetString());
            }
        }

        Assert.Equal(0, await api.CountAsync("Patient"));
    }

    [Fact]
    public async Task Only_utf8_json_of_r4_is_taken_with_or_without_a_byte_order_mark()
    {
        await using var api = await Api.StartAsync(DbEngine.Sqlite);
        var bytes = Encoding.UTF8.GetBytes(Patient);
        foreach (var type in (string?[])["application/fhir+json", "application/json", "text/json", "application/fhir+json; charset=UTF-8", "application/fhir+json; fhirVersion=4.0", null])
        {
            Assert.True((await Api.SendAsync(api.Http, "POST", "Patient", bytes, type)).Status == 201, type);
        }

        foreach (var type in (string[])["application/xml", "application/fhir+xml", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "application/fhir+json; fhirVersion=5.0", "application/json-patch+json"])
        {
            Assert.True((await Api.SendAsync(api.Http, "POST", "Patient", bytes, type)).Status == 415, type);
        }

        var marked = await Api.SendAsync(api.Http, "PUT", "Patient/p", [.. "\uFEFF"u8, .. bytes], "application/fhir+json");
        Assert.StartsWith("{", (await api.GetAsync("Patient/p")).Need(200).Text, StringComparison.Ordinal);
        Assert.Equal(201, marked.Status);
        Assert.Equal(400, (await Api.SendAsync(api.Http, "POST", "Patient", Encoding.Latin1.GetBytes("{\"resourceType\":\"Patient\",\"name\":[{\"text\":\"\u00e9\"}]}"), "application/fhir+json")).Status);
    }

    [Fact]
    public async Task Gzip_is_unpacked_up_to_the_limit()
    {
        await using var api = await Api.StartAsync(DbEngine.Sqlite);
        Assert.Equal(201, (await Api.SendAsync(api.Http, "PUT", "Patient/p", Gzip(Encoding.UTF8.GetBytes(Patient)), "application/fhir+json", ("Content-Encoding", "gzip"))).Status);
        Assert.Equal("Nguyễn Thị Lan", (await api.GetAsync("Patient/p")).Json.GetProperty("name")[0].GetProperty("text").GetString());
        Assert.Equal(400, (await Api.SendAsync(api.Http, "PUT", "Patient/p", Encoding.UTF8.GetBytes(Patient), "application/fhir+json", ("Content-Encoding", "gzip"))).Status);
        Assert.Equal(400, (await Api.SendAsync(api.Http, "PUT", "Patient/p", Gzip(Encoding.UTF8.GetBytes(Patient))[..40], "application/fhir+json", ("Content-Encoding", "gzip"))).Status);
        Assert.Equal(415, (await Api.SendAsync(api.Http, "PUT", "Patient/p", Encoding.UTF8.GetBytes(Patient), "application/fhir+json", ("Content-Encoding", "deflate"))).Status);
        var bomb = Gzip(new byte[70 * 1024 * 1024]);
        Assert.True(bomb.Length < 1_000_000);
        Assert.Equal(413, (await Api.SendAsync(api.Http, "PUT", "Patient/p", bomb, "application/fhir+json", ("Content-Encoding", "gzip"))).Status);
        Assert.Equal(413, (await Api.SendAsync(api.Http, "POST", "", bomb, "application/fhir+json", ("Content-Encoding", "gzip"))).Status);
        Assert.Equal(413, (await Api.SendAsync(api.Http, "POST", "Patient", new byte[17 * 1024 * 1024], "application/fhir+json")).Status);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Random_damage_never_becomes_a_500(DbEngine engine)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        await using var api = await Api.StartAsync(engine);
        var bundle = Encoding.UTF8.GetBytes("""
            {"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"q","birthDate":"1990-02-03","identifier":[{"system":"urn:a","value":"1"}],"meta":{"versionId":"1","tag":[{"code":"x"}]}},"request":{"method":"PUT","url":"Patient/q"}},
            {"resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"1-8"}]},"subject":{"reference":"urn:uuid:1"},"effectiveDateTime":"2026-01-02T03:04:05+07:00","valueQuantity":{"value":5.60,"unit":"kg"}},"request":{"method":"POST","url":"Observation","ifNoneExist":"code=1-8"}}]}
            """);
        var batch = Encoding.UTF8.GetBytes("""{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/p?_format=json","ifNoneMatch":"W/\"1\"","ifModifiedSince":"2026-01-01T00:00:00Z"}},{"request":{"method":"GET","url":"Patient?identifier=a%7Cb"}},{"resource":{"resourceType":"Patient","id":"q"},"request":{"method":"PUT","url":"Patient/q","ifMatch":"W/\"1\""}}]}""");
        var single = Encoding.UTF8.GetBytes("""{"resourceType":"Observation","id":"o","status":"final","meta":{"versionId":"1","lastUpdated":"2026-01-01T00:00:00Z"},"code":{"text":"a"},"subject":{"reference":"http://localhost/fhir/Patient/1"},"effectivePeriod":{"start":"2026"},"valueQuantity":{"value":1e5}}""");
        var patch = Encoding.UTF8.GetBytes("""[{"op":"add","path":"/name/0/given/-","value":"a"},{"op":"test","path":"/x~1y","value":null}]""");
        var fhirPatch = Encoding.UTF8.GetBytes("""{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"insert"},{"name":"path","valueString":"Patient.name[0].given"},{"name":"index","valueInteger":0},{"name":"value","valueString":"a"}]}]}""");
        await api.PutAsync("Patient/p", Patient);
        for (var i = 0; i < 200; i++)
        {
            foreach (var (method, path, body, type) in ((string, string, byte[], string)[])[
                ("POST", "", bundle, "application/fhir+json"), ("POST", "", batch, "application/fhir+json"), ("PUT", "Observation/o", single, "application/fhir+json"),
                ("PATCH", "Patient/p", patch, "application/json-patch+json"), ("PATCH", "Patient/p", fhirPatch, "application/fhir+json")])
            {
                var damaged = Damage(body, random);
                var answer = await Api.SendAsync(api.Http, method, path, damaged, type);
                Assert.True(answer.Status < 500, $"seed {seed}: {answer.Status} {method} {path} {Encoding.UTF8.GetString(damaged)} {answer.Text}");
            }
        }
    }

    private static readonly string[] Pieces =
        ["null", "5", "-0.0", "1e999", "\"\"", "{}", "[]", "\"id\"", "\"reference\":\"Patient?a=b\"", "\"\\u0000\"", "\"\\ud83d\"", "true", "\"urn:uuid:1\"", ",", ":", "}", "]", "\"Bundle\"", "\"DELETE\"", "\"GET\"", "?", "%zz", "\"9999-99-99\"", "\"Patient/p/_history/1\""];

    private static byte[] Damage(byte[] body, Random random)
    {
        var text = new List<byte>(body);
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(text.Count);
            switch (random.Next(5))
            {
                case 0:
                    text[at] = (byte)random.Next(256);
                    break;
                case 1:
                    text.RemoveRange(at, Math.Min(random.Next(1, 12), text.Count - at));
                    break;
                case 2:
                    text.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
                default:
                    // A whole value for another: the JSON stays well-formed and the shape does not.
                    var ends = Enumerable.Range(0, text.Count - 1).Where(i => text[i] == ':' && text[i + 1] == '"').ToArray();
                    if (ends.Length > 0)
                    {
                        var start = ends[random.Next(ends.Length)] + 1;
                        var end = text.IndexOf((byte)'"', start + 1);
                        if (end > 0)
                        {
                            text.RemoveRange(start, end + 1 - start);
                            text.InsertRange(start, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                        }
                    }

                    break;
            }

            if (text.Count == 0)
            {
                return [];
            }
        }

        return [.. text];
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
