namespace Mach.Intake;

/// <summary>How far an import is.</summary>
/// <param name="Files">Files finished.</param>
/// <param name="TotalFiles">Files found.</param>
/// <param name="Bytes">Bytes of the finished files.</param>
/// <param name="Dossiers">Dossiers taken, unchanged or refused.</param>
/// <param name="DossiersPerSecond">Mean since the start.</param>
public readonly record struct ImportProgress(int Files, int TotalFiles, long Bytes, long Dossiers, long Refused, double DossiersPerSecond);

/// <summary>What an import did.</summary>
public sealed record ImportSummary
{
    public int Files { get; init; }
    /// <summary>Files that could not be taken at all.</summary>
    public int RejectedFiles { get; init; }
    public long Dossiers { get; init; }
    public long New { get; init; }
    public long Updated { get; init; }
    public long Unchanged { get; init; }
    public long Refused { get; init; }
    /// <summary>What was refused and why, one sentence each: the first <see cref="MostRefusals"/>.</summary>
    public IReadOnlyList<string> Refusals { get; init; } = [];

    internal const int MostRefusals = 200;
}
