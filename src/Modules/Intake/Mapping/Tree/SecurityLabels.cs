using System.Text.Json;

namespace Mach.Intake.Mapping.Tree;

/// <summary>
/// <c>meta.security</c> of what only named staff may see: HIV status and care.
/// Source: Law on HIV/AIDS prevention 64/2006/QH11 (amended 71/2020/QH14) art. 30; codes of terminology.hl7.org.
/// </summary>
internal static class SecurityLabels
{
    private static readonly JsonEncodedText s_security = JsonEncodedText.Encode("security");
    private static readonly JsonEncodedText s_system = JsonEncodedText.Encode("system");
    private static readonly JsonEncodedText s_code = JsonEncodedText.Encode("code");
    private static readonly JsonEncodedText s_confidentiality = JsonEncodedText.Encode("http://terminology.hl7.org/CodeSystem/v3-Confidentiality");
    private static readonly JsonEncodedText s_actCode = JsonEncodedText.Encode("http://terminology.hl7.org/CodeSystem/v3-ActCode");
    private static readonly JsonEncodedText s_restricted = JsonEncodedText.Encode("R");
    private static readonly JsonEncodedText s_hiv = JsonEncodedText.Encode("HIV");

    /// <summary>True for ICD-10 codes that tell the HIV status: B20–B24, Z21, R75, F02.4, O98.7, Z20.6.</summary>
    public static bool IsHiv(ReadOnlySpan<char> icd)
    {
        icd = icd.Trim();
        return icd.Length >= 3
            && ((icd[0] is 'B' or 'b' && icd[1] == '2' && icd[2] is >= '0' and <= '4')
                || icd.StartsWith("Z21", StringComparison.OrdinalIgnoreCase)
                || icd.StartsWith("R75", StringComparison.OrdinalIgnoreCase)
                || icd.StartsWith("F02.4", StringComparison.OrdinalIgnoreCase)
                || icd.StartsWith("O98.7", StringComparison.OrdinalIgnoreCase)
                || icd.StartsWith("Z20.6", StringComparison.OrdinalIgnoreCase));
    }

    public static void WriteRestricted(Pen pen)
    {
        var array = pen.BeginArray(s_security);
        Write(pen, s_confidentiality, s_restricted);
        Write(pen, s_actCode, s_hiv);
        pen.EndArray(array);
    }

    private static void Write(Pen pen, JsonEncodedText system, JsonEncodedText code)
    {
        var item = pen.BeginObject(null);
        pen.String(s_system, system);
        pen.String(s_code, code);
        pen.EndObject(item);
    }
}
