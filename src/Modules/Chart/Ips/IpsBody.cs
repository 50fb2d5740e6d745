using System.Text.Json.Nodes;
using Mach.Vietnam;

namespace Mach.Chart.Ips;

/// <summary>A stored body as it stands in a document: it refers to nothing outside, and carries none of the sender's rows.</summary>
internal static class IpsBody
{
    private static readonly string RowExtension = Systems.Own + "/StructureDefinition/bhyt";

    /// <summary>All literal references in a body.</summary>
    public static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject body => body.SelectMany(p => p is { Key: "reference", Value: JsonValue value } && value.TryGetValue<string>(out var reference) ? [reference] : References(p.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };

    /// <param name="body">Changed in place.</param>
    /// <param name="resolve">What a reference becomes in the document; null when its target is not there.</param>
    public static JsonObject Closed(JsonObject body, Func<string, string?> resolve)
    {
        foreach (var (name, value) in body.ToList())
        {
            if (name == "extension" && value is JsonArray extensions)
            {
                Remove(extensions, e => (e?["url"]?.GetValueKind() == System.Text.Json.JsonValueKind.String) && e["url"]!.GetValue<string>() == RowExtension);
            }

            Close(value, resolve);
            // A resource may lose what it names beside itself; what it needs is the person, who is there.
            if (value is JsonArray list)
            {
                Remove(list, IsEmptied);
            }

            if (IsEmptied(value) || value is JsonArray { Count: 0 })
            {
                body.Remove(name);
            }
        }

        return body;
    }

    private static void Close(JsonNode? node, Func<string, string?> resolve)
    {
        switch (node)
        {
            case JsonArray items:
                foreach (var item in items)
                {
                    Close(item, resolve);
                }

                break;
            case JsonObject part:
                if (part["reference"] is JsonValue value && value.TryGetValue<string>(out var reference) && !reference.StartsWith('#'))
                {
                    if (resolve(reference) is { } inside)
                    {
                        part["reference"] = inside;
                    }
                    else
                    {
                        part.Remove("reference");
                        // Inside of a part the reference may be what makes it one, so that it stays and says of what kind it is.
                        part["type"] ??= reference.Split('/') is [.., var type, _] && type.Length > 0 && char.IsAsciiLetterUpper(type[0]) ? type : "Resource";
                    }
                }

                foreach (var (_, child) in part.ToList())
                {
                    Close(child, resolve);
                }

                break;
        }
    }

    /// <summary>A reference of which nothing is left but its kind.</summary>
    private static bool IsEmptied(JsonNode? node) => node is JsonObject { Count: 1 } part && part.ContainsKey("type") && part["type"] is JsonValue;

    private static void Remove(JsonArray items, Func<JsonNode?, bool> which)
    {
        for (var i = items.Count - 1; i >= 0; i--)
        {
            if (which(items[i]))
            {
                items.RemoveAt(i);
            }
        }
    }
}
