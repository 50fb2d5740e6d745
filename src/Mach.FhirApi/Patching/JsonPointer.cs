using System.Globalization;
using System.Text.Json.Nodes;

namespace Mach.FhirApi.Patching;

/// <summary>A place in a JSON document. Source: RFC 6901.</summary>
internal sealed class JsonPointer
{
    private readonly string[] _steps;

    private JsonPointer(string text, string[] steps) => (Text, _steps) = (text, steps);

    public string Text { get; }

    public bool IsRoot => _steps.Length == 0;

    public string Last => _steps[^1];

    /// <exception cref="FhirProblem">400: malformed.</exception>
    public static JsonPointer Parse(string text)
    {
        if (text.Length == 0)
        {
            return new JsonPointer(text, []);
        }

        if (text[0] != '/')
        {
            throw new FhirProblem(400, "invalid", $"{FhirCall.Shorten(text)} is no JSON Pointer: it begins with a slash.");
        }

        return new JsonPointer(text, [.. text[1..].Split('/').Select(Unescape)]);
    }

    /// <summary>True when the other place lies within this one.</summary>
    public bool Holds(JsonPointer other) => other._steps.Length > _steps.Length && other._steps.AsSpan(0, _steps.Length).SequenceEqual(_steps);

    /// <summary>The object or array that the last step is in; null when it is not there.</summary>
    public JsonNode? Parent(JsonNode? root)
    {
        foreach (var step in _steps.AsSpan(0, _steps.Length - 1))
        {
            root = Step(root, step);
        }

        return root is JsonObject or JsonArray ? root : null;
    }

    /// <summary>True when there is a value, which may be null.</summary>
    public bool TryFind(JsonNode? root, out JsonNode? found)
    {
        found = root;
        if (IsRoot)
        {
            return true;
        }

        switch (Parent(root))
        {
            case JsonObject parent:
                return parent.TryGetPropertyValue(Last, out found);
            case JsonArray parent when Index(Last, parent.Count - 1) is { } index:
                found = parent[index];
                return true;
            default:
                return false;
        }
    }

    /// <summary>An index from 0 to <paramref name="max"/> without leading zeros; null for anything else.</summary>
    public static int? Index(string step, int max) =>
        (step == "0" || !step.StartsWith('0')) && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= max ? index : null;

    private static JsonNode? Step(JsonNode? node, string step) => node switch
    {
        JsonObject parent => parent[step],
        JsonArray parent when Index(step, parent.Count - 1) is { } index => parent[index],
        _ => null,
    };

    private static string Unescape(string step)
    {
        for (var i = step.IndexOf('~', StringComparison.Ordinal); i >= 0; i = step.IndexOf('~', i + 1))
        {
            if (i + 1 == step.Length || step[i + 1] is not ('0' or '1'))
            {
                throw new FhirProblem(400, "invalid", $"{FhirCall.Shorten(step)}: in a JSON Pointer ~ is written ~0 and / is written ~1.");
            }
        }

        return step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
    }
}
