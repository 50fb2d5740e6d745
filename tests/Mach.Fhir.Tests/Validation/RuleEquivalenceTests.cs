using System.Text.Json.Nodes;
using Mach.Fhir.Definitions;
using Mach.Fhir.Path;
using Mach.Fhir.Validation;

namespace Mach.Fhir.Tests.Validation;

/// <summary>Rules that are written in C# say what their FHIRPath says. Failures print the seed.</summary>
public sealed class RuleEquivalenceTests
{
    public static TheoryData<string> Types => new(R4.Resources.Select(r => r.Name));

    [Theory]
    [MemberData(nameof(Types))]
    public void Rules_in_code_agree_with_their_expressions(string type)
    {
        var compared = 0;
        for (var seed = 0; seed < 5; seed++)
        {
            var json = new Examples(new Random(seed), 0.35).Resource(type);
            Disturb(json, new Random(seed));
            var resource = Examples.Parse(json);
            var found = ResourceValidator.Validate(resource, new ValidationOptions { MaxIssues = int.MaxValue, Rules = false }).Where(i => i.Key is not null).Select(i => (i.Key!, i.Expression)).ToHashSet();
            var root = FhirNode.OfResource(resource);
            var context = new FhirPathContext { Resource = root, RootResource = root };
            foreach (var node in new[] { root }.Concat(FhirPath.Get("descendants()").Evaluate(root, context)).Where(n => n.Type is not null && Inside(n, root)))
            {
                foreach (var rule in node.Type!.Invariants.Where(i => IsInCode(i, node.Type!)))
                {
                    compared++;
                    var holds = FhirPath.Get(rule.Expression).IsTrue(node, context);
                    Assert.True(holds != found.Contains((rule.Key, node.Location)), $"seed {seed}: {rule.Key} at {node.Location} is {holds} by {rule.Expression}\n{json}");
                }
            }
        }

        Assert.True(compared > 10, compared + " comparisons");
    }

    /// <summary>References to contained resources are compared by rows; here a resource stands for itself.</summary>
    private static bool Inside(FhirNode node, FhirNode root) => node.Type!.Kind != TypeKind.Resource || ReferenceEquals(node, root);

    private static bool IsInCode(Invariant rule, TypeDefinition type) =>
        rule.Key is "ele-1" or "ref-1" || (!rule.Key.StartsWith("dom-", StringComparison.Ordinal) && rule.Key != "que-7" && Rule.Compile(rule, type) is PresenceRule or NativeRule);

    /// <summary>Takes and gives at random what the rules ask for: codes without system, periods that end before they begin, lost contained resources.</summary>
    private static void Disturb(JsonNode node, Random random)
    {
        if (node is JsonArray array)
        {
            array.ToList().ForEach(i => Disturb(i!, random));
        }

        if (node is not JsonObject o)
        {
            return;
        }

        foreach (var (name, value) in o.ToList())
        {
            switch (value)
            {
                case JsonObject or JsonArray:
                    Disturb(value, random);
                    break;
                case JsonValue when name is "end":
                    o[name] = random.Next(3) switch { 0 => "2019-12-31", 1 => "2020-01-05T10:00:00Z", _ => "2020" };
                    break;
                case JsonValue when name is "reference" && random.Next(3) == 0:
                    o[name] = "#x";
                    break;
                case JsonValue when name is "system" && random.Next(3) == 0 && o.Count > 1:
                    o.Remove(name);
                    o["_system"] = new JsonObject { ["extension"] = new JsonArray(new JsonObject { ["url"] = "http://example.org/x" }) };
                    break;
            }
        }
    }
}
