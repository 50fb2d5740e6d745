using System.Globalization;

namespace Mach.Fhir.Search;

/// <summary>Reads the decoded pairs of one search into a <see cref="SearchQuery"/>.</summary>
internal sealed partial class SearchQueryParser(string type, bool lenient, SearchCatalog catalog, ConceptSets? sets = null, string? baseUrl = null, LinkedPatients? linked = null, int depth = 0)
{
    private readonly List<SearchClause> _clauses = [];
    private readonly List<SearchReverse> _has = [];
    private readonly List<string> _lastUpdated = [];
    private readonly List<string> _lists = [];
    private readonly List<SearchInclude> _includes = [];
    private readonly List<SearchInclude> _revIncludes = [];
    private readonly List<string> _ignored = [];
    private List<string>? _ids;
    private string? _sort;
    private int _count = 20;
    private bool _total, _estimate;
    private bool _countOnly;

    /// <summary>What the FHIR endpoint itself reads before the store is asked.</summary>
    private static readonly string[] Presentation = ["_format", "_pretty", "_elements", "_type"];

    public SearchQuery Parse(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        if (!ResourceTypes.Exists(type))
        {
            throw SearchException.NotSupported($"'{type}' is not a resource type of FHIR R4.");
        }

        string? cursor = null;
        foreach (var (name, value) in pairs)
        {
            if (name.Contains('\0') || value.Contains('\0'))
            {
                throw SearchException.Invalid("A search parameter contains the character U+0000, which no text of FHIR may.");
            }

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

        var query = new SearchQuery
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
            Estimate = _estimate,
            CountOnly = _countOnly,
            Includes = _includes,
            RevIncludes = _revIncludes,
            Lists = _lists,
            Ignored = _ignored,
            Catalog = catalog,
        };
        return Sorted(query);
    }

    /// <summary>Reading the sort keys here makes an unknown one an error of the query, not of the search.</summary>
    private SearchQuery Sorted(SearchQuery query)
    {
        try
        {
            return query.Sorts.Count >= 0 ? query : throw new InvalidOperationException();
        }
        catch (SearchException e) when (lenient && e.Code == "not-supported")
        {
            return query with { Sort = null, Ignored = [.. _ignored, "_sort"] };
        }
    }

    /// <summary>The far end of a chain: one clause, or what else narrows a search.</summary>
    private SearchQuery ParseOne(string name, string value) =>
        name.Length == 0 ? throw SearchException.Invalid("A chain ends with a dot; say which parameter is meant.")
            : name is "_id" or "_lastUpdated" or "_list" || name[0] != '_' || name.StartsWith("_has:", StringComparison.Ordinal) || catalog.Find(type, name.Split(':', '.')[0]) is not null
                ? Parse([new(name, value)])
                : throw SearchException.NotSupported($"'{name}' cannot stand at the end of a chain.");

    private void Take(string name, string value)
    {
        switch (name)
        {
            case "_id":
                TakeIds(SearchValue.Split(value, ','));
                break;
            case "_id:mdm":
                TakeIds(type == "Patient" ? Linked(name, SearchValue.Split(value, ','))
                    : throw SearchException.NotSupported($"_id:mdm finds the records of one person, so it is asked of Patient; {type} has references with :mdm."));
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
                _sort = value;
                break;
            case "_total":
                (_total, _estimate) = value is "none" or "estimate" or "accurate"
                    ? (value == "accurate", value == "estimate")
                    : throw SearchException.Invalid($"_total is none, estimate or accurate, not '{value}'.");
                break;
            case "_summary":
                _countOnly = value switch
                {
                    "count" => true,
                    "true" or "false" or "text" or "data" => false,
                    _ => throw SearchException.Invalid($"_summary is true, false, text, data or count, not '{value}'."),
                };
                break;
            case "_include" or "_include:iterate" or "_include:recurse":
                _includes.Add(ReadInclude(name, value, forward: true));
                break;
            case "_revinclude" or "_revinclude:iterate" or "_revinclude:recurse":
                _revIncludes.Add(ReadInclude(name, value, forward: false));
                break;
            case "_list":
                _lists.Add(LocalReference.IsId(value) ? value : throw SearchException.NotSupported($"_list={value}: say the id of a List; lists by name are not kept here."));
                break;
            case "_text" or "_content":
                throw SearchException.NotSupported($"{name} is not supported: texts are not indexed as a whole. Ask by a parameter, such as name, code:text or description, and with :contains inside of texts.");
            case "_filter":
                throw SearchException.NotSupported("_filter is not supported. Say each condition as a parameter: all of them must hold, and of values with commas between them any.");
            case "_query":
                throw SearchException.NotSupported("_query is not supported: there are no named queries here. Operations are listed in the capability statement.");
            case "_contained" or "_containedType":
                throw SearchException.NotSupported($"{name} is not supported: contained resources come within the resource that contains them.");
            default:
                if (!Presentation.Contains(name))
                {
                    TakeClause(name, value);
                }

                break;
        }
    }

    private void TakeIds(IEnumerable<string> ids) =>
        _ids = _ids is null ? [.. ids.Distinct(StringComparer.Ordinal)] : [.. _ids.Intersect(ids, StringComparer.Ordinal)];

    private void TakeClause(string name, string value)
    {
        if (name.Length == 0 || value.Length == 0)
        {
            throw SearchException.Invalid($"Parameter '{name}' has an empty name or value.");
        }

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
            _clauses.Add(ReadClause(name, value));
        }
    }

    private SearchInclude ReadInclude(string name, string value, bool forward)
    {
        if (_includes.Count + _revIncludes.Count >= MaxIncludes)
        {
            throw SearchException.TooCostly($"A search has at most {MaxIncludes} includes.");
        }

        var iterate = name.Contains(':', StringComparison.Ordinal);
        if (value == "*" && forward)
        {
            return new SearchInclude(null, null, null, iterate);
        }

        var parts = value.Split(':');
        if (parts.Length is < 2 or > 3 || !ResourceTypes.Exists(parts[0]) || (forward && !iterate && parts[0] != type) || (parts.Length == 3 && !ResourceTypes.Exists(parts[2])))
        {
            throw SearchException.NotSupported($"{name}={value} is not supported; say {(forward ? type : "Type")}:reference-parameter, with :Type behind it for one kind of target.");
        }

        var target = parts.Length == 3 ? parts[2] : null;
        if (parts[1] == "*")
        {
            return new SearchInclude(parts[0], null, target, iterate);
        }

        var parameter = catalog.Find(parts[0], parts[1]);
        if (parameter is not { Kind: SearchKind.Reference } || catalog.Pending.Contains((parts[0], parts[1])))
        {
            throw SearchException.NotSupported($"{name}: '{parts[1]}' is not a reference parameter of {parts[0]}.");
        }

        if (!forward && !iterate && parameter.Targets.Count > 0 && !parameter.Targets.Contains(type))
        {
            throw SearchException.NotSupported($"{name}: {parts[0]}.{parts[1]} never refers to {type}.");
        }

        return new SearchInclude(parts[0], parts[1], target, iterate);
    }
}
