using System.Collections.Frozen;
using Mach.Fhir.Search;

namespace Mach.FhirApi;

/// <summary>The resource types that this server answers for: those that the search data describe, and Binary, which is only read.</summary>
internal static class ServedTypes
{
    private const string Binary = "Binary";

    /// <summary>Pseudo-type under which the parameters of every type stand.</summary>
    public const string Common = "Resource";

    private static readonly FrozenSet<string> Set =
        SearchParameters.All.Select(p => p.Type).Where(t => t != Common).Append(Binary).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>In alphabetical order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Set.Order(StringComparer.Ordinal)];

    public static bool Contains(string type) => Set.Contains(type);
}
