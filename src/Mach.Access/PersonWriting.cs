using System.Security.Claims;

namespace Mach.Access;

/// <summary>
/// What a program may add for a person who let it in: never more than the person's role, of people whom the person may see, and nothing is changed or deleted. The person's own sign-in
/// writes nothing here, and neither do roles that stand in no line.
/// </summary>
/// <remarks>Source: docs/adr/0017-programs.md; SMART App Launch 2.1, "Scopes for requesting FHIR Resources" (c = create).</remarks>
public static class PersonWriting
{
    private static readonly Dictionary<string, HashSet<string>> Types = new()
    {
        [Roles.Doctor] = ["AllergyIntolerance", "CarePlan", "ClinicalImpression", "Condition", "Immunization", "MedicationStatement", "Observation", "Procedure", "QuestionnaireResponse", "ServiceRequest"],
        [Roles.Nurse] = ["AllergyIntolerance", "Immunization", "MedicationStatement", "Observation", "QuestionnaireResponse"],
        [Roles.Person] = ["MedicationStatement", "Observation", "QuestionnaireResponse"],
    };

    /// <summary>The role and one of the scopes let it add a resource of this type, of somebody.</summary>
    internal static bool MayAdd(ClaimsPrincipal who, string type) =>
        who.SeeingRoles().Any(role => Types.TryGetValue(role, out var types) && types.Contains(type)) && Adding(who).Any(s => s.Opens(type, 'c'));

    /// <summary>The same of anything at all.</summary>
    internal static bool MayAdd(ClaimsPrincipal who) => who.SeeingRoles().Any(Types.ContainsKey) && Adding(who).Any();

    /// <summary>One of the scopes lets it add a resource of this type about this person; whether the person who let it in may see them is asked besides.</summary>
    public static bool MayAddAbout(this ClaimsPrincipal who, string type, string patient) =>
        MayAdd(who, type) && Adding(who).Any(s => s.Opens(type, 'c') && (s.Context == "user" || who.LaunchPatient() == patient));

    private static IEnumerable<FhirScope> Adding(ClaimsPrincipal who) =>
        who.ActsForPerson() ? who.FhirScopes().Where(s => s.Context is "user" or "patient" && s.Rights.Contains('c', StringComparison.Ordinal)) : [];
}
