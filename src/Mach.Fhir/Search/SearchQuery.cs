namespace Mach.Fhir.Search;

/// <summary>How a date, number or quantity is compared (http://hl7.org/fhir/R4/search.html#prefix). For dates Ap means that the intervals overlap: there is no clock here to make "about" mean more.</summary>
public enum DatePrefix { Eq, Ne, Gt, Lt, Ge, Le, Sa, Eb, Ap }

/// <summary>One "parameter[:modifier]=a,b" of a search: values are ORed, clauses are ANDed. Values keep their \| and \$ escapes.</summary>
public sealed record SearchClause(SearchParameter Parameter, string? Modifier, IReadOnlyList<string> Values)
{
    /// <summary>"subject:Patient.identifier=…": what the referenced resource must answer, one for each type that it may be of. Values are empty then.</summary>
    public IReadOnlyList<SearchChain> Chains { get; init; } = [];

    /// <summary>Further parameters of the same kind: any of them may answer, as in a compartment.</summary>
    public IReadOnlyList<SearchParameter> Alternatives { get; init; } = [];

    /// <summary>The resource is in the compartment of another; null when it never is, for its type.</summary>
    /// <remarks>http://hl7.org/fhir/R4/compartmentdefinition.html.</remarks>
    public static SearchClause? InCompartment(SearchCatalog catalog, string compartment, string id, string type)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.Compartment(compartment, type) is { Count: > 0 } parameters
            ? new SearchClause(parameters[0], null, [compartment + "/" + id]) { Alternatives = [.. parameters.Skip(1)] }
            : null;
    }

    internal IEnumerable<SearchParameter> Parameters => Alternatives.Count == 0 ? [Parameter] : Alternatives.Prepend(Parameter);

    /// <summary>For ":in" and ":not-in": value sets beyond the specification's.</summary>
    public ConceptSets? Sets { get; init; }

    internal IReadOnlyList<SearchValue> Parsed => field ??= [.. Values.Select(value => SearchValue.Parse(Parameter, Modifier, value, Sets))];

    /// <summary>":missing=true".</summary>
    internal bool WantsMissing => Values is ["true"];
}

/// <summary>The far end of a chain: the type at the reference and what it must answer.</summary>
public sealed record SearchChain(string Type, SearchQuery Query);

/// <summary>"_has:Observation:patient:code=…": resources of another type that point here and answer a query.</summary>
public sealed record SearchReverse(string Type, SearchParameter Reference, SearchQuery Query);

/// <summary>One _include or _revinclude.</summary>
/// <param name="Type">Type that holds the reference; null = any.</param>
/// <param name="Parameter">Code of the reference parameter; null = all of them.</param>
/// <param name="Target">Only targets of this type; null = all.</param>
/// <param name="Iterate">Also from resources that were included.</param>
public sealed record SearchInclude(string? Type, string? Parameter, string? Target, bool Iterate);

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
    /// <summary>Ids of List resources that must name the resource, ANDed.</summary>
    public IReadOnlyList<string> Lists { get; init; } = [];
    /// <summary>"-date", "date", "status,-_lastUpdated" …; null = the store's own stable order.</summary>
    public string? Sort { get; init; }
    /// <summary>Page size, 0–1000; default 20.</summary>
    public int Count { get; init; } = 20;
    /// <summary>Opaque keyset cursor of the previous page's next link.</summary>
    public string? Cursor { get; init; }
    /// <summary>_total=accurate or _summary=count.</summary>
    public bool Total { get; init; }
    /// <summary>_total=estimate: counted as well, but left out where counting would be too costly.</summary>
    public bool Estimate { get; init; }
    public bool CountOnly { get; init; }
    public IReadOnlyList<SearchInclude> Includes { get; init; } = [];
    public IReadOnlyList<SearchInclude> RevIncludes { get; init; } = [];
    /// <summary>Parameters that were not understood and left out (only when parsed leniently).</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];
    /// <summary>The parameters that it was parsed with.</summary>
    public SearchCatalog Catalog { get; init; } = SearchCatalog.Standard;

    internal IReadOnlyList<DateValue> UpdatedRanges => field ??= [.. LastUpdated.Select(DateValue.Parse)];

    internal IReadOnlyList<SearchSort> Sorts => field ??= SearchSort.Parse(this);

    /// <summary>What it asks stands in other resources too: a chain, _has or _list.</summary>
    public bool NeedsOthers => Has.Count + Lists.Count > 0 || Clauses.Any(clause => clause.Chains.Count > 0);

    /// <summary>It asks for nothing in particular.</summary>
    internal bool IsEverything => this is { Clauses.Count: 0, Ids.Count: 0, LastUpdated.Count: 0, Has.Count: 0, Lists.Count: 0, NoIds: false };

    /// <summary>Greatest page size.</summary>
    public const int MaxCount = 1000;

    /// <summary>Parses decoded query pairs. Strict: an unknown parameter or modifier throws; lenient: it is listed in <see cref="Ignored"/>.</summary>
    /// <param name="catalog">The store's parameters; null = the standard's.</param>
    /// <param name="sets">Value sets that ":in" and ":not-in" may name besides the specification's.</param>
    /// <param name="baseUrl">Service base URL without a slash at the end: an absolute reference below it means the resource here. Null = none does.</param>
    /// <param name="linked">The people that ":mdm" names, with their records; null = links are not followed, and the modifier is refused.</param>
    /// <exception cref="SearchException">Malformed value, unknown parameter (strict), unsupported modifier, sort or count.</exception>
    public static SearchQuery Parse(string type, IEnumerable<KeyValuePair<string, string>> pairs, bool lenient = false, SearchCatalog? catalog = null, ConceptSets? sets = null, string? baseUrl = null, LinkedPatients? linked = null)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return new SearchQueryParser(type, lenient, catalog ?? SearchCatalog.Standard, sets, baseUrl, linked).Parse(pairs);
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
