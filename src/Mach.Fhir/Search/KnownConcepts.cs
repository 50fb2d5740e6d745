using Mach.Fhir.Definitions;

namespace Mach.Fhir.Search;

/// <summary>The concepts of value sets by address: what a search may name besides the specification's own sets.</summary>
public sealed class ConceptSets : Dictionary<string, IReadOnlySet<(string System, string Code)>>
{
    public ConceptSets()
        : base(StringComparer.Ordinal)
    {
    }
}

/// <summary>The value sets that ":in" and ":not-in" can name: those of the specification that are finite lists.</summary>
public static class KnownConcepts
{
    /// <summary>All concepts of a value set; null when it is not known or is not a finite list.</summary>
    public static IReadOnlySet<(string System, string Code)>? Of(string url) =>
        ValueSets.Find(url) is { } set ? set.Concepts.Select(c => (c.System, c.Code)).ToHashSet() : null;
}
