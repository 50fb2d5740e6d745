using Mach.Kernel;

namespace Mach.Fhir.Labels;

/// <summary>The security label (<c>meta.security</c>) by which a writer says each kind of delicate data.</summary>
/// <remarks>Source: http://terminology.hl7.org/CodeSystem/v3-ActCode, http://terminology.hl7.org/CodeSystem/v3-Confidentiality.</remarks>
public static class SecurityCodes
{
    public const string Confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", ActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    private static readonly (DataLabels Label, string System, string Code)[] All =
    [
        (DataLabels.Restricted, Confidentiality, "R"), (DataLabels.Confidential, Confidentiality, "V"),
        (DataLabels.Hiv, ActCode, "HIV"), (DataLabels.Mental, ActCode, "PSY"), (DataLabels.Reproductive, ActCode, "SEX"), (DataLabels.Substance, ActCode, "ETH"), (DataLabels.Minor, ActCode, "ADOL"),
    ];

    /// <summary>
    /// The codings of these labels. What is of a delicate kind is said to be restricted too, so that a reader who does not know the kind keeps it shut.
    /// </summary>
    public static IEnumerable<(string System, string Code)> Of(DataLabels labels)
    {
        var said = (labels & ~(DataLabels.Restricted | DataLabels.Confidential | DataLabels.Minor)) != 0 && (labels & DataLabels.Confidential) == 0 ? labels | DataLabels.Restricted : labels;
        return All.Where(c => (said & c.Label) != 0).Select(c => (c.System, c.Code));
    }
}
