using System.Text;

namespace Mach.Fhir.Search;

/// <summary>One step down from an object.</summary>
/// <param name="Name">JSON property name.</param>
/// <param name="FilterName">Keep only values whose property of this name is <paramref name="FilterValue"/>; null = all.</param>
/// <param name="First">Only the first item of an array.</param>
internal sealed record PathStep(string Name, string? FilterName = null, string? FilterValue = null, bool First = false)
{
    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(Name);
}

/// <summary>
/// One path of a search parameter: the part of FHIRPath that R4's parameters are written in, once choices are named:
/// steps through properties (arrays are walked), <c>ofType(T)</c> for choices, <c>where(name='value')</c>, <c>[0]</c>, and "present and not false".
/// It is walked over the JSON without an evaluator.
/// </summary>
/// <param name="IsPresence">Gives one boolean: any of the choices of the element is there and is not false.</param>
/// <param name="FromResource">A part of a composite that starts at the resource, not at the composite's element.</param>
internal sealed record SearchPath(IReadOnlyList<PathStep> Steps, bool IsPresence, bool FromResource)
{
    private const string Where = "where(", Choice = "ofType(", First = "[0]";

    /// <param name="text">From the type down: "Observation.value.ofType(Quantity)"; the type alone is the resource itself.</param>
    /// <exception cref="FormatException">Beyond the language above.</exception>
    public static SearchPath Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var exists = text.IndexOf(".exists() and ", StringComparison.Ordinal);
        return exists > 0
            ? new SearchPath([new PathStep(text[(dot + 1)..exists])], true, false)
            : new SearchPath(dot < 0 ? [] : StepsOf(text[(dot + 1)..]), false, false);
    }

    /// <param name="text">From an element down, or from the resource with a leading "%.".</param>
    /// <exception cref="FormatException">Beyond the language above.</exception>
    public static SearchPath ParseRelative(string text) =>
        text.StartsWith("%.", StringComparison.Ordinal) ? new SearchPath(StepsOf(text[2..]), false, true) : new SearchPath(StepsOf(text), false, false);

    private static List<PathStep> StepsOf(string text)
    {
        var steps = new List<PathStep>();
        foreach (var part in Parts(text))
        {
            if (part.StartsWith(Choice, StringComparison.Ordinal) && part.EndsWith(')') && steps.Count > 0)
            {
                var type = part[Choice.Length..^1];
                steps[^1] = new PathStep(string.Concat(steps[^1].Name, type[..1].ToUpperInvariant(), type.AsSpan(1)));
            }
            else if (part.StartsWith(Where, StringComparison.Ordinal) && steps.Count > 0)
            {
                var equals = part.IndexOf("='", StringComparison.Ordinal);
                if (equals < 0 || !part.EndsWith("')", StringComparison.Ordinal))
                {
                    throw Beyond(text);
                }

                steps[^1] = steps[^1] with { FilterName = part[Where.Length..equals], FilterValue = part[(equals + 2)..^2] };
            }
            else
            {
                var first = part.EndsWith(First, StringComparison.Ordinal);
                var name = first ? part[..^First.Length] : part;
                steps.Add(IsName(name) ? new PathStep(name, First: first) : throw Beyond(text));
            }
        }

        return steps;
    }

    private static bool IsName(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                return false;
            }
        }

        return text.Length > 0;
    }

    /// <summary>Between dots that stand outside of brackets.</summary>
    internal static IEnumerable<string> Parts(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] == '.' && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        yield return text[start..];
    }

    private static FormatException Beyond(string text) => new("Not a path that can be walked: " + text);
}
