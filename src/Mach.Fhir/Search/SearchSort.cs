namespace Mach.Fhir.Search;

/// <summary>What results can be ordered by.</summary>
internal enum SearchSortKey
{
    /// <summary>The order of the list that finds them.</summary>
    None,
    /// <summary>The type's clinical date (<see cref="IndexKeys.Date"/>); resources without one stand at 1970.</summary>
    Date,
    LastUpdated,
    Id,
    /// <summary>Patients: the first name, folded, as written.</summary>
    Name,
    /// <summary>The value of any other parameter, read from the body of everything that was found.</summary>
    Value,
}

/// <summary>One key of an order.</summary>
/// <param name="Parameter">For <see cref="SearchSortKey.Value"/>.</param>
internal sealed record SearchSort(SearchSortKey Key, bool Descending, SearchParameter? Parameter)
{
    private const int MaxKeys = 8;

    public static readonly SearchSort None = new(SearchSortKey.None, false, null);

    /// <summary>Codes that a type can be sorted by.</summary>
    public static IEnumerable<string> Known(string type, SearchCatalog? catalog = null) =>
        [.. (catalog ?? SearchCatalog.Standard).ForType(type).Where(IsSortable).Select(p => p.Code), "_lastUpdated", "_id"];

    /// <summary>One key in the order of lists; <see cref="None"/> without a wish, null when everything found has to be sorted.</summary>
    public static SearchSort? Single(SearchQuery query) => query.Sorts switch
    {
        [] => None,
        [{ Key: not SearchSortKey.Value } only] => only,
        _ => null,
    };

    /// <exception cref="SearchException">An unknown key, or one that has no order.</exception>
    public static IReadOnlyList<SearchSort> Parse(SearchQuery query)
    {
        if (string.IsNullOrEmpty(query.Sort))
        {
            return [];
        }

        var keys = query.Sort.Split(',');
        return keys.Length <= MaxKeys
            ? [.. keys.Select(key => One(query, key.TrimStart('-'), key.StartsWith('-')))]
            : throw SearchException.TooCostly($"A search is sorted by at most {MaxKeys} parameters.");
    }

    private static SearchSort One(SearchQuery query, string code, bool descending)
    {
        var (type, catalog) = (query.Type, query.Catalog);
        return code switch
        {
            "_lastUpdated" => new SearchSort(SearchSortKey.LastUpdated, descending, null),
            "_id" => new SearchSort(SearchSortKey.Id, descending, null),
            "name" or "family" when type == "Patient" => new SearchSort(SearchSortKey.Name, descending, null),
            _ when catalog.PrimaryDate(type)?.Code == code => new SearchSort(SearchSortKey.Date, descending, catalog.PrimaryDate(type)),
            _ when catalog.Find(type, code) is { } parameter && IsSortable(parameter) && !catalog.Pending.Contains((type, code)) => new SearchSort(SearchSortKey.Value, descending, parameter),
            _ => throw SearchException.NotSupported($"_sort={code} is not supported for {type}; {string.Join(", ", Known(type, catalog).Order(StringComparer.Ordinal))} are, with or without '-'."),
        };
    }

    private static bool IsSortable(SearchParameter parameter) => parameter.Kind is not (SearchKind.Composite or SearchKind.Special);
}
