using System.Text.Json;
using Mach.Fhir.Labels;
using Mach.Kernel;

namespace Mach.Intake.Mapping.Tree;

/// <summary>
/// <c>meta.security</c> of what only named staff may see, where its codes do not say it: HIV status and care, and what is told in words about a visit for something delicate.
/// Source: Law on HIV/AIDS prevention 64/2006/QH11 (amended 71/2020/QH14) art. 30; codes of terminology.hl7.org.
/// </summary>
internal static class SecurityLabels
{
    private static readonly JsonEncodedText s_security = JsonEncodedText.Encode("security");

    /// <summary>True for ICD-10 codes that tell the HIV status.</summary>
    public static bool IsHiv(string? icd) => icd is not null && (Sensitivity.OfIcd10(icd) & DataLabels.Hiv) != 0;

    /// <summary>
    /// What the diagnoses of a dossier say of everything that is told about the visit in words: the course of illness, papers, reports, the referral, the dossier itself.
    /// Such words name the diagnosis, or are about nothing else.
    /// </summary>
    public static DataLabels OfVisit(DossierScope scope)
    {
        var main = scope.Summary.Get("MA_BENH_CHINH");
        var labels = main is null ? Sensitivity.Words.In(scope.Summary.Get("CHAN_DOAN_RV") ?? "") : Sensitivity.OfIcd10(main);
        foreach (var other in scope.Diagnoses.Others)
        {
            labels |= Sensitivity.OfIcd10(other.Code!);
        }

        // The table of HIV care is sent of nobody else.
        return scope.Dossier["XML6"]?.Rows.Count > 0 ? labels | DataLabels.Hiv : labels;
    }

    public static void Write(Pen pen, DataLabels labels)
    {
        if (labels == DataLabels.None)
        {
            return;
        }

        var array = pen.BeginArray(s_security);
        foreach (var (system, code) in SecurityCodes.Of(labels))
        {
            var item = pen.BeginObject(null);
            pen.String(FhirParts.System, system);
            pen.String(FhirParts.CodeName, code);
            pen.EndObject(item);
        }

        pen.EndArray(array);
    }
}
