using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Mach.Access.Programs;
using Mach.Contracts.People;
using Mach.Fhir.Search;
using Mach.FhirApi.Operations;
using Mach.FhirApi.Presentation;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.FhirApi.Interactions;

/// <summary>
/// GET [base]/metadata: the CapabilityStatement, written from the data that the server runs on, so that it says exactly what is there. Open to all.
/// mode=full (or absent) is all of it, mode=normative leaves out elements that are on trial in R4, mode=terminology is the TerminologyCapabilities.
/// </summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#capabilities, http://hl7.org/fhir/R4/capabilitystatement.html.</remarks>
internal sealed class Capabilities(TimeProvider clock)
{
    private const string Full = "full", Normative = "normative", Terminology = "terminology";
    private static readonly string[] Interactions = ["read", "vread", "update", "patch", "delete", "history-instance", "history-type", "create", "search-type"];

    private static readonly string Version =
        typeof(Capabilities).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    private readonly DateTimeOffset _started = clock.GetUtcNow();
    private readonly ConcurrentDictionary<string, Built> _built = new(StringComparer.Ordinal);

    public static async Task HandleAsync(FhirCall call)
    {
        var capabilities = call.Context.RequestServices.GetRequiredService<Capabilities>();
        call.Shape = ResourceShape.Of(call.Query);
        var mode = ModeOf(call);
        var built = capabilities.For(call, mode);
        var headers = call.Context.Response.Headers;
        headers.ETag = built.ETag;
        if (call.Header("If-None-Match") is { } known && known.Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == "*" || tag == built.ETag))
        {
            call.Context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await FhirAnswer.SendShapedAsync(call, mode == Terminology ? TerminologyStatement.Type : "CapabilityStatement", built.Bytes);
    }

    /// <exception cref="FhirProblem">400: another mode, or another parameter.</exception>
    private static string ModeOf(FhirCall call)
    {
        var mode = Full;
        foreach (var (name, value) in call.Query)
        {
            if (name == "mode")
            {
                mode = value is Full or Normative or Terminology ? value
                    : throw new FhirProblem(StatusCodes.Status400BadRequest, "value", $"mode is {Full}, {Normative} or {Terminology}, not {FhirCall.Shorten(value)}.", "mode");
            }
            else if (name is not (ResourceShape.Summary or ResourceShape.Elements) && !call.Lenient)
            {
                throw new FhirProblem(StatusCodes.Status400BadRequest, "not-supported", $"Parameter {FhirCall.Shorten(name)} is not supported here; mode, _summary and _elements are.", FhirCall.Shorten(name));
            }
        }

        return mode;
    }

    /// <summary>Built once for a mode, a set of search parameters and an address.</summary>
    private Built For(FhirCall call, string mode)
    {
        var (catalog, address) = (call.Records.Catalog, call.Base);
        if (_built.TryGetValue(mode, out var built) && ReferenceEquals(built.Catalog, catalog) && built.Address == address)
        {
            return built;
        }

        using var buffer = new PooledBuffer();
        using (var json = new Utf8JsonWriter(buffer, FhirAnswer.Json))
        {
            if (mode == Terminology)
            {
                TerminologyStatement.Write(json, call, _started, Version);
            }
            else
            {
                Write(json, call, catalog, mode == Full);
            }
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(buffer.Written.Span).AsSpan(0, 8));
        return _built[mode] = new Built(catalog, address, buffer.Written.ToArray(), $"W/\"{hash}\"");
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

    private void Write(Utf8JsonWriter json, FhirCall call, SearchCatalog catalog, bool all)
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "CapabilityStatement"u8);
        WriteInstance(json, call, _started, Version);
        json.WriteString("fhirVersion"u8, "4.0.1"u8);
        WriteStrings(json, "format", "application/fhir+json", "json");
        WriteStrings(json, "patchFormat", "application/fhir+json", "application/json-patch+json");
        json.WriteStartArray("rest"u8);
        json.WriteStartObject();
        json.WriteString("mode"u8, "server"u8);
        if (all)
        {
            WriteSecurity(json, call);
        }

        var followsLinks = call.Context.RequestServices.GetService<IPersonLinks>() is not null;
        json.WriteStartArray("resource"u8);
        foreach (var type in ServedTypes.All)
        {
            WriteType(json, type, catalog, all, followsLinks);
        }

        json.WriteEndArray();
        WriteCodes(json, "interaction", "transaction", "batch", "search-system", "history-system");
        WriteOperations(json, OperationList.All.Where(o => o.Level == OperationLevel.System));
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>What both kinds of statement begin with.</summary>
    internal static void WriteInstance(Utf8JsonWriter json, FhirCall call, DateTimeOffset started, string version)
    {
        json.WriteString("status"u8, "active"u8);
        json.WriteString("date"u8, started.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteString("kind"u8, "instance"u8);
        json.WriteStartObject("software"u8);
        json.WriteString("name"u8, "Mạch");
        json.WriteString("version"u8, version);
        json.WriteEndObject();
        json.WriteStartObject("implementation"u8);
        json.WriteString("description"u8, "Mạch: một hồ sơ cho mỗi người, từ trạm y tế đến bệnh viện. / One record per person, from the commune station to the hospital.");
        json.WriteString("url"u8, call.Base);
        json.WriteEndObject();
    }

    private static void WriteSecurity(Utf8JsonWriter json, FhirCall call)
    {
        json.WriteStartObject("security"u8);
        json.WriteStartArray("extension"u8);
        json.WriteStartObject();
        json.WriteString("url"u8, "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"u8);
        json.WriteStartArray("extension"u8);
        foreach (var (name, path) in new[] { ("token", "/oauth/token"), ("authorize", "/oauth/authorize"), ("introspect", "/oauth/introspect"), ("revoke", "/oauth/revoke"), ("manage", "/account") })
        {
            json.WriteStartObject();
            json.WriteString("url"u8, name);
            json.WriteString("valueUri"u8, Issuer.Of(call.Context) + path);
            json.WriteEndObject();
        }

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

    private static void WriteType(Utf8JsonWriter json, string type, SearchCatalog catalog, bool all, bool followsLinks)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        WriteCodes(json, "interaction", Interactions);
        var parameters = catalog.ForType(type).Where(p => !catalog.Pending.Contains((p.Type, p.Code))).ToArray();
        if (all)
        {
            WriteTrial(json, type, parameters, catalog);
        }

        json.WriteStartArray("searchParam"u8);
        WriteParameter(json, "_id", "token", followsLinks && type == "Patient");
        WriteParameter(json, "_lastUpdated", "date");
        foreach (var parameter in parameters)
        {
            WriteParameter(json, parameter.Code, parameter.Kind.ToString().ToLowerInvariant(), followsLinks && LinkedPatients.Fits(parameter));
        }

        json.WriteEndArray();
        WriteOperations(json, OperationList.All.Where(o => o.Level != OperationLevel.System && (o.Types.Count == 0 || o.Types.Contains(type))));
        json.WriteEndObject();
    }

    /// <summary>What R4 has on trial: http://hl7.org/fhir/R4/capabilitystatement-definitions.html.</summary>
    private static void WriteTrial(Utf8JsonWriter json, string type, SearchParameter[] parameters, SearchCatalog catalog)
    {
        json.WriteString("versioning"u8, "versioned-update"u8);
        json.WriteBoolean("readHistory"u8, true);
        json.WriteBoolean("updateCreate"u8, true);
        json.WriteBoolean("conditionalCreate"u8, true);
        json.WriteString("conditionalRead"u8, "full-support"u8);
        json.WriteBoolean("conditionalUpdate"u8, true);
        json.WriteString("conditionalDelete"u8, "single"u8);
        WriteNonEmpty(json, "searchInclude", parameters.Where(p => p.Kind == SearchKind.Reference).Select(p => $"{type}:{p.Code}"));
        WriteNonEmpty(json, "searchRevInclude", catalog.All
            .Where(p => p.Kind == SearchKind.Reference && p.Type != ServedTypes.Common && p.Targets.Contains(type) && p.Indexing != SearchIndexing.None)
            .Select(p => $"{p.Type}:{p.Code}"));
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
            if (operation.Documentation is { } documentation)
            {
                json.WriteString("documentation"u8, documentation);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <param name="takesLinks">":mdm" can stand behind it.</param>
    private static void WriteParameter(Utf8JsonWriter json, string name, string kind, bool takesLinks = false)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("type"u8, kind);
        if (takesLinks)
        {
            json.WriteString("documentation"u8, "With :mdm a Patient stands for all records of the person."u8);
        }

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
