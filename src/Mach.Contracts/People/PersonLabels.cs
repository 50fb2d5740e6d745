using System.Text.Json;

namespace Mach.Contracts.People;

/// <summary>What a Patient's labels say about the person.</summary>
[Flags]
public enum PersonLabels
{
    None = 0,

    /// <summary>Name, address and phone are shown to those alone who must know them.</summary>
    Confidential = 1,

    /// <summary>Nobody: made to try something out.</summary>
    Test = 2,
}

/// <summary>The labels as they stand in a Patient.</summary>
/// <remarks>
/// Confidential: <c>meta.security</c> V (very restricted) of http://terminology.hl7.org/CodeSystem/v3-Confidentiality.
/// Test: <c>meta.tag</c> HTEST of http://terminology.hl7.org/CodeSystem/v3-ActReason; also taken from <c>meta.security</c>, where http://hl7.org/fhir/R4/security-labels.html has it.
/// </remarks>
public static class PersonLabel
{
    public const string ConfidentialitySystem = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    public const string VeryRestricted = "V";
    public const string ReasonSystem = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
    public const string TestCode = "HTEST";

    /// <summary>Never throws: what has another shape says nothing.</summary>
    public static PersonLabels Read(JsonElement patient) =>
        (Has(patient, "security", ConfidentialitySystem, VeryRestricted) ? PersonLabels.Confidential : PersonLabels.None)
        | (Has(patient, "tag", ReasonSystem, TestCode) || Has(patient, "security", ReasonSystem, TestCode) ? PersonLabels.Test : PersonLabels.None);

    /// <inheritdoc cref="Read(JsonElement)"/>
    public static PersonLabels Read(ReadOnlyMemory<byte> patient)
    {
        using var json = JsonDocument.Parse(patient);
        return Read(json.RootElement);
    }

    private static bool Has(JsonElement patient, string list, string system, string code)
    {
        if (patient.ValueKind != JsonValueKind.Object || !patient.TryGetProperty("meta", out var meta) || meta.ValueKind != JsonValueKind.Object
            || !meta.TryGetProperty(list, out var labels) || labels.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (var label in labels.EnumerateArray())
        {
            if (label.ValueKind == JsonValueKind.Object && label.TryGetProperty("code", out var c) && c.ValueKind == JsonValueKind.String && c.ValueEquals(code)
                && label.TryGetProperty("system", out var s) && s.ValueKind == JsonValueKind.String && s.ValueEquals(system))
            {
                return true;
            }
        }

        return false;
    }
}
