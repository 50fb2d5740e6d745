namespace Mach.Vietnam;

/// <summary>
/// Identifier and code system URLs. Where the draft Vietnamese core guide names one it is used
/// (NamingSystems of hl7vn/vn-core-ig, canonical http://fhir.ehealth.gov.vn/core, draft); the rest live under <see cref="Own"/>.
/// </summary>
public static class Systems
{
    public const string Core = "http://fhir.ehealth.gov.vn/core";
    public const string Own = "https://mach.health.vn/fhir";

    /// <summary>Citizen identity number (CCCD, 12 digits).</summary>
    public const string NationalId = Core + "/sid/national_id";
    /// <summary>Old identity card number (CMND, 9 digits).</summary>
    public const string CitizenId = Core + "/sid/citizen_id";
    /// <summary>Social insurance number: the last ten digits of a card.</summary>
    public const string InsuranceNumber = Core + "/sid/insurance_number";
    /// <summary>The whole insurance card code, 15 characters.</summary>
    public const string InsuranceCard = Core + "/sid/insurance_card";
    public const string Passport = Core + "/sid/passport";
    /// <summary>Facility code of QĐ 384/2019, 5 characters.</summary>
    public const string FacilityCode = Core + "/sid/provider_code";

    /// <summary>A facility's own patient number (MA_BN): <c>Own/sid/ma-bn/{facility}</c>.</summary>
    public static string PatientNumber(string facility) => $"{Own}/sid/ma-bn/{facility}";
    /// <summary>A facility's treatment-episode key (MA_LK): <c>Own/sid/ma-lk/{facility}</c>.</summary>
    public static string EpisodeNumber(string facility) => $"{Own}/sid/ma-lk/{facility}";

    /// <summary>ICD-10 as the international coding system; the Vietnamese text is in display.</summary>
    public const string Icd10 = "http://hl7.org/fhir/sid/icd-10";
    public const string Icd9Procedure = "http://hl7.org/fhir/sid/icd-9-cm";
    public const string ServiceCode = Own + "/CodeSystem/technical-service";
    public const string IndicatorCode = Own + "/CodeSystem/result-indicator";
    public const string DrugCode = Own + "/CodeSystem/active-ingredient";
    public const string SupplyCode = Own + "/CodeSystem/medical-supply";
    /// <summary>Code lists of the BHYT tables: <c>Own/CodeSystem/bhyt-{field in lower case, _ as -}</c>.</summary>
    public static string BhytList(string field) => $"{Own}/CodeSystem/bhyt-{field.ToLowerInvariant().Replace('_', '-')}";
}
