namespace Mach.Fhir.Search;

internal sealed partial class SearchQueryParser
{
    private static SearchClause ReadClause(string type, string name, string value)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var (code, modifier) = SplitModifier(dot < 0 ? name : name[..dot]);
        var parameter = Find(type, code);
        if (dot >= 0)
        {
            return ReadChain(parameter, modifier, name[(dot + 1)..], name, value);
        }

        var values = SearchValue.Split(value, ',');
        if (parameter.Kind == SearchKind.Reference && modifier is not null && ResourceTypes.Exists(modifier))
        {
            values = [.. values.Select(v => WithType(parameter, modifier, v))];
            modifier = null;
        }

        CheckModifier(parameter, modifier);
        var clause = new SearchClause(parameter, modifier, values);
        // Reading the values here makes a malformed one an error of the query, not of the search.
        if (clause.Parsed.Count > MaxValues)
        {
            throw SearchException.TooCostly($"'{name}' has more than {MaxValues} values.");
        }

        return clause;
    }

    private const int MaxValues = 1000, MaxClauses = 32;

    private static SearchParameter Find(string type, string code) =>
        SearchParameters.Find(type, code)
        ?? throw SearchException.NotSupported(
            $"{type} has no search parameter '{code}' here; supported are {string.Join(", ", SearchParameters.ForType(type).Select(p => p.Code).Order(StringComparer.Ordinal))}.");

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
        SearchKind.Token => ["missing", "not", "text"],
        SearchKind.String => ["missing", "exact", "contains"],
        SearchKind.Uri => ["missing", "below"],
        SearchKind.Reference => ["missing", "identifier"],
        _ => ["missing"],
    };

    private static SearchClause ReadChain(SearchParameter parameter, string? targetType, string rest, string name, string value)
    {
        if (parameter.Kind != SearchKind.Reference)
        {
            throw SearchException.Invalid($"'{name}': {parameter.Code} is not a reference, so nothing can follow it.");
        }

        if (rest.Contains('.', StringComparison.Ordinal))
        {
            throw SearchException.NotSupported($"'{name}': only one step of chaining is supported.");
        }

        var target = targetType ?? (parameter.Targets is [var only] ? only : null);
        if (target is null || !ResourceTypes.Exists(target) || (parameter.Targets.Count > 0 && !parameter.Targets.Contains(target)))
        {
            throw SearchException.Invalid($"'{name}': say the type, as in {parameter.Code}:{(parameter.Targets.Count > 0 ? parameter.Targets[0] : "Type")}.{rest}.");
        }

        return new SearchClause(parameter, null, []) { Chain = new SearchChain(target, ReadClause(target, rest, value)) };
    }

    private SearchReverse ReadReverse(string name, string value)
    {
        var parts = name.Split(':', 4);
        if (parts.Length < 4 || !ResourceTypes.Exists(parts[1]))
        {
            throw SearchException.Invalid($"'{name}': say _has:Type:reference-parameter:parameter.");
        }

        if (parts[3].StartsWith("_has", StringComparison.Ordinal) || parts[3].Contains('.', StringComparison.Ordinal))
        {
            throw SearchException.NotSupported($"'{name}': only one step back is supported.");
        }

        var reference = Find(parts[1], parts[2]);
        if (reference.Kind != SearchKind.Reference || (reference.Targets.Count > 0 && !reference.Targets.Contains(type)))
        {
            throw SearchException.Invalid($"'{name}': {parts[1]}.{parts[2]} does not refer to {type}.");
        }

        return new SearchReverse(parts[1], reference, ReadClause(parts[1], parts[3], value));
    }
}
