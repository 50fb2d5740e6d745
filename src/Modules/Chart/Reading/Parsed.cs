using System.Text.Json;
using Mach.Store;

namespace Mach.Chart.Reading;

/// <summary>Runs over stored bodies, each parsed once and let go again.</summary>
internal static class Parsed
{
    /// <summary>What <paramref name="read"/> makes of each body; nulls are left out.</summary>
    public static List<T> Select<T>(IEnumerable<StoredResource> resources, Func<string, JsonElement, T?> read) where T : class
    {
        var list = new List<T>();
        foreach (var resource in resources)
        {
            if (resource.IsDeleted)
            {
                continue;
            }

            using var document = JsonDocument.Parse(resource.Body);
            if (read(resource.Id, document.RootElement) is { } item)
            {
                list.Add(item);
            }
        }

        return list;
    }

    /// <summary>All heads of one type in these compartments, newest first, at most <paramref name="limit"/>.</summary>
    public static async Task<List<StoredResource>> CompartmentAsync(this RecordView store, IReadOnlyList<string> patients, string type, int limit, CancellationToken ct)
    {
        var all = new List<StoredResource>();
        string? cursor = null;
        do
        {
            var page = await store.CompartmentAsync(patients, type, Math.Min(limit - all.Count, 500), cursor, ct);
            all.AddRange(page.Matches);
            cursor = page.Next;
        }
        while (cursor is not null && all.Count < limit);
        return all;
    }
}
