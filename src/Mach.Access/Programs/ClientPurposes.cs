using Mach.Kernel;

namespace Mach.Access.Programs;

/// <summary>
/// Why a program that acts for itself looks, as codes of v3-ActReason. An emergency and a person's own request are not among them: they are for people, who sign in.
/// A program's purpose is never a duty by law, so a decision that names no purpose stands against it.
/// </summary>
/// <remarks>Source: https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html; docs/adr/0017-programs.md.</remarks>
public static class ClientPurposes
{
    private static readonly (string Code, Purposes Purpose)[] Codes =
    [
        ("TREAT", Purposes.Treatment), ("HPAYMT", Purposes.Payment), ("HOPERAT", Purposes.Operations), ("PUBHLTH", Purposes.PublicHealth), ("HRESCH", Purposes.Research),
    ];

    public static IReadOnlyList<string> All { get; } = [.. Codes.Select(c => c.Code)];

    /// <summary>Null for a code that is none of them.</summary>
    internal static Purposes? Of(string? code) => Array.Find(Codes, c => c.Code == code) is { Code: not null } known ? known.Purpose : null;
}
