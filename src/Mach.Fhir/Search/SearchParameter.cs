using System.Diagnostics.CodeAnalysis;
using Mach.Fhir.Path;

namespace Mach.Fhir.Search;

/// <summary>R4 search parameter types, named as in the standard (http://hl7.org/fhir/R4/valueset-search-param-type.html).</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The standard's own names.")]
public enum SearchKind { Token, Reference, String, Date, Quantity, Uri, Number, Composite, Special }

/// <summary>How much of a parameter is written to the index tables; whatever is not is answered by the recheck on the body.</summary>
public enum SearchIndexing
{
    /// <summary>No rows: it narrows what another parameter finds, or a scan of the type.</summary>
    None,
    /// <summary>Tokens by code alone.</summary>
    Bare,
    /// <summary>Tokens by "system|code" and by code.</summary>
    Full,
    /// <summary>No rows of its own: those of the parameters named in <see cref="SearchParameter.Union"/>.</summary>
    Union,
}

/// <summary>What the text of a value is, where its JSON alone does not say.</summary>
public enum SearchForm { Plain, Name, Address, Phone }

/// <summary>One part of a composite parameter.</summary>
/// <param name="Code">The parameter of the same type whose values this part takes.</param>
/// <param name="Paths">From each element of the composite; with a leading "%." from the resource.</param>
public sealed record SearchComponent(string Code, IReadOnlyList<string> Paths)
{
    internal IReadOnlyList<SearchPath> Compiled => field ??= [.. Paths.Select(SearchPath.ParseRelative)];

    /// <summary>Set by the catalog that holds the composite.</summary>
    internal SearchParameter Parameter { get; set; } = null!;
}

/// <summary>One search parameter of one resource type, as data.</summary>
/// <param name="Number">Stable number used in index rows; never reused (search-parameters.json; custom ones from <see cref="FirstCustom"/>).</param>
public sealed record SearchParameter(short Number, string Type, string Code, SearchKind Kind, IReadOnlyList<string> Paths, IReadOnlyList<string> Targets)
{
    public SearchIndexing Indexing { get; init; } = SearchIndexing.Bare;
    public SearchForm Form { get; init; }

    /// <summary>Parts of a composite, in their order; empty otherwise.</summary>
    public IReadOnlyList<SearchComponent> Components { get; init; } = [];

    /// <summary>Codes of the same type whose rows together are this parameter's.</summary>
    public IReadOnlyList<string> Union { get; init; } = [];

    /// <summary>A reference parameter that also looks at canonical or uri elements: they are compared as addresses.</summary>
    public bool IsCanonical { get; init; }

    /// <summary>At most one element of a resource answers for it.</summary>
    public bool IsSingle { get; init; }

    /// <summary>FHIRPath that is evaluated in place of paths; null for all but added parameters that need it.</summary>
    public string? Expression { get; init; }

    /// <summary>Canonical address of the defining SearchParameter when it was added to this store; null for the standard's.</summary>
    public string? Url { get; init; }

    /// <summary>Rows of our own that no query may name (blocking keys, sort keys).</summary>
    public bool IsInternal { get; init; }

    /// <summary>Its start is the date in the keys of the type's rows (<see cref="IndexKeys.Date"/>).</summary>
    public bool IsPrimaryDate { get; init; }

    /// <summary>Numbers of parameters that were added to a store.</summary>
    public const short FirstCustom = 5_000;

    /// <summary>Date rows are kept apart by length, so that a scan from a start date can tell how far back an interval that reaches it may begin.</summary>
    internal const short DayTier = 0, MonthTier = 10_000, LongTier = 20_000;

    /// <summary>Resources that have no value of the type's primary date stand here at their clinical date, so that the lists by date hold every resource.</summary>
    internal const short NoDateTier = 30_000;

    internal const long DayUs = 86_400_000_000L, MonthUs = 32 * DayUs;

    internal IReadOnlyList<SearchPath> Compiled => field ??= [.. Paths.Select(SearchPath.Parse)];

    internal FhirPath? Evaluated => Expression is null ? null : field ??= FhirPath.Get(Expression);

    /// <summary>The number of the date rows for an interval of this length.</summary>
    internal short DateNumber(long low, long high) =>
        (short)(Number + (high - low <= DayUs ? DayTier : high - low <= MonthUs ? MonthTier : LongTier));
}
