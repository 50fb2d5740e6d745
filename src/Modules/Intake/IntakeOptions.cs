using Mach.Vietnam.Bhyt;

namespace Mach.Intake;

/// <summary>What the intake is told at start.</summary>
/// <param name="SpoolFolder">Folder for envelopes that are being received; nothing stays in it.</param>
public sealed record IntakeOptions(string SpoolFolder)
{
    public EnvelopeLimits Limits { get; init; } = new();

    /// <summary>Dossiers read and checked at once; 0 = one per processor.</summary>
    public int Workers { get; init; }
}
