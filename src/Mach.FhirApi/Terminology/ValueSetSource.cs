using System.Text.Json;
using Mach.Fhir.Definitions;
using Mach.Fhir.Search;
using Mach.FhirApi.Bodies;
using Mach.Vietnam.Terminology;
using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi.Terminology;

/// <summary>The codes of a value set: ICD-10 as a whole, the specification's own sets, and ValueSet resources of this store.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/valueset.html#compositions. Filters in a compose are not supported.</remarks>
internal sealed class ValueSetSource(FhirCall call, bool english)
{
    private const int MaxDepth = 8;

    /// <summary>In the order of the set, or ranked when there is a filter.</summary>
    /// <exception cref="FhirProblem">404: no such value set. 422: it cannot be written down.</exception>
    public async Task<List<Coded>> ExpandAsync(string url, string? filter)
    {
        if (BuiltIn.IsIcd10Set(url))
        {
            return filter is null ? [.. BuiltIn.All(BuiltIn.Icd10, english)!] : [.. Icd10List.Search(filter).Select(place => BuiltIn.Of(Icd10List.At(place), english))];
        }

        return Filtered(await AllAsync(url, 0), filter);
    }

    /// <summary>The same of a ValueSet resource.</summary>
    public async Task<List<Coded>> ExpandAsync(JsonElement valueSet, string? filter) => Filtered(await ComposedAsync(valueSet, 0), filter);

    private static List<Coded> Filtered(List<Coded> all, string? filter) => filter is null ? all : all.FindAll(coded => BuiltIn.Answers(coded, filter));

    private async Task<List<Coded>> AllAsync(string url, int depth)
    {
        if (BuiltIn.IsIcd10Set(url))
        {
            return [.. BuiltIn.All(BuiltIn.Icd10, english)!];
        }

        if (ValueSets.Find(url) is { } known)
        {
            return [.. known.Concepts.Select(c => new Coded(c.System, c.Code, c.Display, null))];
        }

        var bare = url.Split('|')[0];
        var page = await call.Records.SearchAsync(SearchQuery.Parse("ValueSet", [new("url", bare.Replace(",", "\\,", StringComparison.Ordinal))]), call.Aborted);
        if (page.Matches.Count == 0)
        {
            throw new FhirProblem(StatusCodes.Status404NotFound, "not-found", $"The value set {FhirCall.Shorten(url)} is not known here, or cannot be written down code by code.", "url");
        }

        using var document = JsonDocument.Parse(page.Matches[0].Body);
        return await ComposedAsync(document.RootElement, depth);
    }

    private async Task<List<Coded>> ComposedAsync(JsonElement valueSet, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new FhirProblem(422, "too-costly", "Value sets include each other too deeply.", "ValueSet.compose");
        }

        var found = new List<Coded>();
        if (!valueSet.TryGetProperty("compose"u8, out var compose))
        {
            return found;
        }

        foreach (var include in Items(compose, "include"))
        {
            found.AddRange(await IncludedAsync(include, depth));
        }

        var excluded = new HashSet<(string, string)>();
        foreach (var exclude in Items(compose, "exclude"))
        {
            excluded.UnionWith((await IncludedAsync(exclude, depth)).Select(c => (c.System, c.Code)));
        }

        return [.. found.Where(c => !excluded.Contains((c.System, c.Code))).DistinctBy(c => (c.System, c.Code))];
    }

    /// <summary>What all parts of one include have in common.</summary>
    private async Task<List<Coded>> IncludedAsync(JsonElement include, int depth)
    {
        if (Items(include, "filter").Count > 0)
        {
            throw new FhirProblem(422, "not-supported", "A compose with filters cannot be expanded here.", "ValueSet.compose.include.filter");
        }

        List<Coded>? codes = null;
        if (JsonBody.TextOf(include, "system"u8) is { } system)
        {
            var listed = Items(include, "concept");
            codes = listed.Count > 0
                ? [.. listed.Select(c => Listed(system, c)).OfType<Coded>()]
                : [.. BuiltIn.All(system, english) ?? throw new FhirProblem(422, "not-supported", $"All codes of {FhirCall.Shorten(system)} cannot be listed here.", "ValueSet.compose.include.system")];
        }

        foreach (var other in Items(include, "valueSet").Where(v => v.ValueKind == JsonValueKind.String))
        {
            var theirs = await AllAsync(other.GetString()!, depth + 1);
            codes = codes is null ? theirs : [.. codes.Where(c => theirs.Exists(t => t.System == c.System && t.Code == c.Code))];
        }

        return codes ?? [];
    }

    private Coded? Listed(string system, JsonElement concept) => JsonBody.TextOf(concept, "code"u8) is not { } code ? null
        : JsonBody.TextOf(concept, "display"u8) is { } display ? new Coded(system, code, display, BuiltIn.Find(system, code, english)?.Other)
        : BuiltIn.Find(system, code, english) ?? new Coded(system, code, null, null);

    private static List<JsonElement> Items(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];
}
