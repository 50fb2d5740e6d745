using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Fhir.Definitions;
using Mach.Fhir.Path;

namespace Mach.FhirApi.Patching;

/// <summary>The elements of a list, which may be empty.</summary>
internal sealed record ElementList(JsonObject Parent, string Property, int Count, ElementDefinition Element);

/// <summary>Finds what the path of a patch operation means in a resource.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/fhirpatch.html#concept: the path is FHIRPath from the resource.</remarks>
internal static class ElementFinder
{
    /// <exception cref="FhirProblem">400: not FHIRPath.</exception>
    public static void Check(string path, string place)
    {
        try
        {
            FhirPath.Get(path);
        }
        catch (FhirPathException e)
        {
            throw new FhirProblem(400, "invalid", $"{FhirCall.Shorten(path)} is not FHIRPath: {e.Message}", place);
        }
    }

    /// <summary>Location of the one element that the path finds; null when there is none.</summary>
    /// <exception cref="FhirProblem">422: there are more, or it is not an element.</exception>
    public static string? One(JsonObject resource, string path)
    {
        var found = Find(resource, path);
        return found.Count switch
        {
            0 => null,
            1 => found[0],
            _ => throw new FhirProblem(422, "processing", $"{FhirCall.Shorten(path)} finds {found.Count} elements; a patch changes one at a time."),
        };
    }

    /// <summary>The list that the path names: that of the elements it finds, or an empty one.</summary>
    /// <exception cref="FhirProblem">422: not one list.</exception>
    public static ElementList List(JsonObject resource, string path)
    {
        var found = Find(resource, path);
        if (found.Count > 0)
        {
            ElementPlace.Follow(resource, found[0], out var place);
            var list = found[0][..(found[0].LastIndexOf('[') is var end and > 0 ? end : found[0].Length)] + "[";
            if (place?.Index is null || !found.TrueForAll(f => f.StartsWith(list, StringComparison.Ordinal) && f.IndexOf('.', list.Length) < 0))
            {
                throw NoList(path);
            }

            var count = Math.Max((place.Parent[place.Property] as JsonArray)?.Count ?? 0, (place.Parent[place.Shadow] as JsonArray)?.Count ?? 0);
            return new ElementList(place.Parent, place.Property, count, place.Element);
        }

        var dot = path.LastIndexOf('.');
        if (dot > 0 && One(resource, path[..dot]) is { } owner && ElementPlace.Follow(resource, owner, out _) is ({ } parent, var type)
            && type.Find(path[(dot + 1)..].Trim()) is { IsArray: true } element)
        {
            return new ElementList(parent, element.Name, 0, element);
        }

        throw NoList(path);
    }

    private static List<string> Find(JsonObject resource, string path)
    {
        try
        {
            // The resource as the operations before this one left it.
            using var document = JsonDocument.Parse(resource.ToJsonString());
            var focus = FhirNode.OfResource(document.RootElement);
            var found = FhirPath.Get(path).Evaluate(focus, new FhirPathContext { Resource = focus, RootResource = focus });
            return [.. found.Select(node => node.Location is { Length: > 0 } location
                ? location
                : throw new FhirProblem(422, "processing", $"{FhirCall.Shorten(path)} finds a computed value, which is not an element of the resource."))];
        }
        catch (FhirPathException e)
        {
            throw new FhirProblem(422, "processing", $"{FhirCall.Shorten(path)} cannot be evaluated: {e.Message}");
        }
    }

    private static FhirProblem NoList(string path) => new(422, "processing", $"{FhirCall.Shorten(path)} is not one list of the resource.");
}
