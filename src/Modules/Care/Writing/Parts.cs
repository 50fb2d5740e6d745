using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Fhir.Labels;
using Mach.Kernel;
using Mach.Store;

namespace Mach.Care.Writing;

/// <summary>Pieces of FHIR that everything written here has.</summary>
internal static class Parts
{
    public const string DataOperation = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";

    /// <summary>An instant in Viet Nam's time, to the second.</summary>
    public static string Stamp(DateTimeOffset at) => at.ToOffset(PartialDate.VietnamOffset).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    public static JsonObject Concept(string system, string code, string? text = null, string? display = null)
    {
        var coding = new JsonObject { ["system"] = system, ["code"] = code };
        if (display is not null)
        {
            coding["display"] = display;
        }

        var concept = new JsonObject { ["coding"] = new JsonArray(coding) };
        if (text is not null)
        {
            concept["text"] = text;
        }

        return concept;
    }

    public static JsonObject Reference(string type, string id) => new() { ["reference"] = type + "/" + id };

    /// <summary>Who did what to which version of a resource of a person, and why.</summary>
    /// <param name="activity">Code of v3-DataOperation: CREATE, UPDATE, NULLIFY.</param>
    /// <param name="reason">As the writer gave it; null = none was asked.</param>
    /// <param name="labels">Of what it is about: a reason may name it.</param>
    /// <remarks>Source: http://hl7.org/fhir/R4/provenance.html. The person is a target too, so that the statement is as hidden as what it is about.</remarks>
    public static Write Provenance(Writer writer, string type, string id, string patient, string activity, string? reason, DateTimeOffset now, DataLabels labels = DataLabels.None)
    {
        var own = Ids.New();
        var agent = new JsonObject { ["type"] = Concept("http://terminology.hl7.org/CodeSystem/provenance-participant-type", "author"), ["who"] = writer.ToReference() };
        if (writer.Organization() is { } facility)
        {
            agent["onBehalfOf"] = facility;
        }

        var body = new JsonObject { ["resourceType"] = "Provenance", ["id"] = own };
        Put(body, "meta", Meta(writer, null, labels));
        body["target"] = new JsonArray(Reference(type, id), Reference("Patient", patient));
        body["recorded"] = Stamp(now);
        body["activity"] = Concept(DataOperation, activity);
        if (reason is not null)
        {
            body["reason"] = new JsonArray(new JsonObject { ["text"] = reason });
        }

        body["agent"] = new JsonArray(agent);
        return new(WriteKind.Put, "Provenance", own, Bytes(body), KnownNew: true, Posted: true);
    }

    /// <summary><c>meta</c> of what is written: where from, the security labels that stand there, and these. Null where there is nothing to say.</summary>
    /// <param name="before">As it stands; null = it is new.</param>
    public static JsonNode? Meta(Writer writer, JsonNode? before, DataLabels labels)
    {
        var meta = writer.Meta() ?? (before is JsonObject kept && kept["source"] is { } source ? new JsonObject { ["source"] = source.DeepClone() } : []);
        if (Security(labels, before?["security"] as JsonArray) is { Count: > 0 } security)
        {
            meta["security"] = security;
        }

        return meta.Count > 0 ? meta : null;
    }

    /// <summary>Security labels as FHIR has them: those that stand there, and these.</summary>
    public static JsonArray Security(DataLabels labels, JsonArray? before)
    {
        var all = new JsonArray([.. (before ?? []).Select(c => c!.DeepClone())]);
        foreach (var (system, code) in SecurityCodes.Of(labels))
        {
            if (!all.Any(c => Text(c, "system") == system && Text(c, "code") == code))
            {
                all.Add(new JsonObject { ["system"] = system, ["code"] = code });
            }
        }

        return all;
    }

    /// <summary>Puts a member where there is one, and takes it away where there is none.</summary>
    public static void Put(JsonObject body, string name, JsonNode? value)
    {
        body.Remove(name);
        if (value is not null)
        {
            body[name] = value;
        }
    }

    public static byte[] Bytes(JsonObject body) => JsonSerializer.SerializeToUtf8Bytes(body);

    public static JsonObject Parse(StoredResource resource) => JsonNode.Parse(resource.Body.Span)!.AsObject();

    /// <summary>What stands at a path of member names and list positions; null when it is not there.</summary>
    public static string? Text(JsonNode? node, params ReadOnlySpan<object> path)
    {
        foreach (var step in path)
        {
            node = step switch
            {
                int i => node is JsonArray list && i < list.Count ? list[i] : null,
                string name => node is JsonObject one ? one[name] : null,
                _ => null,
            };
        }

        return node is JsonValue value ? value.ToString() : null;
    }
}
