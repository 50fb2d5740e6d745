using System.Diagnostics.CodeAnalysis;

namespace Mach.Fhir.Search;

/// <summary>R4 search parameter types that exist here, named as in the standard.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The standard's own names.")]
public enum SearchKind { Token, Reference, String, Date, Quantity, Uri }

/// <summary>How much of a parameter is written to the index tables; whatever is not is answered by the recheck on the body.</summary>
public enum SearchIndexing
{
    /// <summary>No rows: it narrows what another parameter finds, or a scan of the type.</summary>
    None,
    /// <summary>Tokens by code alone; a type's primary date only when it is longer than a day.</summary>
    Bare,
    /// <summary>Tokens by "system|code" and by code; every date.</summary>
    Full,
}

/// <summary>What the text of a value is, where its JSON alone does not say.</summary>
public enum SearchForm { Plain, Name, Address, Phone }

/// <summary>One search parameter of one resource type, as data.</summary>
/// <param name="Number">Stable number used in index rows; never reused (search-parameters.json).</param>
public sealed record SearchParameter(short Number, string Type, string Code, SearchKind Kind, IReadOnlyList<string> Paths, IReadOnlyList<string> Targets)
{
    public SearchIndexing Indexing { get; init; } = SearchIndexing.Bare;
    public SearchForm Form { get; init; }
    /// <summary>Rows of our own that no query may name (blocking keys, sort keys).</summary>
    public bool IsInternal { get; init; }
    /// <summary>Its start is the date in the keys of the type's rows (<see cref="IndexKeys.Date"/>).</summary>
    public bool IsPrimaryDate { get; init; }

    /// <summary>Date rows are kept apart by length, so that a scan from a start date can tell how far back an interval that reaches it may begin.</summary>
    internal const short DayTier = 0, MonthTier = 10_000, LongTier = 20_000;
    internal const long DayUs = 86_400_000_000L, MonthUs = 32 * DayUs;

    /// <summary>The number of the date rows for an interval of this length.</summary>
    internal short DateNumber(long low, long high) =>
        (short)(Number + (high - low <= DayUs ? DayTier : high - low <= MonthUs ? MonthTier : LongTier));
}
