using Mach.Kernel;

namespace Mach.Fhir.Consents;

/// <summary>Purposes as codes of v3-ActReason.</summary>
public static class PurposeCodes
{
    private static readonly (Purposes Purpose, string Code)[] Codes =
    [
        (Purposes.Treatment, "TREAT"), (Purposes.Emergency, "ETREAT"), (Purposes.Operations, "HOPERAT"), (Purposes.Payment, "HPAYMT"),
        (Purposes.PublicHealth, "PUBHLTH"), (Purposes.Research, "HRESCH"), (Purposes.PersonRequest, "PATRQT"),
    ];

    /// <summary>Null for a code that is none of them.</summary>
    public static Purposes? Of(string? code) => Array.Find(Codes, c => c.Code == code) is { Purpose: not Purposes.None } known ? known.Purpose : null;

    /// <summary>Of exactly one purpose.</summary>
    public static string CodeOf(Purposes purpose) => Array.Find(Codes, c => c.Purpose == purpose).Code ?? throw new ArgumentOutOfRangeException(nameof(purpose));
}
