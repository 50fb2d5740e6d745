using System.Globalization;

namespace Mach.Fhir.Search;

/// <summary>Reads the decoded pairs of one search into a <see cref="SearchQuery"/>.</summary>
internal sealed partial class SearchQueryParser(string type, bool lenient)
{
    private readonly List<SearchClause> _clauses = [];
    private readonly List<SearchReverse> _has = [];
    private readonly List<string> _lastUpdated = [];
    private readonly List<(string, string)> _includes = [];
    private readonly List<(string, string)> _revIncludes = [];
    private readonly List<string> _ignored = [];
    private List<string>? _ids;
    private string? _sort;
    private int _count = 20;
    private bool _total;
    private bool _countOnly;

    /// <summary>What the FHIR endpoint itself reads before the store is asked.</summary>
    private static readonly string[] Presentation = ["_format", "_pretty"];

    public SearchQuery Parse(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        if (!ResourceTypes.Exists(type))
        {
            throw SearchException.NotSupported($"'{type}' is not a resource type of FHIR R4.");
        }

        string? cursor = null;
        foreach (var (name, value) in pairs)
        {
            if (name == "_cursor")
            {
                cursor = value;
                continue;
            }

            try
            {
                Take(name, value);
            }
            catch (SearchException e) when (lenient && e.Code == "not-supported")
            {
                _ignored.Add(name);
            }
        }

        return new SearchQuery
        {
            Type = type,
            Clauses = _clauses,
            Has = _has,
            Ids = _ids ?? [],
            NoIds = _ids is { Count: 0 },
            LastUpdated = _lastUpdated,
            Sort = _sort,
            Count = _count,
            Cursor = cursor,
            Total = _total,
            CountOnly = _countOnly,
            Includes = _includes,
            RevIncludes = _revIncludes,
            Ignored = _ignored,
        };
    }

    private void Take(string name, string value)
    {
        switch (name)
        {
            case "_id":
                var ids = SearchValue.Split(value, ',');
                _ids = _ids is null ? [.. ids.Distinct(StringComparer.Ordinal)] : [.. _ids.Intersect(ids, StringComparer.Ordinal)];
                break;
            case "_lastUpdated":
                DateValue.Parse(value);
                _lastUpdated.Add(value);
                break;
            case "_count":
                _count = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                    ? Math.Min(count, SearchQuery.MaxCount)
                    : throw SearchException.Invalid($"_count is a number from 0 to {SearchQuery.MaxCount}, not '{value}'.");
                break;
            case "_sort":
                _sort = ReadSort(value);
                break;
            case "_total":
                _total = value switch
                {
                    "accurate" => true,
                    "none" or "estimate" => false,
                    _ => throw SearchException.Invalid($"_total is none, estimate or accurate, not '{value}'."),
                };
                break;
            case "_summary":
                _countOnly = value switch
                {
                    "count" => true,
                    "false" => false,
                    _ => throw SearchException.NotSupported($"_summary={value} is not supported; count and false are."),
                };
                break;
            case "_include":
                _includes.Add(ReadInclude(name, value, forward: true));
                break;
            case "_revinclude":
                _revIncludes.Add(ReadInclude(name, value, forward: false));
                break;
            default:
                if (!Presentation.Contains(name))
                {
                    TakeClause(name, value);
                }

                break;
        }
    }

    private void TakeClause(string name, string value)
    {
        if (_clauses.Count + _has.Count >= MaxClauses)
        {
            throw SearchException.TooCostly($"A search has at most {MaxClauses} parameters.");
        }

        if (name.StartsWith("_has:", StringComparison.Ordinal))
        {
            _has.Add(ReadReverse(name, value));
        }
        else
        {
            _clauses.Add(ReadClause(type, name, value));
        }
    }

    private string ReadSort(string value)
    {
        var code = value.StartsWith('-') ? value[1..] : value;
        if (!SearchSort.IsKnown(type, code))
        {
            throw SearchException.NotSupported($"_sort={value} is not supported for {type}; one of {string.Join(", ", SearchSort.Known(type))} is, with or without '-'.");
        }

        return value;
    }

    private (string, string) ReadInclude(string name, string value, bool forward)
    {
        var parts = value.Split(':');
        if (parts.Length is < 2 or > 3 || (forward && parts[0] != type))
        {
            throw SearchException.NotSupported($"{name}={value} is not supported; say {(forward ? type : "Type")}:reference-parameter.");
        }

        var parameter = SearchParameters.Find(parts[0], parts[1]);
        if (parameter is not { Kind: SearchKind.Reference })
        {
            throw SearchException.NotSupported($"{name}: '{parts[1]}' is not a reference parameter of {parts[0]}.");
        }

        if (!forward && ((parameter.Targets.Count > 0 && !parameter.Targets.Contains(type)) || !CanReverse(parameter)))
        {
            throw SearchException.NotSupported($"{name}: {parts[0]}.{parts[1]} cannot be followed back from {type}.");
        }

        return (parts[0], parts[1]);
    }

    /// <summary>Following a reference backwards needs its rows; the own patient is found by the compartment.</summary>
    private static bool CanReverse(SearchParameter parameter) => parameter.Indexing != SearchIndexing.None;
}
