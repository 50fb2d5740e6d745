namespace Mach.Fhir.Search;

/// <summary>How a date, number or quantity is compared (http://hl7.org/fhir/R4/search.html#prefix). For dates Ap means that the intervals overlap: there is no clock here to make "about" mean more.</summary>
public enum DatePrefix { Eq, Ne, Gt, Lt, Ge, Le, Sa, Eb, Ap }

/// <summary>One "parameter[:modifier]=a,b" of a search: values are ORed, clauses are ANDed. Values keep their \| and \$ escapes.</summary>
public sealed record SearchClause(SearchParameter Parameter, string? Modifier, IReadOnlyList<string> Values)
{
    /// <summary>"subject:Patient.identifier=…": what the referenced resource must answer. Values are empty then.</summary>
    public SearchChain? Chain { get; init; }

    internal IReadOnlyList<SearchValue> Parsed => field ??= [.. Values.Select(value => SearchValue.Parse(Parameter, Modifier, value))];

    /// <summary>":missing=true".</summary>
    internal bool WantsMissing => Values is ["true"];
}

/// <summary>The far end of a chain: the type at the reference and its clause.</summary>
public sealed record SearchChain(string Type, SearchClause Clause);

/// <summary>"_has:Observation:patient:code=…": resources of another type that point here and answer a clause.</summary>
public sealed record SearchReverse(string Type, SearchParameter Reference, SearchClause Clause);

/// <summary>A parsed type-level search.</summary>
public sealed record SearchQuery
{
    public required string Type { get; init; }
    public IReadOnlyList<SearchClause> Clauses { get; init; } = [];
    public IReadOnlyList<SearchReverse> Has { get; init; } = [];
    /// <summary>_id values (ORed); empty = any. Given twice, they are intersected; none in common matches nothing, see <see cref="NoIds"/>.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];
    /// <summary>The _id parameters contradict each other: nothing matches.</summary>
    public bool NoIds { get; init; }
    /// <summary>_lastUpdated values with their prefixes, ANDed.</summary>
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
    /// <summary>Include directives: ("Encounter","service-provider") forward; reverse ones in <see cref="RevIncludes"/>.</summary>
    public IReadOnlyList<(string Type, string Parameter)> Includes { get; init; } = [];
    public IReadOnlyList<(string Type, string Parameter)> RevIncludes { get; init; } = [];
    /// <summary>Parameters that were not understood and left out (only when parsed leniently).</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    internal IReadOnlyList<DateValue> UpdatedRanges => field ??= [.. LastUpdated.Select(DateValue.Parse)];

    /// <summary>Greatest page size.</summary>
    public const int MaxCount = 1000;

    /// <summary>Parses decoded query pairs. Strict: an unknown parameter or modifier throws; lenient: it is listed in <see cref="Ignored"/>.</summary>
    /// <exception cref="SearchException">Malformed value, unknown parameter (strict), unsupported modifier, sort or count.</exception>
    public static SearchQuery Parse(string type, IEnumerable<KeyValuePair<string, string>> pairs, bool lenient = false)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return new SearchQueryParser(type, lenient).Parse(pairs);
    }
}

/// <summary>A search cannot be answered as asked. <paramref name="code"/> is a FHIR issue-type: invalid, not-supported, too-costly.</summary>
public sealed class SearchException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;

    internal static SearchException Invalid(string message) => new("invalid", message);

    internal static SearchException NotSupported(string message) => new("not-supported", message);

    internal static SearchException TooCostly(string message) => new("too-costly", message);
}
