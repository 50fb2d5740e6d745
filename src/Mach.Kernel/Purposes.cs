namespace Mach.Kernel;

/// <summary>
/// Why somebody looks. The numbers are stored; add, never change. Codes: v3-ActReason, value set PurposeOfUse,
/// https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html.
/// </summary>
[Flags]
public enum Purposes
{
    None = 0,

    /// <summary>TREAT: care of this person.</summary>
    Treatment = 1,

    /// <summary>ETREAT: care in an emergency.</summary>
    Emergency = 2,

    /// <summary>HOPERAT: running the service and answering for its data.</summary>
    Operations = 4,

    /// <summary>HPAYMT: insurance and payment.</summary>
    Payment = 8,

    /// <summary>PUBHLTH: public health.</summary>
    PublicHealth = 16,

    /// <summary>HRESCH: research.</summary>
    Research = 32,

    /// <summary>PATRQT: the person asks, or who may act for them.</summary>
    PersonRequest = 64,

    All = 127,
}
