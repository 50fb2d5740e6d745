using System.Text.Json;
using Mach.Store;

namespace Mach.Registry.Facilities;

/// <summary>One earlier state of a facility, read from a version of its Organization.</summary>
public sealed record FacilityVersion(int Version, DateTimeOffset At, string Name, string? Status, string? Tier)
{
    internal static FacilityVersion Read(StoredResource stored)
    {
        using var json = JsonDocument.Parse(stored.Body);
        var root = json.RootElement;
        string? status = null;
        string? tier = null;
        if (root.TryGetProperty("extension", out var extensions))
        {
            foreach (var extension in extensions.EnumerateArray())
            {
                var url = extension.GetProperty("url").GetString() ?? "";
                status = url.EndsWith("/facility-status", StringComparison.Ordinal) ? extension.GetProperty("valueString").GetString() : status;
                tier = url.EndsWith("/facility-tier", StringComparison.Ordinal) ? extension.GetProperty("valueString").GetString() : tier;
            }
        }

        return new FacilityVersion(stored.Version, stored.LastUpdated, root.GetProperty("name").GetString() ?? "", status, tier);
    }
}
