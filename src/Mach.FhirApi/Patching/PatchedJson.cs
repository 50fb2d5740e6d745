using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mach.FhirApi.Patching;

/// <summary>JSON that a patch works on: numbers keep their digits, names their order.</summary>
internal static class PatchedJson
{
    public static JsonNode? Node(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? null : JsonNode.Parse(value.GetRawText());

    /// <summary>UTF-8 JSON without empty arrays and objects.</summary>
    public static ReadOnlyMemory<byte> Write(JsonNode? root)
    {
        Prune(root);
        using var buffer = new PooledBuffer();
        using (var json = new Utf8JsonWriter(buffer, FhirAnswer.Json))
        {
            if (root is null)
            {
                json.WriteNullValue();
            }
            else
            {
                root.WriteTo(json);
            }
        }

        return buffer.Written.ToArray();
    }

    /// <summary>True when nothing is left of it.</summary>
    private static bool Prune(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject parent:
                foreach (var (name, value) in parent.ToArray())
                {
                    if (value is not null && Prune(value))
                    {
                        parent.Remove(name);
                    }
                }

                return parent.Count == 0;
            case JsonArray parent:
                for (var i = parent.Count - 1; i >= 0; i--)
                {
                    if (parent[i] is { } item && Prune(item))
                    {
                        parent.RemoveAt(i);
                    }
                }

                return parent.Count == 0;
            default:
                return false;
        }
    }
}
