using Mach.Kernel;

namespace Mach.Vietnam.Bhyt;

/// <param name="MaxBytes">Greatest size of an envelope, bytes.</param>
/// <param name="MaxDossierBytes">Greatest size of one HOSO element, bytes.</param>
public sealed record EnvelopeLimits(long MaxBytes = 512L * 1024 * 1024, int MaxDossierBytes = 32 * 1024 * 1024);

/// <summary>The envelope (or one dossier) cannot be taken; <see cref="Finding"/> says why, where and what to do.</summary>
#pragma warning disable CA1032 // always made with its finding
public sealed class DossierException(Finding finding) : Exception(finding.En)
{
    public Finding Finding { get; } = finding;

    /// <summary>MA_LK of the summary, where it could be read before the dossier was refused; "" otherwise.</summary>
    public string MaLk { get; init; } = "";
}
#pragma warning restore CA1032

/// <summary>What a first pass over an envelope found: it is well formed, its counts are right, and this is where its dossiers stand.</summary>
public sealed class EnvelopeScan
{
    /// <summary>MACSKCB, trimmed; "" when the envelope has none.</summary>
    public required string FacilityCode { get; init; }
    /// <summary>NGAYLAP as sent.</summary>
    public string? Created { get; init; }
    public required IReadOnlyList<(long Offset, int Length)> Dossiers { get; init; }
    /// <summary>True when the file is one check-in (XML0) without an envelope.</summary>
    public bool IsCheckIn { get; init; }
    public bool IsSigned { get; init; }
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}
