using System.Globalization;
using System.Text.Json;
using Mach.FhirApi.Writing;
using Microsoft.AspNetCore.WebUtilities;

namespace Mach.FhirApi.Bundles;

/// <summary>Writes a batch-response or transaction-response, entry by entry in the order of the request.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#transaction-response.</remarks>
internal sealed class ResponseBundle : IDisposable
{
    private readonly PooledBuffer _bundle = new();
    private readonly PooledBuffer _resource = new();
    private readonly Utf8JsonWriter _json;
    private readonly FhirCall _call;
    private readonly Preference _preference;

    /// <param name="type">batch-response or transaction-response.</param>
    public ResponseBundle(FhirCall call, string type, Preference preference, bool hasEntries)
    {
        (_call, _preference) = (call, preference);
        _json = new Utf8JsonWriter(_bundle, FhirAnswer.Json);
        _json.WriteStartObject();
        _json.WriteString("resourceType"u8, "Bundle"u8);
        _json.WriteString("type"u8, type);
        if (hasEntries)
        {
            _json.WriteStartArray("entry"u8);
        }
    }

    /// <summary>What a write came to.</summary>
    public void Add(Written written)
    {
        _json.WriteStartObject();
        if (written.Status != 204)
        {
            _json.WriteString("fullUrl"u8, $"{_call.Base}/{written.Type}/{written.Id}");
            if (_preference == Preference.Representation && WriteAnswer.MaySee(_call, written))
            {
                _resource.Clear();
                written.AsStored().WriteTo(_resource);
                _json.WritePropertyName("resource"u8);
                _json.WriteRawValue(_resource.Written.Span, skipInputValidation: true);
            }
        }

        _json.WriteStartObject("response"u8);
        _json.WriteString("status"u8, Status(written.Status));
        if (written.Status != 204)
        {
            _json.WriteString("location"u8, string.Create(CultureInfo.InvariantCulture, $"{written.Type}/{written.Id}/_history/{written.Version}"));
        }

        if (written.Version > 0)
        {
            _json.WriteString("etag"u8, FhirAnswer.ETag(written.Version));
            _json.WriteString("lastModified"u8, BundleWriter.Instant(written.At));
        }

        if (_preference == Preference.Outcome)
        {
            _json.WritePropertyName("outcome"u8);
            OutcomeAnswer.Write(_json, [WriteAnswer.Said(written)], null);
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    /// <summary>What an inner request came to.</summary>
    public void Add(InnerAnswer answer)
    {
        var isOutcome = answer.Status >= 400 || _preference == Preference.Outcome && answer.Body.Span.StartsWith("{\"resourceType\":\"OperationOutcome\""u8);
        _json.WriteStartObject();
        if (!isOutcome && !answer.Body.IsEmpty)
        {
            _json.WritePropertyName("resource"u8);
            _json.WriteRawValue(answer.Body.Span, skipInputValidation: true);
        }

        _json.WriteStartObject("response"u8);
        _json.WriteString("status"u8, Status(answer.Status));
        WriteText("location"u8, answer.Location is { } place && place.StartsWith(_call.Base + "/", StringComparison.Ordinal) ? place[(_call.Base.Length + 1)..] : answer.Location);
        WriteText("etag"u8, answer.ETag);
        if (answer.LastModified is { } date && DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            _json.WriteString("lastModified"u8, BundleWriter.Instant(at));
        }

        if (isOutcome && !answer.Body.IsEmpty)
        {
            _json.WritePropertyName("outcome"u8);
            _json.WriteRawValue(answer.Body.Span, skipInputValidation: true);
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    /// <summary>An entry that never became a request.</summary>
    public void Add(FhirProblem problem)
    {
        _json.WriteStartObject();
        _json.WriteStartObject("response"u8);
        _json.WriteString("status"u8, Status(problem.Status));
        _json.WritePropertyName("outcome"u8);
        OutcomeAnswer.Write(_json, problem.Issues, OutcomeAnswer.Text(problem.Status));
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    public async Task SendAsync(bool hasEntries)
    {
        if (hasEntries)
        {
            _json.WriteEndArray();
        }

        _json.WriteEndObject();
        await _json.FlushAsync(_call.Aborted);
        await FhirAnswer.SendAsync(_call, _bundle.Written);
    }

    public void Dispose()
    {
        _json.Dispose();
        _bundle.Dispose();
        _resource.Dispose();
    }

    private void WriteText(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            _json.WriteString(name, value);
        }
    }

    private static string Status(int status) => status switch
    {
        200 => "200 OK",
        201 => "201 Created",
        204 => "204 No Content",
        _ => string.Create(CultureInfo.InvariantCulture, $"{status} {ReasonPhrases.GetReasonPhrase(status)}"),
    };
}
