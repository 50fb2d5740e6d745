using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Contracts.People;
using Mach.Kernel;
using Mach.Vietnam;

namespace Mach.People.Index;

/// <summary>Death in a Patient. What dossiers state is taken, until a data officer states otherwise: then only a later death is.</summary>
/// <remarks>
/// <c>deceased[x]</c> as http://hl7.org/fhir/R4/patient.html#deceased; a person wrongly taken for dead has <c>deceasedBoolean</c> false
/// and the extension <see cref="KnownAlive"/> with the day on which an officer said so.
/// </remarks>
internal static class Death
{
    public const string KnownAlive = Systems.Own + "/StructureDefinition/known-alive";

    /// <summary>Takes over what a dossier states.</summary>
    /// <returns>True when the Patient changed.</returns>
    public static bool Apply(JsonObject root, PersonClaim claim)
    {
        if (!claim.Deceased || root["deceasedDateTime"] is not null)
        {
            return false;
        }

        var known = root["deceasedBoolean"] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : (bool?)null;
        if (claim.DeceasedAt is not { } at)
        {
            if (known is not null)
            {
                return false;
            }

            root["deceasedBoolean"] = true;
            return true;
        }

        if (known == false && AliveOn(root) is { } alive && at.Low < alive.High)
        {
            return false;
        }

        root.Remove("deceasedBoolean");
        root["deceasedDateTime"] = at.ToString();
        return true;
    }

    /// <summary>Takes a death away, which was wrong.</summary>
    /// <returns>What was known of it: the time, or "true"; null when the person is not taken for dead.</returns>
    public static string? Refute(JsonObject root, DateOnly today)
    {
        var was = (string?)root["deceasedDateTime"] ?? (root["deceasedBoolean"] is JsonValue value && value.GetValueKind() == JsonValueKind.True ? "true" : null);
        if (was is null)
        {
            return null;
        }

        root.Remove("deceasedDateTime");
        root["deceasedBoolean"] = false;
        var extensions = root["extension"] as JsonArray ?? [];
        RemoveAlive(extensions);
        extensions.Add((JsonNode)new JsonObject { ["url"] = KnownAlive, ["valueDate"] = today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) });
        root["extension"] = extensions;
        return was;
    }

    /// <summary>Takes <see cref="Refute"/> back. False when something else has been stated since.</summary>
    public static bool PutBack(JsonObject root, string was)
    {
        if (root["deceasedDateTime"] is not null || root["deceasedBoolean"] is not JsonValue value || value.GetValueKind() != JsonValueKind.False || was.Length == 0)
        {
            return false;
        }

        root.Remove("deceasedBoolean");
        root[was == "true" ? "deceasedBoolean" : "deceasedDateTime"] = was == "true" ? true : was;
        if (root["extension"] is JsonArray extensions)
        {
            RemoveAlive(extensions);
            if (extensions.Count == 0)
            {
                root.Remove("extension");
            }
        }

        return true;
    }

    private static PartialDate? AliveOn(JsonObject root) =>
        (root["extension"] as JsonArray)?.Where(e => (string?)e?["url"] == KnownAlive).Select(e => (string?)e!["valueDate"]).FirstOrDefault() is { } day
            && PartialDate.TryParseFhir(day, out var date) ? date : null;

    private static void RemoveAlive(JsonArray extensions)
    {
        foreach (var alive in extensions.Where(e => (string?)e?["url"] == KnownAlive).ToList())
        {
            extensions.Remove(alive);
        }
    }
}
