using System.Text.Json;
using System.Text.RegularExpressions;
using Mach.Fhir.Definitions;

namespace Mach.Fhir.Search;

/// <summary>A SearchParameter resource as search parameters of this server, one for each type that it is about.</summary>
/// <remarks>
/// Source: http://hl7.org/fhir/R4/searchparameter.html. Expressions that are paths with choices, where(name='value'), extension('url'), as, ofType and
/// resolve() is are walked like the standard's; any other FHIRPath is evaluated (<see cref="EvaluatedParameter"/>). What cannot be indexed is refused with a reason, and searching by it too.
/// </remarks>
public static partial class CustomParameter
{
    /// <param name="Parameters">With number 0: the store gives numbers.</param>
    /// <param name="Reason">Why there are none; null when there are.</param>
    public sealed record Reading(string Url, IReadOnlyList<SearchParameter> Parameters, string? Reason);

    /// <summary>What the resource asks for. A retired or draft one asks for nothing and says so.</summary>
    public static Reading Read(JsonElement resource)
    {
        var url = Text(resource, "url") ?? "";
        if (Text(resource, "status") != "active")
        {
            return new Reading(url, [], "Only SearchParameters with status active are indexed.");
        }

        if (Text(resource, "code") is not { Length: > 0 } code || !Code().IsMatch(code))
        {
            return new Reading(url, [], "The code is missing, or has other characters than letters, digits, '-' and '_'.");
        }

        if (KindOf(Text(resource, "type")) is not { } kind)
        {
            return new Reading(url, [], "Parameters of type composite and special cannot be added; add a parameter for each part and ask for both.");
        }

        try
        {
            var bases = Texts(resource, "base").ToList();
            var expression = Text(resource, "expression") ?? throw new FormatException("The expression is missing.");
            var targets = Texts(resource, "target").Where(ResourceTypes.Exists).ToList();
            return new Reading(url, [.. bases.Select(type => Of(type, code, kind, expression, targets, url))], bases.Count == 0 ? "The base is missing." : null);
        }
        catch (FormatException e)
        {
            return new Reading(url, [], e.Message);
        }
    }

    private static SearchParameter Of(string type, string code, SearchKind kind, string expression, IReadOnlyList<string> targets, string url)
    {
        if (!ResourceTypes.Exists(type))
        {
            throw new FormatException($"'{type}' in base is not a resource type that can be searched.");
        }

        if (SearchParameters.Find(type, code) is not null)
        {
            throw new FormatException($"The standard has a parameter '{code}' for {type} already.");
        }

        List<(string Path, string Type)> places;
        try
        {
            places = [.. expression.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(part => ExpressionPath.Normalize(part, type)).Where(part => part is not null)
                .SelectMany(part => ExpressionPath.PlacesOf(type, part!, kind))];
        }
        catch (FormatException) when (ExpressionPath.IsMore(expression))
        {
            EvaluatedParameter.Check(expression, type);
            return new SearchParameter(0, type, code, kind, [], targets) { Expression = expression, Indexing = IndexingOf(kind), Url = url };
        }

        if (places.Count == 0)
        {
            throw new FormatException($"The expression leads nowhere from {type}.");
        }

        return new SearchParameter(0, type, code, kind, [.. places.Select(p => p.Path).Distinct()], targets)
        {
            Indexing = IndexingOf(kind),
            Form = kind != SearchKind.String ? SearchForm.Plain : places.Exists(p => p.Type == "HumanName") ? SearchForm.Name : places.Exists(p => p.Type == "Address") ? SearchForm.Address : SearchForm.Plain,
            IsCanonical = kind == SearchKind.Reference && places.Exists(p => p.Type is "canonical" or "uri"),
            Url = url,
        };
    }

    private static SearchIndexing IndexingOf(SearchKind kind) => kind is SearchKind.Token ? SearchIndexing.Full : SearchIndexing.Bare;

    private static SearchKind? KindOf(string? type) => type switch
    {
        "token" => SearchKind.Token,
        "string" => SearchKind.String,
        "date" => SearchKind.Date,
        "reference" => SearchKind.Reference,
        "quantity" => SearchKind.Quantity,
        "number" => SearchKind.Number,
        "uri" => SearchKind.Uri,
        _ => null,
    };

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<string> Texts(JsonElement element, string name) =>
        element.TryGetProperty(name, out var values) && values.ValueKind == JsonValueKind.Array ? values.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!) : [];

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
    private static partial Regex Code();
}

/// <summary>From the expression of a parameter to paths whose choices are named.</summary>
internal static partial class ExpressionPath
{
    /// <summary>Types that a parameter of a kind can be searched by.</summary>
    public static readonly IReadOnlyDictionary<SearchKind, string[]> Kinds = new Dictionary<SearchKind, string[]>
    {
        [SearchKind.Token] = ["CodeableConcept", "Coding", "Identifier", "ContactPoint", "boolean", "code", "string", "id", "uri"],
        [SearchKind.Date] = ["date", "dateTime", "instant", "Period", "Timing"],
        [SearchKind.Quantity] = ["Quantity", "Age", "Duration", "Count", "Distance", "Money", "Range"],
        [SearchKind.Number] = ["decimal", "integer", "positiveInt", "unsignedInt", "Range"],
        [SearchKind.String] = ["string", "markdown", "HumanName", "Address"],
        [SearchKind.Reference] = ["Reference", "canonical", "uri"],
        [SearchKind.Uri] = ["uri", "url", "canonical", "oid", "uuid"],
    };

    /// <summary>One part of a union in plain form, from the type down; null when it is about another type.</summary>
    /// <exception cref="FormatException">It is not a path.</exception>
    public static string? Normalize(string part, string type)
    {
        var text = Cast().Replace(part, "$1.ofType($2)$3");
        text = text.Replace(".as(", ".ofType(", StringComparison.Ordinal);
        text = Resolves().Replace(text, "");
        text = Extension().Replace(text, "extension.where(url='$1')");
        var root = text.Split('.')[0];
        return root == type || root is "Resource" or "DomainResource" ? type + text[root.Length..]
            : char.IsAsciiLetterLower(root[0]) ? type + "." + text
            : ResourceTypes.Exists(root) ? null
            : throw new FormatException($"'{part}' is not a path that is indexed here.");
    }

    /// <summary>The path once for each type that a choice may have, with the type it ends in.</summary>
    /// <exception cref="FormatException">An element that does not exist, or more of FHIRPath than a path.</exception>
    public static List<(string Path, string Type)> PlacesOf(string type, string text, SearchKind kind)
    {
        List<(string Path, TypeDefinition? At)> open = [(type, R4.Get(type))];
        var steps = SearchPath.Parts(text).Skip(1).ToList();
        for (var i = 0; i < steps.Count; i++)
        {
            var (step, last) = (steps[i], i == steps.Count - 1);
            open = step.StartsWith("ofType(", StringComparison.Ordinal) ? [.. open.Select(at => (at.Path + "." + step, R4.Find(step[7..^1])))]
                : step.StartsWith("where(", StringComparison.Ordinal) ? [.. open.Select(at => (at.Path + "." + step, at.At))]
                : [.. open.SelectMany(at => Down(at.Path, at.At, step, last || steps[i + 1].StartsWith("where(", StringComparison.Ordinal) && i == steps.Count - 2, i + 1 < steps.Count && steps[i + 1].StartsWith("ofType(", StringComparison.Ordinal), kind))];
        }

        foreach (var (path, _) in open)
        {
            SearchPath.Parse(path);
        }

        return [.. open.Select(at => (at.Path, at.At?.Name ?? ""))];
    }

    private static IEnumerable<(string Path, TypeDefinition? At)> Down(string path, TypeDefinition? at, string step, bool last, bool typed, SearchKind kind)
    {
        var name = step.EndsWith("[0]", StringComparison.Ordinal) ? step[..^3] : step;
        var element = at?.Find(name) ?? throw new FormatException($"{at?.Name ?? path} has no element '{name}', or '{step}' is more than a path.");
        if (!element.IsChoice || typed)
        {
            return [(path + "." + step, element.Types is [var only, ..] ? only.Definition : null)];
        }

        var wanted = last ? element.Types.Where(t => Kinds[kind].Contains(t.Code)) : element.Types;
        return wanted.Select(t => ($"{path}.{step}.ofType({t.Code})", (TypeDefinition?)t.Definition));
    }

    /// <summary>Whether the expression has functions or operators that no path has; a path that is wrong is not evaluated, but refused.</summary>
    public static bool IsMore(string expression)
    {
        var rest = Casts().Replace(Extension().Replace(Resolves().Replace(expression, ""), ""), "");
        return More().IsMatch(Where().Replace(rest, ""));
    }

    [GeneratedRegex(@"\.(as|ofType)\([A-Za-z.]+\)|\([^()]* as [A-Za-z]+\)")]
    private static partial Regex Casts();

    [GeneratedRegex(@"\.where\([A-Za-z]+ *= *'[^']*'\)")]
    private static partial Regex Where();

    [GeneratedRegex(@"[(+*/&=~<>%]|\[[^0]|\b(is|in|contains|and|or|xor|implies|div|mod)\b| - ")]
    private static partial Regex More();

    [GeneratedRegex(@"^\(?\s*([A-Za-z0-9_.\[\]()':/=-]+?) as ([A-Za-z]+)\s*\)?(.*)$")]
    private static partial Regex Cast();

    [GeneratedRegex(@"\.where\(\s*resolve\(\) is [A-Za-z]+\s*\)")]
    private static partial Regex Resolves();

    [GeneratedRegex(@"\bextension\('([^']+)'\)")]
    private static partial Regex Extension();
}
