using Mach.Access;
using Mach.Access.Audit;
using Mach.Access.Authority;
using Mach.Fhir.Search;
using Mach.Intake.Keeping;
using Mach.Store;
using Microsoft.AspNetCore.Http;

namespace Mach.Intake.Dossiers;

/// <summary>
/// Whether somebody who treats may open the original of a dossier: only when they may see all that was made of it, since a file cannot be shown in part.
/// Who sends and keeps dossiers (their senders, data officers, administrators, programs) opens those of the own facility.
/// </summary>
internal static class DossierSight
{
    private static readonly string[] Made =
    [
        "Encounter", "Condition", "Observation", "DiagnosticReport", "MedicationRequest", "MedicationDispense", "Procedure", "ServiceRequest", "CarePlan", "Composition", "ClinicalImpression",
        "DocumentReference", "Immunization", "Appointment", "RelatedPerson", "Coverage", "AllergyIntolerance",
    ];

    /// <param name="versions">Of the dossier, newest first.</param>
    public static async Task<bool> ShowsAsync(HttpContext http, RecordStore store, IReadOnlyList<VersionRow> versions, CancellationToken ct)
    {
        var keeps = http.User.HasRole(Roles.DataOfficer) || http.User.HasRole(Roles.Administrator) || http.User.HasRole(Roles.Intake);
        if (versions is not [var newest, ..] || keeps || !http.User.HasRole(Roles.Doctor))
        {
            return versions.Count > 0;
        }

        var view = store.As(http.Sight(), http.Audit());
        var visit = await view.ReadAsync("Encounter", newest.Dossier, ct);
        if (visit is null)
        {
            return false;
        }

        foreach (var type in Made.Where(type => SearchParameters.Find(type, "encounter") is not null))
        {
            var query = SearchQuery.Parse(type, [new("encounter", "Encounter/" + newest.Dossier)]) with { CountOnly = true };
            if ((await view.SearchAsync(query, ct)).Total != (await store.SearchAsync(query, ct)).Total)
            {
                return false;
            }
        }

        return true;
    }
}
