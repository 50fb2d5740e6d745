using System.Text.Json;

namespace Mach.FhirApi.Writing;

/// <summary>The one door through which what is written over the API is validated.</summary>
internal static class Validity
{
    /// <summary>Adds what is wrong with a resource.</summary>
    /// <param name="place">Where the resource stands in a Bundle; null when it is the whole request.</param>
    public static void Check(JsonElement resource, string? place, ref List<OutcomeIssue>? issues)
    {
        _ = (resource, place, issues);
    }
}
