using Mach.Fhir.Search;

namespace Mach.Store.Search;

/// <summary>Where in the index the answers to one clause stand. Everything here is wider than the clause or the same, never narrower.</summary>
internal static class ClauseKeys
{
    private const int MaxKeys = 256;

    /// <summary>The clause says what to look for, not what to leave out.</summary>
    public static bool CanDrive(SearchClause clause) =>
        clause.Modifier is null or "exact" or "in" or "of-type" or "identifier" or "below" or "above" && clause.Parsed.Count > 0;

    /// <summary>The clause itself; of a composite what each of its parts asks alone.</summary>
    public static IEnumerable<SearchClause> Implied(SearchClause clause) => clause.Parameter.Kind != SearchKind.Composite
        ? [clause]
        : clause.Parameter.Components.Select((component, i) => new SearchClause(component.Parameter, null, [.. clause.Parsed.OfType<CompositeValue>().Select(v => v.Raw[i])]));

    /// <summary>The parameters whose rows together hold every answer; null when some have no rows.</summary>
    public static IReadOnlyList<SearchParameter>? Rows(SearchQuery query, SearchClause clause)
    {
        var rows = new List<SearchParameter>();
        foreach (var parameter in clause.Parameters)
        {
            switch (parameter.Indexing)
            {
                case SearchIndexing.None:
                    return null;
                case SearchIndexing.Union:
                    rows.AddRange(parameter.Union.Select(code => query.Catalog.Find(query.Type, code)!));
                    break;
                default:
                    rows.Add(parameter);
                    break;
            }
        }

        return rows;
    }

    /// <summary>A reference clause all of whose values are resources of this store, so that reference rows hold every answer.</summary>
    public static bool IsLocal(SearchClause clause) =>
        clause.Modifier is null && clause.Parameters.All(p => !p.IsCanonical)
        && clause.Parsed.All(value => value is ReferenceValue { Id: not null } local && (local.Type is not null || clause.Parameter.Targets.Count > 0));

    /// <summary>Token rows; null when the clause is not of tokens, or some of its values have none or too many.</summary>
    public static IReadOnlyList<(short Parameter, string Key)>? Tokens(SearchQuery query, SearchClause clause)
    {
        if (clause.Parameter.Kind is not (SearchKind.Token or SearchKind.Reference) || Rows(query, clause) is not { } rows)
        {
            return null;
        }

        var keys = new List<(short, string)>();
        foreach (var parameter in rows)
        {
            foreach (var value in clause.Parsed)
            {
                if (KeysOf(parameter, clause.Modifier, value) is not { } some)
                {
                    return null;
                }

                keys.AddRange(some.Select(key => (parameter.Number, key)));
            }
        }

        return keys.Count <= MaxKeys ? [.. keys.Distinct()] : null;
    }

    /// <summary>Texts of address rows: whole ones, or beginnings.</summary>
    public static IEnumerable<(string Text, bool Whole)> Uris(string wanted, string? modifier)
    {
        if (modifier != "above")
        {
            yield return (wanted, modifier is null);
            yield break;
        }

        yield return (wanted, true);
        for (var slash = wanted.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = wanted.IndexOf('/', slash + 1))
        {
            if (slash > 0)
            {
                yield return (wanted[..slash], true);
            }

            if (slash + 1 < wanted.Length)
            {
                yield return (wanted[..(slash + 1)], true);
            }
        }
    }

    private static IEnumerable<string>? KeysOf(SearchParameter parameter, string? modifier, SearchValue value) => value switch
    {
        TokenValue token when modifier == "identifier" => token.Code.Length > 0 ? [ReferenceText.IdentifierKey(token.System ?? "", token.Code)] : null,
        TokenValue { Code.Length: 0 } => null,
        TokenValue token when parameter.Compiled is [{ IsPresence: true }] => token.Code == "true" ? ["|true"] : null,
        TokenValue { System.Length: > 0 } token when parameter.Indexing == SearchIndexing.Full && parameter.Form == SearchForm.Plain => [token.System + "|" + token.Code],
        TokenValue token => ["|" + token.Code],
        OfTypeValue typed => ["|" + typed.Value],
        HierarchyValue hierarchy => hierarchy.Keys,
        TokenSetValue set => set.Concepts.Count <= MaxKeys ? set.Concepts.Select(c => "|" + c.Code).Distinct() : null,
        ReferenceValue { Id: null } elsewhere => ["|" + ReferenceText.WithoutVersion(elsewhere.Text)],
        _ => null,
    };
}
