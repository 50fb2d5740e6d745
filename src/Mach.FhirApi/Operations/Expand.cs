using System.Text.Json;
using Mach.FhirApi.Bodies;
using Mach.FhirApi.Terminology;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.FhirApi.Operations;

/// <summary>ValueSet/$expand and ValueSet/id/$expand: the codes of a value set, a page at a time; filter is what a person types, with or without tones.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/valueset-operation-expand.html.</remarks>
internal static class Expand
{
    private const int DefaultCount = 100, MaxCount = 1000;

    public static async Task TypeAsync(FhirCall call)
    {
        call.NeedType('r');
        var input = await ReadAsync(call);
        var source = new ValueSetSource(call, IsEnglish(input));
        var inline = input.Resource.ValueKind != JsonValueKind.Undefined ? input.Resource : input.Object("valueSet");
        var filter = Filter(input);
        var codes = inline.ValueKind != JsonValueKind.Undefined
            ? await source.ExpandAsync(inline, filter)
            : await source.ExpandAsync(input.Text("url") ?? throw new FhirProblem(400, "required", "Say which value set: url, or a ValueSet in the body.", "url"), filter);
        await AnswerAsync(call, input, input.Text("url") ?? JsonBody.TextOf(inline, "url"u8), codes);
    }

    public static async Task InstanceAsync(FhirCall call)
    {
        var (type, id) = (call.NeedType('r'), call.NeedId());
        var input = await ReadAsync(call);
        using var document = await StoredAsync(call, type, id);
        await AnswerAsync(call, input, JsonBody.TextOf(document.RootElement, "url"u8), await new ValueSetSource(call, IsEnglish(input)).ExpandAsync(document.RootElement, Filter(input)));
    }

    /// <exception cref="FhirProblem">404.</exception>
    internal static async Task<JsonDocument> StoredAsync(FhirCall call, string type, string id) =>
        await call.Records.ReadAsync(type, id, call.Aborted) is { IsDeleted: false } stored
            ? JsonDocument.Parse(stored.Body)
            : throw new FhirProblem(StatusCodes.Status404NotFound, "not-found", $"There is no {type}/{id}.");

    /// <summary>Expansions are flat, of active codes, and without the definition: who asks for just that gets it.</summary>
    private static async Task<OperationInput> ReadAsync(FhirCall call)
    {
        var input = await OperationInput.ReadAsync(call, isShaped: true);
        string[] known = ["url", "valueSet", "filter", "offset", "count", "includeDesignations", "displayLanguage", "activeOnly", "excludeNested", "excludeNotForUI", "excludePostCoordinated"];
        input.NeedOnly(call, input.Text("includeDefinition") == "false" ? [.. known, "includeDefinition"] : known);
        return input;
    }

    /// <summary>Names in English when they are asked for, else in Vietnamese.</summary>
    internal static bool IsEnglish(OperationInput input) => input.Text("displayLanguage")?.StartsWith("en", StringComparison.OrdinalIgnoreCase) == true;

    private static string? Filter(OperationInput input) => input.Text("filter")?.Trim() is { Length: > 0 } filter ? filter : null;

    private static async Task AnswerAsync(FhirCall call, OperationInput input, string? url, List<Coded> codes)
    {
        var (offset, count) = (input.Number("offset", 0, 0, int.MaxValue), input.Number("count", DefaultCount, 0, MaxCount));
        var designations = input.Text("includeDesignations") == "true";
        using var buffer = new PooledBuffer();
        using (var json = new Utf8JsonWriter(buffer, FhirAnswer.Json))
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "ValueSet"u8);
            if (url is not null)
            {
                json.WriteString("url"u8, url);
            }

            json.WriteString("status"u8, "active"u8);
            json.WriteStartObject("expansion"u8);
            json.WriteString("identifier"u8, "urn:uuid:" + Guid.CreateVersion7());
            json.WriteString("timestamp"u8, call.Context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteNumber("total"u8, codes.Count);
            json.WriteNumber("offset"u8, offset);
            var page = codes.Skip(offset).Take(count).ToList();
            if (page.Count > 0)
            {
                json.WriteStartArray("contains"u8);
                page.ForEach(coded => Write(json, coded, designations));
                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        await FhirAnswer.SendShapedAsync(call, "ValueSet", buffer.Written);
    }

    private static void Write(Utf8JsonWriter json, Coded coded, bool designations)
    {
        json.WriteStartObject();
        if (coded.System.Length > 0)
        {
            json.WriteString("system"u8, coded.System);
        }

        json.WriteString("code"u8, coded.Code);
        if (coded.Display is { Length: > 0 } display)
        {
            json.WriteString("display"u8, display);
        }

        if (designations && coded.Other is { } other)
        {
            json.WriteStartArray("designation"u8);
            json.WriteStartObject();
            json.WriteString("language"u8, other.Language);
            json.WriteString("value"u8, other.Text);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
