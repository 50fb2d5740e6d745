using System.Text;
using Mach.People.Links;

namespace Mach.People.Tests.Links;

public sealed class SpliceTests
{
    [Theory]
    [InlineData("""{"resourceType":"Patient","id":"a"}""")]
    [InlineData("{ \"id\" : \"a\" ,\n \"resourceType\":\"Patient\", \"name\":[ {\"text\":\"Ho\\u00e0\"} ]\n}\n")]
    [InlineData("""{"resourceType":"Patient","link":[{"other":{"reference":"Patient/x"},"type":"refer"}],"id":"a"}""")]
    [InlineData("""{"link":[ {"type":"refer","other":{"reference":"Patient/x"}} , {"other":{"display":"?"},"type":"seealso"} ],"resourceType":"Patient","id":"a"}""")]
    [InlineData("""{"resourceType":"Patient","id":"a","contact":[{"extension":[{"url":"u","valueString":"\"link\":[]"}]}]}""")]
    public void A_link_added_and_taken_away_leaves_the_same_bytes(string body)
    {
        var before = Encoding.UTF8.GetBytes(body);
        var linked = LinkSplice.Add(before, "b")!;
        Assert.Contains("Patient/b", Encoding.UTF8.GetString(linked), StringComparison.Ordinal);
        System.Text.Json.JsonDocument.Parse(linked).Dispose();
        Assert.Null(LinkSplice.Add(linked, "b"));
        var twice = LinkSplice.Add(linked, "c")!;
        Assert.Equal(LinkSplice.Add(before, "c")!, LinkSplice.Remove(twice, "b")!);
        Assert.Equal(before, LinkSplice.Remove(linked, "b"));
        Assert.Null(LinkSplice.Remove(before, "b"));
    }

    [Theory]
    [InlineData("""{"link":[{"other":{"reference":"Patient/b"},"type":"refer"}],"id":"a"}""", """{"id":"a"}""")]
    [InlineData("""{"id":"a","link":[{"other":{"reference":"Patient/b"},"type":"refer"},{"other":{"reference":"Patient/c"},"type":"refer"}]}""", """{"id":"a","link":[{"other":{"reference":"Patient/c"},"type":"refer"}]}""")]
    public void A_link_that_somebody_else_wrote_can_be_taken_away(string body, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(LinkSplice.Remove(Encoding.UTF8.GetBytes(body), "b")!));

    [Fact]
    public void Only_references_to_the_person_are_moved()
    {
        const string Body = """{"subject":{"reference":"Patient/a"},"note":[{"text":"Patient/a"}],"performer":[{"reference":"Patient/ab"},{"reference":"Patient/a"}]}""";
        Assert.Equal(
            """{"subject":{"reference":"Patient/b"},"note":[{"text":"Patient/a"}],"performer":[{"reference":"Patient/ab"},{"reference":"Patient/b"}]}""",
            Encoding.UTF8.GetString(SubjectSplice.Move(Encoding.UTF8.GetBytes(Body), "a", "b")!));
        Assert.Null(SubjectSplice.Move(Encoding.UTF8.GetBytes(Body), "x", "b"));
    }
}
