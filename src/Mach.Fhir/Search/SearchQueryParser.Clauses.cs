namespace Mach.Fhir.Search;

internal sealed partial class SearchQueryParser
{
    private SearchClause ReadClause(string name, string value)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var (code, modifier) = SplitModifier(dot < 0 ? name : name[..dot]);
        var parameter = Find(code);
        if (dot >= 0)
        {
            return ReadChain(parameter, modifier, name[(dot + 1)..], name, value);
        }

        var values = SearchValue.Split(value, ',');
        if (modifier == LinkedPatients.Modifier)
        {
            values = [.. Linked(name, LinkedPatients.Fits(parameter) ? values : throw SearchException.NotSupported($"'{name}': :mdm means the records of a person, and {parameter.Code} of {type} never refers to a Patient.")).Select(id => "Patient/" + id)];
            modifier = null;
        }

        if (parameter.Kind == SearchKind.Reference && modifier is not ("identifier" or "missing"))
        {
            values = [.. values.SelectMany(v => Relative(parameter, v))];
        }

        if (parameter.Kind == SearchKind.Reference && modifier is not null && ResourceTypes.Exists(modifier))
        {
            values = [.. values.Select(v => WithType(parameter, modifier, v))];
            modifier = null;
        }

        CheckModifier(parameter, modifier);
        var clause = new SearchClause(parameter, modifier, values) { Sets = sets };
        // Reading the values here makes a malformed one an error of the query, not of the search.
        if (clause.Parsed.Count > MaxValues)
        {
            throw SearchException.TooCostly($"'{name}' has more than {MaxValues} values.");
        }

        return clause;
    }

    /// <summary>The ids of all records of the people that are named.</summary>
    private IEnumerable<string> Linked(string name, IEnumerable<string> values)
    {
        if (linked is null)
        {
            throw SearchException.NotSupported($"'{name}': links between the records of a person are not followed here; name each record.");
        }

        return values.SelectMany(value => LinkedPatients.IdOf(value, baseUrl) is { } id
            ? linked.GetValueOrDefault(id) ?? [id]
            : throw SearchException.Invalid($"'{name}': '{value}' is no Patient; say Patient/id."));
    }

    private const int MaxValues = 1000, MaxClauses = 32, MaxIncludes = 16, MaxDepth = 5;

    private SearchParameter Find(string code)
    {
        if (catalog.Pending.Contains((type, code)))
        {
            throw SearchException.NotSupported($"The search parameter '{code}' of {type} is still being indexed; ask again later.");
        }

        return catalog.Find(type, code) ?? throw SearchException.NotSupported(
            $"{type} has no search parameter '{code}' here; supported are {string.Join(", ", catalog.ForType(type).Select(p => p.Code).Order(StringComparer.Ordinal))}.");
    }

    private static (string Code, string? Modifier) SplitModifier(string name)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (name, null) : (name[..colon], name[(colon + 1)..]);
    }

    private static string WithType(SearchParameter parameter, string type, string value)
    {
        if (parameter.Targets.Count > 0 && !parameter.Targets.Contains(type))
        {
            throw SearchException.Invalid($"'{parameter.Code}' never refers to {type}.");
        }

        if (value.StartsWith(type + "/", StringComparison.Ordinal))
        {
            return value;
        }

        return LocalReference.IsId(value) ? type + "/" + value : throw SearchException.Invalid($"'{value}' is no id of a {type}.");
    }

    /// <summary>An absolute reference to this server is stored as the relative one that it means; a canonical address stays as it is.</summary>
    /// <remarks>http://hl7.org/fhir/R4/search.html#reference.</remarks>
    private IEnumerable<string> Relative(SearchParameter parameter, string value)
    {
        if (baseUrl is null || !value.StartsWith(baseUrl + "/", StringComparison.Ordinal) || !LocalReference.TryParse(value[(baseUrl.Length + 1)..], out var target, out var id))
        {
            return [value];
        }

        return parameter.IsCanonical ? [value, target + "/" + id] : [target + "/" + id];
    }

    private static void CheckModifier(SearchParameter parameter, string? modifier)
    {
        if (modifier is not null && !Modifiers(parameter.Kind).Contains(modifier))
        {
            throw SearchException.NotSupported($"'{parameter.Code}:{modifier}' is not supported; {parameter.Code} takes {string.Join(", ", Modifiers(parameter.Kind).Select(m => ":" + m))}.");
        }
    }

    /// <summary>The modifiers that exist here, by kind; a reference also takes the name of a type.</summary>
    internal static IReadOnlyList<string> Modifiers(SearchKind kind) => kind switch
    {
        SearchKind.Token => ["missing", "not", "text", "in", "not-in", "of-type", "below", "above"],
        SearchKind.String => ["missing", "exact", "contains"],
        SearchKind.Uri => ["missing", "below", "above"],
        SearchKind.Reference => ["missing", "identifier", LinkedPatients.Modifier],
        _ => ["missing"],
    };

    /// <summary>The far end is a search of its own, so it may hold anything that a search may: a modifier, another chain, _id, _has.</summary>
    private SearchClause ReadChain(SearchParameter parameter, string? targetType, string rest, string name, string value)
    {
        if (parameter.Kind != SearchKind.Reference)
        {
            throw SearchException.Invalid($"'{name}': {parameter.Code} is not a reference, so nothing can follow it.");
        }

        if (depth >= MaxDepth)
        {
            throw SearchException.TooCostly($"'{name}': a chain has at most {MaxDepth} steps.");
        }

        if (targetType == LinkedPatients.Modifier)
        {
            throw SearchException.NotSupported($"'{name}': :mdm stands at the end of a parameter, with a Patient as its value.");
        }

        if (targetType is not null)
        {
            return ResourceTypes.Exists(targetType) && (parameter.Targets.Count == 0 || parameter.Targets.Contains(targetType))
                ? new SearchClause(parameter, null, []) { Chains = [new SearchChain(targetType, Inner(targetType, rest, value))] }
                : throw SearchException.Invalid($"'{name}': '{parameter.Code}' never refers to {targetType}.");
        }

        if (parameter.Targets.Count == 0)
        {
            throw SearchException.Invalid($"'{name}': say the type, as in {parameter.Code}:Patient.{rest}.");
        }

        return new SearchClause(parameter, null, []) { Chains = OfEveryTarget(parameter, rest, value) };
    }

    /// <summary>Without a type the chain leads to each type that knows what is asked of it; when none does, the first says why.</summary>
    private List<SearchChain> OfEveryTarget(SearchParameter parameter, string rest, string value)
    {
        var chains = new List<SearchChain>();
        SearchException? why = null;
        foreach (var target in parameter.Targets)
        {
            try
            {
                chains.Add(new SearchChain(target, Inner(target, rest, value)));
            }
            catch (SearchException e) when (e.Code == "not-supported")
            {
                why ??= e;
            }
        }

        return chains.Count > 0 ? chains : throw why!;
    }

    private SearchQuery Inner(string target, string name, string value) =>
        new SearchQueryParser(target, false, catalog, sets, baseUrl, linked, depth + 1).ParseOne(name, value);

    private SearchReverse ReadReverse(string name, string value)
    {
        var parts = name.Split(':', 4);
        if (parts.Length < 4 || !ResourceTypes.Exists(parts[1]))
        {
            throw SearchException.Invalid($"'{name}': say _has:Type:reference-parameter:parameter.");
        }

        if (depth >= MaxDepth)
        {
            throw SearchException.TooCostly($"'{name}': _has may stand in _has at most {MaxDepth} times.");
        }

        var reference = catalog.Find(parts[1], parts[2]);
        if (reference is not { Kind: SearchKind.Reference } || (reference.Targets.Count > 0 && !reference.Targets.Contains(type)) || catalog.Pending.Contains((parts[1], parts[2])))
        {
            throw SearchException.NotSupported($"'{name}': {parts[1]}.{parts[2]} does not refer to {type}.");
        }

        return new SearchReverse(parts[1], reference, Inner(parts[1], parts[3], value));
    }
}
