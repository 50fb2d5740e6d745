using Mach.Vietnam;

namespace Mach.Intake.Mapping.Tables;

/// <summary>How the tables name people of the staff.</summary>
internal static class Practitioners
{
    /// <summary>Practice-licence number (MA_BAC_SI, NGUOI_THUC_HIEN, MA_BS_DOC_KQ). Source: QĐ 4750/QĐ-BYT 2023.</summary>
    public const string Licence = Systems.Own + "/sid/practice-licence";

    /// <summary>Social-insurance number of a signatory (MA_TTDV, MA_BS). Source: QĐ 130/QĐ-BYT 2023.</summary>
    public const string SocialInsurance = Systems.InsuranceNumber;
}
