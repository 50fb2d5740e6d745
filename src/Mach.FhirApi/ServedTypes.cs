using Mach.Fhir.Search;

namespace Mach.FhirApi;

/// <summary>The resource types that this server answers for: all of R4 (http://hl7.org/fhir/R4/resourcelist.html).</summary>
internal static class ServedTypes
{
    /// <summary>Pseudo-type under which the parameters of every type stand.</summary>
    public const string Common = "Resource";

    /// <summary>In alphabetical order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. ResourceTypes.All.Order(StringComparer.Ordinal)];

    public static bool Contains(string type) => ResourceTypes.Exists(type);
}
