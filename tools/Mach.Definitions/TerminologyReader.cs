using System.Text.Json;
using static Mach.Definitions.SpecificationFiles;

namespace Mach.Definitions;

/// <summary>Reads the code systems and value sets that belong to R4.</summary>
internal static class TerminologyReader
{
    /// <summary>All code systems with content. Later releases and the package's own are left out.</summary>
    public static IReadOnlyList<CodeSystemModel> CodeSystems(SpecificationFiles files) =>
        [.. from resource in files.Terminology
            where Text(resource, "resourceType") == "CodeSystem" && !IsLater(resource)
            let concepts = Concepts(resource)
            where concepts.Count > 0 && Text(resource, "content") != "supplement"
            orderby Text(resource, "url")
            select new CodeSystemModel(Text(resource, "url")!, Text(resource, "name")!, Text(resource, "version"), Text(resource, "content") == "complete", concepts)];

    /// <summary>The value sets that can be written down code by code.</summary>
    public static IReadOnlyList<ValueSetModel> ValueSets(SpecificationFiles files, IReadOnlyList<CodeSystemModel> systems)
    {
        var sets = files.Terminology.Where(r => Text(r, "resourceType") == "ValueSet" && !IsLater(r)).GroupBy(r => Text(r, "url")!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var expander = new Expander(sets, systems.ToDictionary(s => s.Url, StringComparer.Ordinal));
        return [.. from set in sets
                   orderby set.Key
                   let members = expander.Expand(set.Key)
                   where members is { Count: > 0 }
                   select new ValueSetModel(set.Key, Text(set.Value, "name")!, Text(set.Value, "version"), members)];
    }

    /// <summary>HL7's own terminology of R4 has the release's version; what says 4.3.0 or 5.0.0 came later.</summary>
    private static bool IsLater(JsonElement resource) =>
        Text(resource, "url") is not { } url || (url.StartsWith("http://hl7.org/fhir/", StringComparison.Ordinal) && Text(resource, "version") is "4.3.0" or "5.0.0");

    private static List<ConceptModel> Concepts(JsonElement system)
    {
        var concepts = new List<ConceptModel>();
        void Add(JsonElement owner, int parent)
        {
            foreach (var concept in Items(owner, "concept"))
            {
                var own = parent >= 0 ? parent : StatedParent(concept);
                var at = concepts.Count;
                var display = Text(concept, "display");
                var definition = Text(concept, "definition");
                concepts.Add(new ConceptModel(Text(concept, "code")!, display, definition == display ? null : definition, own));
                Add(concept, at);
            }
        }

        // Some code systems state their hierarchy in a property instead of nesting.
        int StatedParent(JsonElement concept) =>
            Items(concept, "property").Where(p => Text(p, "code") is "parent" or "subsumedBy").Select(p => Text(p, "valueCode")).Where(c => c is not null).Select(c => concepts.FindIndex(x => x.Code == c)).DefaultIfEmpty(-1).First();

        Add(system, -1);
        return concepts;
    }
}
