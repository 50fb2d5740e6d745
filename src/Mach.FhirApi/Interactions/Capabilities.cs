using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Mach.Fhir.Search;
using Mach.FhirApi.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.FhirApi.Interactions;

/// <summary>GET [base]/metadata: the CapabilityStatement, written from the data that the server runs on, so that it says exactly what is there. Open to all.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#capabilities, http://hl7.org/fhir/R4/capabilitystatement.html.</remarks>
internal sealed class Capabilities(TimeProvider clock)
{
    private static readonly string[] Interactions = ["read", "vread", "update", "patch", "delete", "history-instance", "history-type", "create", "search-type"];

    private static readonly string Version =
        typeof(Capabilities).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    private readonly DateTimeOffset _started = clock.GetUtcNow();
    private volatile Built? _built;

    public static async Task HandleAsync(FhirCall call)
    {
        var capabilities = call.Context.RequestServices.GetRequiredService<Capabilities>();
        var built = capabilities.For(call);
        var headers = call.Context.Response.Headers;
        headers.ETag = built.ETag;
        if (call.Header("If-None-Match") is { } known && known.Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == "*" || tag == built.ETag))
        {
            call.Context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await FhirAnswer.SendAsync(call, built.Bytes);
    }

    /// <summary>Built once for a set of search parameters and an address.</summary>
    private Built For(FhirCall call)
    {
        var (catalog, address) = (call.Store.Catalog, call.Base);
        if (_built is { } built && ReferenceEquals(built.Catalog, catalog) && built.Address == address)
        {
            return built;
        }

        using var buffer = new PooledBuffer();
        using (var json = new Utf8JsonWriter(buffer, FhirAnswer.Json))
        {
            Write(json, call, catalog);
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(buffer.Written.Span).AsSpan(0, 8));
        return _built = new Built(catalog, address, buffer.Written.ToArray(), $"W/\"{hash}\"");
    }

    /// <param name="ETag">Weak: of the content.</param>
    private sealed record Built(SearchCatalog Catalog, string Address, byte[] Bytes, string ETag);

    internal static void WriteStrings(Utf8JsonWriter json, string name, params IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private void Write(Utf8JsonWriter json, FhirCall call, SearchCatalog catalog)
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "CapabilityStatement"u8);
        json.WriteString("status"u8, "active"u8);
        json.WriteString("date"u8, _started.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteString("kind"u8, "instance"u8);
        json.WriteStartObject("software"u8);
        json.WriteString("name"u8, "Mạch");
        json.WriteString("version"u8, Version);
        json.WriteEndObject();
        json.WriteStartObject("implementation"u8);
        json.WriteString("description"u8, "Mạch: một hồ sơ cho mỗi người, từ trạm y tế đến bệnh viện. / One record per person, from the commune station to the hospital.");
        json.WriteString("url"u8, call.Base);
        json.WriteEndObject();
        json.WriteString("fhirVersion"u8, "4.0.1"u8);
        WriteStrings(json, "format", "application/fhir+json", "json");
        WriteStrings(json, "patchFormat", "application/fhir+json", "application/json-patch+json");
        json.WriteStartArray("rest"u8);
        json.WriteStartObject();
        json.WriteString("mode"u8, "server"u8);
        WriteSecurity(json, call);
        json.WriteStartArray("resource"u8);
        foreach (var type in ServedTypes.All)
        {
            WriteType(json, type, catalog);
        }

        json.WriteEndArray();
        WriteCodes(json, "interaction", "transaction", "batch", "search-system", "history-system");
        WriteOperations(json, OperationList.All.Where(o => o.Level == OperationLevel.System));
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSecurity(Utf8JsonWriter json, FhirCall call)
    {
        json.WriteStartObject("security"u8);
        json.WriteStartArray("extension"u8);
        json.WriteStartObject();
        json.WriteString("url"u8, "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"u8);
        json.WriteStartArray("extension"u8);
        json.WriteStartObject();
        json.WriteString("url"u8, "token"u8);
        json.WriteString("valueUri"u8, call.Site + "/oauth/token");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("service"u8);
        json.WriteStartObject();
        json.WriteStartArray("coding"u8);
        json.WriteStartObject();
        json.WriteString("system"u8, "http://terminology.hl7.org/CodeSystem/restful-security-service"u8);
        json.WriteString("code"u8, "SMART-on-FHIR"u8);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteType(Utf8JsonWriter json, string type, SearchCatalog catalog)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        WriteCodes(json, "interaction", Interactions);
        json.WriteString("versioning"u8, "versioned-update"u8);
        json.WriteBoolean("readHistory"u8, true);
        json.WriteBoolean("updateCreate"u8, true);
        json.WriteBoolean("conditionalCreate"u8, true);
        json.WriteString("conditionalRead"u8, "full-support"u8);
        json.WriteBoolean("conditionalUpdate"u8, true);
        json.WriteString("conditionalDelete"u8, "single"u8);
        var parameters = catalog.ForType(type).Where(p => !catalog.Pending.Contains((p.Type, p.Code))).ToArray();
        WriteNonEmpty(json, "searchInclude", parameters.Where(p => p.Kind == SearchKind.Reference).Select(p => $"{type}:{p.Code}"));
        WriteNonEmpty(json, "searchRevInclude", catalog.All
            .Where(p => p.Kind == SearchKind.Reference && p.Type != ServedTypes.Common && p.Targets.Contains(type) && p.Indexing != SearchIndexing.None)
            .Select(p => $"{p.Type}:{p.Code}"));
        json.WriteStartArray("searchParam"u8);
        WriteParameter(json, "_id", "token");
        WriteParameter(json, "_lastUpdated", "date");
        foreach (var parameter in parameters)
        {
            WriteParameter(json, parameter.Code, parameter.Kind.ToString().ToLowerInvariant());
        }

        json.WriteEndArray();
        WriteOperations(json, OperationList.All.Where(o => o.Level != OperationLevel.System && (o.Types.Count == 0 || o.Types.Contains(type))));
        json.WriteEndObject();
    }

    /// <summary>An operation that exists at several levels is listed once.</summary>
    private static void WriteOperations(Utf8JsonWriter json, IEnumerable<Operation> operations)
    {
        Operation[] all = [.. operations.DistinctBy(o => (o.Name, o.Definition))];
        if (all.Length == 0)
        {
            return;
        }

        json.WriteStartArray("operation"u8);
        foreach (var operation in all)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, operation.Name);
            json.WriteString("definition"u8, operation.Definition);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteParameter(Utf8JsonWriter json, string name, string kind)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("type"u8, kind);
        json.WriteEndObject();
    }

    private static void WriteNonEmpty(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        string[] all = [.. values];
        if (all.Length > 0)
        {
            WriteStrings(json, name, all);
        }
    }

    private static void WriteCodes(Utf8JsonWriter json, string name, params string[] codes)
    {
        json.WriteStartArray(name);
        foreach (var code in codes)
        {
            json.WriteStartObject();
            json.WriteString("code"u8, code);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
