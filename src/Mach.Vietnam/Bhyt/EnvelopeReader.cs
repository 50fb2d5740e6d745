using Mach.Kernel;

namespace Mach.Vietnam.Bhyt;

/// <param name="MaxBytes">Greatest size of an envelope, bytes.</param>
/// <param name="MaxDossierBytes">Greatest size of one HOSO element, bytes.</param>
public sealed record EnvelopeLimits(long MaxBytes = 512L * 1024 * 1024, int MaxDossierBytes = 32 * 1024 * 1024);

/// <summary>The envelope (or one dossier) cannot be taken; <see cref="Finding"/> says why, where and what to do.</summary>
public sealed class DossierException(Finding finding) : Exception(finding.En)
{
    public Finding Finding { get; } = finding;
}

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

public static partial class EnvelopeReader
{
    /// <summary>Reads an envelope once, with flat memory, from a seekable stream. Nothing may be taken before this has returned.</summary>
    /// <exception cref="DossierException">Empty, too large, not XML, DTD or entities, wrong root, wrong SOLUONGHOSO, truncated.</exception>
    public static EnvelopeScan Scan(Stream envelope, EnvelopeLimits limits, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Reads one dossier from the bytes of its HOSO element (or from a whole check-in file).</summary>
    /// <param name="hoso">Bytes of the element, exactly as received.</param>
    /// <param name="position">1-based place, for findings.</param>
    /// <param name="envelopeFacility">MACSKCB of the envelope.</param>
    /// <exception cref="DossierException">Base64 or inner XML cannot be read, no XML1, several XML1, no MA_LK, MA_LK differs between tables, facility differs between envelope and XML1.</exception>
    public static Dossier ReadDossier(ReadOnlyMemory<byte> hoso, int position, string envelopeFacility) => throw new NotImplementedException();
}

public static partial class EnvelopeWriter
{
    /// <summary>Writes an envelope of dossiers as facilities send it; unknown fields and undefined tables included.</summary>
    public static void Write(Stream output, string facilityCode, DateOnly created, IReadOnlyList<Dossier> dossiers) => throw new NotImplementedException();

    /// <summary>Writes a check-in (XML0) file.</summary>
    public static void WriteCheckIn(Stream output, Dossier checkIn) => throw new NotImplementedException();
}

public static partial class DossierChecks
{
    /// <summary>All checks per field and across tables. Never refuses: refusal belongs to reading and filing.</summary>
    /// <param name="today">The day in Vietnam, for future dates and dated definitions.</param>
    public static IReadOnlyList<Finding> Check(Dossier dossier, DateOnly today) => throw new NotImplementedException();
}
