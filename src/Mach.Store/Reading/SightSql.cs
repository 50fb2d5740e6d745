using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.Json;
using Dapper;
using Mach.Data;
using Mach.Fhir.Labels;
using Mach.Fhir.Search;
using Mach.Kernel;
using Mach.Store.Search;
using Mach.Store.Writing;

namespace Mach.Store.Reading;

/// <summary>
/// A <see cref="Sight"/> as a condition on the heads (alias r), put where a statement says <c>{sight}</c>. There are a handful of texts,
/// whoever asks; what differs between callers are parameters.
/// </summary>
internal sealed class SightSql
{
    public const string Token = "{sight}";

    /// <summary>What belongs to no person and says nothing of one: everybody may see it.</summary>
    private static readonly string[] Open =
    [
        "ActivityDefinition", "CapabilityStatement", "CatalogEntry", "ChargeItemDefinition", "CodeSystem", "CompartmentDefinition", "ConceptMap", "DeviceDefinition", "Endpoint",
        "EventDefinition", "GraphDefinition", "HealthcareService", "ImplementationGuide", "InsurancePlan", "Library", "Location", "Measure", "Medication", "MedicationKnowledge",
        "NamingSystem", "ObservationDefinition", "OperationDefinition", "Organization", "OrganizationAffiliation", "PlanDefinition", "Practitioner", "PractitionerRole", "Questionnaire",
        "Schedule", "SearchParameter", "Slot", "SpecimenDefinition", "StructureDefinition", "StructureMap", "Substance", "SubstanceSpecification", "TerminologyCapabilities", "ValueSet",
    ];

    internal static readonly string OpenTypes = Numbers(Open);

    /// <summary>44 is Encounter and 103 Patient, written out so that the partial indexes serve.</summary>
    private const string NotConfidential = " AND NOT EXISTS(SELECT 1 FROM res o WHERE o.pk=r.pk AND o.type=103 AND o.lab>=32 AND (o.lab & 32)<>0)";

    private readonly Sight _sight;
    private readonly NarrowingSql? _narrowing;
    private readonly Conditions _conditions;
    private readonly List<long> _organizations;

    private static readonly ConcurrentDictionary<Shape, Conditions> Shapes = new();

    /// <param name="Whole">Exactly what is shown.</param>
    /// <param name="Plain">Some of it, for little: whom nobody has to ask about anything. Null where that is no less work.</param>
    private sealed record Conditions(string Whole, string? Plain)
    {
        public ConcurrentDictionary<(DbEngine Engine, string Portable, bool IsPlain), string> Texts { get; } = new();
    }

    /// <summary>All that the text of a condition depends on; what else differs between callers are parameters.</summary>
    private readonly record struct Shape(
        bool IsEverything, bool HidesConfidential, bool SameHere, bool IsEveryone, string Types, int Organizations, bool HasPersons, bool ActsForSomebody, bool CountsVisits, TieKinds Ties, bool CountsWards, bool CountsTeam, bool CountsConsents, bool IsByLaw, bool IsTrusted, string Narrowing);

    /// <param name="hash">Of a key of a search parameter.</param>
    public SightSql(Sight sight, Func<SearchCatalog> catalog, Func<short, string, long> hash)
    {
        _sight = sight;
        IsEverything = sight.IsEverything;
        _organizations = [.. sight.Facilities.Select(BodyKeys.OrganizationNumber).Where(n => n != 0).Select(n => (long)n)];
        _narrowing = sight.Narrowing is { } narrowing ? new NarrowingSql(narrowing, catalog(), hash, OpenTypes, Of) : null;
        _conditions = Shapes.GetOrAdd(new Shape(
            IsEverything, (sight.Hidden & DataLabels.Confidential) != 0, sight.Hidden == sight.HiddenHere, sight.IsEveryone, string.Join(' ', sight.EveryoneTypes), Math.Min(_organizations.Count, 2),
            HasPersons, ActsForSomebody, sight.CountsVisits, sight.Ties, CountsWards, CountsTeam, sight.CountsConsents, sight.IsByLaw, sight.IsTrusted, _narrowing?.Condition ?? ""),
            static (_, me) => new Conditions((me._sight.IsTrusted ? "" : me.Condition()) + me._narrowing?.Condition, me.Plain() is { } plain ? plain + me._narrowing?.Condition : null), this);
    }

    public bool IsEverything { get; }

    /// <summary>A connection on which the database itself shows no more than the relationships of this sight.</summary>
    public ValueTask<DbConnection> OpenAsync(Db db, CancellationToken ct) =>
        !IsWalled(db) ? db.OpenAsync(ct) : db.OpenBehindWallAsync(_wall ??= SecondWall.Of(_sight, _organizations), ct);

    /// <summary>Whether the database has to know who asks: then only a connection of that caller's may be asked.</summary>
    public bool IsWalled(Db db) => db.HasWall && !_sight.IsTrusted;

    /// <summary>As <see cref="Db.AskAsync"/>, behind the same wall as <see cref="OpenAsync"/>.</summary>
    public async Task<T> AskAsync<T>(Db db, BriefStatement statement, Func<DbDataReader, Task<T>> read, CancellationToken ct)
    {
        if (!IsWalled(db))
        {
            return await db.AskAsync(statement, read, ct).ConfigureAwait(false);
        }

        await using var connection = await OpenAsync(db, ct).ConfigureAwait(false);
        return await statement.RunAsync(connection, read, ct).ConfigureAwait(false);
    }

    private Wall? _wall;

    /// <summary>Statements let through more than is shown: each body has to be looked at (<see cref="Shows"/>), and no statement counts.</summary>
    public bool LooksAtBodies => _narrowing is { LooksAtBodies: true };

    /// <summary>True when a head or version that a statement let through is shown, for what stands in it.</summary>
    public bool Shows(StoredResource resource) =>
        _narrowing is null || _narrowing.Shows(resource.Type, resource.Body, Instants.ToMicroseconds(resource.LastUpdated));

    private bool HasPersons => _sight.Persons.Count > 0;

    private bool ActsForSomebody => _sight.ActsFor.Count > 0;

    private string Here => _organizations.Count switch { 0 => "=-1", 1 => "=@sight_org", _ => " {longs:sight_orgs}" };

    private string Condition()
    {
        var confidential = (_sight.Hidden & DataLabels.Confidential) != 0;
        var own = Labels + (confidential ? NotConfidential : "") + NotDenied + (_sight.IsEveryone ? "" : Related(Numbers(_sight.EveryoneTypes)));
        if (HasPersons || ActsForSomebody)
        {
            return $" AND ({(HasPersons ? Of("sight_persons") + " OR " : "")}{(ActsForSomebody ? $"(({Of("sight_acts_for")}) AND (r.lab & @sight_proxy)=0) OR " : "")}({own}))";
        }

        return " AND " + own;
    }

    /// <summary>
    /// True of most heads that a doctor asks for, and only of what the whole condition shows: no delicate label, no linked record, no decision of the person, and a
    /// visit here. A statement with it costs a fraction of one with all the exceptions; what it leaves out is asked for again with the whole.
    /// </summary>
    private string? Plain() => _sight.IsTrusted || !(_sight.IsEveryone || (_sight.CountsVisits && _organizations.Count > 0)) ? null
        : $" AND {PlainLabels}{((_sight.Hidden & DataLabels.Confidential) != 0 ? NotConfidential : "")} AND NOT EXISTS(SELECT 1 FROM consent c WHERE c.pk=r.pk) AND NOT EXISTS(SELECT 1 FROM person l WHERE l.pk=r.pk)"
        + (_sight.IsEveryone ? "" : $" AND EXISTS({OfThis("res o", VisitHere)})");

    private string PlainLabels => $"(r.lab & CASE WHEN r.org{Here} THEN @sight_here ELSE @sight_away END)=0";

    /// <summary>Without a facility there is no "here"; the parameter stays in the text all the same. A person may let others see as if they had written it themselves.</summary>
    private string Labels
    {
        get
        {
            return _sight.Hidden == _sight.HiddenHere ? PlainLabels : $"({PlainLabels} OR ((r.lab & @sight_here)=0 AND {Some("consent c", $"c.deny=0 AND c.lab<>0 AND (r.lab & @sight_away & ~c.lab)=0 AND {Speaks("c", denies: false)}")}))";
        }
    }

    /// <summary>
    /// The person to whom a head belongs has such a row, under this record or another one of that person (table person). Two questions rather than one over a list of records:
    /// so each is answered by its index, however many rows there are.
    /// </summary>
    /// <param name="table">Name and alias of one letter.</param>
    private static string Some(string table, string where) => $"(EXISTS({OfThis(table, where)}) OR EXISTS({OfLinked(table, where)}))";

    private static string None(string table, string where) => $" AND NOT EXISTS({OfThis(table, where)}) AND NOT EXISTS({OfLinked(table, where)})";

    private static string OfThis(string table, string where) => $"SELECT 1 FROM {table} WHERE {table[^1]}.pk=r.pk AND {where}";

    private static string OfLinked(string table, string where) => $"SELECT 1 FROM person l JOIN person k ON k.grp=l.grp AND k.pk<>l.pk JOIN {table} ON {table[^1]}.pk=k.pk WHERE l.pk=r.pk AND {where}";

    /// <summary>No decision of the person stands against it: none denies, or a deeper provision of the same Consent permits.</summary>
    private string NotDenied => None("consent c", $"c.deny=1 AND {Speaks("c", denies: true)}"
        + $" AND NOT EXISTS(SELECT 1 FROM consent e WHERE e.rid=c.rid AND e.deny=0 AND e.depth>c.depth AND {Speaks("e", denies: false)})");

    /// <summary>
    /// A rule is in force, is about this caller, and speaks of this head. What a facility wrote itself stays open to it (it has to keep it), unless the rule names a
    /// practitioner; who the person is (103 is Patient) stays open unless the rule names the type, and is open with whatever is permitted.
    /// </summary>
    private string Speaks(string c, bool denies)
    {
        var caller = $"{c}.since<=@sight_now AND {c}.until>@sight_now AND ({c}.fac=0 OR {c}.fac{Here}) AND ({c}.who IS NULL OR {c}.who=@sight_who)"
            + (denies && _sight.IsByLaw ? $" AND ({c}.why & @sight_why)<>0" : $" AND ({c}.why=0 OR ({c}.why & @sight_why)<>0)");
        var piece = $"({c}.lab=0 OR ({c}.lab & r.lab)<>0) AND r.dt>={c}.dlo AND r.dt<{c}.dhi";
        return denies
            ? $"{caller} AND {piece} AND ({c}.type=r.type OR ({c}.type=0 AND r.type<>103)) AND ({c}.who IS NOT NULL OR NOT r.org{Here})"
            : $"{caller} AND (r.type=103 OR ({piece} AND ({c}.type=0 OR {c}.type=r.type)))";
    }

    private string VisitHere => $"o.org{Here} AND o.dt>=@sight_since AND o.type=44 AND o.del=0";

    /// <summary>Ties that the policy counts; those of a ward or a practitioner only where the caller has one.</summary>
    private string Tied
    {
        get
        {
            var facilities = (int)(_sight.Ties & (TieKinds.Referral | TieKinds.Registration));
            List<string> ways = [];
            if (facilities != 0 && _organizations.Count > 0)
            {
                ways.Add($"((t.kind & {facilities})<>0 AND t.fac{Here})");
            }

            if (CountsWards)
            {
                ways.Add("(t.kind=4 AND t.other {in:sight_wards})");
            }

            if (CountsTeam)
            {
                ways.Add("(t.kind=8 AND t.other=@sight_who)");
            }

            return ways.Count == 0 ? "" : " OR " + Some("tie t", $"t.at>=@sight_tied AND ({string.Join(" OR ", ways)})");
        }
    }

    private bool CountsWards => (_sight.Ties & TieKinds.Ward) != 0 && _sight.Wards.Count > 0;

    private bool CountsTeam => (_sight.Ties & TieKinds.Team) != 0 && _sight.Practitioner is not null;

    /// <summary>
    /// What is told by the type comes first, since it costs nothing. Records that are linked are one person's: a visit in any of them counts for all. The base
    /// permission of a person (depth 0) opens to whom it names; a permission within a denial only takes the denial back.
    /// </summary>
    private string Related(string wide) => $" AND ({(wide.Length > 0 ? $"r.type IN ({wide}) OR " : "")}(r.pk=r.rid AND r.type<>103 AND (r.type IN ({OpenTypes}) OR r.org{Here}))"
        + (_sight.CountsVisits ? " OR " + Some("res o", VisitHere) : "")
        + Tied
        + (_sight.CountsConsents ? " OR " + Some("consent c", $"c.deny=0 AND c.depth=0 AND {Speaks("c", denies: false)}") : "") + ")";

    private static string Of(string parameter) =>
        $"r.pk IN (SELECT o.rid FROM res o WHERE o.type=103 AND o.fid {{in:{parameter}}}) OR r.pk IN (SELECT k.pk FROM res o JOIN person l ON l.pk=o.rid JOIN person k ON k.grp=l.grp WHERE o.type=103 AND o.fid {{in:{parameter}}})";

    /// <summary>Written out: they are the policy's, not the caller's, so that the texts stay few.</summary>
    private static string Numbers(IEnumerable<string> types) => string.Join(',', types.Select(type => ResourceTypes.Number(type)).Order());

    /// <summary>Whether <see cref="ApplyPlain"/> is worth a statement of its own.</summary>
    public bool HasPlain => _conditions.Plain is not null;

    /// <summary>The statement with the condition in the place of <see cref="Token"/>, dialect and all.</summary>
    public string Apply(Db db, string portable) => Text(db, portable, isPlain: false);

    /// <summary>The same for less, showing some of it; what is missing in the answer has to be asked for with <see cref="Apply"/>.</summary>
    public string ApplyPlain(Db db, string portable) => Text(db, portable, isPlain: true);

    private string Text(Db db, string portable, bool isPlain)
    {
        if (!_conditions.Texts.TryGetValue((db.Engine, portable, isPlain), out var text))
        {
            text = portable.Contains(Token, StringComparison.Ordinal)
                ? db.Sql(portable.Replace(Token, isPlain ? _conditions.Plain : _conditions.Whole, StringComparison.Ordinal))
                : throw new InvalidOperationException("A statement that reads the record does not say where the sight of the caller stands.");
            _conditions.Texts[(db.Engine, portable, isPlain)] = text;
        }

        return text;
    }

    /// <summary>Adds what the condition refers to; for <see cref="ApplyPlain"/> no more than that.</summary>
    public void Bind(Db db, DbCommand command, bool isPlain = false)
    {
        foreach (var (name, value) in Parameters(db, isPlain))
        {
            command.With(name, value);
        }
    }

    /// <inheritdoc cref="Bind(Db, DbCommand, bool)"/>
    public void Bind(Db db, BriefStatement statement, bool isPlain = false)
    {
        foreach (var (name, value) in Parameters(db, isPlain))
        {
            statement.With(name, value);
        }
    }

    /// <summary>The same for a statement with its parameters as an object.</summary>
    public object With(Db db, object parameters)
    {
        if (IsEverything)
        {
            return parameters;
        }

        var all = new DynamicParameters(parameters);
        foreach (var (name, value) in Parameters(db, isPlain: false))
        {
            all.Add(name, value);
        }

        return all;
    }

    private IEnumerable<(string Name, object Value)> Parameters(Db db, bool isPlain)
    {
        if (IsEverything)
        {
            yield break;
        }

        foreach (var (name, hashes) in _narrowing?.Hashes ?? [])
        {
            yield return (name, Longs(db, hashes));
        }

        if (_narrowing?.Patient is { } patient)
        {
            yield return ("narrow_patient", JsonSerializer.Serialize<string[]>([patient]));
        }

        if (_sight.IsTrusted)
        {
            yield break;
        }

        yield return ("sight_here", (int)_sight.HiddenHere);
        yield return ("sight_away", (int)_sight.Hidden);
        if (_organizations.Count == 1)
        {
            yield return ("sight_org", (int)_organizations[0]);
        }
        else if (_organizations.Count > 1)
        {
            yield return ("sight_orgs", Longs(db, _organizations));
        }

        if (_sight is { IsEveryone: false, CountsVisits: true })
        {
            yield return ("sight_since", Instants.ToMicroseconds(_sight.Since));
        }

        if (isPlain)
        {
            yield break;
        }

        yield return ("sight_now", Instants.ToMicroseconds(_sight.Now));
        yield return ("sight_who", _sight.Practitioner ?? "");
        yield return ("sight_why", (int)_sight.Purpose);
        if (HasPersons)
        {
            yield return ("sight_persons", JsonSerializer.Serialize(_sight.Persons));
        }

        if (ActsForSomebody)
        {
            yield return ("sight_acts_for", JsonSerializer.Serialize(_sight.ActsFor));
            yield return ("sight_proxy", (int)_sight.HiddenFromProxy);
        }

        if (_sight.IsEveryone)
        {
            yield break;
        }

        if (Tied.Length > 0)
        {
            yield return ("sight_tied", Instants.ToMicroseconds(_sight.TiedSince));
        }

        if (CountsWards)
        {
            yield return ("sight_wards", JsonSerializer.Serialize(_sight.Wards));
        }
    }

    /// <summary>An old version is hidden by its own labels too: what was delicate once does not become plain by a correction.</summary>
    /// <param name="body">Empty for a deletion.</param>
    public bool ShowsVersion(ReadOnlyMemory<byte> body)
    {
        if (_sight.IsTrusted || body.IsEmpty || (_sight.Hidden | _sight.HiddenHere) == DataLabels.None)
        {
            return true;
        }

        using var document = JsonDocument.Parse(body);
        return (Sensitivity.Of(document.RootElement) & (_sight.Hidden | _sight.HiddenHere)) == DataLabels.None;
    }

    private static object Longs(Db db, List<long> values) => db.Engine == DbEngine.Postgres ? values.ToArray() : JsonSerializer.Serialize(values);
}
