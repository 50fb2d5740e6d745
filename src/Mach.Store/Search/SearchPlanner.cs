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
    private readonly SearchParameter? _date = query.Catalog.PrimaryDate(query.Type);
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

        var clauses = query.Clauses.Where(ClauseKeys.CanDrive).SelectMany(ClauseKeys.Implied).Where(c => ClauseKeys.Rows(query, c) is not null).ToList();
        AddTokens(clauses);
        AddReferences(clauses.Where(c => c.Parameter.Kind == SearchKind.Reference && ClauseKeys.IsLocal(c)));
        foreach (var clause in clauses)
        {
            switch (clause.Parameter.Kind)
            {
                case SearchKind.String:
                    AddText(clause);
                    break;
                case SearchKind.Uri:
                    AddUris(clause);
                    break;
                case SearchKind.Date:
                    AddDates(clause);
                    break;
                case SearchKind.Quantity or SearchKind.Number:
                    AddNumbers(clause);
                    break;
            }
        }

        AddScans();
        return _drivers;
    }

    /// <summary>Hashes of the token clause that narrows most: every answer has a row of one of them. Empty when the query has no such clause.</summary>
    public static IReadOnlyList<long> HashesOfEvery(SearchQuery query, Func<short, string, long> hash)
    {
        var best = query.Clauses
            .Where(c => ClauseKeys.CanDrive(c) && c.Parameter.Kind == SearchKind.Token)
            .Select(c => (Clause: c, Keys: ClauseKeys.Tokens(query, c)))
            .Where(c => c.Keys is { Count: > 0 })
            .OrderByDescending(c => c.Clause.Parameter.Indexing == SearchIndexing.Full)
            .FirstOrDefault();
        return best.Keys is null ? [] : [.. best.Keys.Select(key => hash(key.Parameter, key.Key))];
    }

    private void AddTokens(List<SearchClause> clauses)
    {
        var tokens = clauses.Select(c => (Clause: c, Keys: ClauseKeys.Tokens(query, c))).Where(c => c.Keys is not null).ToList();
        foreach (var (clause, keys) in tokens.Where(c => c.Clause.Parameter.Indexing == SearchIndexing.Full || c.Clause.Parameter.Form == SearchForm.Phone))
        {
            _drivers.Add(new SearchDriver(SearchDriver.Identifier, ListOrder.Owner, TokenLists(keys!)));
        }

        var patients = clauses.Where(IsOfOnePatient).Select(c => Targets(c).Select(t => t.Number).Distinct().ToList()).FirstOrDefault();
        foreach (var (_, keys) in patients is null ? [] : tokens)
        {
            var bounds = PrimaryBounds(DateBounds.AnyLength);
            var lists = patients!.SelectMany(pk => keys!.Select(key => Dated(ListSql.PatientToken, bounds, ("h", hash(key.Parameter, key.Key)), ("pk", pk))));
            _drivers.Add(new SearchDriver(SearchDriver.PatientToken, ListOrder.Date, [.. lists]));
        }

        foreach (var (_, keys) in tokens)
        {
            _drivers.Add(new SearchDriver(SearchDriver.Token, ListOrder.Owner, TokenLists(keys!)));
        }
    }

    private List<PostingList> TokenLists(IReadOnlyList<(short Parameter, string Key)> keys) =>
        [.. keys.Select(key => new PostingList(ListSql.Token, LowestNumber, HighestNumber, ("h", hash(key.Parameter, key.Key))))];

    /// <summary>The clause names the patient whose compartment holds the resource, and no other: only then do all its rows carry that patient's key.</summary>
    private bool IsOfOnePatient(SearchClause clause) =>
        clause is { Parameter.Kind: SearchKind.Reference, Modifier: null, Alternatives.Count: 0 }
        && query.Catalog.Find(query.Type, "patient") is { IsSingle: true, Paths: [var path] }
        && clause.Parameter.Paths is [var own] && own == path
        && clause.Parsed.All(value => value is ReferenceValue { Type: "Patient", Id: not null });

    private void AddReferences(IEnumerable<SearchClause> clauses)
    {
        foreach (var clause in clauses)
        {
            var ofPatient = IsOfOnePatient(clause);
            var bounds = PrimaryBounds(ofPatient ? DateBounds.AnyLength : SearchParameter.DayUs);
            var lists = new List<PostingList>();
            foreach (var (type, number) in Targets(clause).Distinct())
            {
                // The own patient is in the key of the compartment and has no reference row.
                if (type == "Patient")
                {
                    lists.Add(Dated(ListSql.Compartment, bounds, ("pk", number), ("type", _type)));
                }

                if (!ofPatient)
                {
                    lists.AddRange(clause.Parameters.Select(parameter => Dated(ListSql.Reference, bounds, ("tgt", number), ("p", parameter.Number))));
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
        if (clause.Parsed.OfType<DateValue>().Any(v => v.Prefix == DatePrefix.Ne))
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
        Dated(ListSql.Date, bounds, ("p", (short)(parameter.Number + tier)), ("hi", bounds.EndsAfter)) with { Parameter = (short)(parameter.Number + tier), Source = parameter };

    private static PostingList Dated(ListSql sql, DateBounds bounds, params (string, object)[] arguments) =>
        new(sql, Position.OfNumber(bounds.From, 0), Position.OfNumber(bounds.To, 0), arguments);

    private DateBounds PrimaryBounds(long longest) => _date is null ? DateBounds.All : DateBounds.Of(SingleValues(_date), longest);

    /// <summary>The date clauses on a parameter that have one value: all of them must hold.</summary>
    private IEnumerable<DateValue> SingleValues(SearchParameter parameter) =>
        query.Clauses.Where(c => c.Parameter == parameter && c.Modifier is null && c.Parsed.Count == 1).Select(c => c.Parsed[0]).OfType<DateValue>();

    private void AddText(SearchClause clause)
    {
        if (clause.Parsed.OfType<TextValue>().Any(value => value.Folded.Length == 0))
        {
            return;
        }

        var parameter = ClauseKeys.Rows(query, clause)![0];
        if (parameter.Form != SearchForm.Plain)
        {
            foreach (var lists in NameLists.Choices(query, clause, parameter, _date is null ? [] : SingleValues(_date), hash))
            {
                _drivers.Add(lists);
            }

            return;
        }

        _drivers.Add(new SearchDriver(SearchDriver.Text, ListOrder.Text, [.. clause.Parsed.OfType<TextValue>().Select(v => NameLists.Beginning(parameter, v.Folded))]));
    }

    private void AddUris(SearchClause clause)
    {
        var lists = new List<PostingList>();
        foreach (var value in clause.Parsed.OfType<TextValue>())
        {
            foreach (var (text, whole) in ClauseKeys.Uris(value.Plain, clause.Modifier))
            {
                lists.Add(NameLists.Range(clause.Parameter, SearchText.CutUri(text), whole ? "\u0001" : SearchText.Last));
            }
        }

        if (lists.Count <= MaxLists)
        {
            _drivers.Add(new SearchDriver(SearchDriver.Text, ListOrder.Text, lists));
        }
    }

    private const int MaxLists = 256;

    private void AddNumbers(SearchClause clause)
    {
        var lists = new List<PostingList>();
        foreach (var value in clause.Parsed.OfType<QuantityValue>())
        {
            if (value.Prefix == DatePrefix.Ne)
            {
                return;
            }

            foreach (var parameter in ClauseKeys.Rows(query, clause)!)
            {
                lists.AddRange(NumberRange.ListsOf(parameter, value, hash));
            }
        }

        _drivers.Add(new SearchDriver(SearchDriver.Number, ListOrder.Number, lists));
    }

    private void AddScans()
    {
        if (SearchSort.Single(query)?.Key == SearchSortKey.Name && query.Catalog.FindInternal(query.Type, "_name-full") is { } whole)
        {
            _drivers.Add(new SearchDriver(SearchDriver.Scan, ListOrder.Name, [new PostingList(ListSql.Text, EveryText.From, EveryText.To, ("p", whole.Number)) { Parameter = whole.Number }]));
        }

        if (SearchSort.Single(query)?.Key == SearchSortKey.Date)
        {
            var tiers = Tiers.Select(t => t.Tier).Append(SearchParameter.NoDateTier);
            _drivers.Add(new SearchDriver(SearchDriver.Scan, ListOrder.Date, [.. tiers.Select(tier => DateList(_date!, tier, DateBounds.All))]));
        }

        var range = new PostingList(ListSql.Changes, Position.OfNumber(changes.From, 0), Position.OfNumber(changes.To, 0), ("type", _type));
        _drivers.Add(new SearchDriver(query.LastUpdated.Count > 0 ? SearchDriver.Changes : SearchDriver.Scan, ListOrder.Seq, [range]));
        _drivers.Add(new SearchDriver(SearchDriver.Scan, ListOrder.Id, [new PostingList(ListSql.Ids, EveryText.From, EveryText.To, ("type", _type))]));
    }
}
