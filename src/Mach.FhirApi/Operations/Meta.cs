using System.Text.Json;
using Mach.FhirApi.Bodies;
using Mach.FhirApi.Patching;
using Mach.FhirApi.Writing;
using Mach.Store;
using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi.Operations;

/// <summary>$meta, $meta-add and $meta-delete of one resource: profiles, labels and tags. What is added or taken away makes a new version.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/resource-operation-meta.html, …-meta-add.html, …-meta-delete.html.</remarks>
internal static class Meta
{
    public static async Task ReadAsync(FhirCall call)
    {
        var (type, id) = (call.NeedType('r'), call.NeedId());
        await AnswerAsync(call, await NeedAsync(call, type, id));
    }

    public static Task AddAsync(FhirCall call) => ChangeAsync(call, remove: false);

    public static Task DeleteAsync(FhirCall call) => ChangeAsync(call, remove: true);

    private static async Task ChangeAsync(FhirCall call, bool remove)
    {
        var (type, id) = (call.NeedWrite('u'), call.NeedId());
        var input = await OperationInput.ReadAsync(call);
        input.NeedOnly(call, "meta");
        var meta = input.Object("meta");
        if (meta.ValueKind != JsonValueKind.Object)
        {
            throw new FhirProblem(400, "required", "Send Parameters with a parameter 'meta' that has a valueMeta.", "meta");
        }

        await NeedAsync(call, type, id);
        var change = new Change { Kind = ChangeKind.Patch, Type = type, Id = id, NewId = "", Patch = new MetaPatch(meta, remove) };
        await new WriteRun(call, [change], new Links(call.Base)).RunAsync();
        await AnswerAsync(call, await NeedAsync(call, type, id));
    }

    private static async Task<StoredResource> NeedAsync(FhirCall call, string type, string id)
    {
        var stored = await call.Records.ReadAsync(type, id, call.Aborted)
            ?? throw new FhirProblem(StatusCodes.Status404NotFound, "not-found", $"There is no {type}/{id}.");
        return stored.IsDeleted ? throw new FhirProblem(StatusCodes.Status410Gone, "deleted", $"{type}/{id} was deleted.") : stored;
    }

    private static async Task AnswerAsync(FhirCall call, StoredResource stored)
    {
        using var whole = new PooledBuffer();
        stored.WriteTo(whole);
        using var document = JsonDocument.Parse(whole.Written);
        using var answer = new PooledBuffer();
        using (var json = new Utf8JsonWriter(answer, FhirAnswer.Json))
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "Parameters"u8);
            json.WriteStartArray("parameter"u8);
            json.WriteStartObject();
            json.WriteString("name"u8, "return"u8);
            json.WritePropertyName("valueMeta"u8);
            document.RootElement.GetProperty("meta"u8).WriteTo(json);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        await FhirAnswer.SendAsync(call, answer.Written);
    }
}

/// <summary>Adds labels to a resource's meta, or takes them away; everything else stays byte for byte.</summary>
internal sealed class MetaPatch(JsonElement meta, bool remove) : IPatch
{
    private static readonly string[] Lists = ["profile", "security", "tag"];

    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> resource)
    {
        using var document = JsonDocument.Parse(resource);
        var reader = new Utf8JsonReader(resource.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMeta = reader.ValueTextEquals("meta"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isMeta)
            {
                var edits = new Edits();
                edits.Replace(start, (int)reader.BytesConsumed, Changed(document.RootElement.GetProperty("meta"u8)));
                return edits.Apply(resource);
            }
        }

        // Reading always puts a meta in.
        throw new InvalidOperationException("A stored resource without meta.");
    }

    private byte[] Changed(JsonElement old)
    {
        using var buffer = new PooledBuffer();
        using (var json = new Utf8JsonWriter(buffer, FhirAnswer.Json))
        {
            json.WriteStartObject();
            foreach (var property in old.EnumerateObject().Where(p => !Lists.Contains(p.Name)))
            {
                property.WriteTo(json);
            }

            foreach (var name in Lists)
            {
                var items = List(old, name);
                var given = List(meta, name);
                var result = remove ? items.FindAll(i => !given.Exists(g => IsSame(i, g))) : [.. items, .. given.Where(g => !items.Exists(i => IsSame(i, g)))];
                if (result.Count > 0)
                {
                    json.WriteStartArray(name);
                    result.ForEach(item => item.WriteTo(json));
                    json.WriteEndArray();
                }
            }

            json.WriteEndObject();
        }

        return buffer.Written.ToArray();
    }

    private static List<JsonElement> List(JsonElement meta, string name) =>
        meta.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    /// <summary>Profiles by address, labels by system and code.</summary>
    private static bool IsSame(JsonElement a, JsonElement b) => a.ValueKind == JsonValueKind.String
        ? b.ValueKind == JsonValueKind.String && a.GetString() == b.GetString()
        : JsonBody.TextOf(a, "system"u8) == JsonBody.TextOf(b, "system"u8) && JsonBody.TextOf(a, "code"u8) == JsonBody.TextOf(b, "code"u8);
}
