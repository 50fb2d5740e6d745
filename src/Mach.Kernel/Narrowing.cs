namespace Mach.Kernel;

/// <summary>What a token leaves of a <see cref="Sight"/>: whatever one of the openings lets through. Without an opening nothing is left.</summary>
public sealed record Narrowing
{
    public IReadOnlyList<Opening> Openings { get; init; } = [];

    /// <summary>Patient id whose compartment openings of one patient lead to; null = they lead nowhere.</summary>
    public string? Patient { get; init; }
}

/// <summary>Resources that a scope opens.</summary>
/// <param name="Type">Resource type; null = all.</param>
/// <param name="OfPatient">Of the one patient alone, besides what belongs to no person.</param>
/// <param name="Conditions">Search parameters and values that all must hold; decoded.</param>
public sealed record Opening(string? Type, bool OfPatient, IReadOnlyList<KeyValuePair<string, string>> Conditions);
