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
}

internal static class SearchSort
{
    public static bool IsKnown(string type, string code) => KeyOf(type, code) != SearchSortKey.None;

    public static IEnumerable<string> Known(string type)
    {
        IEnumerable<string> own = SearchParameters.PrimaryDate(type) is { } date ? [date.Code] : [];
        return [.. own, "_lastUpdated", "_id", .. type == "Patient" ? ["name", "family"] : Array.Empty<string>()];
    }

    public static SearchSortKey KeyOf(string type, string code) => code switch
    {
        "_lastUpdated" => SearchSortKey.LastUpdated,
        "_id" => SearchSortKey.Id,
        "name" or "family" when type == "Patient" => SearchSortKey.Name,
        _ => SearchParameters.PrimaryDate(type)?.Code == code ? SearchSortKey.Date : SearchSortKey.None,
    };

    /// <summary>The key and direction of a query's _sort.</summary>
    public static (SearchSortKey Key, bool Descending) Of(SearchQuery query)
    {
        if (query.Sort is not { Length: > 0 } sort)
        {
            return (SearchSortKey.None, false);
        }

        var descending = sort[0] == '-';
        return (KeyOf(query.Type, descending ? sort[1..] : sort), descending);
    }
}
