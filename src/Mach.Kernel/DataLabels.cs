namespace Mach.Kernel;

/// <summary>What makes a piece of a record more delicate than the rest. The numbers are stored; add, never change.</summary>
[Flags]
public enum DataLabels
{
    None = 0,

    /// <summary>HIV: status, tests, medicines (Law 64/2006/QH11 on HIV/AIDS, articles 8 and 30).</summary>
    Hiv = 1,

    /// <summary>Mental health.</summary>
    Mental = 2,

    /// <summary>Reproductive and sexual health, sexual violence.</summary>
    Reproductive = 4,

    /// <summary>Dependence on substances and its treatment.</summary>
    Substance = 8,

    /// <summary>Restricted by who wrote it, without a kind (v3-Confidentiality R).</summary>
    Restricted = 16,

    /// <summary>Everything about this person, or this piece, is very restricted (v3-Confidentiality V).</summary>
    Confidential = 32,

    /// <summary>What a young person told in confidence; not for those who act for them (v3-ActCode ADOL).</summary>
    Minor = 64,

    All = 127,
}
