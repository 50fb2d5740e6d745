using System.Text.Json;

namespace Mach.Intake.Tests.Mapping;

/// <summary>Elements with a least cardinality of 1 in the resources written here. Source: hl7.org/fhir/R4, the page of each resource.</summary>
internal static class R4Required
{
    private static readonly Dictionary<string, string[]> s_paths = new()
    {
        ["Encounter"] = ["status", "class", "classHistory.class", "classHistory.period", "diagnosis.condition", "location.location"],
        ["Condition"] = ["subject", "code"],
        ["Coverage"] = ["status", "beneficiary", "payor"],
        ["Claim"] =
        [
            "status", "type", "use", "patient", "created", "provider", "priority", "insurance", "insurance.sequence", "insurance.focal", "insurance.coverage",
            "item.sequence", "item.productOrService",
        ],
        ["MedicationRequest"] = ["status", "intent", "medicationCodeableConcept", "subject"],
        ["MedicationDispense"] = ["status", "medicationCodeableConcept"],
        ["ServiceRequest"] = ["status", "intent", "subject"],
        ["Procedure"] = ["status", "subject", "performer.actor"],
        ["Observation"] = ["status", "code", "component.code"],
        ["DiagnosticReport"] = ["status", "code"],
        ["ClinicalImpression"] = ["status", "subject", "note.text"],
        ["Composition"] = ["status", "type", "date", "author", "title", "attester.mode"],
        ["RelatedPerson"] = ["patient"],
        ["CarePlan"] = ["status", "intent", "subject"],
        ["Appointment"] = ["status", "participant", "participant.status"],
        ["DocumentReference"] = ["status", "content", "content.attachment"],
        ["Provenance"] = ["target", "recorded", "agent", "agent.who"],
    };

    /// <summary>Required elements that are neither there nor said to be unknown.</summary>
    public static IEnumerable<string> MissingIn(JsonElement resource) =>
        s_paths[resource.GetProperty("resourceType").GetString()!].Where(path => !Has(resource, path.Split('.')));

    private static bool Has(JsonElement element, ReadOnlySpan<string> path)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                if (!Has(item, path))
                {
                    return false;
                }
            }

            return true;
        }

        return element.TryGetProperty(path[0], out var child)
            ? path.Length == 1 || Has(child, path[1..])
            : path.Length > 1 || element.TryGetProperty("_" + path[0], out _);
    }
}
