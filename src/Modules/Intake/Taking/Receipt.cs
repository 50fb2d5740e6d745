using Mach.Kernel;

namespace Mach.Intake;

/// <summary>What became of one dossier.</summary>
public enum DossierResult
{
    /// <summary>Taken; the first version of its visit.</summary>
    New,
    /// <summary>Taken; a corrected version of a known visit.</summary>
    Updated,
    /// <summary>Nothing new in it: the record stays as it is.</summary>
    Unchanged,
    /// <summary>Not taken; the findings say why.</summary>
    Refused,
}

/// <param name="Position">1-based place in the envelope.</param>
/// <param name="Facility">Facility code; "" when it could not be read.</param>
/// <param name="MaLk">Treatment-episode key; "" when it could not be read.</param>
/// <param name="Findings">What was found, worst first where it was refused.</param>
public sealed record DossierOutcome(int Position, string Facility, string MaLk, DossierResult Result, IReadOnlyList<Finding> Findings);

/// <summary>The answer for one envelope. When it exists, every dossier of it is durably taken or refused.</summary>
public sealed record Receipt
{
    /// <summary>The transaction code (maGiaoDich) under which the envelope can be asked for.</summary>
    public required string Id { get; init; }
    /// <summary>Why the envelope as a whole could not be taken; null when its dossiers were looked at one by one.</summary>
    public Finding? Rejection { get; init; }
    /// <summary>True when the envelope was rejected for its size.</summary>
    public bool IsTooLarge => Rejection?.Rule == RuleNames.TooLarge;
    public int Dossiers { get; init; }
    public int New { get; init; }
    public int Updated { get; init; }
    public int Unchanged { get; init; }
    public int Refused { get; init; }
    /// <summary>Outcomes in the order of the envelope; of a large envelope the first ones and the refused ones, at most <see cref="MostOutcomes"/>.</summary>
    public IReadOnlyList<DossierOutcome> Outcomes { get; init; } = [];

    internal const int MostOutcomes = 1000;
}

/// <summary>How far one envelope is.</summary>
/// <param name="Done">Dossiers taken or refused so far.</param>
/// <param name="Total">Dossiers in the envelope.</param>
public readonly record struct TakeProgress(int Done, int Total, int Refused);
