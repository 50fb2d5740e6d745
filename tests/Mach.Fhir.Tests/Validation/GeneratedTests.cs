using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Fhir.Definitions;
using Mach.Fhir.Validation;

namespace Mach.Fhir.Tests.Validation;

/// <summary>Resources of every type, made out of the definitions. Failures print the seed.</summary>
public sealed class GeneratedTests
{
    public static TheoryData<string> Types => new(R4.Resources.Select(r => r.Name));

    /// <summary>The generator knows nothing of the rules, so only they may object.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void A_resource_with_every_element_has_the_shape_that_the_standard_gives_it(string type)
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var resource = new Examples(new Random(seed), seed == 0 ? 1 : 0.3).Resource(type, seed == 0 ? 3 : 4);
            var issues = ResourceValidator.Validate(Examples.Parse(resource)).Where(i => i.Code != "invariant").ToList();
            Assert.True(issues.Count == 0, $"seed {seed}\n" + string.Join('\n', issues));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_resource_with_only_what_is_required_passes_all_but_few_rules(string type)
    {
        var resource = new Examples(new Random(1), 0).Resource(type);
        var broken = ResourceValidator.Validate(Examples.Parse(resource)).Where(i => i.Severity == IssueSeverity.Error).Select(i => i.Key).ToList();
        // These demand one of several elements, none of which is required by itself.
        Assert.All(broken, key => Assert.Contains(key, NeedMore.Split(' ')));
    }

    private const string NeedMore = "ait-1 app-1 apr-1 cpb-1 cpb-14 cpb-2 imr-1 ipn-1 lnk-1 msq-3 org-1 ppc-1 sdf-4 sdf-6 tcp-2 tcp-3 trd-3";

    [Theory]
    [MemberData(nameof(Types))]
    public void Broken_resources_are_looked_at_to_the_end(string type)
    {
        var random = new Random(type.Sum(c => c));
        for (var round = 0; round < 40; round++)
        {
            var resource = new Examples(random, 0.2).Resource(type);
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                Mutate(resource, random);
            }

            var issues = ResourceValidator.Validate(Examples.Parse(resource));
            Assert.All(issues, i => Assert.NotEmpty(i.Expression));
        }
    }

    /// <summary>Bytes changed at random: what is still JSON is looked at, whatever it says.</summary>
    [Fact]
    public void Broken_bytes_are_looked_at_to_the_end()
    {
        var random = new Random(7);
        var looked = 0;
        foreach (var type in R4.Resources)
        {
            var bytes = Encoding.UTF8.GetBytes(new Examples(random, 0.3).Resource(type.Name).ToJsonString());
            for (var round = 0; round < 30; round++)
            {
                var broken = (byte[])bytes.Clone();
                for (var i = random.Next(1, 3); i > 0; i--)
                {
                    broken[random.Next(broken.Length)] = (byte)random.Next(256);
                }

                try
                {
                    using var document = JsonDocument.Parse(broken);
                    ResourceValidator.Validate(document.RootElement);
                    looked++;
                }
                catch (JsonException)
                {
                    // No JSON: nothing to look at.
                }
            }
        }

        Assert.True(looked > 500, looked + " were JSON");
    }

    private static void Mutate(JsonNode root, Random random)
    {
        var nodes = new List<JsonNode>();
        Collect(root, nodes);
        switch (nodes[random.Next(nodes.Count)])
        {
            case JsonObject { Count: > 0 } o:
                var name = o.ElementAt(random.Next(o.Count)).Key;
                o[random.Next(3) == 0 ? "_" + name : name] = Junk(random);
                break;
            case JsonArray a:
                a.Add(Junk(random));
                break;
        }
    }

    private static void Collect(JsonNode? node, List<JsonNode> nodes)
    {
        switch (node)
        {
            case JsonObject o:
                nodes.Add(o);
                o.ToList().ForEach(p => Collect(p.Value, nodes));
                break;
            case JsonArray a:
                nodes.Add(a);
                a.ToList().ForEach(i => Collect(i, nodes));
                break;
        }
    }

    private static JsonNode? Junk(Random random) => random.Next(10) switch
    {
        0 => null,
        1 => "",
        2 => "#x",
        3 => -1.5,
        4 => new JsonObject(),
        5 => new JsonArray(),
        6 => new JsonArray(null, new JsonObject { ["url"] = 3 }),
        7 => new JsonObject { ["resourceType"] = "Patient", ["id"] = 1 },
        8 => true,
        _ => "2020-02-30",
    };
}
