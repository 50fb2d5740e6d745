using System.Text.Json;
using System.Text.RegularExpressions;
using Mach.Fhir.Definitions;
using Mach.Fhir.Path;

namespace Mach.Fhir.Search;

/// <summary>
/// Added parameters whose expression is more than a path: FHIRPath is evaluated on each resource. What it gives must be of a type that the parameter's kind
/// can be searched by; anything else, and an evaluation that ends with an error, is a failure of that resource, which the store keeps and shows.
/// </summary>
/// <remarks>Source: http://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.expression, http://hl7.org/fhir/R4/search.html#ptypes.</remarks>
internal static partial class EvaluatedParameter
{
    private static readonly Dictionary<SearchKind, string[]> SystemTypes = new()
    {
        [SearchKind.Token] = ["String", "Boolean"],
        [SearchKind.Date] = ["Date", "DateTime"],
        [SearchKind.Quantity] = ["Quantity"],
        [SearchKind.Number] = ["Integer", "Decimal"],
        [SearchKind.String] = ["String"],
        [SearchKind.Uri] = ["String"],
        [SearchKind.Reference] = [],
    };

    /// <summary>Compiles the expression and looks at what can be known without a resource.</summary>
    /// <exception cref="FormatException">Not FHIRPath, or what it gives would not depend on the resource alone.</exception>
    public static void Check(string expression, string type)
    {
        try
        {
            FhirPath.Get(expression);
        }
        catch (FhirPathException e)
        {
            throw new FormatException("The expression is not FHIRPath: " + e.Message, e);
        }

        var bare = Literals().Replace(expression, "''");
        if (Unsteady().Match(bare) is { Success: true } unsteady)
        {
            throw new FormatException(unsteady.Groups[1].Value == "resolve"
                ? "resolve() needs other resources, which an index of one resource cannot follow; only .where(resolve() is Type) at the end of a path is understood."
                : $"{unsteady.Groups[1].Value}() gives another value each time, so that nothing can be indexed by it.");
        }

        foreach (var step in FirstSteps().Matches(bare).Where(m => m.Groups[1].Value == type))
        {
            if (R4.Get(type).Find(step.Groups[2].Value) is null)
            {
                throw new FormatException($"{type} has no element '{step.Groups[2].Value}'.");
            }
        }
    }

    /// <summary>What the parameter looks at in a resource, as JSON.</summary>
    /// <param name="failures">Receives what went wrong; names of types, no content.</param>
    public static List<JsonElement> Elements(JsonElement resource, SearchParameter parameter, List<(short, string)>? failures)
    {
        var found = new List<JsonElement>();
        try
        {
            var root = FhirNode.OfResource(resource);
            foreach (var node in parameter.Evaluated!.Evaluate(root, new FhirPathContext { Resource = root, RootResource = root }))
            {
                if (!Add(node, parameter.Kind, found))
                {
                    failures?.Add((parameter.Number, $"The expression gives {node.Type?.Name ?? TypeSpecifier.NameOf(node.SystemValue)}, which a parameter of type {parameter.Kind.ToString().ToLowerInvariant()} cannot be searched by."));
                }
            }
        }
        catch (FhirPathException e)
        {
            failures?.Add((parameter.Number, "The expression cannot be evaluated: " + e.Message));
            found.Clear();
        }

        return found;
    }

    private static bool Add(FhirNode node, SearchKind kind, List<JsonElement> found)
    {
        if (node.IsSystem)
        {
            if (!SystemTypes[kind].Contains(TypeSpecifier.NameOf(node.SystemValue)))
            {
                return false;
            }

            found.Add(Json(node.SystemValue!));
            return true;
        }

        var type = node.Type;
        if (type is null || !ExpressionPath.Kinds[kind].Any(type.IsA))
        {
            return false;
        }

        if (node.Json.ValueKind == JsonValueKind.Undefined)
        {
            // A primitive that has only extensions has nothing to be found by.
            return true;
        }

        // One text each, so that the rows are those of plain texts.
        found.AddRange(kind == SearchKind.String ? SearchMatcher.Texts(node.Json).Select(text => JsonSerializer.SerializeToElement(text)) : [node.Json]);
        return true;
    }

    private static JsonElement Json(object value) => value switch
    {
        PathQuantity { IsCalendar: false } quantity => JsonSerializer.SerializeToElement(new { value = quantity.Value, system = "http://unitsofmeasure.org", code = quantity.Unit }),
        PathQuantity quantity => JsonSerializer.SerializeToElement(new { value = quantity.Value, unit = quantity.Unit }),
        Moment moment => JsonSerializer.SerializeToElement(moment.ToString()),
        _ => JsonSerializer.SerializeToElement(value, value.GetType()),
    };

    [GeneratedRegex(@"'(?:[^'\\]|\\.)*'")]
    private static partial Regex Literals();

    [GeneratedRegex(@"\b(resolve|now|today|timeOfDay)\s*\(")]
    private static partial Regex Unsteady();

    [GeneratedRegex(@"(?<![\w.])([A-Z]\w+)\.([a-zA-Z]\w*)(?!\w|\s*\()")]
    private static partial Regex FirstSteps();
}
