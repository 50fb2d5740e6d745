using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mach.Chart.Reading;
using Mach.Contracts.People;
using Mach.Fhir.Search;
using Mach.Store;

namespace Mach.Chart.Sources;

/// <summary>One version of a resource, as the list of versions shows it.</summary>
public sealed record SourceVersion(int Number, DateTimeOffset At, bool IsDeleted, string? Source, string? Facility);

/// <summary>A resource with its versions, and what changed between two of them.</summary>
/// <param name="Shown">Number of the version whose text is shown.</param>
/// <param name="Against">The version it is compared with; null for the first.</param>
/// <param name="Text">The version as FHIR JSON, indented; empty when it was deleted.</param>
public sealed record SourcePageData(string Type, string Id, string? Name, IReadOnlyList<SourceVersion> Versions, int Shown, int? Against, string Text, IReadOnlyList<Difference> Differences);

/// <summary>Reads the FHIR resource behind a line, with its versions.</summary>
internal sealed class SourceReader(RecordView store, IPersonLinks links)
{
    private const int MostVersions = 200;
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Null when there is no such resource, no such version, or it is not about this person.</summary>
    public async Task<SourcePageData?> ReadAsync(string person, string type, string id, int? version, int? against, CancellationToken ct)
    {
        if (!ResourceTypes.All.Contains(type, StringComparer.Ordinal))
        {
            return null;
        }

        var versions = await store.HistoryAsync(type, id, MostVersions, null, ct);
        var ids = await links.LinkedAsync(person, ct);
        if (versions.Count == 0 || !versions.Any(v => IsAbout(v, ids)))
        {
            return null;
        }

        var shown = version is null ? versions[0] : versions.FirstOrDefault(v => v.Version == version);
        var other = against is null ? versions.FirstOrDefault(v => shown is not null && v.Version < shown.Version) : versions.FirstOrDefault(v => v.Version == against);
        if (shown is null || (against is not null && other is null))
        {
            return null;
        }

        using var body = Parse(shown);
        using var before = other is null ? null : Parse(other);
        return new(
            type,
            id,
            body.RootElement.Child("code").ConceptText() ?? body.RootElement.Child("medicationCodeableConcept").ConceptText(),
            [.. versions.Select(Read)],
            shown.Version,
            other?.Version,
            shown.IsDeleted ? "" : JsonSerializer.Serialize(body.RootElement, s_indented),
            before is null ? [] : JsonDifference.Of(before.RootElement, body.RootElement));
    }

    private static SourceVersion Read(StoredResource version)
    {
        using var body = Parse(version);
        return new(version.Version, version.LastUpdated, version.IsDeleted, body.RootElement.Source(), body.RootElement.FacilityCode());
    }

    /// <summary>The person themself, or a resource that names them.</summary>
    private static bool IsAbout(StoredResource resource, IReadOnlyList<string> ids) =>
        (resource.Type == "Patient" && ids.Contains(resource.Id, StringComparer.Ordinal))
        || ids.Any(id => resource.Body.Span.IndexOf(Encoding.UTF8.GetBytes($"\"Patient/{id}\"")) >= 0);

    private static JsonDocument Parse(StoredResource resource) => JsonDocument.Parse(resource.IsDeleted || resource.Body.Length == 0 ? "{}"u8.ToArray() : resource.Body);
}
