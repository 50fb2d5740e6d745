using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Mach.Store.Reading;

namespace Mach.Store.Tests.Reading;

public class MetaSpliceTests
{
    private static readonly DateTimeOffset At = new DateTimeOffset(2026, 1, 15, 1, 2, 3, TimeSpan.Zero).AddMicroseconds(456789);

    [Theory]
    [InlineData("""{"resourceType":"Patient","id":"p"}""", """{"resourceType":"Patient","id":"p","meta":{M}}""")]
    [InlineData("""{"resourceType":"Patient","id":"p","active":true}""", """{"resourceType":"Patient","id":"p","meta":{M},"active":true}""")]
    [InlineData("""{"active":true,"resourceType":"Patient","id":"p"}""", """{"active":true,"resourceType":"Patient","id":"p","meta":{M}}""")]
    [InlineData("""{"resourceType":"Patient","meta":{},"id":"p"}""", """{"resourceType":"Patient","meta":{M},"id":"p"}""")]
    [InlineData("""{"resourceType":"Patient","id":"p","meta":{ "source":"a" }}""", """{"resourceType":"Patient","id":"p","meta":{M,"source":"a"}}""")]
    [InlineData("""{"id":"p","meta":{"versionId":"9","source":"a","lastUpdated":"x","tag":[{"meta":{}}]},"a":1}""", """{"id":"p","meta":{M,"source":"a","tag":[{"meta":{}}]},"a":1}""")]
    [InlineData("""{ }""", """{"meta":{M} }""")]
    [InlineData(""" { "active" : true } """, """ {"meta":{M}, "active" : true } """)]
    public void Version_and_time_are_spliced_into_meta(string body, string expected)
    {
        const string Meta = """
            "versionId":"12","lastUpdated":"2026-01-15T01:02:03.456789Z"
            """;
        Assert.Equal(expected.Replace("M", Meta, StringComparison.Ordinal), Splice(body));
    }

    [Fact]
    public void Splicing_equals_what_a_document_tree_would_give()
    {
        var value = Gen.Elements<JsonNode?>(null, JsonValue.Create("Nguyễn \"A\""), JsonValue.Create(1.50m), JsonNode.Parse("""{"meta":{"versionId":"7"},"x":[1,{}]}"""), JsonNode.Parse("[]"));
        var property = Gen.Zip(Gen.Elements("a", "id", "resourceType", "meta", "tên", "versionId", "lastUpdated", "text"), value);
        var meta = Gen.Zip(Gen.Elements("versionId", "lastUpdated", "source", "tag"), value).ListOf();
        var cases = Gen.Zip(property.ListOf(), Gen.Zip(meta, Gen.Choose(0, 2)));
        Prop.ForAll(cases.ToArbitrary(), input =>
        {
            var body = new JsonObject();
            foreach (var (name, node) in input.Item1)
            {
                body[name] = name == "meta" ? Meta(input.Item2.Item1) : node?.DeepClone();
            }

            var text = body.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = input.Item2.Item2 == 1 });
            var expected = (body["meta"] as JsonObject)?.DeepClone().AsObject() ?? [];
            expected["versionId"] = "12";
            expected["lastUpdated"] = At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
            body["meta"] = expected;
            return JsonNode.DeepEquals(body, JsonNode.Parse(Splice(text)));
        }).QuickCheckThrowOnFailure();
    }

    private static JsonObject Meta(IEnumerable<(string, JsonNode?)> properties)
    {
        var meta = new JsonObject();
        foreach (var (name, node) in properties)
        {
            meta[name] = node?.DeepClone();
        }

        return meta;
    }

    private static string Splice(string body)
    {
        var output = new ArrayBufferWriter<byte>();
        MetaSplice.Write(Encoding.UTF8.GetBytes(body), 12, At, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
