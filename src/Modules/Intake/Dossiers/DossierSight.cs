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
/// Who sends and keeps dossiers (their senders, data officers, administrators, programs of the house) opens those of the own facility; a program with a purpose and
/// no facility has none of its own, and is held to what people decided, as somebody who treats is.
/// </summary>
internal static class DossierSight
{
    private static readonly string[] Made =
    [
        "Encounter", "Condition", "Observation", "DiagnosticReport", "MedicationRequest", "MedicationDispense", "Procedure", "ServiceRequest", "CarePlan", "Composition", "ClinicalImpression",
        "DocumentReference", "Immunization", "Appointment", "RelatedPerson", "Coverage", "AllergyIntolerance",
    ];

    /// <summary>Sends and keeps dossiers, and so opens files as they came.</summary>
    public static bool Keeps(HttpContext http) =>
        http.User.HasRole(Roles.DataOfficer) || http.User.HasRole(Roles.Administrator) || http.User.HasRole(Roles.Intake) || (!http.User.HasRole(Roles.Doctor) && (http.User.StatedPurpose() is null || http.User.BoundFacility() is not null));

    /// <summary>True when it may be opened; whose it is stands in the audit line then.</summary>
    /// <param name="versions">Of the dossier, newest first.</param>
    public static async Task<bool> ShowsAsync(HttpContext http, RecordStore store, IReadOnlyList<VersionRow> versions, CancellationToken ct)
    {
        if (versions is not [var newest, ..])
        {
            return false;
        }

        if (!Keeps(http) && !await SeesAllAsync(http, store, newest, ct))
        {
            return false;
        }

        http.Audit().ShowPerson(newest.Patient);
        return true;
    }

    private static async Task<bool> SeesAllAsync(HttpContext http, RecordStore store, VersionRow newest, CancellationToken ct)
    {

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
