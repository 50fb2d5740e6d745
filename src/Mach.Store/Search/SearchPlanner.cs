using System.Text.Json;
using Mach.Fhir.Search;

namespace Mach.Store.Search;

/// <summary>
/// The ways in which one query can be driven, always in the same order, because a cursor names its way by number.
/// Each way holds every match; what it does not look at is left to the recheck.
/// </summary>
/// <param name="hash">Of a parameter's key.</param>
/// <param name="numbers">Internal numbers of resources that the query names, where they exist.</param>
internal sealed class SearchPlanner(SearchQuery query, Func<short, string, long> hash, IReadOnlyDictionary<(string Type, string Id), long> numbers, DateBounds changes)
{
    private readonly short _type = ResourceTypes.Number(query.Type);
    private readonly SearchParameter? _date = SearchParameters.PrimaryDate(query.Type);
    private readonly List<SearchDriver> _drivers = [];

    private static readonly Position LowestNumber = Position.OfNumber(long.MinValue, 0), HighestNumber = Position.OfNumber(long.MaxValue, 0);

    private static readonly (Position From, Position To) EveryText = (Position.OfText("", 0), Position.OfText(SearchText.Last, 0));

    /// <summary>At least one; the last of them walks the whole type.</summary>
    public IReadOnlyList<SearchDriver> Drivers()
    {
        if (query.Ids.Count > 0)
        {
            var some = new PostingList(ListSql.SomeIds, EveryText.From, EveryText.To, ("type", _type), ("ids", JsonSerializer.Serialize(query.Ids)));
            return [new SearchDriver(SearchDriver.Id, ListOrder.Id, [some])];
        }

        var clauses = query.Clauses.Where(c => c.Modifier is null or "exact" && c.Parsed.Count > 0 && c.Parameter.Indexing != SearchIndexing.None).ToList();
        AddTokens(clauses);
        AddReferences(clauses);
        foreach (var clause in clauses.Where(c => c.Parameter.Kind == SearchKind.String))
        {
            AddText(clause);
        }

        foreach (var clause in clauses.Where(c => c.Parameter.Kind == SearchKind.Date))
        {
            AddDates(clause);
        }

        AddScans();
        return _drivers;
    }

    /// <summary>Hashes of the token clause that narrows most: every answer has a row of one of them. Empty when the query has no such clause.</summary>
    public static IReadOnlyList<long> HashesOfEvery(SearchQuery query, Func<short, string, long> hash)
    {
        var best = query.Clauses
            .Where(c => c.Modifier is null && c.Parsed.Count > 0 && c.Parameter.Kind == SearchKind.Token && c.Parameter.Indexing != SearchIndexing.None && Keys(c).All(key => key is not null))
            .OrderByDescending(c => c.Parameter.Indexing)
            .FirstOrDefault();
        return best is null ? [] : [.. Keys(best).Select(key => hash(best.Parameter.Number, key!))];
    }

    private void AddTokens(List<SearchClause> clauses)
    {
        var tokens = clauses.Where(c => c.Parameter.Kind is SearchKind.Token or SearchKind.Uri && Keys(c).All(key => key is not null)).ToList();
        foreach (var clause in tokens.Where(c => c.Parameter.Indexing == SearchIndexing.Full || c.Parameter.Form == SearchForm.Phone))
        {
            _drivers.Add(new SearchDriver(SearchDriver.Identifier, ListOrder.Owner, TokenLists(clause)));
        }

        var patients = clauses.Where(IsOfOnePatient).Select(c => Targets(c).Select(t => t.Number).ToList()).FirstOrDefault();
        foreach (var clause in tokens)
        {
            if (patients is null)
            {
                break;
            }

            var bounds = PrimaryBounds(DateBounds.AnyLength);
            var lists = patients.SelectMany(pk => Keys(clause).Select(key => Dated(ListSql.PatientToken, bounds, ("h", hash(clause.Parameter.Number, key!)), ("pk", pk))));
            _drivers.Add(new SearchDriver(SearchDriver.PatientToken, ListOrder.Date, [.. lists]));
        }

        foreach (var clause in tokens)
        {
            _drivers.Add(new SearchDriver(SearchDriver.Token, ListOrder.Owner, TokenLists(clause)));
        }
    }

    private List<PostingList> TokenLists(SearchClause clause) =>
        [.. Keys(clause).Select(key => new PostingList(ListSql.Token, LowestNumber, HighestNumber, ("h", hash(clause.Parameter.Number, key!))))];

    /// <summary>The index key of each value; null for "system|", which has none.</summary>
    private static IEnumerable<string?> Keys(SearchClause clause) => clause.Parsed.Select(value => value switch
    {
        TokenValue { Code.Length: > 0, System.Length: > 0 } token when clause.Parameter.Indexing == SearchIndexing.Full && clause.Parameter.Form == SearchForm.Plain => token.System + "|" + token.Code,
        TokenValue { Code.Length: > 0 } token => "|" + token.Code,
        TextValue text => "|" + text.Plain,
        _ => null,
    });

    /// <summary>The clause names the patient whose compartment holds the resource, and no other: only then do all its rows carry that patient's key.</summary>
    private bool IsOfOnePatient(SearchClause clause) =>
        clause.Parameter.Kind == SearchKind.Reference
        && SearchParameters.Find(query.Type, "patient") is { Paths: [var path] }
        && clause.Parameter.Paths is [var own] && own == path
        && path is not ("Appointment.participant.actor" or "Provenance.target")
        && clause.Parsed.OfType<ReferenceValue>().All(value => value.Type == "Patient");

    private void AddReferences(List<SearchClause> clauses)
    {
        foreach (var clause in clauses.Where(c => c.Parameter.Kind == SearchKind.Reference && c.Parsed.OfType<ReferenceValue>().All(v => v.Id is not null)))
        {
            if (clause.Parsed.OfType<ReferenceValue>().Any(value => value.Type is null && clause.Parameter.Targets.Count == 0))
            {
                continue;
            }

            var ofPatient = IsOfOnePatient(clause);
            var bounds = PrimaryBounds(ofPatient ? DateBounds.AnyLength : SearchParameter.DayUs);
            var lists = new List<PostingList>();
            foreach (var (type, number) in Targets(clause))
            {
                // The own patient is in the key of the compartment and has no reference row.
                if (type == "Patient")
                {
                    lists.Add(Dated(ListSql.Compartment, bounds, ("pk", number), ("type", _type)));
                }

                if (!ofPatient)
                {
                    lists.Add(Dated(ListSql.Reference, bounds, ("tgt", number), ("p", clause.Parameter.Number)));
                }
            }

            if (!ofPatient && lists.Count > 0)
            {
                lists.AddRange(LongIntervals(bounds));
            }

            _drivers.Add(new SearchDriver(ofPatient ? SearchDriver.Compartment : SearchDriver.Reference, ListOrder.Date, lists));
        }
    }

    private IEnumerable<(string Type, long Number)> Targets(SearchClause clause)
    {
        foreach (var value in clause.Parsed.OfType<ReferenceValue>())
        {
            foreach (var type in value.Type is { } only ? [only] : clause.Parameter.Targets)
            {
                if (value.Id is not null && numbers.TryGetValue((type, value.Id), out var number))
                {
                    yield return (type, number);
                }
            }
        }
    }

    /// <summary>Intervals that began before the bounds of the short ones and reach into them.</summary>
    private IEnumerable<PostingList> LongIntervals(DateBounds shortOnes)
    {
        if (_date is null || shortOnes.From == long.MinValue)
        {
            yield break;
        }

        foreach (var (tier, longest) in Tiers.Skip(1))
        {
            var bounds = PrimaryBounds(longest);
            if (bounds.From < shortOnes.From)
            {
                yield return DateList(_date, tier, bounds with { To = Math.Min(bounds.To, shortOnes.From) });
            }
        }
    }

    private static readonly (short Tier, long Longest)[] Tiers =
    [
        (SearchParameter.DayTier, SearchParameter.DayUs),
        (SearchParameter.MonthTier, SearchParameter.MonthUs),
        (SearchParameter.LongTier, DateBounds.AnyLength),
    ];

    private void AddDates(SearchClause clause)
    {
        var parameter = clause.Parameter;
        if ((parameter.IsPrimaryDate && parameter.Indexing != SearchIndexing.Full) || clause.Parsed.OfType<DateValue>().Any(v => v.Prefix == DatePrefix.Ne))
        {
            return;
        }

        var lists = clause.Parsed.Count == 1
            ? Tiers.Select(t => DateList(parameter, t.Tier, DateBounds.Of(SingleValues(parameter), t.Longest)))
            : clause.Parsed.OfType<DateValue>().SelectMany(value => Tiers.Select(t => DateList(parameter, t.Tier, DateBounds.Of([value], t.Longest))));
        // A year of births or a day of visits is a better beginning than a family name or a status.
        var rank = DateBounds.Of(SingleValues(parameter), SearchParameter.DayUs).Length <= 400 * SearchParameter.DayUs ? SearchDriver.BoundedDate : SearchDriver.Date;
        _drivers.Add(new SearchDriver(rank, parameter.IsPrimaryDate ? ListOrder.Date : ListOrder.Value, [.. lists]));
    }

    private static PostingList DateList(SearchParameter parameter, short tier, DateBounds bounds) =>
        Dated(ListSql.Date, bounds, ("p", (short)(parameter.Number + tier)), ("hi", bounds.EndsAfter)) with { Parameter = (short)(parameter.Number + tier) };

    private static PostingList Dated(ListSql sql, DateBounds bounds, params (string, object)[] arguments) =>
        new(sql, Position.OfNumber(bounds.From, 0), Position.OfNumber(bounds.To, 0), arguments);

    private DateBounds PrimaryBounds(long longest) => _date is null ? DateBounds.All : DateBounds.Of(SingleValues(_date), longest);

    /// <summary>The date clauses on a parameter that have one value: all of them must hold.</summary>
    private IEnumerable<DateValue> SingleValues(SearchParameter parameter) =>
        query.Clauses.Where(c => c.Parameter == parameter && c.Modifier is null && c.Parsed.Count == 1).Select(c => c.Parsed[0]).OfType<DateValue>();

    private void AddText(SearchClause clause)
    {
        if (clause.Parameter.Form == SearchForm.Name)
        {
            foreach (var lists in NameLists.Choices(clause, _date is null ? [] : SingleValues(_date), hash))
            {
                _drivers.Add(lists);
            }

            return;
        }

        _drivers.Add(new SearchDriver(SearchDriver.Text, ListOrder.Text,
            [.. clause.Parsed.OfType<TextValue>().Where(v => v.Folded.Length > 0).Select(v => NameLists.Beginning(clause.Parameter.Number, v.Folded))]));
    }

    private void AddScans()
    {
        if (SearchSort.Of(query).Key == SearchSortKey.Name && SearchParameters.FindInternal(query.Type, "_name-full") is { } whole)
        {
            _drivers.Add(new SearchDriver(SearchDriver.Scan, ListOrder.Name, [new PostingList(ListSql.Text, EveryText.From, EveryText.To, ("p", whole.Number)) { Parameter = whole.Number }]));
        }

        var range = new PostingList(ListSql.Changes, Position.OfNumber(changes.From, 0), Position.OfNumber(changes.To, 0), ("type", _type));
        _drivers.Add(new SearchDriver(query.LastUpdated.Count > 0 ? SearchDriver.Changes : SearchDriver.Scan, ListOrder.Seq, [range]));
        _drivers.Add(new SearchDriver(SearchDriver.Scan, ListOrder.Id, [new PostingList(ListSql.Ids, EveryText.From, EveryText.To, ("type", _type))]));
    }
}
