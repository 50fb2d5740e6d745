using Mach.Fhir.Search;

namespace Mach.FhirApi.Terminology;

/// <summary>The value sets that a search names with ":in" and ":not-in", written out before it is read: ICD-10, of which the specification has a sample only, and stored ValueSets; the specification's own are known to the search.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/search.html#token.</remarks>
internal static class NamedSets
{
    /// <summary>Null when the search names none.</summary>
    /// <exception cref="FhirProblem">400: not known here, or it cannot be written down.</exception>
    public static async Task<ConceptSets?> OfAsync(FhirCall call, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        ConceptSets? sets = null;
        foreach (var (name, value) in pairs)
        {
            if (!name.EndsWith(":in", StringComparison.Ordinal) && !name.EndsWith(":not-in", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (var url in value.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                if ((BuiltIn.IsIcd10Set(url) || KnownConcepts.Of(url) is null) && sets?.ContainsKey(url) is not true)
                {
                    (sets ??= [])[url] = await ConceptsAsync(call, name, url);
                }
            }
        }

        return sets;
    }

    private static async Task<IReadOnlySet<(string, string)>> ConceptsAsync(FhirCall call, string name, string url)
    {
        try
        {
            return (await new ValueSetSource(call, english: false).ExpandAsync(url, null)).Select(c => (c.System, c.Code)).ToHashSet();
        }
        catch (FhirProblem problem) when (problem.Status is 404 or 422)
        {
            throw new FhirProblem(400, "not-supported", $"{FhirCall.Shorten(name)}={FhirCall.Shorten(url)}: {problem.Message}", name);
        }
    }
}
