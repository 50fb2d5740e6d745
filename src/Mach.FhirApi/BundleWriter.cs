using System.Text.Json;
using Mach.FhirApi.Presentation;
using Mach.Store;

namespace Mach.FhirApi;

/// <summary>Writes a searchset or history Bundle (http://hl7.org/fhir/R4/bundle.html); resources go in as stored bytes.</summary>
internal sealed class BundleWriter : IDisposable
{
    private readonly PooledBuffer _bundle = new();
    private readonly PooledBuffer _resource = new();
    private readonly Utf8JsonWriter _json;
    private readonly string _base;

    public BundleWriter(string baseUrl, string type, DateTimeOffset now, long? total, string self, string? next)
    {
        _base = baseUrl;
        _json = new Utf8JsonWriter(_bundle, FhirAnswer.Json);
        _json.WriteStartObject();
        _json.WriteString("resourceType"u8, "Bundle"u8);
        _json.WriteStartObject("meta"u8);
        _json.WriteString("lastUpdated"u8, Instant(now));
        _json.WriteEndObject();
        _json.WriteString("type"u8, type);
        if (total is { } known)
        {
            _json.WriteNumber("total"u8, known);
        }

        _json.WriteStartArray("link"u8);
        WriteLink("self"u8, self);
        if (next is not null)
        {
            WriteLink("next"u8, next);
        }

        _json.WriteEndArray();
    }

    /// <summary>Which part of each resource is shown.</summary>
    public ResourceShape Shape { get; init; } = ResourceShape.Whole;

    /// <summary>Opens the entries; only called when there is one, as FHIR knows no empty arrays.</summary>
    public void StartEntries() => _json.WriteStartArray("entry"u8);

    public void WriteMatch(StoredResource resource, ReadOnlySpan<byte> mode)
    {
        StartEntry(resource);
        WriteResource(resource);
        _json.WriteStartObject("search"u8);
        _json.WriteString("mode"u8, mode);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    /// <summary>A match that was made for this answer and is stored nowhere.</summary>
    /// <param name="body">As it is shown.</param>
    public void WriteMade(string type, string id, ReadOnlySpan<byte> body)
    {
        _json.WriteStartObject();
        _json.WriteString("fullUrl"u8, $"{_base}/{type}/{id}");
        _json.WritePropertyName("resource"u8);
        _json.WriteRawValue(body, skipInputValidation: true);
        _json.WriteStartObject("search"u8);
        _json.WriteString("mode"u8, "match"u8);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    /// <summary>A match with its chance (0–1) and extensions of its search element.</summary>
    public void WriteGraded(StoredResource resource, double score, Action<Utf8JsonWriter> extensions)
    {
        StartEntry(resource);
        WriteResource(resource);
        _json.WriteStartObject("search"u8);
        _json.WriteStartArray("extension"u8);
        extensions(_json);
        _json.WriteEndArray();
        _json.WriteString("mode"u8, "match"u8);
        _json.WriteNumber("score"u8, score);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    /// <summary>An entry that says what was left out of the search.</summary>
    public void WriteIgnored(string diagnostics)
    {
        _json.WriteStartObject();
        _json.WritePropertyName("resource"u8);
        OutcomeAnswer.Write(_json, "warning", "not-supported", diagnostics, null, null);
        _json.WriteStartObject("search"u8);
        _json.WriteString("mode"u8, "outcome"u8);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    /// <summary>A version in a history: what was done and how it ended (http://hl7.org/fhir/R4/http.html#history). Patches and conditional writes show as the PUT that they came to.</summary>
    public void WriteVersion(StoredResource resource)
    {
        StartEntry(resource);
        if (!resource.IsDeleted)
        {
            WriteResource(resource);
        }

        var posted = resource.Kind == VersionKind.Posted;
        var isNew = posted || resource.Kind == VersionKind.Created;
        _json.WriteStartObject("request"u8);
        _json.WriteString("method"u8, resource.IsDeleted ? "DELETE"u8 : posted ? "POST"u8 : "PUT"u8);
        _json.WriteString("url"u8, posted ? resource.Type : $"{resource.Type}/{resource.Id}");
        _json.WriteEndObject();
        _json.WriteStartObject("response"u8);
        _json.WriteString("status"u8, resource.IsDeleted ? "204"u8 : isNew ? "201"u8 : "200"u8);
        _json.WriteString("etag"u8, FhirAnswer.ETag(resource.Version));
        _json.WriteString("lastModified"u8, Instant(resource.LastUpdated));
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    public void EndEntries() => _json.WriteEndArray();

    public ReadOnlyMemory<byte> End()
    {
        _json.WriteEndObject();
        _json.Flush();
        return _bundle.Written;
    }

    public void Dispose()
    {
        _json.Dispose();
        _bundle.Dispose();
        _resource.Dispose();
    }

    private void StartEntry(StoredResource resource)
    {
        _json.WriteStartObject();
        _json.WriteString("fullUrl"u8, $"{_base}/{resource.Type}/{resource.Id}");
    }

    private void WriteResource(StoredResource resource)
    {
        _resource.Clear();
        Shape.Write(resource, _resource);
        _json.WritePropertyName("resource"u8);
        _json.WriteRawValue(_resource.Written.Span, skipInputValidation: true);
    }

    private void WriteLink(ReadOnlySpan<byte> relation, string url)
    {
        _json.WriteStartObject();
        _json.WriteString("relation"u8, relation);
        _json.WriteString("url"u8, url);
        _json.WriteEndObject();
    }

    internal static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
