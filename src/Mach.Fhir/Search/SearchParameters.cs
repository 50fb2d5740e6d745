using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mach.Fhir.Search;

/// <summary>The parameters that exist now, embedded as data.</summary>
/// <remarks>Source of codes and paths: http://hl7.org/fhir/R4/searchparameter-registry.html.</remarks>
public static partial class SearchParameters
{
    private static readonly Definitions Loaded = Load();

    /// <summary>All parameters that a query may name; those of every type ("_source" …) stand under the type "Resource".</summary>
    public static IReadOnlyList<SearchParameter> All => Loaded.All;

    /// <summary>The parameters of a type, with those of every type; only the latter for a type without its own.</summary>
    public static IReadOnlyList<SearchParameter> ForType(string type) => Loaded.ByType.GetValueOrDefault(type, Loaded.Common);

    public static SearchParameter? Find(string type, string code) =>
        Loaded.ByCode.GetValueOrDefault((type, code)) ?? Loaded.ByCode.GetValueOrDefault(("Resource", code));

    /// <summary>A parameter of our own rows, such as Patient._name-pair; null when the type has none.</summary>
    internal static SearchParameter? FindInternal(string type, string code) => Loaded.Internal.GetValueOrDefault((type, code));

    /// <summary>The parameter whose start is the type's date, or null.</summary>
    internal static SearchParameter? PrimaryDate(string type) => Loaded.Primary.GetValueOrDefault(type);

    internal static IReadOnlyDictionary<string, TypeDefinition> Types => Loaded.Types;

    /// <summary>What the data file says about one type.</summary>
    internal sealed record TypeDefinition(IReadOnlyList<string> Dates, IReadOnlyList<string> Organization, IReadOnlyList<SearchParameter> Parameters);

    private sealed record Definitions(
        IReadOnlyList<SearchParameter> All,
        IReadOnlyList<SearchParameter> Common,
        FrozenDictionary<string, IReadOnlyList<SearchParameter>> ByType,
        FrozenDictionary<(string, string), SearchParameter> ByCode,
        FrozenDictionary<(string, string), SearchParameter> Internal,
        FrozenDictionary<string, SearchParameter> Primary,
        FrozenDictionary<string, TypeDefinition> Types);

    private static Definitions Load()
    {
        using var stream = typeof(SearchParameters).Assembly.GetManifestResourceStream("search-parameters.json")
            ?? throw new InvalidOperationException("search-parameters.json is not embedded.");
        var file = JsonSerializer.Deserialize(stream, FileContext.Default.DataFile)
            ?? throw new InvalidOperationException("search-parameters.json is empty.");
        var common = file.Common.Select(row => ToParameter("Resource", row, null)).ToArray();
        var types = file.Types.ToFrozenDictionary(
            t => t.Key,
            t => new TypeDefinition(t.Value.Dates, t.Value.Organization, [.. t.Value.Parameters.Select(row => ToParameter(t.Key, row, t.Value.Primary))]),
            StringComparer.Ordinal);
        SearchParameter[] every = [.. common, .. types.Values.SelectMany(t => t.Parameters)];
        if (every.Select(p => p.Number).Distinct().Count() != every.Length)
        {
            throw new InvalidOperationException("search-parameters.json uses a number twice.");
        }

        return new Definitions(
            [.. every.Where(p => !p.IsInternal)],
            common,
            types.ToFrozenDictionary(t => t.Key, t => (IReadOnlyList<SearchParameter>)[.. t.Value.Parameters.Where(p => !p.IsInternal), .. common], StringComparer.Ordinal),
            every.Where(p => !p.IsInternal).ToFrozenDictionary(p => (p.Type, p.Code)),
            every.Where(p => p.IsInternal).ToFrozenDictionary(p => (p.Type, p.Code)),
            every.Where(p => p.IsPrimaryDate).ToFrozenDictionary(p => p.Type, StringComparer.Ordinal),
            types);
    }

    private static SearchParameter ToParameter(string type, ParameterRow row, string? primary) =>
        new(row.N, type, row.Code, row.Kind, row.Paths, row.Targets)
        {
            Indexing = row.Index,
            Form = row.Form,
            IsInternal = row.Internal,
            IsPrimaryDate = row.Code == primary,
        };

    internal sealed record DataFile(string About, ParameterRow[] Common, Dictionary<string, TypeRow> Types);

    // Settable: generated readers give init-only properties that are missing null instead of their initial value.
    internal sealed record TypeRow
    {
        public string[] Dates { get; set; } = [];
        public string? Primary { get; set; }
        public string[] Organization { get; set; } = [];
        public ParameterRow[] Parameters { get; set; } = [];
    }

    internal sealed record ParameterRow
    {
        public short N { get; set; }
        public string Code { get; set; } = "";
        public SearchKind Kind { get; set; }
        public SearchIndexing Index { get; set; }
        public SearchForm Form { get; set; }
        public bool Internal { get; set; }
        public string[] Paths { get; set; } = [];
        public string[] Targets { get; set; } = [];
    }

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        UseStringEnumConverter = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
    [JsonSerializable(typeof(DataFile))]
    private sealed partial class FileContext : JsonSerializerContext;
}
