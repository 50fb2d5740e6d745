using System.Text.Json.Nodes;
using Mach.Fhir.Definitions;

namespace Mach.FhirApi.Patching;

/// <summary>The elements of a list, which may be empty.</summary>
internal sealed record ElementList(JsonObject Parent, string Property, int Count, ElementDefinition Element);

/// <summary>Finds what the path of a patch operation means in a resource.</summary>
internal static class ElementFinder
{
    /// <exception cref="FhirProblem">400: not a path.</exception>
    public static void Check(string path, string resourceType, string place)
    {
        if (path.Split('.')[0] != resourceType || path.Split('.').Any(s => !System.Text.RegularExpressions.Regex.IsMatch(s, "^[A-Za-z]+(\\[[0-9]{1,4}\\])?$")))
        {
            throw new FhirProblem(400, "invalid", $"{FhirCall.Shorten(path)} is not a path from {resourceType}.", place);
        }
    }

    /// <summary>Location of the one element that the path finds; null when there is none.</summary>
    /// <exception cref="FhirProblem">422: there are more.</exception>
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

    /// <summary>The list that the path names.</summary>
    /// <exception cref="FhirProblem">422: not one list.</exception>
    public static ElementList List(JsonObject resource, string path)
    {
        var found = Find(resource, path);
        if (found.Count > 0)
        {
            ElementPlace.Follow(resource, found[0], out var place);
            if (place?.Index is null)
            {
                throw NoList(path);
            }

            var count = Math.Max((place.Parent[place.Property] as JsonArray)?.Count ?? 0, (place.Parent[place.Shadow] as JsonArray)?.Count ?? 0);
            return new ElementList(place.Parent, place.Property, count, place.Element);
        }

        var dot = path.LastIndexOf('.');
        if (dot > 0 && One(resource, path[..dot]) is { } owner && ElementPlace.Follow(resource, owner, out _) is ({ } parent, var type)
            && type.Find(path[(dot + 1)..]) is { IsArray: true } element)
        {
            return new ElementList(parent, element.Name, 0, element);
        }

        throw NoList(path);
    }

    private static List<string> Find(JsonObject resource, string path)
    {
        List<string> found = [path.Split('.')[0]];
        foreach (var step in path.Split('.').Skip(1))
        {
            var next = new List<string>();
            foreach (var place in found)
            {
                var (parent, type) = ElementPlace.Follow(resource, place, out _);
                var bracket = step.IndexOf('[', StringComparison.Ordinal);
                var name = bracket < 0 ? step : step[..bracket];
                if (parent is null || type.Find(name) is not { } element)
                {
                    continue;
                }

                var property = parent.Select(p => p.Key.TrimStart('_')).FirstOrDefault(k => k == name || (element.IsChoice && k.StartsWith(name, StringComparison.Ordinal)));
                if (property is null)
                {
                    continue;
                }

                var count = Math.Max((parent[property] as JsonArray)?.Count ?? 0, (parent["_" + property] as JsonArray)?.Count ?? 0);
                next.AddRange(element.IsArray ? Enumerable.Range(0, count).Select(i => FormattableString.Invariant($"{place}.{name}[{i}]")) : [$"{place}.{name}"]);
            }

            var index = step.IndexOf('[', StringComparison.Ordinal);
            found = index < 0 ? next : [.. next.Skip(int.Parse(step[(index + 1)..^1], System.Globalization.CultureInfo.InvariantCulture)).Take(1)];
        }

        return found;
    }

    private static FhirProblem NoList(string path) => new(422, "processing", $"{FhirCall.Shorten(path)} is not one list of the resource.");
}
