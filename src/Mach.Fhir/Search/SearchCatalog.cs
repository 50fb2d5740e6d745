using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mach.Fhir.Search;

/// <summary>
/// The search parameters of a store: the standard's, from embedded data, and those that were added to it. Immutable; a store puts a new one in its place when a parameter comes or goes.
/// </summary>
/// <remarks>Source of codes and paths: http://hl7.org/fhir/R4/searchparameter-registry.html; of compartments: the five CompartmentDefinitions of R4 4.0.1 (http://hl7.org/fhir/R4/compartmentdefinition.html), kept in tools/compartments.json; a task belongs to its patient besides, as in R5.</remarks>
public sealed partial class SearchCatalog
{
    private readonly ConcurrentDictionary<string, IndexPlan> _plans = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IReadOnlyList<int>> _compartmentNumbers = new(StringComparer.Ordinal);
    private readonly SearchParameter[] _common;
    private readonly FrozenDictionary<string, IReadOnlyList<SearchParameter>> _byType;
    private readonly FrozenDictionary<(string, string), SearchParameter> _byCode, _internal;
    private readonly FrozenDictionary<string, SearchParameter> _primary;

    private SearchCatalog(SearchParameter[] every, FrozenDictionary<string, TypeKeys> types, FrozenDictionary<string, FrozenDictionary<string, string[]>> compartments)
    {
        if (every.Select(p => p.Number).Distinct().Count() != every.Length)
        {
            throw new InvalidOperationException("A number of a search parameter is used twice.");
        }

        var open = every.Where(p => !p.IsInternal).ToArray();
        _common = [.. open.Where(p => p.Type == Common)];
        (Every, Types, Compartments) = (every, types, compartments);
        All = open;
        _byType = open.GroupBy(p => p.Type).Where(g => g.Key != Common)
            .ToFrozenDictionary(g => g.Key, g => (IReadOnlyList<SearchParameter>)[.. g, .. _common], StringComparer.Ordinal);
        _byCode = open.ToFrozenDictionary(p => (p.Type, p.Code));
        _internal = every.Where(p => p.IsInternal).ToFrozenDictionary(p => (p.Type, p.Code));
        foreach (var composite in every.Where(p => p.Kind == SearchKind.Composite))
        {
            foreach (var component in composite.Components)
            {
                component.Parameter = Find(composite.Type, component.Code) ?? throw new InvalidOperationException($"{composite.Type}.{composite.Code} has an unknown part '{component.Code}'.");
            }
        }

        _primary = every.Where(p => p.IsPrimaryDate).ToFrozenDictionary(p => p.Type, StringComparer.Ordinal);
    }

    /// <summary>The type under which the parameters of every type stand.</summary>
    public const string Common = "Resource";

    /// <summary>What R4 defines.</summary>
    public static SearchCatalog Standard { get; } = Load();

    /// <summary>All parameters that a query may name; those of every type ("_source" …) stand under the type "Resource".</summary>
    public IReadOnlyList<SearchParameter> All { get; }

    /// <summary>The parameters of a type, with those of every type; only the latter for a type without its own.</summary>
    public IReadOnlyList<SearchParameter> ForType(string type) => _byType.GetValueOrDefault(type, _common);

    public SearchParameter? Find(string type, string code) => _byCode.GetValueOrDefault((type, code)) ?? _byCode.GetValueOrDefault((Common, code));

    /// <summary>The reference parameters by which a resource of a type belongs to a compartment; null when it never does.</summary>
    public IReadOnlyList<SearchParameter>? Compartment(string compartment, string type) =>
        Compartments.TryGetValue(compartment, out var types) && types.TryGetValue(type, out var codes) ? [.. codes.Select(code => Find(type, code)!)] : null;

    /// <summary>Numbers of the parameters by which a resource of any type belongs to such a compartment; empty for an unknown compartment.</summary>
    public IReadOnlyList<int> CompartmentNumbers(string compartment) => _compartmentNumbers.GetOrAdd(compartment, name => !Compartments.TryGetValue(name, out var types) ? []
        : [.. types.Keys.SelectMany(type => Compartment(name, type) ?? []).Select(p => (int)p.Number).Distinct()]);

    /// <summary>Types whose resources define compartments.</summary>
    public IEnumerable<string> CompartmentTypes => Compartments.Keys;

    /// <summary>The same with further parameters. A code that the standard has for the type stays the standard's.</summary>
    /// <param name="ready">Their rows are complete: they can be asked for.</param>
    /// <param name="building">Their rows are written, but not complete yet: asking is refused.</param>
    public SearchCatalog With(IReadOnlyCollection<SearchParameter> ready, IReadOnlyCollection<SearchParameter> building)
    {
        var added = ready.Concat(building).Where(p => Standard.Find(p.Type, p.Code) is null).DistinctBy(p => (p.Type, p.Code)).ToArray();
        var pending = building.Select(p => (p.Type, p.Code)).ToFrozenSet();
        return new SearchCatalog([.. Standard.Every, .. added], Types, Compartments) { Pending = pending };
    }

    /// <summary>Parameters whose rows are not complete yet.</summary>
    public IReadOnlySet<(string Type, string Code)> Pending { get; private init; } = FrozenSet<(string, string)>.Empty;

    /// <summary>A parameter of our own rows, such as Patient._name-pair; null when the type has none.</summary>
    internal SearchParameter? FindInternal(string type, string code) => _internal.GetValueOrDefault((type, code));

    /// <summary>The parameter whose start is the type's date, or null.</summary>
    internal SearchParameter? PrimaryDate(string type) => _primary.GetValueOrDefault(type);

    internal IndexPlan Plan(string type) => _plans.TryGetValue(type, out var plan) ? plan : _plans.GetOrAdd(type, t => IndexPlan.Compile(this, t));

    internal SearchParameter[] Every { get; }

    internal FrozenDictionary<string, TypeKeys> Types { get; }

    internal FrozenDictionary<string, FrozenDictionary<string, string[]>> Compartments { get; }

    /// <summary>Where the keys of a type's head come from.</summary>
    /// <param name="Dates">Paths of the clinical date; the first that gives one wins.</param>
    /// <param name="Organization">Paths of the Organization reference that answers for the resource.</param>
    internal sealed record TypeKeys(IReadOnlyList<string> Dates, IReadOnlyList<string> Organization);

    private static SearchCatalog Load()
    {
        using var stream = typeof(SearchCatalog).Assembly.GetManifestResourceStream("search-parameters.json")
            ?? throw new InvalidOperationException("search-parameters.json is not embedded.");
        var file = JsonSerializer.Deserialize(stream, FileContext.Default.DataFile)
            ?? throw new InvalidOperationException("search-parameters.json is empty.");
        var every = file.Common.Select(row => row.ToParameter(Common, null))
            .Concat(file.Types.SelectMany(t => t.Value.Parameters.Select(row => row.ToParameter(t.Key, t.Value.Primary))));
        return new SearchCatalog(
            [.. every],
            file.Types.ToFrozenDictionary(t => t.Key, t => new TypeKeys(DatesOf(t.Value), t.Value.Organization), StringComparer.Ordinal),
            file.Compartments.ToFrozenDictionary(c => c.Key, c => c.Value.ToFrozenDictionary(StringComparer.Ordinal), StringComparer.Ordinal));
    }

    /// <summary>What the primary date parameter looks at comes first, so that its rows start at the date in the other rows' keys.</summary>
    private static string[] DatesOf(TypeRow type) =>
        [.. type.Parameters.Where(p => p.Code == type.Primary).SelectMany(p => p.Paths).Concat(type.Dates).Distinct()];

    internal sealed record DataFile(string About, ParameterRow[] Common, Dictionary<string, TypeRow> Types, Dictionary<string, Dictionary<string, string[]>> Compartments);

    // Settable: generated readers give init-only properties that are missing null instead of their initial value.
    internal sealed record TypeRow
    {
        public string[] Dates { get; set; } = [];
        public string? Primary { get; set; }
        public string[] Organization { get; set; } = [];
        public ParameterRow[] Parameters { get; set; } = [];
    }

    internal sealed record ComponentRow(string Code, string[] Paths);

    internal sealed record ParameterRow
    {
        public short N { get; set; }
        public string Code { get; set; } = "";
        public SearchKind Kind { get; set; }
        public SearchIndexing Index { get; set; }
        public SearchForm Form { get; set; }
        public bool Internal { get; set; }
        public bool Canonical { get; set; }
        public bool Inline { get; set; }
        public bool Single { get; set; }
        public string[] Paths { get; set; } = [];
        public string[] Targets { get; set; } = [];
        public string[] Union { get; set; } = [];
        public ComponentRow[] Components { get; set; } = [];

        public SearchParameter ToParameter(string type, string? primary) => new(N, type, Code, Kind, Paths, Targets)
        {
            Indexing = Index,
            Form = Form,
            IsInternal = Internal,
            IsCanonical = Canonical,
            IsSingle = Single,
            Union = Union,
            Components = [.. Components.Select(c => new SearchComponent(c.Code, c.Paths))],
            IsPrimaryDate = Code == primary,
        };
    }

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        UseStringEnumConverter = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
    [JsonSerializable(typeof(DataFile))]
    private sealed partial class FileContext : JsonSerializerContext;
}
