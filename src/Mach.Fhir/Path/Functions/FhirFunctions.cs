using System.Text.Json;
using Mach.Fhir.Definitions;
using Mach.Fhir.Validation;

namespace Mach.Fhir.Path.Functions;

/// <summary>What FHIR adds to the language.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/fhirpath.html#functions.</remarks>
internal static class FhirFunctions
{
    private const string DefinitionBase = "http://hl7.org/fhir/StructureDefinition/";

    public static readonly Dictionary<string, FunctionEntry> All = new(StringComparer.Ordinal)
    {
        ["extension"] = new(Extension, 1, 1),
        ["getValue"] = new((in call) => call.Single is { HasValue: true, SystemValue: { } value } ? Call.Of(value) : default, 0, 0),
        ["resolve"] = new(References.Resolve, 0, 0),
        ["memberOf"] = new(Codes.MemberOf, 1, 1),
        ["subsumes"] = new((in call) => Codes.Subsumes(call, false), 1, 1),
        ["subsumedBy"] = new((in call) => Codes.Subsumes(call, true), 1, 1),
        ["htmlChecks"] = new(HtmlChecks, 0, 0),
        ["conformsTo"] = new(ConformsTo, 1, 1),
        ["checkModifiers"] = new(CheckModifiers, 0, 100),
        ["elementDefinition"] = new((in call) => throw NeedsProfile("elementDefinition", call), 0, 0),
        ["slice"] = new((in call) => throw NeedsProfile("slice", call), 2, 2),
    };

    private static readonly MemberExpr Extensions = new("extension", false, -1);
    private static readonly MemberExpr ModifierExtensions = new("modifierExtension", false, -1);

    private static FhirPathException NeedsProfile(string name, in Call call) => new(name + "() speaks of profiles, and none takes part in this evaluation.", call.Position);

    private static Values Extension(in Call call)
    {
        if (call.Text(0) is not { } url)
        {
            return default;
        }

        var all = Extensions.Evaluate(call.Frame, call.Focus);
        var found = new ValuesBuilder();
        for (var i = 0; i < all.Count; i++)
        {
            if (HasUrl(all[i], url))
            {
                found.Add(all[i]);
            }
        }

        return found.ToValues();
    }

    private static bool HasUrl(FhirNode extension, string url) =>
        extension.Json.ValueKind == JsonValueKind.Object && extension.Json.TryGetProperty("url"u8, out var name) && name.ValueKind == JsonValueKind.String && name.ValueEquals(url);

    private static Values HtmlChecks(in Call call)
    {
        if (call.Text() is not { } text)
        {
            return default;
        }

        var (malformed, notAllowed, hasContent) = Xhtml.Check(text);
        return Call.Of(malformed is null && notAllowed is null && hasContent);
    }

    /// <summary>Of the specification's own definitions; a resource is validated against its.</summary>
    private static Values ConformsTo(in Call call)
    {
        if (call.Single is not { } node || call.Text(0) is not { } url)
        {
            return default;
        }

        var name = url.Split('|')[0];
        if (!name.StartsWith(DefinitionBase, StringComparison.Ordinal) || R4.Find(name[DefinitionBase.Length..]) is not { } type)
        {
            throw new FhirPathException("The structure is not known: " + url, call.Position);
        }

        call.Frame.Count(10_000);
        return Call.Of(node.Type is not null && node.Type.IsA(type)
            && (node.Type.Kind != TypeKind.Resource || ResourceValidator.Validate(node.Json).All(i => i.Severity > IssueSeverity.Error)));
    }

    /// <summary>The focus, when it has no modifier extension but those that are named.</summary>
    private static Values CheckModifiers(in Call call)
    {
        var found = ModifierExtensions.Evaluate(call.Frame, call.Focus);
        for (var i = 0; i < found.Count; i++)
        {
            var isKnown = false;
            for (var a = 0; a < call.Arguments && !isKnown; a++)
            {
                isKnown = call.Text(a) is { } url && HasUrl(found[i], url);
            }

            if (!isKnown)
            {
                throw new FhirPathException("There is a modifier extension that the expression does not know.", call.Position);
            }
        }

        return call.Focus;
    }
}
