using System.Text.Json;
using Mach.Fhir.Definitions;
using Mach.Fhir.Path;

namespace Mach.Fhir.Tests.Validation;

/// <summary>Every rule of R4 can be evaluated on what the definitions allow. Failures print the seed.</summary>
public sealed class EvaluationTests
{
    /// <summary>What the generator does not make.</summary>
    private const string WithText = """
        {"resourceType":"Basic","code":{"text":"x"},"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},
        "extension":[{"url":"http://example.org/far","valueDistance":{"value":5,"system":"http://unitsofmeasure.org","code":"km"}}]}
        """;

    private readonly HashSet<string> _evaluated = [];
    private readonly HashSet<string> _failures = [];

    [Fact]
    public void Every_rule_of_the_standard_is_evaluated_on_resources_of_every_type_and_none_fails()
    {
        using var document = JsonDocument.Parse(WithText);
        Evaluate(document.RootElement, "with text");
        foreach (var type in R4.Resources)
        {
            for (var seed = 0; seed < 4; seed++)
            {
                // The first has everything, the others a part in another depth.
                Evaluate(Examples.Parse(new Examples(new Random(seed), seed == 0 ? 1 : 0.4).Resource(type.Name, seed == 0 ? 3 : 4)), $"seed {seed}");
            }
        }

        Assert.True(_failures.Count == 0, string.Join('\n', _failures.Take(20)));
        var all = R4.Types.SelectMany(t => t.Invariants.Concat(t.Elements.SelectMany(e => e.Invariants))).Select(i => i.Key).Distinct().ToList();
        Assert.True(all.Count > 200, all.Count + " rules");
        Assert.Empty(all.Except(_evaluated));
    }

    private void Evaluate(JsonElement resource, string origin)
    {
        var root = FhirNode.OfResource(resource);
        var context = new FhirPathContext { Resource = root, RootResource = root };
        foreach (var node in new[] { root }.Concat(FhirPath.Get("descendants()").Evaluate(root, context)))
        {
            foreach (var rule in (node.Type?.Invariants ?? []).Concat(node.Element?.Invariants ?? []))
            {
                try
                {
                    FhirPath.Get(rule.Expression).IsTrue(node, context);
                    _evaluated.Add(rule.Key);
                }
                catch (FhirPathException e)
                {
                    _failures.Add($"{origin}: {rule.Key} at {node.Location}: {e.Message} {rule.Expression}");
                }
            }
        }
    }
}
