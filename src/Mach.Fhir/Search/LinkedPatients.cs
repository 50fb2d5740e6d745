namespace Mach.Fhir.Search;

/// <summary>For each Patient that a search names with ":mdm": the ids of all records of that person, the named one among them.</summary>
/// <remarks>The modifier is the one that HAPI FHIR made known: https://hapifhir.io/hapi-fhir/docs/server_jpa_mdm/mdm_expansion.html.</remarks>
public sealed class LinkedPatients : Dictionary<string, IReadOnlyList<string>>
{
    /// <summary>Behind a reference parameter or the _id of Patient: all records of the person, not the one that is named.</summary>
    public const string Modifier = "mdm";

    public LinkedPatients()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>The modifier can stand behind this parameter: what it refers to may be a Patient.</summary>
    public static bool Fits(SearchParameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter is { Kind: SearchKind.Reference, IsCanonical: false } && (parameter.Targets.Count == 0 || parameter.Targets.Contains("Patient"));
    }

    /// <summary>Some of the decoded pairs of a search have the modifier.</summary>
    public static bool Asks(IEnumerable<KeyValuePair<string, string>> pairs) => pairs.Any(IsLinked);

    /// <summary>The Patients that such pairs name, each once; what is no Patient is left to the reading of the search, which refuses it.</summary>
    /// <param name="baseUrl">As of <see cref="SearchQuery.Parse"/>.</param>
    public static IReadOnlyList<string> Named(IEnumerable<KeyValuePair<string, string>> pairs, string? baseUrl) =>
        [.. pairs.Where(IsLinked).SelectMany(p => SearchValue.Split(p.Value, ',')).Select(v => IdOf(v, baseUrl)).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Of "id", "Patient/id" or the address of a Patient here; null for anything else.</summary>
    internal static string? IdOf(string value, string? baseUrl)
    {
        var text = baseUrl is not null && value.StartsWith(baseUrl + "/", StringComparison.Ordinal) ? value[(baseUrl.Length + 1)..] : value;
        return LocalReference.IsId(text) ? text : LocalReference.TryParse(text, out var type, out var id) && type == "Patient" ? id : null;
    }

    private static bool IsLinked(KeyValuePair<string, string> pair) => pair.Key.EndsWith(":" + Modifier, StringComparison.Ordinal);
}
