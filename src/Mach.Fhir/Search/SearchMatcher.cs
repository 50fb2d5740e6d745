using System.Text.Json;

namespace Mach.Fhir.Search;

/// <summary>
/// What a search means, said on the body alone. It decides on every hit after the index, and is the oracle that the index is tested against:
/// it shares the reading of queries and of single values with the extractor, never its rows.
/// </summary>
public static partial class SearchMatcher
{
    /// <summary>True when the resource answers every clause (the recheck after the index, and the oracle of the tests). lastUpdatedUs in UTC microseconds.</summary>
    /// <exception cref="InvalidOperationException">The query has a chain, _has or _list: they need other resources and must be resolved first.</exception>
    public static bool Matches(JsonElement resource, SearchQuery query, long lastUpdatedUs)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Has.Count + query.Lists.Count > 0)
        {
            throw new InvalidOperationException("_has and _list need other resources; resolve them to ids first.");
        }

        if (query.NoIds || Text(resource, "resourceType"u8) != query.Type || (query.Ids.Count > 0 && !query.Ids.Contains(Text(resource, "id"u8) ?? "")))
        {
            return false;
        }

        foreach (var updated in query.UpdatedRanges)
        {
            if (!DateMatches(updated, new DateRange(lastUpdatedUs, lastUpdatedUs + 1)))
            {
                return false;
            }
        }

        foreach (var clause in query.Clauses)
        {
            if (!Matches(resource, clause))
            {
                return false;
            }
        }

        return true;
    }

    internal static bool Matches(JsonElement resource, SearchClause clause)
    {
        if (clause.Chains.Count > 0)
        {
            throw new InvalidOperationException("A chain needs other resources; resolve it to references first.");
        }

        var elements = Elements(resource, clause.Parameter);
        switch (clause.Modifier)
        {
            case "missing":
                return clause.WantsMissing == (elements.Count == 0);
            case "not" or "not-in":
                return !AnyMatches(resource, clause, clause.Parameter, elements);
            default:
                return AnyMatches(resource, clause, clause.Parameter, elements)
                    || clause.Alternatives.Any(other => AnyMatches(resource, clause, other, Elements(resource, other)));
        }
    }

    /// <summary>The elements that a parameter looks at, arrays opened.</summary>
    internal static List<JsonElement> Elements(JsonElement resource, SearchParameter parameter)
    {
        if (parameter.Evaluated is not null)
        {
            return EvaluatedParameter.Elements(resource, parameter, null);
        }

        var found = new List<JsonElement>(4);
        foreach (var path in parameter.Compiled)
        {
            if (path.IsPresence)
            {
                found.Add(IsPresent(resource, path.Steps[0].Name) ? True : False);
            }
            else
            {
                Select(resource, path.Steps, 0, found);
            }
        }

        return found;
    }

    /// <summary>The local resources that a reference parameter leads to.</summary>
    internal static IEnumerable<(string Type, string Id)> References(JsonElement resource, SearchParameter parameter)
    {
        foreach (var element in Elements(resource, parameter))
        {
            if (ReferenceText.TryTarget(element, out var type, out var id) && (parameter.Targets.Count == 0 || parameter.Targets.Contains(type)))
            {
                yield return (type, id);
            }
        }
    }

    /// <summary>"x.exists() and x != false" for a choice x[x].</summary>
    internal static bool IsPresent(JsonElement resource, string name)
    {
        foreach (var property in resource.EnumerateObject())
        {
            if (property.Value.ValueKind is not (JsonValueKind.False or JsonValueKind.Null)
                && property.Name.Length > name.Length && property.Name.StartsWith(name, StringComparison.Ordinal) && char.IsAsciiLetterUpper(property.Name[name.Length]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AnyMatches(JsonElement resource, SearchClause clause, SearchParameter parameter, List<JsonElement> elements)
    {
        foreach (var element in elements)
        {
            foreach (var value in clause.Parsed)
            {
                if (ValueMatches(resource, parameter, clause.Modifier, element, value))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool ValueMatches(JsonElement resource, SearchParameter parameter, string? modifier, JsonElement element, SearchValue value) => value switch
    {
        TokenValue token when modifier == "identifier" => element.ValueKind == JsonValueKind.Object
            && element.TryGetProperty("identifier"u8, out var identifier) && TokenMatches(token, identifier, SearchForm.Plain),
        TokenValue token => TokenMatches(token, element, parameter.Form),
        TokenSetValue set => Codings(element).Any(set.Contains),
        HierarchyValue hierarchy => Codings(element).Any(hierarchy.Contains),
        OfTypeValue typed => OfTypeMatches(typed, element),
        ReferenceValue reference => ReferenceMatches(reference, element, parameter),
        DateValue date => DateRange.TryRead(element, out var range) && DateMatches(date, range),
        QuantityValue quantity => QuantityMatches(quantity, element),
        CompositeValue composite => CompositeMatches(resource, parameter, element, composite),
        TextValue text when parameter.Kind == SearchKind.Uri => UriMatches(text.Plain, element, modifier),
        TextValue text when parameter.Kind == SearchKind.Token => CodeTexts(element).Any(t => WordStarts(SearchText.Fold(t), text.Folded)),
        TextValue text => TextMatches(text, element, parameter, modifier),
        _ => throw new InvalidOperationException("No way to match " + value.GetType().Name),
    };

    /// <summary>Each part must hold for some value below the same element.</summary>
    private static bool CompositeMatches(JsonElement resource, SearchParameter parameter, JsonElement element, CompositeValue composite)
    {
        for (var i = 0; i < composite.Parts.Count; i++)
        {
            var component = parameter.Components[i];
            var found = new List<JsonElement>(2);
            foreach (var path in component.Compiled)
            {
                Select(path.FromResource ? resource : element, path.Steps, 0, found);
            }

            if (!found.Exists(value => ValueMatches(resource, component.Parameter, null, value, composite.Parts[i])))
            {
                return false;
            }
        }

        return true;
    }

    private static void Select(JsonElement element, IReadOnlyList<PathStep> steps, int at, List<JsonElement> found)
    {
        if (at == steps.Count)
        {
            found.Add(element);
            return;
        }

        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(steps[at].Utf8, out var value))
        {
            Open(value, steps, at, found);
        }
    }

    private static void Open(JsonElement value, IReadOnlyList<PathStep> steps, int at, List<JsonElement> found)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Open(item, steps, at, found);
                    if (steps[at].First)
                    {
                        return;
                    }
                }

                break;
            case JsonValueKind.Null:
                break;
            default:
                if (IndexExtractor.Passes(value, steps[at]))
                {
                    Select(value, steps, at + 1, found);
                }

                break;
        }
    }

    private static readonly JsonElement True = JsonDocument.Parse("true").RootElement, False = JsonDocument.Parse("false").RootElement;

    private static string? Text(JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
