using System.Text.Json;

namespace Mach.Fhir.Search;

public enum SearchKind { Token, Reference, String, Date, Quantity, Uri }

/// <summary>One search parameter of one resource type, as data.</summary>
/// <param name="Number">Stable number used in index rows; never reused (search-parameters.json).</param>
public sealed record SearchParameter(short Number, string Type, string Code, SearchKind Kind, IReadOnlyList<string> Paths, IReadOnlyList<string> Targets);

/// <summary>The parameters that exist now, embedded as data.</summary>
public static partial class SearchParameters
{
    public static IReadOnlyList<SearchParameter> All => throw new NotImplementedException();
    public static IReadOnlyList<SearchParameter> ForType(string type) => throw new NotImplementedException();
    public static SearchParameter? Find(string type, string code) => throw new NotImplementedException();
}

/// <summary>R4 resource types and their stable numbers (the numbers are stored; append only).</summary>
public static partial class ResourceTypes
{
    public static short Number(string type) => throw new NotImplementedException();
    public static string Name(short number) => throw new NotImplementedException();
    public static bool Exists(string type) => throw new NotImplementedException();
}

public static partial class IndexExtractor
{
    /// <summary>Version of the extraction rules, kept on each head (res.xv).</summary>
    public const short Version = 1;

    /// <summary>Fills <paramref name="keys"/> (cleared first) from one resource.</summary>
    public static void Extract(JsonElement resource, IndexKeys keys) => throw new NotImplementedException();
}

public enum DatePrefix { Eq, Ne, Gt, Lt, Ge, Le, Sa, Eb, Ap }

/// <summary>One "parameter[:modifier]=a,b" of a search: values are ORed, clauses are ANDed.</summary>
public sealed record SearchClause(SearchParameter Parameter, string? Modifier, IReadOnlyList<string> Values);

/// <summary>A parsed type-level search.</summary>
public sealed record SearchQuery
{
    public required string Type { get; init; }
    public IReadOnlyList<SearchClause> Clauses { get; init; } = [];
    public IReadOnlyList<string> Ids { get; init; } = [];
    public IReadOnlyList<string> LastUpdated { get; init; } = [];
    /// <summary>"-date", "date", "-_lastUpdated", "_id", "name" …; null = the store's own stable order.</summary>
    public string? Sort { get; init; }
    /// <summary>Page size, 0–1000; default 20.</summary>
    public int Count { get; init; } = 20;
    /// <summary>Opaque keyset cursor of the previous page's next link.</summary>
    public string? Cursor { get; init; }
    /// <summary>_total=accurate or _summary=count.</summary>
    public bool Total { get; init; }
    public bool CountOnly { get; init; }
    /// <summary>Include directives: ("Encounter","service-provider",null) forward; reverse ones in <see cref="RevIncludes"/>.</summary>
    public IReadOnlyList<(string Type, string Parameter)> Includes { get; init; } = [];
    public IReadOnlyList<(string Type, string Parameter)> RevIncludes { get; init; } = [];
    /// <summary>Parameters that were not understood and left out (only when parsed leniently).</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Parses decoded query pairs. Strict: an unknown parameter or modifier throws; lenient: it is listed in <see cref="Ignored"/>.</summary>
    /// <exception cref="SearchException">Malformed value, unknown parameter (strict), unsupported modifier, sort or count.</exception>
    public static SearchQuery Parse(string type, IEnumerable<KeyValuePair<string, string>> pairs, bool lenient = false) => throw new NotImplementedException();
}

/// <summary>A search cannot be answered as asked. <paramref name="code"/> is a FHIR issue-type: invalid, not-supported, too-costly.</summary>
public sealed class SearchException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

public static partial class SearchMatcher
{
    /// <summary>True when the resource answers every clause (the recheck after the index, and the oracle of the tests). lastUpdatedUs in UTC microseconds.</summary>
    public static bool Matches(JsonElement resource, SearchQuery query, long lastUpdatedUs) => throw new NotImplementedException();
}
