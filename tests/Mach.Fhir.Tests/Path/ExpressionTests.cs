using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Mach.Fhir.Definitions;
using Mach.Fhir.Path;

namespace Mach.Fhir.Tests.Path;

public sealed class ExpressionTests
{
    private static readonly FhirNode Focus = FhirNode.OfResource(JsonDocument.Parse(SpecificationTests.Example).RootElement);

    [Fact]
    public void All_rules_of_r4_compile()
    {
        var rules = R4.Types.SelectMany(t => t.Invariants.Concat(t.Elements.SelectMany(e => e.Invariants))).Select(i => i.Expression).Distinct().ToList();
        Assert.True(rules.Count >= 100, $"{rules.Count}");
        Assert.All(rules, rule => FhirPath.Get(rule));
    }

    [Fact]
    public void All_search_parameters_of_r4_compile()
    {
        using var stream = typeof(FhirPath).Assembly.GetManifestResourceStream("search-parameters.json")!;
        var expressions = Strings(JsonDocument.Parse(stream).RootElement).Where(s => s.Contains('.', StringComparison.Ordinal) && char.IsAsciiLetterUpper(s[0]) && R4.Find(s.Split('.')[0]) is not null).Distinct().ToList();
        Assert.True(expressions.Count > 500);
        Assert.All(expressions, e => FhirPath.Compile(e));
    }

    [Fact]
    public void All_rules_of_a_resource_are_evaluated_on_one_that_says_nothing()
    {
        foreach (var type in R4.Resources)
        {
            var node = FhirNode.OfResource(JsonDocument.Parse($$"""{"resourceType":"{{type.Name}}"}""").RootElement);
            Assert.Same(type, node.Type);
            foreach (var rule in type.Invariants)
            {
                _ = FhirPath.Get(rule.Expression).IsTrue(node);
            }
        }
    }

    [Fact]
    public void Nodes_know_where_they_stand()
    {
        var given = FhirPath.Compile("name[1].given").Evaluate(Focus);
        Assert.Equal(["Patient.name[1].given[0]", "Patient.name[1].given[1]"], given.Select(g => g.Location));
        Assert.Equal(("given", 1, JsonValueKind.Undefined, JsonValueKind.Object), (given[1].PropertyName, given[1].Index, given[1].Json.ValueKind, given[1].Shadow.ValueKind));
        var deceased = FhirPath.Compile("deceased").Evaluate(Focus)[0];
        Assert.Equal(("Patient.deceased", "deceasedDateTime", -1), (deceased.Location, deceased.PropertyName, deceased.Index));
        Assert.Equal("Patient.contained[0].name", FhirPath.Compile("contained.name").Evaluate(Focus)[0].Location);
        Assert.Equal("", FhirPath.Compile("1").Evaluate(Focus)[0].Location);
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("name.first()", true)]
    public void A_rule_holds_when_it_is_true_or_finds_nothing(string expression, bool expected) => Assert.Equal(expected, FhirPath.Compile(expression).IsTrue(Focus));

    [Theory]
    [InlineData("name.nonsense()", 5)]
    [InlineData("1 + ", 4)]
    [InlineData("name is Nonsense", 8)]
    [InlineData("'abc", 0)]
    public void Errors_say_where(string expression, int position) =>
        Assert.Equal(position, Assert.Throws<FhirPathException>(() => FhirPath.Compile(expression)).Position);

    [Theory]
    [InlineData("(1|2|3|4|5|6|7|8|9|10).repeat($this + 1)")]
    [InlineData("'a'.repeat($this & 'a')")]
    [InlineData("('a' | 'b').aggregate($total & $total & $this, 'aaaaaaaaaaaaaaaaaaaaa').repeat($this & $this)")]
    [InlineData("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.repeat($this.replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaa'))")]
    [InlineData("descendants().select(%resource.descendants()).select(%resource.descendants()).select(%resource.descendants()).count()")]
    public void Expressions_without_end_are_ended(string expression) => Assert.Throws<FhirPathException>(() => FhirPath.Compile(expression).Evaluate(Focus));

    [Fact]
    public void Long_and_deep_expressions_are_refused_and_not_more()
    {
        Assert.Throws<FhirPathException>(() => FhirPath.Compile(new string('(', 5000) + "1" + new string(')', 5000)));
        Assert.Throws<FhirPathException>(() => FhirPath.Compile(string.Concat(Enumerable.Repeat("-", 5000)) + "1"));
        Assert.Throws<FhirPathException>(() => FhirPath.Compile("a" + string.Concat(Enumerable.Repeat(".a", 9000))));
        Assert.Throws<FhirPathException>(() => FhirPath.Compile(string.Concat(Enumerable.Repeat("1 + ", 4000)) + "1"));
        Assert.Throws<FhirPathException>(() => FhirPath.Compile(new string(' ', 30_000)));
        Assert.Equal(900, FhirPath.Compile(string.Concat(Enumerable.Repeat("1 + ", 899)) + "1").Evaluate(Focus)[0].SystemValue);
        Assert.Throws<FhirPathException>(() => FhirPath.Compile("'" + new string('a', 60) + "!'.matches('(?=(a+)+$)(a+)+$')").Evaluate(Focus));
    }

    [Fact]
    public void References_within_a_bundle_are_resolved_in_it_and_others_outside()
    {
        var bundle = FhirNode.OfResource(JsonDocument.Parse(
            """
            {"resourceType":"Bundle","type":"collection","entry":[
              {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"a"}},
              {"fullUrl":"http://x.org/Observation/b","resource":{"resourceType":"Observation","id":"b","subject":{"reference":"urn:uuid:1"},"performer":[{"reference":"Patient/a"},{"reference":"Practitioner/z"}]}}]}
            """).RootElement);
        var context = new FhirPathContext { Resolve = r => r == "Practitioner/z" ? FhirNode.OfResource(JsonDocument.Parse("""{"resourceType":"Practitioner","id":"z"}""").RootElement) : null };
        Assert.Equal(["a"], FhirPath.Compile("Bundle.entry.resource.subject.resolve().id").Evaluate(bundle, context).Select(n => n.SystemValue));
        Assert.Equal(["a", "z"], FhirPath.Compile("entry.resource.performer.resolve().id").Evaluate(bundle, context).Select(n => n.SystemValue));
        Assert.Equal(["Observation"], FhirPath.Compile("entry.resource.where($this is Observation).select(%resource.type().name)").Evaluate(bundle, new FhirPathContext { Resource = FhirPath.Compile("entry[1].resource").Evaluate(bundle)[0] }).Select(n => n.SystemValue));
    }

    /// <summary>Pieces of the language, put together at random: an error of the language, or a result, and nothing else.</summary>
    [Fact]
    public void Any_text_gives_a_result_or_an_error_of_the_language()
    {
        string[] pieces =
        [
            "name", ".", "given", "(", ")", "[", "]", "0", "1", "2.5", "'a'", "'mg'", "@2015", "@T10", "@2015-01-01T10:00:00Z", " and ", " or ", " implies ", " is ", " as ", "String", "Patient", "=", "~", "<", " in ",
            " contains ", "+", "-", "*", "/", " div ", " mod ", "&", "|", "{}", "where(", "select(", "repeat(", "exists()", "first()", "count()", "$this", "$index", "$total", "%resource", "day", " year", "children()", "descendants()",
            "iif(", ",", "aggregate(", "toString()", "toQuantity()", "matches(", "replace(", "extension(", "birthDate", "ofType(", "!", "\\", "%", "`", "\"", "//", "substring(", "union(", "resolve()", "type()", "abs()", "power(",
        ];
        Prop.ForAll(Gen.Elements(pieces).ArrayOf().Select(p => string.Concat(p)).ToArbitrary(), Survives).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Rules_with_characters_changed_give_a_result_or_an_error_of_the_language()
    {
        var rules = R4.Types.SelectMany(t => t.Invariants).Select(i => i.Expression).Distinct().ToArray();
        var mutated =
            from rule in Gen.Elements(rules)
            from at in Gen.Choose(0, rule.Length - 1)
            from length in Gen.Choose(0, 4)
            from put in Gen.Elements("", ".", "(", ")", "'", " ", "1", "name", "|", "=", "-", "\\", "@", "$this", "{}")
            select string.Concat(rule.AsSpan(0, at), put, rule.AsSpan(Math.Min(at + length, rule.Length)));
        Prop.ForAll(mutated.ToArbitrary(), Survives).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static bool Survives(string expression)
    {
        try
        {
            return FhirPath.Compile(expression).Evaluate(Focus).Count >= 0;
        }
        catch (FhirPathException)
        {
            return true;
        }
    }

    private static IEnumerable<string> Strings(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => [json.GetString()!],
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => json.EnumerateObject().SelectMany(p => Strings(p.Value)),
        _ => [],
    };
}
