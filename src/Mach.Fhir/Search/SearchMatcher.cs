using System.Collections.Concurrent;
using System.Text.Json;

namespace Mach.Fhir.Search;

/// <summary>
/// What a search means, said on the body alone. It decides on every hit after the index, and is the oracle that the index is tested against:
/// it shares the reading of queries and of single values with the extractor, never its rows.
/// </summary>
public static partial class SearchMatcher
{
    private static readonly ConcurrentDictionary<string, SearchPath> Paths = new(StringComparer.Ordinal);

    /// <summary>True when the resource answers every clause (the recheck after the index, and the oracle of the tests). lastUpdatedUs in UTC microseconds.</summary>
    /// <exception cref="InvalidOperationException">The query has a chain or _has: they need other resources and must be resolved first.</exception>
    public static bool Matches(JsonElement resource, SearchQuery query, long lastUpdatedUs)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Has.Count > 0)
        {
            throw new InvalidOperationException("_has needs other resources; resolve it to ids first.");
        }

        return Text(resource, "resourceType") == query.Type
            && !query.NoIds
            && (query.Ids.Count == 0 || query.Ids.Contains(Text(resource, "id") ?? ""))
            && query.UpdatedRanges.All(value => DateMatches(value, new DateRange(lastUpdatedUs, lastUpdatedUs + 1)))
            && query.Clauses.All(clause => Matches(resource, clause));
    }

    internal static bool Matches(JsonElement resource, SearchClause clause)
    {
        if (clause.Chain is not null)
        {
            throw new InvalidOperationException("A chain needs other resources; resolve it to references first.");
        }

        var elements = clause.Parameter.Paths.SelectMany(path => Select(resource, path)).ToList();
        return clause.Modifier switch
        {
            "missing" => clause.WantsMissing == (elements.Count == 0),
            "not" => !elements.Any(element => clause.Parsed.Any(value => ValueMatches(clause, element, value))),
            _ => elements.Any(element => clause.Parsed.Any(value => ValueMatches(clause, element, value))),
        };
    }

    /// <summary>The local resources that a reference parameter leads to.</summary>
    internal static IEnumerable<(string Type, string Id)> References(JsonElement resource, SearchParameter parameter)
    {
        foreach (var element in parameter.Paths.SelectMany(path => Select(resource, path)))
        {
            if (Text(element, "reference") is { } text && LocalReference.TryParse(text, out var type, out var id)
                && (parameter.Targets.Count == 0 || parameter.Targets.Contains(type)))
            {
                yield return (type, id);
            }
        }
    }

    private static bool ValueMatches(SearchClause clause, JsonElement element, SearchValue value) => value switch
    {
        TokenValue token when clause.Modifier == "identifier" => element.ValueKind == JsonValueKind.Object
            && element.TryGetProperty("identifier", out var identifier) && TokenMatches(token, identifier, SearchForm.Plain),
        TokenValue token => TokenMatches(token, element, clause.Parameter.Form),
        ReferenceValue reference => ReferenceMatches(reference, element, clause.Parameter),
        DateValue date => DateRange.TryRead(element, out var range) && DateMatches(date, range),
        QuantityValue quantity => QuantityMatches(quantity, element),
        TextValue text when clause.Parameter.Kind == SearchKind.Uri => UriMatches(text.Plain, element, clause.Modifier),
        TextValue text when clause.Parameter.Kind == SearchKind.Token => CodeTexts(element).Any(t => WordStarts(SearchText.Fold(t), text.Folded)),
        TextValue text => TextMatches(text, element, clause),
        _ => throw new InvalidOperationException("No way to match " + value.GetType().Name),
    };

    /// <summary>The elements at a path, arrays opened.</summary>
    private static IEnumerable<JsonElement> Select(JsonElement resource, string pathText)
    {
        var path = Paths.GetOrAdd(pathText, SearchPath.Parse);
        if (path.IsPresence)
        {
            return [Presence(resource, path.Steps[0])];
        }

        IEnumerable<JsonElement> found = [resource];
        foreach (var step in path.Steps)
        {
            found = found.SelectMany(element => Step(element, step));
        }

        return path.System is null ? found : found.Where(element => Text(element, "system") == path.System);
    }

    private static IEnumerable<JsonElement> Step(JsonElement element, string name)
    {
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? Open(value) : [];
    }

    private static IEnumerable<JsonElement> Open(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Open),
        JsonValueKind.Null => [],
        _ => [value],
    };

    private static readonly JsonElement True = JsonDocument.Parse("true").RootElement, False = JsonDocument.Parse("false").RootElement;

    /// <summary>"x.exists() and x != false" for a choice x[x].</summary>
    private static JsonElement Presence(JsonElement resource, string name)
    {
        var there = resource.EnumerateObject().Any(property =>
            property.Name.StartsWith(name, StringComparison.Ordinal)
            && property.Name.Length > name.Length
            && char.IsAsciiLetterUpper(property.Name[name.Length])
            && property.Value.ValueKind is not (JsonValueKind.False or JsonValueKind.Null));
        return there ? True : False;
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
