using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Fhir.Definitions;

namespace Mach.Fhir.Tests.Validation;

/// <summary>Makes resources out of the definitions: every element that a choice of the random source picks, with values that the standard allows.</summary>
/// <param name="share">How many of the elements that need not be there are there, 0 to 1.</param>
internal sealed class Examples(Random random, double share)
{
    private int _number;

    public JsonObject Resource(string type, int depth = 4)
    {
        var resource = new JsonObject { ["resourceType"] = type };
        Fill(resource, R4.Get(type), depth);
        return resource;
    }

    public static JsonElement Parse(JsonNode node) => JsonSerializer.SerializeToElement(node);

    private void Fill(JsonObject target, TypeDefinition type, int depth)
    {
        foreach (var element in type.Elements)
        {
            if (element.Max == 0 || (element.Min == 0 && (depth <= 0 || random.NextDouble() >= share || element.Name is "contained" or "extension" or "modifierExtension" or "text" or "implicitRules")))
            {
                continue;
            }

            var reference = element.Types[random.Next(element.Types.Count)];
            // A rule of the type says how many an extension has of these two; values go without a further level.
            if (reference.Definition.Name == "Resource" && depth <= 0 && element.Min == 0)
            {
                continue;
            }

            var name = PropertyTable.JsonName(element, reference);
            if (element.IsArray)
            {
                target[name] = new JsonArray([.. Enumerable.Range(0, element.Max == 1 ? 1 : random.Next(1, 3)).Select(_ => Value(element, reference, depth))]);
            }
            else
            {
                target[name] = Value(element, reference, depth);
            }
        }

        if (type.Name == "Extension" || (target.Count == 0 && type.Kind != TypeKind.Resource))
        {
            Minimal(target, type);
        }
    }

    /// <summary>What an object needs so that it is not empty.</summary>
    private static void Minimal(JsonObject target, TypeDefinition type)
    {
        if (type.Name != "Extension")
        {
            target["extension"] = new JsonArray(new JsonObject { ["url"] = "http://example.org/empty", ["valueBoolean"] = true });
        }
        else if (!target.Any(p => p.Key.StartsWith("value", StringComparison.Ordinal)))
        {
            target["valueBoolean"] = true;
        }
    }

    private JsonNode Value(ElementDefinition element, TypeReference reference, int depth)
    {
        var type = reference.Definition;
        if (type.Kind == TypeKind.Primitive)
        {
            return Primitive(element, type.Name);
        }

        if (type.Kind == TypeKind.Resource)
        {
            return new JsonObject { ["resourceType"] = "Basic", ["code"] = new JsonObject { ["text"] = "x" } };
        }

        var value = new JsonObject();
        if (type.Name is "Coding" or "CodeableConcept" or "Quantity" && element.Binding is { Strength: BindingStrength.Required } binding)
        {
            var coding = Coding(binding.ValueSet);
            return type.Name == "CodeableConcept" ? new JsonObject { ["coding"] = new JsonArray(coding) } : coding;
        }

        if (type.Name == "Reference")
        {
            value["reference"] = (reference.Targets.Count == 0 ? "Patient" : reference.Targets[random.Next(reference.Targets.Count)]) + "/" + ++_number;
            return value;
        }

        Fill(value, type, depth - 1);
        return value;
    }

    private JsonObject Coding(string valueSet)
    {
        if (ValueSets.Find(valueSet) is not { } set)
        {
            return new JsonObject { ["system"] = "http://unitsofmeasure.org", ["code"] = "mg" };
        }

        var concept = set.Concepts[random.Next(set.Concepts.Count)];
        return new JsonObject { ["system"] = concept.System, ["code"] = concept.Code };
    }

    private JsonNode Primitive(ElementDefinition element, string type) => type switch
    {
        "boolean" => random.Next(2) == 0,
        "integer" => random.Next(-5, 5),
        "unsignedInt" => random.Next(0, 5),
        "positiveInt" => random.Next(1, 5),
        "decimal" => random.Next(0, 1000) / 10m,
        "date" => "2020-0" + random.Next(1, 10),
        "dateTime" => "2020-01-0" + random.Next(1, 10) + "T10:00:00+07:00",
        "instant" => "2020-01-0" + random.Next(1, 10) + "T10:00:00.123Z",
        "time" => "10:00:0" + random.Next(0, 10),
        "base64Binary" => "YWJj",
        "id" => "id-" + ++_number,
        "oid" => "urn:oid:1.2." + ++_number,
        "uuid" => "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
        "uri" or "url" or "canonical" => "http://example.org/" + ++_number,
        "xhtml" => "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>x</p></div>",
        "code" => Code(element),
        _ => "Text" + ++_number,
    };

    private string Code(ElementDefinition element) => element.Binding switch
    {
        { ValueSet: "http://hl7.org/fhir/ValueSet/mimetypes" } => "text/plain",
        { ValueSet: "http://hl7.org/fhir/ValueSet/currencies" } => "VND",
        { ValueSet: "http://hl7.org/fhir/ValueSet/ucum-units" } => "mg",
        { Strength: BindingStrength.Required } b when ValueSets.Find(b.ValueSet) is { } set => set.Concepts[random.Next(set.Concepts.Count)].Code,
        _ => "code" + ++_number,
    };
}
