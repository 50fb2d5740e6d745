using System.Text.Json;

namespace Mach.Store.Reading;

/// <summary>The business identifiers that a body really holds: hashes only say where to look.</summary>
internal static class Identifiers
{
    /// <summary>"system|value" and "|value" of each identifier.</summary>
    public static IReadOnlyList<string> Of(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var keys = new List<string>();
        if (document.RootElement.TryGetProperty("identifier", out var identifier))
        {
            if (identifier.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in identifier.EnumerateArray())
                {
                    Add(item, keys);
                }
            }
            else
            {
                Add(identifier, keys);
            }
        }

        return keys;
    }

    private static void Add(JsonElement identifier, List<string> keys)
    {
        if (identifier.ValueKind == JsonValueKind.Object && identifier.TryGetProperty("value", out var value) && value.GetString() is { } text)
        {
            keys.Add("|" + text);
            if (identifier.TryGetProperty("system", out var system))
            {
                keys.Add(system.GetString() + "|" + text);
            }
        }
    }
}
